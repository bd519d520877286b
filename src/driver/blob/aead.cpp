#include "driver/blob/aead.hpp"

#include <algorithm>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include "base/error.hpp"

namespace aa::blob {
namespace {

void check(int result, const char* what) {
  if (result != 1) throw internal_error(what);
}

const unsigned char* data(std::span<const std::byte> bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}
unsigned char* data(std::span<std::byte> bytes) {
  return reinterpret_cast<unsigned char*>(bytes.data());
}
const unsigned char* data(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

OSSL_PARAM octets(const char* name, std::string_view bytes) {
  // OpenSSL's parameter takes a pointer to non-const, and only reads.
  return OSSL_PARAM_construct_octet_string(name, const_cast<char*>(bytes.data()), bytes.size());
}

}  // namespace

struct Aead::Contexts {
  EVP_CIPHER_CTX* seal = EVP_CIPHER_CTX_new();
  EVP_CIPHER_CTX* open = EVP_CIPHER_CTX_new();
  Contexts() = default;
  Contexts(const Contexts&) = delete;
  Contexts& operator=(const Contexts&) = delete;
  ~Contexts() {
    EVP_CIPHER_CTX_free(seal);
    EVP_CIPHER_CTX_free(open);
  }
};

Aead::Aead(const Secret& key) : contexts_(std::make_unique<Contexts>()) {
  const auto bytes = key.reveal();
  if (bytes.size() != kKeyBytes) throw internal_error("an AES-256 key has 32 bytes");
  check(EVP_EncryptInit_ex(contexts_->seal, EVP_aes_256_gcm(), nullptr, data(bytes), nullptr),
        "EVP_EncryptInit_ex");
  check(EVP_DecryptInit_ex(contexts_->open, EVP_aes_256_gcm(), nullptr, data(bytes), nullptr),
        "EVP_DecryptInit_ex");
}
Aead::~Aead() = default;
Aead::Aead(Aead&&) noexcept = default;
Aead& Aead::operator=(Aead&&) noexcept = default;

void Aead::seal(const Nonce& nonce, std::string_view bound, std::span<const std::byte> plain,
                std::span<std::byte> sealed) {
  if (sealed.size() != plain.size() + kTagBytes) throw internal_error("Aead::seal: sizes");
  auto* const context = contexts_->seal;
  int length = 0;
  check(EVP_EncryptInit_ex(context, nullptr, nullptr, nullptr, nonce.data()), "GCM nonce");
  check(EVP_EncryptUpdate(context, nullptr, &length, data(bound), static_cast<int>(bound.size())),
        "GCM bound data");
  if (!plain.empty()) {
    check(EVP_EncryptUpdate(context, data(sealed), &length, data(plain),
                            static_cast<int>(plain.size())),
          "GCM encrypt");
  }
  const auto tag = sealed.last(kTagBytes);
  check(EVP_EncryptFinal_ex(context, data(tag), &length), "GCM final");
  check(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, kTagBytes, tag.data()), "GCM tag");
}

bool Aead::open(const Nonce& nonce, std::string_view bound, std::span<const std::byte> sealed,
                std::span<std::byte> plain) {
  if (sealed.size() != plain.size() + kTagBytes) throw internal_error("Aead::open: sizes");
  auto* const context = contexts_->open;
  int length = 0;
  std::array<std::byte, kTagBytes> tag{};
  std::ranges::copy(sealed.last(kTagBytes), tag.begin());
  check(EVP_DecryptInit_ex(context, nullptr, nullptr, nullptr, nonce.data()), "GCM nonce");
  check(EVP_DecryptUpdate(context, nullptr, &length, data(bound), static_cast<int>(bound.size())),
        "GCM bound data");
  if (!plain.empty()) {
    check(EVP_DecryptUpdate(context, data(plain), &length, data(sealed),
                            static_cast<int>(plain.size())),
          "GCM decrypt");
  }
  check(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, kTagBytes, tag.data()), "GCM tag");
  std::array<unsigned char, kTagBytes> rest{};
  if (EVP_DecryptFinal_ex(context, rest.data(), &length) == 1) return true;
  OPENSSL_cleanse(plain.data(), plain.size());
  return false;
}

Secret derive_key(const Secret& key, std::string_view salt, std::string_view info) {
  struct Free {
    void operator()(EVP_KDF* kdf) const { EVP_KDF_free(kdf); }
    void operator()(EVP_KDF_CTX* context) const { EVP_KDF_CTX_free(context); }
  };
  const std::unique_ptr<EVP_KDF, Free> kdf(EVP_KDF_fetch(nullptr, "HKDF", nullptr));
  const std::unique_ptr<EVP_KDF_CTX, Free> context(EVP_KDF_CTX_new(kdf.get()));
  if (!context) throw internal_error("HKDF is not available");
  std::string digest = "SHA256";
  const std::array parameters = {
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest.data(), 0),
      octets(OSSL_KDF_PARAM_KEY, key.reveal()), octets(OSSL_KDF_PARAM_SALT, salt),
      octets(OSSL_KDF_PARAM_INFO, info), OSSL_PARAM_construct_end()};
  std::string derived(kKeyBytes, '\0');
  check(EVP_KDF_derive(context.get(), reinterpret_cast<unsigned char*>(derived.data()),
                       derived.size(), parameters.data()),
        "EVP_KDF_derive");
  return Secret(std::move(derived));
}

}  // namespace aa::blob
