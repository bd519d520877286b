// Where a sign-in at a provider ends.
//
// Thread rule: values.
#pragma once

#include <optional>
#include <string>

#include "service/identity/identity.hpp"

namespace aa::sso {

struct Landing {
  std::optional<identity::LoginResult> login;  // nothing when an account was linked
  std::string return_to;
};

}  // namespace aa::sso
