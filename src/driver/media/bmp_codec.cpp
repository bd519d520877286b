// Windows bitmaps, read here: 1, 4, 8, 16, 24 and 32 bits, BITFIELDS, RLE8 and RLE4, bottom-up and
// top-down, headers from OS/2 1.x to BITMAPV5HEADER ([MS-WMF] 2.2.2.9, wingdi.h).
#include <algorithm>
#include <array>
#include <bit>
#include <vector>

#include "driver/media/codec.hpp"
#include "driver/media/exif.hpp"

namespace aa::media {
namespace {

enum Compression : std::uint32_t { kRgb = 0, kRle8 = 1, kRle4 = 2, kBitfields = 3, kAlpha = 6 };

constexpr std::size_t kFileHeaderBytes = 14;

struct Bitmap {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  bool top_down = false;
  std::uint32_t bits = 0;
  std::uint32_t compression = kRgb;
  std::size_t pixels_at = 0;
  std::array<std::uint32_t, 4> masks{};  // red, green, blue, alpha; 0 for none
  std::vector<std::array<std::uint8_t, 3>> palette;

  std::size_t stride() const { return (std::size_t{width} * bits + 31) / 32 * 4; }
  bool is_rle() const { return compression == kRle8 || compression == kRle4; }
};

Error damaged(std::string_view cause) { return image_damaged(ImageFormat::bmp, cause); }

void read_masks(ByteReader& in, Bitmap& bitmap, std::uint32_t header_bytes) {
  const bool given = bitmap.compression == kBitfields || bitmap.compression == kAlpha;
  if (given) {
    const bool alpha = bitmap.compression == kAlpha || header_bytes >= 56;
    for (std::size_t i = 0; i < (alpha ? 4U : 3U); ++i) {
      bitmap.masks[i] = in.u32(kFileHeaderBytes + 40 + i * 4);
    }
  } else if (bitmap.bits == 16) {
    bitmap.masks = {0x7C00, 0x03E0, 0x001F, 0};
  } else if (bitmap.bits == 32) {
    bitmap.masks = {0xFF0000, 0x00FF00, 0x0000FF, 0};
  }
  for (const auto mask : bitmap.masks) {
    if (mask != 0 && !std::has_single_bit((mask >> std::countr_zero(mask)) + std::uint64_t{1})) {
      throw damaged("a colour mask with gaps");
    }
  }
}

void read_palette(ByteReader& in, Bitmap& bitmap, std::uint32_t header_bytes,
                  std::uint32_t colors_used) {
  if (bitmap.bits > 8) return;
  const std::uint32_t all = 1U << bitmap.bits;
  const std::size_t entry = header_bytes == 12 ? 3 : 4;
  const std::size_t at = kFileHeaderBytes + header_bytes;
  auto count = colors_used == 0 ? all : std::min(colors_used, all);
  // Old writers leave out unused colours without saying so.
  if (bitmap.pixels_at > at) {
    count =
        static_cast<std::uint32_t>(std::min<std::size_t>(count, (bitmap.pixels_at - at) / entry));
  }
  for (std::size_t i = 0; i < count; ++i) {
    const auto color = at + i * entry;
    bitmap.palette.push_back({static_cast<std::uint8_t>(in.u8(color + 2)),
                              static_cast<std::uint8_t>(in.u8(color + 1)),
                              static_cast<std::uint8_t>(in.u8(color))});
  }
}

void check_kind(const Bitmap& bitmap) {
  const auto bits = bitmap.bits;
  bool good = false;
  switch (bitmap.compression) {
    case kRgb:
      good = bits == 1 || bits == 4 || bits == 8 || bits == 16 || bits == 24 || bits == 32;
      break;
    case kRle8:
      good = bits == 8 && !bitmap.top_down;
      break;
    case kRle4:
      good = bits == 4 && !bitmap.top_down;
      break;
    case kBitfields:
    case kAlpha:
      good = bits == 16 || bits == 32;
      break;
    default:
      break;
  }
  if (!good) {
    throw image_unsupported("This kind of BMP is not taken. Save it uncompressed, or as PNG.");
  }
}

Bitmap read_bitmap(Bytes file) {
  ByteReader in{file};
  Bitmap bitmap;
  bitmap.pixels_at = in.u32(10);
  const auto header_bytes = in.u32(kFileHeaderBytes);
  std::uint32_t colors_used = 0;
  if (header_bytes == 12) {
    bitmap.width = in.u16(18);
    bitmap.height = in.u16(20);
    bitmap.bits = in.u16(24);
  } else {
    const auto width = static_cast<std::int32_t>(in.u32(18));
    const auto height = static_cast<std::int32_t>(in.u32(22));
    if (width < 0) throw damaged("a negative width");
    bitmap.top_down = height < 0;
    bitmap.width = static_cast<std::uint32_t>(width);
    bitmap.height = static_cast<std::uint32_t>(bitmap.top_down ? -std::int64_t{height} : height);
    bitmap.bits = in.u16(28);
    bitmap.compression = in.u32(30);
    colors_used = in.u32(46);
  }
  if (!in.ok) throw image_truncated(ImageFormat::bmp);
  check_kind(bitmap);
  read_masks(in, bitmap, header_bytes);
  read_palette(in, bitmap, header_bytes, colors_used);
  if (!in.ok) throw image_truncated(ImageFormat::bmp);
  if (bitmap.pixels_at < kFileHeaderBytes + header_bytes) throw damaged("pixels in the header");
  return bitmap;
}

struct Channel {
  explicit Channel(std::uint32_t mask)
      : mask_(mask), shift_(mask == 0 ? 0 : std::countr_zero(mask)), max_(mask >> shift_) {}
  std::uint8_t of(std::uint32_t pixel) const {
    if (max_ == 0) return 0;
    const std::uint64_t value = (pixel & mask_) >> shift_;
    return static_cast<std::uint8_t>((value * 255 + max_ / 2) / max_);
  }

 private:
  std::uint32_t mask_;
  int shift_;
  std::uint32_t max_;
};

std::uint32_t pixel_at(const std::uint8_t* row, std::size_t x, std::uint32_t bits) {
  if (bits == 16) return row[x * 2] | std::uint32_t{row[x * 2 + 1]} << 8;
  const auto* at = row + x * 4;
  return at[0] | std::uint32_t{at[1]} << 8 | std::uint32_t{at[2]} << 16 |
         std::uint32_t{at[3]} << 24;
}

unsigned index_at(const std::uint8_t* row, std::size_t x, std::uint32_t bits) {
  if (bits == 8) return row[x];
  if (bits == 4) return x % 2 == 0 ? row[x / 2] >> 4 : row[x / 2] & 15;
  return row[x / 8] >> (7 - x % 8) & 1;
}

void put_indices(RowSink& sink, const Bitmap& bitmap, std::uint32_t y, const std::uint8_t* row,
                 std::uint32_t bits, std::vector<std::uint8_t>& rgb) {
  for (std::size_t x = 0; x < bitmap.width; ++x) {
    const auto index = index_at(row, x, bits);
    if (index >= bitmap.palette.size()) throw damaged("a colour outside the palette");
    std::ranges::copy(bitmap.palette[index], rgb.begin() + static_cast<std::ptrdiff_t>(x * 3));
  }
  sink.put_rgb(y, rgb.data());
}

void put_masked(RowSink& sink, const Bitmap& bitmap, std::uint32_t y, const std::uint8_t* row,
                bool has_alpha, std::vector<std::uint8_t>& rgba) {
  const Channel red(bitmap.masks[0]);
  const Channel green(bitmap.masks[1]);
  const Channel blue(bitmap.masks[2]);
  const Channel alpha(bitmap.masks[3]);
  for (std::size_t x = 0; x < bitmap.width; ++x) {
    const auto pixel = pixel_at(row, x, bitmap.bits);
    rgba[x * 4] = red.of(pixel);
    rgba[x * 4 + 1] = green.of(pixel);
    rgba[x * 4 + 2] = blue.of(pixel);
    rgba[x * 4 + 3] = has_alpha ? alpha.of(pixel) : 255;
  }
  sink.put_rgba(y, rgba.data());
}

// Many writers announce an alpha channel and leave it all zero: those images are opaque.
bool any_alpha(const Bitmap& bitmap, const std::uint8_t* pixels) {
  if (bitmap.masks[3] == 0) return false;
  for (std::size_t y = 0; y < bitmap.height; ++y) {
    const auto* row = pixels + y * bitmap.stride();
    for (std::size_t x = 0; x < bitmap.width; ++x) {
      if ((pixel_at(row, x, bitmap.bits) & bitmap.masks[3]) != 0) return true;
    }
  }
  return false;
}

raster::Image decode_plain(Bytes file, const Bitmap& bitmap) {
  const auto* pixels = reinterpret_cast<const std::uint8_t*>(file.data()) + bitmap.pixels_at;
  const bool has_alpha = any_alpha(bitmap, pixels);
  RowSink sink(bitmap.width, bitmap.height, 1);
  std::vector<std::uint8_t> buffer(std::size_t{bitmap.width} * 4);
  for (std::uint32_t i = 0; i < bitmap.height; ++i) {
    const auto y = bitmap.top_down ? i : bitmap.height - 1 - i;
    const auto* row = pixels + i * bitmap.stride();
    if (bitmap.bits <= 8) {
      put_indices(sink, bitmap, y, row, bitmap.bits, buffer);
    } else if (bitmap.bits == 24) {
      for (std::size_t x = 0; x < bitmap.width; ++x) {
        std::reverse_copy(row + x * 3, row + x * 3 + 3,
                          buffer.begin() + static_cast<std::ptrdiff_t>(x * 3));
      }
      sink.put_rgb(y, buffer.data());
    } else {
      put_masked(sink, bitmap, y, row, has_alpha, buffer);
    }
  }
  return sink.take();
}

// Run lengths to one index per pixel, rows bottom to top. Pixels that are skipped stay 0.
class RunReader {
 public:
  RunReader(Bytes file, const Bitmap& bitmap)
      : in_{file},
        at_(bitmap.pixels_at),
        bitmap_(bitmap),
        indices_(std::size_t{bitmap.width} * bitmap.height) {}

  std::vector<std::uint8_t> read() {
    while (y_ < bitmap_.height) {
      const auto count = next();
      const auto value = next();
      if (count > 0) {
        for (std::uint32_t i = 0; i < count; ++i) put(nibble_of(value, i));
      } else if (value == 0) {
        x_ = 0;
        ++y_;
      } else if (value == 1) {
        break;
      } else if (value == 2) {
        x_ += next();
        y_ += next();
      } else {
        read_literal(value);
      }
    }
    return std::move(indices_);
  }

 private:
  std::uint32_t next() {
    const auto byte = in_.u8(at_++);
    if (!in_.ok) throw image_truncated(ImageFormat::bmp);
    return byte;
  }
  std::uint8_t nibble_of(std::uint32_t value, std::uint32_t i) const {
    if (bitmap_.compression == kRle8) return static_cast<std::uint8_t>(value);
    return static_cast<std::uint8_t>(i % 2 == 0 ? value >> 4 : value & 15);
  }
  void put(std::uint8_t index) {
    if (x_ >= bitmap_.width || y_ >= bitmap_.height) throw damaged("a run leaves its row");
    indices_[std::size_t{y_} * bitmap_.width + x_++] = index;
  }
  void read_literal(std::uint32_t count) {
    const auto start = at_;
    std::uint32_t value = 0;
    const bool bytes = bitmap_.compression == kRle8;
    for (std::uint32_t i = 0; i < count; ++i) {
      if (bytes || i % 2 == 0) value = next();
      put(nibble_of(value, i));
    }
    if ((at_ - start) % 2 != 0) next();
  }

  ByteReader in_;
  std::size_t at_;
  const Bitmap& bitmap_;
  std::vector<std::uint8_t> indices_;
  std::uint32_t x_ = 0;
  std::uint32_t y_ = 0;
};

raster::Image decode_runs(Bytes file, const Bitmap& bitmap) {
  const auto indices = RunReader(file, bitmap).read();
  RowSink sink(bitmap.width, bitmap.height, 1);
  std::vector<std::uint8_t> rgb(std::size_t{bitmap.width} * 3);
  for (std::uint32_t i = 0; i < bitmap.height; ++i) {
    put_indices(sink, bitmap, bitmap.height - 1 - i, indices.data() + std::size_t{i} * bitmap.width,
                8, rgb);
  }
  return sink.take();
}

}  // namespace

Header read_bmp_header(Bytes file) {
  const auto bitmap = read_bitmap(file);
  Header header;
  header.width = bitmap.width;
  header.height = bitmap.height;
  const auto pixels = std::uint64_t{bitmap.width} * bitmap.height;
  header.scratch_bytes = std::uint64_t{bitmap.width} * 8 + (bitmap.is_rle() ? pixels : 0);
  // Before sizes are trusted: the smallest of the limits speaks first.
  check_header(ImageFormat::bmp, header);
  const auto bytes = bitmap.is_rle() ? 2 : std::uint64_t{bitmap.stride()} * bitmap.height;
  if (bitmap.pixels_at + bytes > file.size()) throw image_truncated(ImageFormat::bmp);
  return header;
}

raster::Image decode_bmp(Bytes file, const Header&) {
  const auto bitmap = read_bitmap(file);
  return bitmap.is_rle() ? decode_runs(file, bitmap) : decode_plain(file, bitmap);
}

}  // namespace aa::media
