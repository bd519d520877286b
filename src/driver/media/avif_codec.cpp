// AVIF by libavif, which is loaded on the first AVIF image: with its five AV1 codecs it would
// otherwise add to every start of the program.
//
// Turning follows the image properties clap, irot and imir (ISO/IEC 23008-12, 6.5.9 to 6.5.12);
// an EXIF orientation is ignored, as MIAF demands.
#include <algorithm>
#include <array>
#include <avif/avif.h>
#include <dlfcn.h>
#include <memory>
#include <vector>

#include "base/limits.hpp"
#include "driver/media/codec.hpp"

namespace aa::media {
namespace {

struct AvifApi {
  decltype(&avifDecoderCreate) create = nullptr;
  decltype(&avifDecoderDestroy) destroy = nullptr;
  decltype(&avifDecoderSetIOMemory) set_memory = nullptr;
  decltype(&avifDecoderParse) parse = nullptr;
  decltype(&avifDecoderNextImage) next = nullptr;
  decltype(&avifRGBImageSetDefaults) set_defaults = nullptr;
  decltype(&avifImageYUVToRGB) to_rgb = nullptr;
  decltype(&avifResultToString) to_string = nullptr;
  decltype(&avifCropRectConvertCleanApertureBox) to_crop = nullptr;
};

template <class F>
void load(void* library, const char* name, F& function) {
  function = reinterpret_cast<F>(::dlsym(library, name));
  if (function == nullptr) throw internal_error(std::string("libavif has no ") + name);
}

const AvifApi& avif() {
  static const AvifApi api = [] {
    void* library = ::dlopen(AA_AVIF_SONAME, RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) {
      throw image_unsupported("This server cannot read AVIF: libavif is not installed.");
    }
    AvifApi loaded;
    load(library, "avifDecoderCreate", loaded.create);
    load(library, "avifDecoderDestroy", loaded.destroy);
    load(library, "avifDecoderSetIOMemory", loaded.set_memory);
    load(library, "avifDecoderParse", loaded.parse);
    load(library, "avifDecoderNextImage", loaded.next);
    load(library, "avifRGBImageSetDefaults", loaded.set_defaults);
    load(library, "avifImageYUVToRGB", loaded.to_rgb);
    load(library, "avifResultToString", loaded.to_string);
    load(library, "avifCropRectConvertCleanApertureBox", loaded.to_crop);
    return loaded;
  }();
  return api;
}

struct DestroyDecoder {
  void operator()(avifDecoder* decoder) const { avif().destroy(decoder); }
};
using Decoder = std::unique_ptr<avifDecoder, DestroyDecoder>;

void check(avifResult result) {
  switch (result) {
    case AVIF_RESULT_OK:
      return;
    case AVIF_RESULT_TRUNCATED_DATA:
    case AVIF_RESULT_WAITING_ON_IO:
      throw image_truncated(ImageFormat::avif, avif().to_string(result));
    case AVIF_RESULT_OUT_OF_MEMORY:
      throw too_large("image_too_large", "There is not enough memory to decode the image.");
    case AVIF_RESULT_NO_CODEC_AVAILABLE:
      throw image_unsupported("This server's libavif has no AV1 decoder.");
    default:
      throw image_damaged(ImageFormat::avif, avif().to_string(result));
  }
}

Decoder parse(Bytes file) {
  Decoder decoder(avif().create());
  if (!decoder) throw internal_error("avifDecoderCreate");
  decoder->maxThreads = 1;
  decoder->ignoreExif = AVIF_TRUE;
  decoder->ignoreXMP = AVIF_TRUE;
  decoder->imageSizeLimit = AVIF_DEFAULT_IMAGE_SIZE_LIMIT;
  // One more than ours, so that check_header speaks and not libavif.
  decoder->imageDimensionLimit = limits::kImageSide + 1;
  decoder->strictFlags = AVIF_STRICT_DISABLED;
  check(avif().set_memory(decoder.get(), reinterpret_cast<const std::uint8_t*>(file.data()),
                          file.size()));
  check(avif().parse(decoder.get()));
  return decoder;
}

avifCropRect crop_of(const avifImage& image) {
  avifCropRect crop{0, 0, image.width, image.height};
  if ((image.transformFlags & AVIF_TRANSFORM_CLAP) == 0) return crop;
  avifDiagnostics unused{};
  if (avif().to_crop(&crop, &image.clap, image.width, image.height, image.yuvFormat, &unused) ==
      AVIF_FALSE) {
    throw image_damaged(ImageFormat::avif, "clean aperture");
  }
  return crop;
}

// irot turns anti-clockwise, then imir mirrors, written as the EXIF orientation that does both.
int orientation_of(const avifImage& image) {
  constexpr std::array kTurned = {1, 8, 3, 6};
  // After each turn: exchanged top and bottom (mode 0), and left and right (mode 1).
  constexpr std::array<std::array<int, 2>, 4> kMirrored = {{{4, 2}, {5, 7}, {2, 4}, {7, 5}}};
  const auto turn = (image.transformFlags & AVIF_TRANSFORM_IROT) != 0 ? image.irot.angle & 3U : 0U;
  if ((image.transformFlags & AVIF_TRANSFORM_IMIR) == 0) return kTurned[turn];
  return kMirrored[turn][image.imir.mode & 1U];
}

}  // namespace

Header read_avif_header(Bytes file) {
  const auto decoder = parse(file);
  const auto& image = *decoder->image;
  const auto crop = crop_of(image);
  Header header;
  header.width = crop.width;
  header.height = crop.height;
  header.orientation = orientation_of(image);
  // Planes of the AV1 decoder and of libavif (at most 4 of 2 bytes each), and our RGBA.
  header.scratch_bytes = std::uint64_t{image.width} * image.height * (image.depth > 8 ? 20 : 12);
  return header;
}

raster::Image decode_avif(Bytes file, const Header& header) {
  const auto decoder = parse(file);
  // The coded frames may be padded, but not be of another order than the header says.
  decoder->imageSizeLimit = std::min<std::uint32_t>(
      AVIF_DEFAULT_IMAGE_SIZE_LIMIT, 2 * decoder->image->width * decoder->image->height + 65'536);
  check(avif().next(decoder.get()));
  const auto& image = *decoder->image;
  const auto crop = crop_of(image);
  if (crop.width != header.width || crop.height != header.height) {
    throw image_damaged(ImageFormat::avif, "the coded size is not the one announced");
  }
  avifRGBImage rgb{};
  avif().set_defaults(&rgb, &image);
  rgb.format = AVIF_RGB_FORMAT_RGBA;
  rgb.depth = 8;
  rgb.rowBytes = image.width * 4;
  std::vector<std::uint8_t> pixels(std::size_t{rgb.rowBytes} * image.height);
  rgb.pixels = pixels.data();
  check(avif().to_rgb(&image, &rgb));
  RowSink sink(header.width, header.height, header.orientation);
  for (std::uint32_t y = 0; y < crop.height; ++y) {
    sink.put_rgba(y,
                  pixels.data() + std::size_t{crop.y + y} * rgb.rowBytes + std::size_t{crop.x} * 4);
  }
  return sink.take();
}

}  // namespace aa::media
