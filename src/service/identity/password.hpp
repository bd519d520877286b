// Passwords: Argon2id (RFC 9106; 19 MiB, two passes, as OWASP recommends), and what makes one
// acceptable. Hashing takes tens of milliseconds: Executors::passwords() runs it.
#pragma once

#include <string>
#include <string_view>

namespace aa::identity {

// What someone who guesses would try first.
struct OwnWords {
  std::string email;
  std::string name;
  std::string organization;
};

std::string hash_password(std::string_view password);
// An account without a password has an empty hash, and none is right; it costs the same time.
bool verify_password(std::string_view password, const std::string& hash);
// Throws conflict "no_password" for an account that has none.
void require_password(const std::string& hash);
// Costs what a real check costs; for logins to accounts that do not exist.
void spend_verification_time(std::string_view password);

// Throws Error(invalid_argument, "weak_password") with the pointer /password. At least 8 characters
// (not bytes), at most 1,024 bytes, not among the commonest, not the person's own words.
void check_password_strength(std::string_view password, const OwnWords& own);

}  // namespace aa::identity
