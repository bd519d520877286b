// Addresses as accounts have them: in small letters. Thread rule: pure functions.
#pragma once

#include <string>
#include <string_view>

namespace aa::identity {

std::string normal_email(std::string email);
// Throws invalid_argument "invalid_body" with the pointer /email.
void check_email(std::string_view email);

}  // namespace aa::identity
