#include <algorithm>
#include <array>
#include <cctype>

#include "kernel/decode/reader_rows.hpp"
#include "kernel/decode/scene_rows.hpp"

namespace aa::decode {
namespace {

constexpr std::array kRows = {
    ReaderRow{"ppocr_det", "text_detection", "polygon", recognise_text_detector, read_text_boxes},
    ReaderRow{"ppocr_cls", "text_orientation", "tag", recognise_text_orientation,
              read_text_orientation},
    ReaderRow{"ppocr_rec", "text_recognition", "tag", recognise_text_reader, read_text_line},
    ReaderRow{"mlsd", "lines", "polyline", recognise_line_detector, read_lines},
    ReaderRow{"depth", "depth", "map", recognise_depth, read_depth},
    ReaderRow{"isnet", "salient_object", "mask,polygon,map", recognise_salient, read_salient},
    ReaderRow{"segmentation", "semantic_segmentation", "mask", recognise_segmentation,
              read_segmentation},
    ReaderRow{"classifier", "classification", "tag", recognise_classifier, read_classes},
    ReaderRow{"embedder", "embedding", "embedding", recognise_embedder, read_embedding, true},
};

}  // namespace

std::span<const ReaderRow> scene_readers() { return kRows; }

bool name_has(std::string_view name, std::initializer_list<std::string_view> words) {
  std::string low(name);
  std::ranges::transform(low, low.begin(), [](unsigned char c) { return std::tolower(c); });
  return std::ranges::any_of(
      words, [&](std::string_view word) { return low.find(word) != std::string::npos; });
}

void use_imagenet(InputSpec& input) {
  constexpr std::array<float, 3> kMean = {0.485F, 0.456F, 0.406F};
  constexpr std::array<float, 3> kDeviation = {0.229F, 0.224F, 0.225F};
  input.fit = Fit::stretch;
  for (std::size_t c = 0; c < 3; ++c) {
    input.scale[c] = 1 / (255 * kDeviation[c]);
    input.offset[c] = -kMean[c] / kDeviation[c];
  }
}

bool covers_input(std::int64_t height, std::int64_t width, const InputSpec& input) {
  if (height < 0 || width < 0) return true;
  return height >= 8 && width >= 8 && height * input.width == width * input.height;
}

}  // namespace aa::decode
