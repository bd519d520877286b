// The HTTP/1.1 server: TCP or TLS 1.3, keep-alive, streaming both ways.
//
// Boost.Beast parses; what it lets through (security section of docs/architecture.md) is checked
// in our own code before a request exists: transfer codings, lengths, Host, target, obs-fold.
// Slow clients are ended: header within 10 s, body at 1 KiB/s at least, a reader that makes no
// progress for 60 s, idle keep-alive after 75 s. A client that goes away cancels its handler.
//
// A handler that is suspended when its client goes away is cancelled (terminal cancellation of
// Asio), and so is one that drain() gives up on. The handler may not throw; if it does, the answer
// is an empty 500 and the connection ends. Executors must outlive the server.
//
// Refused here, as application/problem+json: what breaks HTTP (400, 417, 501, 505), TRACE and
// CONNECT (405), limits (414, 431), slow heads and bodies (408), an encoded slash in the path
// (404), a repeated query key (422). 413 is the handler's answer to the Error that reading the body
// throws.
//
// Thread rule: start and drain from one thread that is not of `executors`; the handler runs on the
// connection's strand.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/id.hpp"
#include "core/observe/metrics.hpp"
#include "core/runtime/executors.hpp"
#include "driver/http/message.hpp"

namespace aa::http {

struct ServerSettings {
  std::string host = "127.0.0.1";
  std::uint16_t port = 8080;         // 0 picks one
  std::string tls_certificate_file;  // both set: TLS 1.3
  std::string tls_key_file;
  // Addresses or CIDR blocks whose X-Forwarded-For and -Proto are believed.
  std::vector<std::string> trusted_proxies;
  std::vector<std::string> public_hosts;  // "host[:port]" taken in an absolute-form target too
  // On every answer that lacks them, those included that never reach the handler.
  std::vector<std::pair<std::string, std::string>> default_headers;
  std::size_t connections_max = 12'000;
  std::size_t connections_per_ip_max = 4'000;
  std::chrono::milliseconds header_timeout{10'000};
  std::chrono::milliseconds keep_alive_timeout{75'000};
  std::chrono::milliseconds stalled_reader_timeout{60'000};
  std::uint64_t body_rate_min_bytes_per_s = 1024;
  std::chrono::milliseconds body_grace{10'000};  // how far a body may lag behind that rate
  // A client that has closed its side counts as gone after this; one that reset, at once.
  std::chrono::milliseconds half_close_grace{1'000};
  std::chrono::milliseconds linger{2'000};  // how long unread bytes are taken after a refusal
};

class Server {
 public:
  Server(ServerSettings settings, runtime::Executors& executors, const Clock& clock, IdSource& ids,
         observe::Metrics& metrics, Handler handler);
  ~Server();

  void start();                // binds and accepts; throws Error when it cannot
  std::uint16_t port() const;  // after start()
  // Stops accepting, closes idle connections and (1001) WebSockets, lets requests in flight end
  // within `grace`, then cancels them. Blocks until all are gone or have had five more seconds.
  // Idempotent.
  void drain(std::chrono::milliseconds grace);

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace aa::http
