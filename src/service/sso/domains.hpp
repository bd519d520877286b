// Domains of addresses. Thread rule: pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace aa::sso {

// What stands behind the last '@', in small letters; empty when there is none.
std::string domain_of(std::string_view email);
bool is_domain(std::string_view text);
// Where everybody can get an address.
bool is_public_mail(std::string_view domain);
// In small letters and each once; throws invalid_argument "domain_refused" with the pointer.
std::vector<std::string> normal_domains(std::vector<std::string> domains);

}  // namespace aa::sso
