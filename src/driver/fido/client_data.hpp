// What the browser says of the ceremony, which the authenticator's signature covers (Web
// Authentication Level 2, section 5.8.1).
//
// Thread rule: pure functions. Errors: invalid_argument "invalid_passkey".
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"

namespace aa::fido {

inline constexpr std::size_t kClientDataBytes = 4096;

struct ClientData {
  std::string type;
  std::string challenge;
  std::string origin;
  bool cross_origin = false;  // said of a page inside another's page
};

ClientData read_client_data(std::string_view json);

Error refused(const std::string& why);

}  // namespace aa::fido
