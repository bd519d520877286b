// JPEG by libjpeg-turbo. libjpeg leaves by longjmp on errors: each JpegReader method is one island
// without destructors, and returns false after a jump.
#include <csetjmp>
#include <cstdio>
#include <cstdlib>
#include <cstring>
// Each of these needs what stands before it; jerror.h numbers its codes by jpeglib.h's settings.
// clang-format off
#include <jpeglib.h>
#include <jerror.h>
// clang-format on

#include <algorithm>
#include <memory>
#include <vector>

#include "driver/media/codec.hpp"
#include "driver/media/exif.hpp"

namespace aa::media {
namespace {

constexpr int kScansMax = 500;
// What all scans of an image may cover together, so that many scans of nothing over a large image
// do not keep a core busy: 32 scans of the largest image.
constexpr std::uint64_t kScanPixelsMax = 8ULL << 30;

struct ErrorManager {
  jpeg_error_mgr base;
  std::jmp_buf leave;
  int code;
};

ErrorManager& manager(j_common_ptr common) { return *reinterpret_cast<ErrorManager*>(common->err); }

[[noreturn]] void leave(j_common_ptr common) {
  manager(common).code = common->err->msg_code;
  std::longjmp(manager(common).leave, 1);
}

// Warnings after which libjpeg makes up pixels are failures: annotations need true ones.
void judge_warning(j_common_ptr common, int level) {
  if (level >= 0) return;
  switch (common->err->msg_code) {
    case JWRN_JPEG_EOF:
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_ARITH_BAD_CODE:
    case JWRN_MUST_RESYNC:
      leave(common);
    default:
      return;
  }
}

void be_silent(j_common_ptr) {}

void watch_scans(j_common_ptr common) {
  const auto* decoder = reinterpret_cast<j_decompress_ptr>(common);
  const auto pixels = std::uint64_t{decoder->image_width} * decoder->image_height;
  const auto scans = static_cast<std::uint64_t>(std::max(decoder->input_scan_number, 0));
  if (scans <= kScansMax && scans * pixels <= kScanPixelsMax) return;
  common->err->msg_code = JERR_TOO_LITTLE_DATA;  // not raised by decoders
  leave(common);
}

class JpegReader {
 public:
  explicit JpegReader(Bytes file) : file_(file) {
    decoder_.err = jpeg_std_error(&errors_.base);
    errors_.base.error_exit = leave;
    errors_.base.emit_message = judge_warning;
    errors_.base.output_message = be_silent;
    progress_.progress_monitor = watch_scans;
  }
  ~JpegReader() { jpeg_destroy_decompress(&decoder_); }
  JpegReader(const JpegReader&) = delete;
  JpegReader& operator=(const JpegReader&) = delete;

  bool read_header() {
    if (setjmp(errors_.leave) != 0) return false;
    jpeg_create_decompress(&decoder_);
    decoder_.progress = &progress_;
    jpeg_mem_src(&decoder_, reinterpret_cast<const unsigned char*>(file_.data()), file_.size());
    return jpeg_read_header(&decoder_, TRUE) == JPEG_HEADER_OK;
  }
  bool start() {
    if (setjmp(errors_.leave) != 0) return false;
    return jpeg_start_decompress(&decoder_) != 0;
  }
  bool read_row(std::uint8_t* row) {
    if (setjmp(errors_.leave) != 0) return false;
    return jpeg_read_scanlines(&decoder_, &row, 1) == 1;
  }
  bool finish() {
    if (setjmp(errors_.leave) != 0) return false;
    return jpeg_finish_decompress(&decoder_) != 0;
  }
  bool has_multiple_scans() { return jpeg_has_multiple_scans(&decoder_) != 0; }
  jpeg_decompress_struct& decoder() { return decoder_; }

  Error error() {
    char text[JMSG_LENGTH_MAX];
    errors_.base.msg_code = errors_.code;
    (*errors_.base.format_message)(reinterpret_cast<j_common_ptr>(&decoder_), text);
    switch (errors_.code) {
      case JWRN_JPEG_EOF:
        return image_truncated(ImageFormat::jpeg, text);
      case JERR_TOO_LITTLE_DATA:
        return too_many_scans(ImageFormat::jpeg);
      case JERR_IMAGE_TOO_BIG:
        return too_large("image_too_large",
                         "The JPEG image is larger than 65500 pixels on a side.");
      case JERR_OUT_OF_MEMORY:
        return too_large("image_too_large", "There is not enough memory to decode the image.");
      case JERR_BAD_PRECISION:
      case JERR_SOF_UNSUPPORTED:
      case JERR_ARITH_NOTIMPL:
      case JERR_CONVERSION_NOTIMPL:
        return image_unsupported(
            "This kind of JPEG (lossless, hierarchical or more than 8 bits) is not taken. Save "
            "it as a baseline or progressive JPEG of 8 bits.");
      default:
        return image_damaged(ImageFormat::jpeg, text);
    }
  }

 private:
  Bytes file_;
  jpeg_decompress_struct decoder_{};
  ErrorManager errors_{};
  jpeg_progress_mgr progress_{};
};

// Walks the segments before the first scan (ITU-T T.81, B.1.1.4) to the EXIF block.
int jpeg_orientation(Bytes file) {
  ByteReader in{file, true};
  for (std::size_t at = 2; in.ok;) {
    if (in.u8(at) != 0xFF) return 1;
    const auto marker = in.u8(at + 1);
    if (marker == 0xFF) {
      ++at;  // fill byte
      continue;
    }
    if (marker == 0xDA || marker == 0xD9) return 1;
    const std::size_t length = in.u16(at + 2);
    if (!in.ok || length < 2 || file.size() - at - 2 < length) return 1;
    const auto content = file.subspan(at + 4, length - 2);
    if (marker == 0xE1 && content.size() > 6 && std::memcmp(content.data(), "Exif\0", 5) == 0) {
      return exif_orientation(content);
    }
    at += 2 + length;
  }
  return 1;
}

// Scans announced by markers; entropy-coded data holds no FF DA.
std::uint64_t count_scans(Bytes file) {
  std::uint64_t scans = 0;
  const auto* at = reinterpret_cast<const unsigned char*>(file.data());
  const auto* const end = at + file.size();
  while (at + 1 < end) {
    at = static_cast<const unsigned char*>(
        std::memchr(at, 0xFF, static_cast<std::size_t>(end - at - 1)));
    if (at == nullptr) break;
    scans += at[1] == 0xDA ? 1 : 0;
    ++at;
  }
  return scans;
}

std::uint64_t coefficient_bytes(const jpeg_decompress_struct& decoder) {
  std::uint64_t blocks = 0;
  for (int i = 0; i < decoder.num_components; ++i) {
    const auto& part = decoder.comp_info[i];
    blocks += std::uint64_t{part.width_in_blocks + 8U} * (part.height_in_blocks + 8U);
  }
  return blocks * DCTSIZE2 * sizeof(JCOEF);
}

// Out of libjpeg's control: color spaces that become RGB here.
void choose_output(jpeg_decompress_struct& decoder) {
  const bool four = decoder.jpeg_color_space == JCS_CMYK || decoder.jpeg_color_space == JCS_YCCK;
  decoder.out_color_space = four ? JCS_CMYK : JCS_RGB;
}

void cmyk_to_rgb(std::span<std::uint8_t> row, bool inverted) {
  const auto pixels = row.size() / 4;
  for (std::size_t i = 0; i < pixels; ++i) {
    const unsigned flip = inverted ? 0 : 255;
    const unsigned key = row[i * 4 + 3] ^ flip;
    // In place: the pixel written ends before the next one read.
    const unsigned part[3] = {row[i * 4] ^ flip, row[i * 4 + 1] ^ flip, row[i * 4 + 2] ^ flip};
    for (std::size_t c = 0; c < 3; ++c) {
      row[i * 3 + c] = static_cast<std::uint8_t>((part[c] * key + 127) / 255);
    }
  }
}

// Hands rows on to whoever takes them.
struct Passing {
  const RowTaker& take;
  static std::uint8_t* in_place(std::uint32_t) { return nullptr; }
  void put_rgb(std::uint32_t, const std::uint8_t* rgb) { take(rgb); }
};

template <class Sink>
void read_rows(JpegReader& reader, Sink& sink) {
  auto& decoder = reader.decoder();
  const bool four = decoder.out_color_space == JCS_CMYK;
  std::vector<std::uint8_t> row(std::size_t{decoder.output_width} * (four ? 4 : 3));
  while (decoder.output_scanline < decoder.output_height) {
    const auto y = decoder.output_scanline;
    auto* place = four ? nullptr : sink.in_place(y);
    if (!reader.read_row(place != nullptr ? place : row.data())) throw reader.error();
    if (place != nullptr) continue;
    if (four) cmyk_to_rgb(row, decoder.saw_Adobe_marker != 0);
    sink.put_rgb(y, row.data());
  }
  // Up to the end marker: what follows the last row must be there too.
  if (!reader.finish()) throw reader.error();
}

void choose_scale(jpeg_decompress_struct& decoder, const DecodeOptions& options) {
  decoder.scale_num = 8;
  decoder.scale_denom = 8;
  if (!options.min_long_side) return;
  const auto side = std::max(decoder.image_width, decoder.image_height);
  for (const unsigned eighths : {4U, 2U, 1U}) {
    if ((std::uint64_t{side} * eighths + 7) / 8 < *options.min_long_side) break;
    decoder.scale_num = eighths;
  }
}

}  // namespace

Header read_jpeg_header(Bytes file) {
  JpegReader reader(file);
  if (!reader.read_header()) throw reader.error();
  const auto& decoder = reader.decoder();
  if (decoder.num_components != 1 && decoder.num_components != 3 && decoder.num_components != 4) {
    throw image_unsupported("A JPEG with 2 or more than 4 colour channels is not taken.");
  }
  Header header;
  header.width = decoder.image_width;
  header.height = decoder.image_height;
  header.orientation = jpeg_orientation(file);
  // Rows of the colour converter and upsampler, and libjpeg's own tables.
  header.scratch_bytes = std::uint64_t{header.width} * 128 + (64 << 10);
  header.by_rows = !reader.has_multiple_scans();
  if (!header.by_rows) {
    header.scratch_bytes += coefficient_bytes(decoder);
    const auto scans = count_scans(file);
    const auto pixels = std::uint64_t{header.width} * header.height;
    if (scans > kScansMax || scans * pixels > kScanPixelsMax) {
      throw too_many_scans(ImageFormat::jpeg);
    }
  }
  return header;
}

raster::Image decode_jpeg(Bytes file, const Header& header, const DecodeOptions& options) {
  JpegReader reader(file);
  if (!reader.read_header()) throw reader.error();
  auto& decoder = reader.decoder();
  choose_output(decoder);
  choose_scale(decoder, options);
  if (!reader.start()) throw reader.error();
  RowSink sink(decoder.output_width, decoder.output_height, header.orientation, Rows::all);
  read_rows(reader, sink);
  return sink.take();
}

void take_jpeg_rows(Bytes file, const RowTaker& take) {
  JpegReader reader(file);
  if (!reader.read_header()) throw reader.error();
  choose_output(reader.decoder());
  if (!reader.start()) throw reader.error();
  Passing sink{take};
  read_rows(reader, sink);
}

}  // namespace aa::media
