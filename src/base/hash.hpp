// SHA-256 (FIPS 180-4), text forms of bytes, constant-time comparison, secure random bytes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace aa {

using Digest = std::array<std::uint8_t, 32>;

// Incremental SHA-256. Not shared between threads.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;
  void update(std::span<const std::byte> bytes);
  void update(std::string_view text);
  Digest finish();  // once

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

Digest sha256(std::string_view bytes);
std::string to_hex(std::span<const std::uint8_t> bytes);
std::optional<std::string> from_hex(std::string_view hex);
std::string to_base64(std::string_view bytes);     // RFC 4648 section 4, padded
std::string to_base64url(std::string_view bytes);  // RFC 4648 section 5, without padding
std::optional<std::string> from_base64url(std::string_view text);
bool equal_constant_time(std::string_view a, std::string_view b);
std::string random_bytes(std::size_t count);  // from the operating system's CSPRNG

}  // namespace aa
