#include "service/webhooks/signature.hpp"

#include <array>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/error.hpp"
#include "base/hash.hpp"

namespace aa::webhooks {
namespace {

constexpr std::size_t kSecretBytes = 32;
constexpr std::size_t kDigestBytes = 32;
constexpr std::int64_t kMicros = 1'000'000;

}  // namespace

Secret new_secret() { return Secret("whsec_" + to_base64url(random_bytes(kSecretBytes))); }

std::string signature_header(const Secret& secret, Timestamp at, std::string_view body) {
  const auto time = std::to_string(at.micros / kMicros);
  const std::string text = time + "." + std::string(body);
  const auto key = secret.reveal();
  std::array<std::uint8_t, kDigestBytes> digest;
  unsigned size = digest.size();
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
           reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(),
           &size) == nullptr) {
    throw internal_error("HMAC failed");
  }
  return "t=" + time + ",v1=" + to_hex(digest);
}

}  // namespace aa::webhooks
