#include "driver/media/image_codec.hpp"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "base/limits.hpp"
#include "driver/media/codec.hpp"
#include "driver/media/image_rows.hpp"

namespace aa::media {
namespace {

struct FormatRow {
  ImageFormat format;
  const char* name;
  const char* content_type;
  const char* extension;
  Header (*read_header)(Bytes);
};

constexpr std::array kFormats = {
    FormatRow{ImageFormat::jpeg, "JPEG", "image/jpeg", "jpg", read_jpeg_header},
    FormatRow{ImageFormat::png, "PNG", "image/png", "png", read_png_header},
    FormatRow{ImageFormat::webp, "WebP", "image/webp", "webp", read_webp_header},
    FormatRow{ImageFormat::bmp, "BMP", "image/bmp", "bmp", read_bmp_header},
    FormatRow{ImageFormat::tiff, "TIFF", "image/tiff", "tiff", read_tiff_header},
    FormatRow{ImageFormat::avif, "AVIF", "image/avif", "avif", read_avif_header},
};

const FormatRow& row_of(ImageFormat format) { return kFormats[static_cast<std::size_t>(format)]; }

// ISO/IEC 14496-12, 4.3: the major brand, or one of the compatible brands in sight.
bool is_avif(std::string_view head) {
  if (head.substr(4, 4) != "ftyp") return false;
  for (std::size_t at = 8; at + 4 <= head.size(); at += at == 8 ? 8 : 4) {
    const auto brand = head.substr(at, 4);
    if (brand == "avif" || brand == "avis") return true;
  }
  return false;
}

bool is_bmp(std::string_view head) {
  if (head.size() < 18 || !head.starts_with("BM")) return false;
  const auto size = static_cast<unsigned char>(head[14]);
  constexpr std::string_view kHeaderSizes = "\x0c\x28\x34\x38\x40\x6c\x7c";
  return kHeaderSizes.find(static_cast<char>(size)) != std::string_view::npos &&
         head.substr(15, 3) == std::string_view("\0\0\0", 3);
}

bool is_tiff(std::string_view head) {
  using namespace std::string_view_literals;
  return head.starts_with("II*\0"sv) || head.starts_with("MM\0*"sv) ||
         head.starts_with("II+\0"sv) || head.starts_with("MM\0+"sv);
}

std::uint64_t output_bytes(const Header& header) {
  return std::uint64_t{header.width} * header.height * 3;
}

ImageFormat require_format(Bytes file) {
  if (file.empty()) throw invalid("image_empty", "The file is empty.");
  const auto format = sniff(file.first(std::min<std::size_t>(file.size(), 64)));
  if (!format) {
    throw image_unsupported(
        "The file is none of JPEG, PNG, WebP, BMP, TIFF and AVIF, whatever its name says.");
  }
  return *format;
}

Header checked_header(ImageFormat format, Bytes file) {
  const auto header = row_of(format).read_header(file);
  check_header(format, header);
  return header;
}

}  // namespace

std::optional<ImageFormat> sniff(Bytes head) {
  const std::string_view text(reinterpret_cast<const char*>(head.data()),
                              std::min<std::size_t>(head.size(), 64));
  if (text.starts_with("\xff\xd8\xff")) return ImageFormat::jpeg;
  if (text.starts_with("\x89PNG\r\n\x1a\n")) return ImageFormat::png;
  if (text.size() >= 12 && text.starts_with("RIFF") && text.substr(8, 4) == "WEBP") {
    return ImageFormat::webp;
  }
  if (is_bmp(text)) return ImageFormat::bmp;
  if (is_tiff(text)) return ImageFormat::tiff;
  if (text.size() >= 12 && is_avif(text)) return ImageFormat::avif;
  return std::nullopt;
}

std::string_view content_type(ImageFormat format) { return row_of(format).content_type; }
std::string_view extension(ImageFormat format) { return row_of(format).extension; }

Error image_damaged(ImageFormat format, std::string_view cause) {
  return invalid("image_damaged", fmt::format("The {} image is damaged and cannot be decoded. "
                                              "Export it anew from its source.",
                                              row_of(format).name))
      .with_cause(std::string(cause));
}

Error image_truncated(ImageFormat format, std::string_view cause) {
  return invalid("image_truncated",
                 fmt::format("The {} image ends before its last pixel. Copy the whole file anew.",
                             row_of(format).name))
      .with_cause(std::string(cause));
}

Error image_unsupported(std::string_view message) {
  return Error(ErrorCode::unsupported, "unsupported_image", std::string(message));
}

Error too_many_scans(ImageFormat format) {
  return too_large("image_too_large",
                   fmt::format("The {} image has more scans than are decoded. Save it anew as a "
                               "baseline image.",
                               row_of(format).name));
}

void check_header(ImageFormat format, const Header& header) {
  const auto* name = row_of(format).name;
  if (header.width == 0 || header.height == 0) {
    throw invalid("image_empty", fmt::format("The {} image has no pixels.", name));
  }
  const auto size = fmt::format("{} x {}", header.width, header.height);
  if (header.width > limits::kImageSide || header.height > limits::kImageSide) {
    throw too_large("image_too_large",
                    fmt::format("The {} image of {} pixels is larger than {} pixels on a side.",
                                name, size, limits::kImageSide));
  }
  const auto pixels_max = format == ImageFormat::webp ? limits::kWebpPixels : limits::kImagePixels;
  if (std::uint64_t{header.width} * header.height > pixels_max) {
    throw too_large("image_too_large", fmt::format("The {} image of {} has more than {} pixels.",
                                                   name, size, pixels_max));
  }
  if (output_bytes(header) + header.scratch_bytes > limits::kImageDecodedBytes) {
    throw too_large("image_too_large",
                    fmt::format("Decoding the {} image of {} pixels takes more than {} MiB of "
                                "memory.",
                                name, size, limits::kImageDecodedBytes >> 20));
  }
}

ImageInfo probe(Bytes file) {
  const auto format = require_format(file);
  const auto header = checked_header(format, file);
  ImageInfo info;
  info.format = format;
  info.orientation = header.orientation;
  info.width = swaps_sides(header.orientation) ? header.height : header.width;
  info.height = swaps_sides(header.orientation) ? header.width : header.height;
  info.decoded_bytes = output_bytes(header) + header.scratch_bytes;
  return info;
}

bool comes_in_rows(Bytes file) {
  const auto header = checked_header(require_format(file), file);
  return header.by_rows && header.orientation == 1;
}

void decode_rows(Bytes file, const RowTaker& take) {
  const auto format = require_format(file);
  const auto header = checked_header(format, file);
  if (format == ImageFormat::jpeg)
    take_jpeg_rows(file, take);
  else
    take_png_rows(file, header, take);
}

raster::Image decode(Bytes file, const DecodeOptions& options) {
  const auto format = require_format(file);
  const auto header = checked_header(format, file);
  switch (format) {
    case ImageFormat::jpeg:
      return decode_jpeg(file, header, options);
    case ImageFormat::png:
      return decode_png(file, header, options);
    case ImageFormat::webp:
      return decode_webp(file, header);
    case ImageFormat::bmp:
      return decode_bmp(file, header);
    case ImageFormat::tiff:
      return decode_tiff(file, header);
    case ImageFormat::avif:
      return decode_avif(file, header);
  }
  throw internal_error("an image format without a decoder");
}

}  // namespace aa::media
