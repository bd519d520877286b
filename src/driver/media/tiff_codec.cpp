// TIFF by libtiff: first page, any photometric that libtiff turns into RGBA, in bands of rows.
#include <algorithm>
#include <cstdarg>
#include <cstring>
#include <memory>
#include <tiffio.h>
#include <vector>

#include "base/limits.hpp"
#include "driver/media/codec.hpp"
#include "driver/media/exif.hpp"

namespace aa::media {
namespace {

class TiffReader {
 public:
  explicit TiffReader(Bytes file) : file_(file) {
    struct FreeOptions {
      void operator()(TIFFOpenOptions* options) const { TIFFOpenOptionsFree(options); }
    };
    const std::unique_ptr<TIFFOpenOptions, FreeOptions> options(TIFFOpenOptionsAlloc());
    if (!options) throw internal_error("TIFFOpenOptionsAlloc");
    TIFFOpenOptionsSetMaxSingleMemAlloc(options.get(),
                                        static_cast<tmsize_t>(limits::kImageDecodedBytes));
    TIFFOpenOptionsSetErrorHandlerExtR(options.get(), keep_error, this);
    TIFFOpenOptionsSetWarningHandlerExtR(options.get(), ignore, nullptr);
    // Mapped, where "mapping" gives the bytes themselves: the unmapped way of some 4.5 builds
    // refuses uncompressed tiles whose size is no multiple of 1024.
    tiff_ = TIFFClientOpenExt("image", "rM", this, read, write, seek, close, size, map, unmap,
                              options.get());
    if (tiff_ == nullptr) throw error();
  }
  ~TiffReader() {
    if (tiff_ != nullptr) TIFFClose(tiff_);
  }
  TiffReader(const TiffReader&) = delete;
  TiffReader& operator=(const TiffReader&) = delete;

  TIFF* tiff() { return tiff_; }
  Error error() const {
    ByteReader in{file_};
    in.big_endian = in.u8(0) == 'M';
    const bool cut = hit_end_ || in.u32(4) >= file_.size();  // the first directory is not there
    return cut ? image_truncated(ImageFormat::tiff, message_)
               : image_damaged(ImageFormat::tiff, message_);
  }
  template <class T>
  T field(std::uint32_t tag, T otherwise) {
    T value = otherwise;
    return TIFFGetFieldDefaulted(tiff_, tag, &value) == 1 ? value : otherwise;
  }

 private:
  static TiffReader& self(thandle_t handle) { return *static_cast<TiffReader*>(handle); }

  static tmsize_t read(thandle_t handle, void* out, tmsize_t count) {
    auto& me = self(handle);
    const auto wanted = static_cast<std::uint64_t>(std::max<tmsize_t>(count, 0));
    const auto left = me.at_ < me.file_.size() ? me.file_.size() - me.at_ : 0;
    const auto done = std::min<std::uint64_t>(wanted, left);
    if (done < wanted) me.hit_end_ = true;
    std::memcpy(out, me.file_.data() + (done > 0 ? me.at_ : 0), done);
    me.at_ += done;
    return static_cast<tmsize_t>(done);
  }
  static tmsize_t write(thandle_t, void*, tmsize_t) { return 0; }
  static toff_t seek(thandle_t handle, toff_t offset, int whence) {
    auto& me = self(handle);
    const std::uint64_t from = whence == SEEK_CUR   ? me.at_
                               : whence == SEEK_END ? me.file_.size()
                                                    : 0;
    me.at_ = from + offset;
    return me.at_;
  }
  static int close(thandle_t) { return 0; }
  static int map(thandle_t handle, void** base, toff_t* length) {
    // libtiff's type is not const, but it does not write to files that are open for reading.
    *base = const_cast<std::byte*>(self(handle).file_.data());
    *length = self(handle).file_.size();
    return 1;
  }
  static void unmap(thandle_t, void*, toff_t) {}
  static toff_t size(thandle_t handle) { return self(handle).file_.size(); }
  static int keep_error(TIFF*, void* user, const char*, const char* format, va_list values) {
    auto& me = *static_cast<TiffReader*>(user);
    std::vsnprintf(me.message_, sizeof(me.message_), format, values);
    return 1;
  }
  static int ignore(TIFF*, void*, const char*, const char*, va_list) { return 1; }

  Bytes file_;
  std::uint64_t at_ = 0;
  bool hit_end_ = false;
  char message_[256] = {};
  TIFF* tiff_ = nullptr;
};

// Rows that libtiff decodes together.
std::uint32_t band_rows(TiffReader& reader, std::uint32_t height) {
  std::uint32_t rows = 0;
  if (TIFFIsTiled(reader.tiff()) != 0) {
    if (TIFFGetField(reader.tiff(), TIFFTAG_TILELENGTH, &rows) != 1) rows = 0;
  } else {
    rows = reader.field<std::uint32_t>(TIFFTAG_ROWSPERSTRIP, height);
  }
  return std::clamp<std::uint32_t>(rows, 1, height);
}

// Every strip or tile lies in the file: libtiff would decode what is there, or guess.
void check_extents(TiffReader& reader, std::uint64_t file_size) {
  const bool tiled = TIFFIsTiled(reader.tiff()) != 0;
  const auto count = tiled ? TIFFNumberOfTiles(reader.tiff()) : TIFFNumberOfStrips(reader.tiff());
  for (std::uint32_t i = 0; i < count; ++i) {
    int failed = 0;
    const auto offset = TIFFGetStrileOffsetWithErr(reader.tiff(), i, &failed);
    const auto bytes = TIFFGetStrileByteCountWithErr(reader.tiff(), i, &failed);
    if (failed != 0) throw reader.error();
    if (bytes > file_size || offset > file_size - bytes) {
      throw image_truncated(ImageFormat::tiff, "a strip ends behind the file");
    }
  }
}

void check_kind(TiffReader& reader) {
  // The pre-1995 JPEG inside TIFF: ambiguous, and long a source of holes.
  const bool old_jpeg = reader.field<std::uint16_t>(TIFFTAG_COMPRESSION, 1) == COMPRESSION_OJPEG;
  char why[1024] = {};
  if (old_jpeg || TIFFRGBAImageOK(reader.tiff(), why) == 0) {
    throw image_unsupported(
        "This kind of TIFF is not taken. Save it with 8 or 16 bits per channel, as grey, palette, "
        "RGB or CMYK.");
  }
}

}  // namespace

Header read_tiff_header(Bytes file) {
  TiffReader reader(file);
  Header header;
  if (TIFFGetField(reader.tiff(), TIFFTAG_IMAGEWIDTH, &header.width) != 1 ||
      TIFFGetField(reader.tiff(), TIFFTAG_IMAGELENGTH, &header.height) != 1) {
    throw image_damaged(ImageFormat::tiff, "no size");
  }
  check_header(ImageFormat::tiff, header);
  check_kind(reader);
  const auto orientation = reader.field<std::uint16_t>(TIFFTAG_ORIENTATION, 1);
  header.orientation = orientation >= 1 && orientation <= 8 ? orientation : 1;
  const auto rows = band_rows(reader, header.height);
  const auto coded = TIFFIsTiled(reader.tiff()) != 0 ? TIFFTileSize64(reader.tiff())
                                                     : TIFFStripSize64(reader.tiff());
  // A band as RGBA, and the same band as libtiff unpacks it, once per plane.
  header.scratch_bytes =
      std::uint64_t{header.width} * rows * 4 + std::min<std::uint64_t>(coded, 1ULL << 40) * 4;
  check_header(ImageFormat::tiff, header);
  check_extents(reader, file.size());
  return header;
}

raster::Image decode_tiff(Bytes file, const Header& header) {
  TiffReader reader(file);
  const auto rows = band_rows(reader, header.height);
  struct Band : TIFFRGBAImage {
    bool begun = false;
    ~Band() {
      if (begun) TIFFRGBAImageEnd(this);
    }
  } band;
  char why[1024] = {};
  band.begun = TIFFRGBAImageBegin(&band, reader.tiff(), 1, why) == 1;
  if (!band.begun) throw reader.error();
  // libtiff would turn in part by itself: told that the rows are upright, it leaves them alone.
  band.orientation = ORIENTATION_TOPLEFT;
  band.req_orientation = ORIENTATION_TOPLEFT;
  RowSink sink(header.width, header.height, header.orientation);
  std::vector<std::uint32_t> pixels(std::size_t{header.width} * rows);
  for (std::uint32_t y = 0; y < header.height; y += rows) {
    const auto count = std::min(rows, header.height - y);
    band.row_offset = static_cast<int>(y);
    band.col_offset = 0;
    if (TIFFRGBAImageGet(&band, pixels.data(), header.width, count) != 1) throw reader.error();
    for (std::uint32_t i = 0; i < count; ++i) {
      // ABGR in a 32-bit word is R, G, B, A in memory on the little-endian machines we run on.
      sink.put_premultiplied(y + i, reinterpret_cast<const std::uint8_t*>(
                                        pixels.data() + std::size_t{i} * header.width));
    }
  }
  return sink.take();
}

}  // namespace aa::media
