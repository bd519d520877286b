// Bytes to and from one peer, over TCP or TLS. Made once per connection; Connection knows no other.
//
// Thread rule: the connection's strand. At most one read and one write at a time. Errors: Asio's
// error codes and system_error, which stop in Connection.
#pragma once

#include <array>
#include <functional>
#include <memory>

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>

#include "core/runtime/task.hpp"

namespace boost::asio::ssl {
class context;
}

namespace aa::http {

using Socket = boost::asio::ip::tcp::socket;
using Pieces = std::array<boost::asio::const_buffer, 3>;

class Transport {
 public:
  using Done = std::function<void(boost::system::error_code, std::size_t)>;

  Transport() = default;
  virtual ~Transport() = default;
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;

  virtual runtime::Task<> handshake() = 0;
  virtual void read_some(boost::asio::mutable_buffer into, Done done) = 0;
  virtual runtime::Task<std::size_t> write_some(Pieces pieces) = 0;
  virtual runtime::Task<> shut_down() = 0;  // no more will be sent; reading goes on
  // For who does without the calls above; null under TLS.
  virtual Socket* plain_socket() { return nullptr; }
  void cancel();  // what is under way ends with operation_aborted, unless it had ended
  void close();
  void abort();  // with a reset: the peer cannot take it for a proper end

 protected:
  virtual Socket& socket() = 0;
  static void tune(Socket& socket);
};

std::unique_ptr<Transport> make_tcp_transport(Socket socket);
std::unique_ptr<Transport> make_tls_transport(Socket socket, boost::asio::ssl::context& context);

// TLS 1.3 only. Throws Error when the files cannot be used.
std::shared_ptr<boost::asio::ssl::context> make_tls_context(const std::string& certificate_file,
                                                            const std::string& key_file);

}  // namespace aa::http
