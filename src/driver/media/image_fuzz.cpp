#include "driver/media/image_fuzz.hpp"

#include <stdexcept>

#include "base/error.hpp"
#include "driver/media/image_codec.hpp"

namespace aa::media {
namespace {

// Larger ones are legal but slow; the limits have tests of their own.
constexpr std::uint64_t kPixelsMax = 4 << 20;

}  // namespace

int fuzz_probe(const std::uint8_t* data, std::size_t size) {
  try {
    probe(std::as_bytes(std::span(data, size)));
  } catch (const Error&) {
  }
  return 0;
}

int fuzz_decode(const std::uint8_t* data, std::size_t size) {
  const auto file = std::as_bytes(std::span(data, size));
  try {
    const auto info = probe(file);
    if (std::uint64_t{info.width} * info.height > kPixelsMax) return 0;
    const auto image = decode(file);
    if (image.width() != static_cast<int>(info.width) ||
        image.height() != static_cast<int>(info.height) || image.channels() != 3) {
      throw std::logic_error("decode differs from probe");
    }
  } catch (const Error&) {
  }
  return 0;
}

}  // namespace aa::media
