#include "service/identity/totp.hpp"

#include <array>
#include <cctype>

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/error.hpp"
#include "base/hash.hpp"

namespace aa::identity {
namespace {

constexpr std::int64_t kStepMicros = 30'000'000;
constexpr std::uint32_t kModulus = 1'000'000;
constexpr std::size_t kRecoveryBytes = 10;
constexpr std::string_view kIssuer = "AnnotateAI";
constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

std::string without(std::string_view text, std::string_view taken) {
  std::string out;
  for (const char c : text) {
    if (taken.find(c) == std::string_view::npos) out += c;
  }
  return out;
}

std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const unsigned char c : text) {
    const bool plain = std::isalnum(c) != 0 || std::string_view("-._~").find(
                                                   static_cast<char>(c)) != std::string_view::npos;
    out += plain ? std::string(1, static_cast<char>(c)) : fmt::format("%{:02X}", c);
  }
  return out;
}

}  // namespace

std::int64_t totp_step(Timestamp now) { return now.micros / kStepMicros; }

std::string totp_code(std::string_view secret, std::int64_t step) {
  std::array<unsigned char, 8> message{};
  for (std::size_t i = 0; i < message.size(); ++i) {
    message[i] = static_cast<unsigned char>(static_cast<std::uint64_t>(step) >> (56 - 8 * i));
  }
  std::array<unsigned char, 20> mac{};
  unsigned int size = mac.size();
  if (HMAC(EVP_sha1(), secret.data(), static_cast<int>(secret.size()), message.data(),
           message.size(), mac.data(), &size) == nullptr) {
    throw internal_error("HMAC-SHA-1 failed");
  }
  const std::size_t at = mac[19] & 15U;
  const std::uint32_t number = (mac[at] & 0x7fU) << 24 |
                               static_cast<std::uint32_t>(mac[at + 1]) << 16 |
                               static_cast<std::uint32_t>(mac[at + 2]) << 8 | mac[at + 3];
  return fmt::format("{:06}", number % kModulus);
}

std::optional<std::int64_t> matching_step(const Secret& secret, std::string_view code,
                                          Timestamp now) {
  const auto digits = without(code, " ");
  std::optional<std::int64_t> out;
  for (auto step = totp_step(now) - kTotpWindow; step <= totp_step(now) + kTotpWindow; ++step) {
    if (equal_constant_time(totp_code(secret.reveal(), step), digits)) out = step;
  }
  return out;
}

std::string to_base32(std::string_view bytes) {
  std::string out;
  std::uint32_t held = 0;
  int bits = 0;
  for (const unsigned char byte : bytes) {
    held = held << 8 | byte;
    for (bits += 8; bits >= 5; bits -= 5) out += kAlphabet[held >> (bits - 5) & 31];
  }
  if (bits > 0) out += kAlphabet[held << (5 - bits) & 31];
  return out;
}

std::string otpauth_uri(const Secret& secret, std::string_view account) {
  return fmt::format(
      "otpauth://totp/{0}:{1}?secret={2}&issuer={0}&algorithm=SHA1&digits=6&period=30", kIssuer,
      percent_encoded(account), to_base32(secret.reveal()));
}

std::vector<std::string> new_recovery_codes() {
  std::vector<std::string> out;
  for (int i = 0; i < kRecoveryCodes; ++i) {
    auto code = to_base32(random_bytes(kRecoveryBytes));
    for (auto& c : code) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    for (const std::size_t at : {12, 8, 4}) code.insert(at, 1, '-');
    out.push_back(std::move(code));
  }
  return out;
}

std::string recovery_hash(UserId user, std::string_view code) {
  auto plain = without(code, " -");
  for (auto& c : plain) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return to_hex(sha256("recovery code/" + user.str() + "/" + plain));
}

}  // namespace aa::identity
