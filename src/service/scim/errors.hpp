// The refusals of RFC 7644, section 3.12: the slug is the snake_case form of its scimType.
//
// Thread rule: pure functions.
#pragma once

#include <string>

#include "base/error.hpp"

namespace aa::scim {

inline Error invalid_filter(std::string why) { return malformed("invalid_filter", std::move(why)); }
inline Error invalid_path(std::string why) { return malformed("invalid_path", std::move(why)); }
inline Error invalid_value(std::string why) { return malformed("invalid_value", std::move(why)); }
inline Error invalid_syntax(std::string why) { return malformed("invalid_syntax", std::move(why)); }
inline Error fixed(std::string why) { return malformed("mutability", std::move(why)); }
inline Error too_many(std::string why) { return malformed("too_many", std::move(why)); }
// Says no more than that: whose it is, is not the directory's to know.
inline Error taken() {
  return {ErrorCode::already_exists, "uniqueness",
          "The name or the address is taken, or is not this directory's to give."};
}

}  // namespace aa::scim
