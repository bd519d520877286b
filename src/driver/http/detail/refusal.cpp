#include "driver/http/detail/refusal.hpp"

#include <fmt/format.h>

#include "driver/http/detail/response_head.hpp"

namespace aa::http {

Response problem(const Refusal& refusal) {
  auto response = Response::text(
      refusal.status, "application/problem+json",
      fmt::format(R"({{"type":"about:blank","title":"{}","status":{},"code":"{}","detail":"{}"}})",
                  reason_phrase(refusal.status), refusal.status, refusal.code, refusal.detail));
  response.headers.add("Cache-Control", "no-store");
  if (refusal.status == 405) {
    response.headers.add("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
  }
  response.close = true;
  return response;
}

}  // namespace aa::http
