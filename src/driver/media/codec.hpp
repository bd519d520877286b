// What the six image formats offer to image_codec.cpp, and the failures they share.
//
// A format reads its header without decoding, and hands stored rows (not yet upright) to a
// RowSink. Callers check the header against base/limits.hpp before they decode.
// Thread rule: pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>

#include "base/error.hpp"
#include "driver/media/image_codec.hpp"
#include "driver/media/row_sink.hpp"

namespace aa::media {

using Bytes = std::span<const std::byte>;

struct Header {
  std::uint32_t width = 0;  // as stored, before turning
  std::uint32_t height = 0;
  int orientation = 1;              // EXIF, 1..8
  std::uint64_t scratch_bytes = 0;  // held by the decoder beside the upright RGB pixels
  bool by_rows = false;             // the decoder itself holds a few of them only
};

using RowTaker = std::function<void(const std::uint8_t* rgb)>;

Error image_damaged(ImageFormat format, std::string_view cause);
Error image_truncated(ImageFormat format, std::string_view cause = {});
Error image_unsupported(std::string_view message);
Error too_many_scans(ImageFormat format);

// Throws too_large when the header is beyond what is decoded at all.
void check_header(ImageFormat format, const Header& header);

Header read_jpeg_header(Bytes file);
Header read_png_header(Bytes file);
Header read_webp_header(Bytes file);
Header read_bmp_header(Bytes file);
Header read_tiff_header(Bytes file);
Header read_avif_header(Bytes file);

raster::Image decode_jpeg(Bytes file, const Header& header, const DecodeOptions& options);
raster::Image decode_png(Bytes file, const Header& header, const DecodeOptions& options);
raster::Image decode_webp(Bytes file, const Header& header);
raster::Image decode_bmp(Bytes file, const Header& header);
raster::Image decode_tiff(Bytes file, const Header& header);
raster::Image decode_avif(Bytes file, const Header& header);

void take_jpeg_rows(Bytes file, const RowTaker& take);
void take_png_rows(Bytes file, const Header& header, const RowTaker& take);

}  // namespace aa::media
