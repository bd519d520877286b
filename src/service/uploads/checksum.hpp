// Checksums of pieces (tus 1.0, extension "checksum").
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace aa::uploads {

inline constexpr std::string_view kChecksumAlgorithms = "sha1,sha256";

struct Checksum {
  std::string algorithm;  // one of kChecksumAlgorithms
  std::string digest;     // bytes

  bool operator==(const Checksum&) const = default;
};

// Error invalid_argument "invalid_checksum" when it is none that can be computed here.
void check(const Checksum& checksum);

class RunningChecksum {
 public:
  explicit RunningChecksum(std::string algorithm);
  ~RunningChecksum();
  void update(std::span<const std::byte> bytes);
  Checksum finish();  // once

 private:
  struct Context;
  std::string algorithm_;
  std::unique_ptr<Context> context_;
};

}  // namespace aa::uploads
