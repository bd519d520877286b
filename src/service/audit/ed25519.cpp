#include "service/audit/ed25519.hpp"

#include <memory>

#include <openssl/evp.h>

#include "base/error.hpp"

namespace aa::audit {
namespace {

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kSignatureBytes = 64;

struct Freer {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Key = std::unique_ptr<EVP_PKEY, Freer>;
using Context = std::unique_ptr<EVP_MD_CTX, Freer>;

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

Key key_of(const Secret& seed) {
  Key key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, bytes_of(seed.reveal()),
                                       seed.reveal().size()));
  if (!key) throw internal_error("Ed25519 needs a seed of 32 bytes");
  return key;
}

}  // namespace

std::string public_half(const Secret& seed) {
  std::string out(kKeyBytes, '\0');
  std::size_t size = out.size();
  if (EVP_PKEY_get_raw_public_key(key_of(seed).get(), bytes_of(out), &size) != 1) {
    throw internal_error("Ed25519 gave no public key");
  }
  return out;
}

std::string sign_with(const Secret& seed, std::string_view text) {
  const auto key = key_of(seed);
  const Context context(EVP_MD_CTX_new());
  std::string out(kSignatureBytes, '\0');
  std::size_t size = out.size();
  const bool ok =
      EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
      EVP_DigestSign(context.get(), bytes_of(out), &size, bytes_of(text), text.size()) == 1;
  if (!ok) throw internal_error("Ed25519 did not sign");
  return out;
}

bool is_signed_by(std::string_view public_key, std::string_view text, std::string_view signature) {
  const Key key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes_of(public_key),
                                            public_key.size()));
  const Context context(EVP_MD_CTX_new());
  return key != nullptr && signature.size() == kSignatureBytes &&
         EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
         EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(text),
                          text.size()) == 1;
}

}  // namespace aa::audit
