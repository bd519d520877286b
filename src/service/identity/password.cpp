#include "service/identity/password.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include <sodium.h>

#include "base/error.hpp"
#include "service/identity/common_passwords.hpp"

namespace aa::identity {
namespace {

constexpr unsigned long long kPasses = 2;
constexpr std::size_t kMemoryBytes = 19ULL << 20;
constexpr std::size_t kMinCharacters = 8;
constexpr std::size_t kMaxBytes = 1024;
constexpr std::size_t kOwnWordBytes = 3;

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

// FNV-1a, as tools/embed_passwords.py has it.
std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const unsigned char c : text) hash = (hash ^ c) * 0x100000001b3ULL;
  return hash;
}

std::string letters_of(std::string_view text) {
  std::string out = lower(text);
  std::erase_if(out, [](unsigned char c) { return c < 0x80 && std::isalpha(c) == 0; });
  return out;
}

// Also with a year, a digit or a mark before or after it.
bool is_own_word(std::string_view password, std::string_view word) {
  if (lower(password) == lower(word)) return true;
  const auto letters = letters_of(word);
  return letters.size() >= kOwnWordBytes && letters_of(password) == letters;
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
  if (hash.empty()) {
    spend_verification_time(password);
    return false;
  }
  return crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

void require_password(const std::string& hash) {
  if (!hash.empty()) return;
  throw conflict("no_password",
                 "This account has no password: sign in again through your organization.");
}

void spend_verification_time(std::string_view password) {
  static const std::string kNobody = hash_password("nobody has this password");
  verify_password(password, kNobody);
}

void check_password_strength(std::string_view password, const OwnWords& own) {
  if (password.size() > kMaxBytes) refuse("must have at most 1024 bytes");
  if (characters(password) < kMinCharacters) refuse("must have at least 8 characters");
  const std::string text = lower(password);
  if (std::ranges::binary_search(kCommonPasswords, hash_of(text))) {
    refuse("is among the commonest ones");
  }
  const auto local = std::string_view(own.email).substr(0, own.email.find('@'));
  for (const std::string_view word :
       {std::string_view(own.email), local, std::string_view(own.name),
        std::string_view(own.organization)}) {
    if (!is_own_word(password, word)) continue;
    refuse("must not be your name, your e-mail address or your organization's name");
  }
  if (std::ranges::all_of(text, [&](char c) { return c == text.front(); })) {
    refuse("must not be one character repeated");
  }
}

}  // namespace aa::identity
