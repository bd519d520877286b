#include "service/uploads/checksum.hpp"

#include <openssl/evp.h>

#include "base/error.hpp"

namespace aa::uploads {
namespace {

const EVP_MD* known(std::string_view algorithm) {
  if (algorithm == "sha1") return EVP_sha1();
  if (algorithm == "sha256") return EVP_sha256();
  return nullptr;
}

}  // namespace

void check(const Checksum& checksum) {
  const auto* algorithm = known(checksum.algorithm);
  if (algorithm == nullptr) {
    throw Error(ErrorCode::malformed, "invalid_checksum",
                "Upload-Checksum must be by one of " + std::string(kChecksumAlgorithms) + ".");
  }
  const auto bytes = static_cast<std::size_t>(EVP_MD_get_size(algorithm));
  if (checksum.digest.size() != bytes) {
    throw Error(ErrorCode::malformed, "invalid_checksum",
                "Upload-Checksum must hold " + std::to_string(bytes) + " bytes in base64.");
  }
}

struct RunningChecksum::Context {
  EVP_MD_CTX* md = EVP_MD_CTX_new();
  ~Context() { EVP_MD_CTX_free(md); }
};

RunningChecksum::RunningChecksum(std::string algorithm)
    : algorithm_(std::move(algorithm)), context_(std::make_unique<Context>()) {
  EVP_DigestInit_ex(context_->md, known(algorithm_), nullptr);
}

RunningChecksum::~RunningChecksum() = default;

void RunningChecksum::update(std::span<const std::byte> bytes) {
  EVP_DigestUpdate(context_->md, bytes.data(), bytes.size());
}

Checksum RunningChecksum::finish() {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  EVP_DigestFinal_ex(context_->md, digest, &size);
  return {algorithm_, std::string(reinterpret_cast<const char*>(digest), size)};
}

}  // namespace aa::uploads
