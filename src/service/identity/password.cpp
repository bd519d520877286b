#include "service/identity/password.hpp"

#include <algorithm>
#include <array>

#include <sodium.h>

#include "base/error.hpp"

namespace aa::identity {
namespace {

constexpr unsigned long long kPasses = 2;
constexpr std::size_t kMemoryBytes = 19ULL << 20;
constexpr std::size_t kMinCharacters = 8;
constexpr std::size_t kMaxBytes = 1024;

// The commonest passwords of eight characters or more in published leaks.
constexpr std::array<std::string_view, 48> kCommon = {
    "password",  "password1",  "password12", "password123",   "passw0rd",   "p@ssword",
    "p@ssw0rd",  "12345678",   "123456789",  "1234567890",    "0123456789", "87654321",
    "987654321", "11111111",   "00000000",   "88888888",      "12341234",   "123123123",
    "11223344",  "1q2w3e4r",   "1q2w3e4r5t", "1qaz2wsx",      "qwertyui",   "qwertyuiop",
    "qwerty123", "qwerty12",   "qwerty1234", "asdfghjkl",     "zxcvbnm123", "abcd1234",
    "abc12345",  "abcdefgh",   "a1234567",   "aa123456",      "iloveyou",   "iloveyou1",
    "sunshine",  "princess",   "football",   "baseball",      "superman",   "trustno1",
    "welcome1",  "welcome123", "admin123",   "administrator", "letmein1",   "changeme"};

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

void initialise() {
  if (sodium_init() < 0) throw internal_error("libsodium cannot start");
}

[[noreturn]] void refuse(const std::string& why) {
  throw invalid("weak_password", "The password " + why + ".", {{"/password", why}});
}

}  // namespace

std::string hash_password(std::string_view password) {
  initialise();
  std::array<char, crypto_pwhash_STRBYTES> out;
  if (crypto_pwhash_str_alg(out.data(), password.data(), password.size(), kPasses, kMemoryBytes,
                            crypto_pwhash_ALG_ARGON2ID13) != 0) {
    throw unavailable("out_of_memory", "The server is short of memory; try again.");
  }
  return out.data();
}

bool verify_password(std::string_view password, const std::string& hash) {
  initialise();
  return crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

void spend_verification_time(std::string_view password) {
  static const std::string kNobody = hash_password("nobody has this password");
  verify_password(password, kNobody);
}

void check_password_strength(std::string_view password, const OwnWords& own) {
  if (password.size() > kMaxBytes) refuse("must have at most 1024 bytes");
  if (characters(password) < kMinCharacters) refuse("must have at least 8 characters");
  const std::string text = lower(password);
  if (std::ranges::find(kCommon, text) != kCommon.end()) refuse("is among the commonest ones");
  const std::string mail = lower(own.email);
  if (text == mail || text == mail.substr(0, mail.find('@')) || text == lower(own.name) ||
      text == lower(own.organization)) {
    refuse("must not be your name, your e-mail address or your organization's name");
  }
  if (std::ranges::all_of(text, [&](char c) { return c == text.front(); })) {
    refuse("must not be one character repeated");
  }
}

}  // namespace aa::identity
