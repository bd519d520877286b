#include "service/identity/email.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "driver/mail/letter.hpp"

namespace aa::identity {

std::string normal_email(std::string email) {
  std::ranges::transform(email, email.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return email;
}

void check_email(std::string_view email) {
  if (mail::is_address(email)) return;
  throw invalid("invalid_body", "/email must be an e-mail address.",
                {{"/email", "must be an e-mail address"}});
}

}  // namespace aa::identity
