// WebP by libwebp: lossy, lossless, alpha; of an animation the first frame on a white canvas.
#include <memory>
#include <vector>
#include <webp/decode.h>
#include <webp/demux.h>

#include "driver/media/codec.hpp"
#include "driver/media/exif.hpp"

namespace aa::media {
namespace {

const std::uint8_t* data(Bytes bytes) {
  return reinterpret_cast<const std::uint8_t*>(bytes.data());
}

std::uint32_t four(const char (&name)[5]) {
  return static_cast<std::uint32_t>(name[0] | name[1] << 8 | name[2] << 16 | name[3] << 24);
}

// RIFF chunks behind the 12 bytes of the container's head; empty when absent.
Bytes find_chunk(Bytes file, std::uint32_t name) {
  ByteReader in{file};
  for (std::size_t at = 12; in.ok;) {
    const auto found = in.u32(at);
    const std::size_t length = in.u32(at + 4);
    if (!in.ok || file.size() - at - 8 < length) break;
    if (found == name) return file.subspan(at + 8, length);
    at += 8 + length + length % 2;
  }
  return {};
}

// The container's own length must be there: a cut file often still decodes in part.
void require_whole(Bytes file) {
  ByteReader in{file};
  const std::uint64_t length = std::uint64_t{in.u32(4)} + 8;
  if (!in.ok || length > file.size()) throw image_truncated(ImageFormat::webp);
}

WebPBitstreamFeatures features_of(Bytes file) {
  WebPBitstreamFeatures features;
  switch (WebPGetFeatures(data(file), file.size(), &features)) {
    case VP8_STATUS_OK:
      return features;
    case VP8_STATUS_NOT_ENOUGH_DATA:
      throw image_truncated(ImageFormat::webp);
    case VP8_STATUS_UNSUPPORTED_FEATURE:
      throw image_unsupported("This kind of WebP is not taken. Save it anew.");
    default:
      throw image_damaged(ImageFormat::webp, "WebPGetFeatures");
  }
}

void decode_into(Bytes stream, std::uint32_t width, std::uint32_t height, WEBP_CSP_MODE mode,
                 std::uint8_t* out, std::size_t stride, std::size_t size) {
  WebPDecoderConfig config;
  if (WebPInitDecoderConfig(&config) == 0) throw internal_error("libwebp: wrong version");
  const auto features = features_of(stream);
  if (static_cast<std::uint32_t>(features.width) != width ||
      static_cast<std::uint32_t>(features.height) != height) {
    throw image_damaged(ImageFormat::webp, "the frame's size is not the one announced");
  }
  config.output.colorspace = mode;
  config.output.is_external_memory = 1;
  config.output.u.RGBA.rgba = out;
  config.output.u.RGBA.stride = static_cast<int>(stride);
  config.output.u.RGBA.size = size;
  const auto status = WebPDecode(data(stream), stream.size(), &config);
  if (status == VP8_STATUS_OK) return;
  if (status == VP8_STATUS_NOT_ENOUGH_DATA || status == VP8_STATUS_SUSPENDED) {
    throw image_truncated(ImageFormat::webp);
  }
  throw image_damaged(ImageFormat::webp, "WebPDecode");
}

struct FreeDemuxer {
  void operator()(WebPDemuxer* demuxer) const { WebPDemuxDelete(demuxer); }
};

// Frame 1 on a canvas that is clear around it.
std::vector<std::uint8_t> decode_first_frame(Bytes file, const Header& header) {
  const WebPData whole{data(file), file.size()};
  const std::unique_ptr<WebPDemuxer, FreeDemuxer> demuxer(WebPDemux(&whole));
  WebPIterator frame;
  if (!demuxer || WebPDemuxGetFrame(demuxer.get(), 1, &frame) == 0) {
    throw image_damaged(ImageFormat::webp, "no frame");
  }
  const auto left = static_cast<std::uint32_t>(frame.x_offset);
  const auto top = static_cast<std::uint32_t>(frame.y_offset);
  const auto width = static_cast<std::uint32_t>(frame.width);
  const auto height = static_cast<std::uint32_t>(frame.height);
  const Bytes stream(reinterpret_cast<const std::byte*>(frame.fragment.bytes), frame.fragment.size);
  WebPDemuxReleaseIterator(&frame);  // the stream lies in the file
  if (std::uint64_t{left} + width > header.width || std::uint64_t{top} + height > header.height) {
    throw image_damaged(ImageFormat::webp, "the frame lies outside the canvas");
  }
  const auto stride = std::size_t{header.width} * 4;
  std::vector<std::uint8_t> canvas(stride * header.height);
  const auto offset = top * stride + std::size_t{left} * 4;
  decode_into(stream, width, height, MODE_RGBA, canvas.data() + offset, stride,
              canvas.size() - offset);
  return canvas;
}

}  // namespace

Header read_webp_header(Bytes file) {
  const auto features = features_of(file);
  require_whole(file);
  Header header;
  header.width = static_cast<std::uint32_t>(features.width);
  header.height = static_cast<std::uint32_t>(features.height);
  header.orientation = exif_orientation(find_chunk(file, four("EXIF")));
  const bool lossy = features.format == 1;
  const bool direct =
      lossy && features.has_alpha == 0 && features.has_animation == 0 && header.orientation == 1;
  const auto pixels = std::uint64_t{header.width} * header.height;
  // Beside the output: RGBA of our own, and 4 bytes a pixel inside the lossless decoder or the
  // alpha plane of the lossy one.
  header.scratch_bytes = direct ? std::uint64_t{header.width} * 128 : pixels * (lossy ? 5 : 8);
  return header;
}

raster::Image decode_webp(Bytes file, const Header& header) {
  const auto features = features_of(file);
  if (features.has_animation == 0 && features.has_alpha == 0 && header.orientation == 1) {
    raster::Image image(static_cast<int>(header.width), static_cast<int>(header.height), 3);
    decode_into(file, header.width, header.height, MODE_RGB, image.data(), image.stride(),
                image.bytes());
    return image;
  }
  const auto stride = std::size_t{header.width} * 4;
  std::vector<std::uint8_t> canvas;
  if (features.has_animation != 0) {
    canvas = decode_first_frame(file, header);
  } else {
    canvas.resize(stride * header.height);
    decode_into(file, header.width, header.height, MODE_RGBA, canvas.data(), stride, canvas.size());
  }
  RowSink sink(header.width, header.height, header.orientation);
  for (std::uint32_t y = 0; y < header.height; ++y) sink.put_rgba(y, canvas.data() + y * stride);
  return sink.take();
}

}  // namespace aa::media
