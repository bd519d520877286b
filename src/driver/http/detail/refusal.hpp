// What the server itself answers when a request may not reach the handler; the connection ends.
#pragma once

#include <string>
#include <string_view>

namespace aa::http {

struct Refusal {
  int status = 400;
  std::string_view code;  // stable slug, a literal: it is also a metric's label
  std::string detail;     // for people; holds nothing that the client sent
};

}  // namespace aa::http
