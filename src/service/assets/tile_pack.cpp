#include "service/assets/tile_pack.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <vector>

#include "base/error.hpp"
#include "driver/media/image_codec.hpp"

namespace aa::assets {
namespace {

constexpr int kQuality = 90;
constexpr std::uint64_t kTailBytes = 16;  // columns, rows

void put(std::string& out, std::uint64_t value) {
  for (int shift = 0; shift < 64; shift += 8) out += static_cast<char>(value >> shift & 0xff);
}

// Little endian numbers from `offset` on; damaged when the blob ends before them.
template <std::size_t count>
std::array<std::uint64_t, count> numbers_at(blob::Reader& pack, std::uint64_t offset) {
  std::array<std::byte, count * 8> bytes{};
  if (pack.read_at(offset, bytes) != bytes.size()) throw not_found("tile");
  std::array<std::uint64_t, count> out{};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    out[i / 8] |= std::to_integer<std::uint64_t>(bytes[i]) << (8 * (i % 8));
  }
  return out;
}

std::uint32_t tiles_along(int length, std::uint32_t side) {
  return (static_cast<std::uint32_t>(length) + side - 1) / side;
}

}  // namespace

void write_tile_pack(const raster::ImageView& image, std::uint32_t side, blob::Writer& out) {
  const auto columns = tiles_along(image.width, side);
  const auto rows = tiles_along(image.height, side);
  const int step = static_cast<int>(side);
  std::string ends;
  std::uint64_t end = 0;
  for (int y = 0; y < image.height; y += step) {
    for (int x = 0; x < image.width; x += step) {
      const auto part =
          image.crop(x, y, std::min(step, image.width - x), std::min(step, image.height - y));
      const auto jpeg = media::encode_jpeg(part, kQuality);
      out.write(std::as_bytes(std::span(jpeg)));
      end += jpeg.size();
      put(ends, end);
    }
  }
  put(ends, columns);
  put(ends, rows);
  out.write(std::as_bytes(std::span(ends)));
}

std::string read_tile(blob::Reader& pack, std::uint32_t x, std::uint32_t y) {
  const auto size = pack.version().size;
  const auto [columns, rows] = numbers_at<2>(pack, size - kTailBytes);
  if (x >= columns || y >= rows) throw not_found("tile");
  const auto ends = size - kTailBytes - 8 * columns * rows;
  const auto index = y * columns + x;
  const auto from = index == 0 ? 0 : numbers_at<1>(pack, ends + 8 * (index - 1))[0];
  const auto to = numbers_at<1>(pack, ends + 8 * index)[0];
  std::string jpeg(to - from, '\0');
  pack.read_at(from, std::as_writable_bytes(std::span(jpeg)));
  return jpeg;
}

}  // namespace aa::assets
