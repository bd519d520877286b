// Text that goes to LDAP servers and settings of theirs. Thread rule: pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace aa::ldap {

// RFC 4515, section 3: a value inside a filter, whatever it holds.
std::string escape_filter(std::string_view value);
// Puts the value into each {user}.
std::string filled_filter(std::string_view filter, std::string_view user);
// Parentheses go together, and nothing stands outside of them.
bool is_filter(std::string_view text);
// The first certificate in PEM as DER; nullopt for none.
std::optional<std::string> der_of_pem(std::string_view pem);

}  // namespace aa::ldap
