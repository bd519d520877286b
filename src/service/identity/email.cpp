#include "service/identity/email.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace aa::identity {

std::string normal_email(std::string email) {
  std::ranges::transform(email, email.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return email;
}

void check_email(std::string_view email) {
  const auto at = email.find('@');
  const bool plausible = at != std::string_view::npos && at > 0 && at + 1 < email.size() &&
                         email.find('@', at + 1) == std::string_view::npos &&
                         std::ranges::none_of(email, [](unsigned char c) { return c <= ' '; });
  if (plausible) return;
  throw invalid("invalid_body", "/email must be an e-mail address.",
                {{"/email", "must be an e-mail address"}});
}

}  // namespace aa::identity
