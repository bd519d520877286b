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

TilePackWriter::TilePackWriter(std::uint32_t width, std::uint32_t height, std::uint32_t side,
                               blob::Writer& out)
    : height_(height),
      side_(side),
      out_(out),
      band_(raster::Image::unset(static_cast<int>(width), static_cast<int>(std::min(side, height)),
                                 3)) {}

void TilePackWriter::put_row(const std::uint8_t* rgb) {
  std::copy_n(rgb, band_.stride(), band_.row(rows_++));
  if (rows_ == band_.height()) write_band();
}

void TilePackWriter::write_band() {
  const raster::ImageView band = band_;
  const int step = static_cast<int>(side_);
  for (int x = 0; x < band.width; x += step) {
    const auto tile = band.crop(x, 0, std::min(step, band.width - x), rows_);
    const auto jpeg = media::encode_jpeg(tile, kQuality);
    out_.write(std::as_bytes(std::span(jpeg)));
    end_ += jpeg.size();
    put(ends_, end_);
  }
  rows_ = 0;
}

void TilePackWriter::finish() {
  if (rows_ > 0) write_band();
  put(ends_, tiles_along(band_.width(), side_));
  put(ends_, tiles_along(static_cast<int>(height_), side_));
  out_.write(std::as_bytes(std::span(ends_)));
}

void write_tile_pack(const raster::ImageView& image, std::uint32_t side, blob::Writer& out) {
  TilePackWriter writer(static_cast<std::uint32_t>(image.width),
                        static_cast<std::uint32_t>(image.height), side, out);
  for (int y = 0; y < image.height; ++y) writer.put_row(image.row(y));
  writer.finish();
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
