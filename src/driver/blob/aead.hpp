// AES-256-GCM (NIST SP 800-38D) and HKDF-SHA-256 (RFC 5869) on OpenSSL.
//
// Thread rule: an Aead belongs to one thread at a time. A nonce must never be used twice under one
// key: callers derive a key per blob and count, or draw 96 random bits for few, small messages.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "base/secret.hpp"

namespace aa::blob {

inline constexpr std::size_t kKeyBytes = 32;
inline constexpr std::size_t kNonceBytes = 12;
inline constexpr std::size_t kTagBytes = 16;

using Nonce = std::array<std::uint8_t, kNonceBytes>;

class Aead {
 public:
  explicit Aead(const Secret& key);  // 32 bytes
  ~Aead();
  Aead(Aead&&) noexcept;
  Aead& operator=(Aead&&) noexcept;

  // `sealed` holds plain.size() + kTagBytes.
  void seal(const Nonce& nonce, std::string_view bound, std::span<const std::byte> plain,
            std::span<std::byte> sealed);
  // False, and zeroes in `plain`, when anything was altered. `plain` holds
  // sealed.size() - kTagBytes.
  bool open(const Nonce& nonce, std::string_view bound, std::span<const std::byte> sealed,
            std::span<std::byte> plain);

 private:
  struct Contexts;
  std::unique_ptr<Contexts> contexts_;
};

Secret derive_key(const Secret& key, std::string_view salt, std::string_view info);

}  // namespace aa::blob
