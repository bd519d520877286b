// What the server itself answers when a request may not reach the handler; the connection ends.
#pragma once

#include <string>
#include <string_view>

#include "driver/http/message.hpp"

namespace aa::http {

struct Refusal {
  int status = 400;
  std::string_view code;  // stable slug, a literal: it is also a metric's label
  std::string detail;     // for people; holds nothing that the client sent
};

Response problem(const Refusal& refusal);  // RFC 9457

}  // namespace aa::http
