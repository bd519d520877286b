// Sends one response: head and body, whatever the body is.
//
// A peer that takes nothing for `stall_limit` is cut off. Thread rule: the connection's strand.
// Errors: throws when the peer is gone or the body's source fails; the connection must then be
// aborted, for the client has a part.
#pragma once

#include <vector>

#include "driver/http/detail/response_head.hpp"
#include "driver/http/detail/transport.hpp"
#include "driver/http/detail/watchdog.hpp"

namespace aa::http {

class ResponseWriter {
 public:
  ResponseWriter(Transport& transport, Watchdog& watchdog, Watchdog::Duration stall_limit)
      : transport_(transport), watchdog_(watchdog), stall_limit_(stall_limit) {}

  struct Context {
    bool head_only = false;  // the request was HEAD
    bool http11 = true;
    HeadOptions head;  // keep_alive, now, request_id and defaults; the rest is filled in
  };
  // Whether the connection can go on is in context.head.keep_alive; a stream without a length to
  // an HTTP/1.0 client ends with the connection, so that one must be false for it.
  runtime::Task<> write(Response response, Context context);
  runtime::Task<> write_continue();

 private:
  runtime::Task<> write_all(Pieces pieces);
  runtime::Task<> write_stream(BodySource& source, bool chunked,
                               std::optional<std::uint64_t> length);

  Transport& transport_;
  Watchdog& watchdog_;
  Watchdog::Duration stall_limit_;
  std::string head_;
};

}  // namespace aa::http
