// The HTTP/1.1 server: TCP or TLS 1.3, keep-alive, streaming both ways.
//
// Boost.Beast parses; what it lets through (security section of docs/architecture.md) is checked
// in our own code before a request exists: transfer codings, lengths, Host, target, obs-fold.
// Slow clients are ended: header within 10 s, body at 1 KiB/s at least, a reader that makes no
// progress for 60 s, idle keep-alive after 75 s. A client that goes away cancels its handler.
//
// Thread rule: start and stop from one thread; the handler runs on the connection's strand.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "base/id.hpp"
#include "core/observe/metrics.hpp"
#include "core/runtime/executors.hpp"
#include "driver/http/message.hpp"

namespace aa::http {

struct ServerSettings {
  std::string host = "127.0.0.1";
  std::uint16_t port = 8080;             // 0 picks one
  std::string tls_certificate_file;      // both set: TLS 1.3
  std::string tls_key_file;
  std::vector<std::string> trusted_proxies;  // addresses whose X-Forwarded-For is believed
  std::size_t connections_max = 12'000;
  std::size_t connections_per_ip_max = 4'000;
  std::chrono::seconds header_timeout{10};
  std::chrono::seconds keep_alive_timeout{75};
  std::chrono::seconds stalled_reader_timeout{60};
  std::uint64_t body_rate_min_bytes_per_s = 1024;
};

class Server {
 public:
  Server(ServerSettings settings, runtime::Executors& executors, const Clock& clock,
         IdSource& ids, observe::Metrics& metrics, Handler handler);
  ~Server();

  void start();                     // binds and accepts; throws Error when it cannot
  std::uint16_t port() const;       // after start()
  // Stops accepting, lets requests in flight end within `grace`, then closes. Blocks.
  void drain(std::chrono::milliseconds grace);

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace aa::http
