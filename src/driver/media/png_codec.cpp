// PNG by libpng (ISO/IEC 15948). Each PngReader method is one island without destructors, left by
// longjmp on errors, and returns false then.
#include <algorithm>
#include <csetjmp>
#include <cstring>
#include <png.h>
#include <string>
#include <vector>

#include "base/limits.hpp"
#include "driver/media/codec.hpp"
#include "driver/media/exif.hpp"
#include "driver/media/shrinking_sink.hpp"

namespace aa::media {
namespace {

constexpr std::uint64_t kDeflateRatioMax = 1032;  // RFC 1951: 258 bytes for two bits
constexpr std::size_t kSignatureBytes = 8;
constexpr png_alloc_size_t kChunkBytesMax = 8 << 20;
constexpr png_uint_32 kChunksKeptMax = 100;

class PngReader {
 public:
  explicit PngReader(Bytes file) : file_(file) {
    png_ = png_create_read_struct(PNG_LIBPNG_VER_STRING, this, fail, ignore_warning);
    info_ = png_ != nullptr ? png_create_info_struct(png_) : nullptr;
    if (info_ == nullptr) {
      png_destroy_read_struct(&png_, nullptr, nullptr);
      throw internal_error("libpng did not start");
    }
  }
  ~PngReader() { png_destroy_read_struct(&png_, &info_, nullptr); }
  PngReader(const PngReader&) = delete;
  PngReader& operator=(const PngReader&) = delete;

  bool read_header() {
    if (setjmp(leave_) != 0) return false;
    png_set_read_fn(png_, this, read);
    png_set_user_limits(png_, limits::kImageSide, limits::kImageSide);
    png_set_chunk_cache_max(png_, kChunksKeptMax);
    png_set_chunk_malloc_max(png_, kChunkBytesMax);
    png_read_info(png_, info_);
    return true;
  }

  // To 8-bit RGB or RGBA.
  bool start() {
    if (setjmp(leave_) != 0) return false;
    const int color = png_get_color_type(png_, info_);
    png_set_expand(png_);
    png_set_scale_16(png_);
    if ((color & PNG_COLOR_MASK_COLOR) == 0) png_set_gray_to_rgb(png_);
    passes_ = png_set_interlace_handling(png_);
    png_read_update_info(png_, info_);
    channels_ = png_get_channels(png_, info_);
    return png_get_bit_depth(png_, info_) == 8 && (channels_ == 3 || channels_ == 4);
  }
  bool read_row(std::uint8_t* row) {
    if (setjmp(leave_) != 0) return false;
    png_read_row(png_, row, nullptr);
    return true;
  }
  bool finish() {
    if (setjmp(leave_) != 0) return false;
    png_read_end(png_, nullptr);
    return true;
  }

  int passes() const { return passes_; }
  unsigned channels() const { return channels_; }
  Error error() const {
    return hit_end_ ? image_truncated(ImageFormat::png, message_)
                    : image_damaged(ImageFormat::png, message_);
  }

 private:
  static void read(png_structp png, png_bytep out, png_size_t count) {
    auto& self = *static_cast<PngReader*>(png_get_io_ptr(png));
    if (self.file_.size() - self.at_ < count) {
      self.hit_end_ = true;
      png_error(png, "the file ends");
    }
    std::memcpy(out, self.file_.data() + self.at_, count);
    self.at_ += count;
  }
  [[noreturn]] static void fail(png_structp png, png_const_charp message) {
    auto& self = *static_cast<PngReader*>(png_get_error_ptr(png));
    std::strncpy(self.message_, message, sizeof(self.message_) - 1);
    std::longjmp(self.leave_, 1);
  }
  static void ignore_warning(png_structp, png_const_charp) {}

  Bytes file_;
  std::size_t at_ = 0;
  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
  std::jmp_buf leave_{};
  char message_[128] = {};
  bool hit_end_ = false;
  int passes_ = 1;
  unsigned channels_ = 0;
};

// eXIf may stand before or behind the pixels.
int png_orientation(Bytes file) {
  ByteReader in{file, true};
  for (std::size_t at = kSignatureBytes; in.ok;) {
    const std::size_t length = in.u32(at);
    const auto type = in.u32(at + 4);
    if (!in.ok || length > 0x7FFFFFFF || file.size() - at - 8 < length) return 1;
    if (type == 0x65584966) return exif_orientation(file.subspan(at + 8, length));
    at += 12 + length;
  }
  return 1;
}

// Of a pixel, by IHDR's colour type.
std::uint64_t samples_of(std::uint8_t color_type) {
  switch (color_type) {
    case 2:
      return 3;
    case 4:
      return 2;
    case 6:
      return 4;
    default:
      return 1;
  }
}

// False for so few bytes that no memory need be taken for what they claim to be.
bool may_hold_pixels(Bytes file, const Header& header) {
  ByteReader in{file, true};
  const auto bits = std::uint64_t{in.u8(24)} * samples_of(in.u8(25));
  const auto row_bytes = (header.width * bits + 7) / 8 + 1;
  return row_bytes * header.height / kDeflateRatioMax <= file.size();
}

// Hands rows on to whoever takes them.
struct Passing {
  const RowTaker& take;
  std::size_t width;
  std::vector<std::uint8_t> row;
  void put_rgb(std::uint32_t, const std::uint8_t* rgb) { take(rgb); }
  void put_rgba(std::uint32_t, const std::uint8_t* rgba) {
    row.resize(width * 3);
    blend_over_white(rgba, width, row.data());
    take(row.data());
  }
};

// How many pixels a side may become one, with enough left: as JPEGs are shrunk while they are read.
std::uint32_t step_of(const Header& header, const DecodeOptions& options) {
  std::uint32_t step = 1;
  if (!options.min_long_side || !header.by_rows) return step;
  const auto side = std::max(header.width, header.height);
  while (step < 8 && (side + step * 2 - 1) / (step * 2) >= *options.min_long_side) step *= 2;
  return step;
}

template <class Sink>
void read_rows(Bytes file, const Header& header, Sink& sink) {
  PngReader reader(file);
  if (!reader.read_header() || !reader.start()) throw reader.error();
  const auto stride = std::size_t{header.width} * reader.channels();
  const bool keep = reader.passes() > 1;
  std::vector<std::uint8_t> rows(keep ? stride * header.height : stride);
  for (int pass = 0; pass < reader.passes(); ++pass) {
    const bool last = pass + 1 == reader.passes();
    for (std::uint32_t y = 0; y < header.height; ++y) {
      auto* row = rows.data() + (keep ? y * stride : 0);
      if (!reader.read_row(row)) throw reader.error();
      if (last && reader.channels() == 3)
        sink.put_rgb(y, row);
      else if (last)
        sink.put_rgba(y, row);
    }
  }
  if (!reader.finish()) throw reader.error();
}

}  // namespace

Header read_png_header(Bytes file) {
  ByteReader in{file, true};
  const auto type = in.u32(12);
  Header header;
  header.width = in.u32(16);
  header.height = in.u32(20);
  const bool interlaced = in.u8(28) != 0;
  if (!in.ok) throw image_truncated(ImageFormat::png);
  if (type != 0x49484452) throw image_damaged(ImageFormat::png, "IHDR is not first");
  header.orientation = png_orientation(file);
  // Two rows for the filters, inflate's window; a whole image while passes are merged.
  header.scratch_bytes = std::uint64_t{header.width} * 24 + (256 << 10);
  header.by_rows = !interlaced;
  if (interlaced) header.scratch_bytes += std::uint64_t{header.width} * header.height * 4;
  return header;
}

raster::Image decode_png(Bytes file, const Header& header, const DecodeOptions& options) {
  if (!may_hold_pixels(file, header)) throw image_truncated(ImageFormat::png);
  const auto step = step_of(header, options);
  if (step > 1) {
    ShrinkingSink sink(header.width, header.height, header.orientation, step);
    read_rows(file, header, sink);
    return sink.take();
  }
  RowSink sink(header.width, header.height, header.orientation);
  read_rows(file, header, sink);
  return sink.take();
}

void take_png_rows(Bytes file, const Header& header, const RowTaker& take) {
  if (!may_hold_pixels(file, header)) throw image_truncated(ImageFormat::png);
  Passing sink{take, header.width, {}};
  read_rows(file, header, sink);
}

}  // namespace aa::media
