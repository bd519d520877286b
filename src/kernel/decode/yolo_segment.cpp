// YOLO with masks: each anchor has M coefficients; their sum over the M prototypes is a grid of
// logits, which is cut to the anchor's box. v5-seg, v8-seg to v12-seg, and end-to-end exports.
// The layout as Ultralytics' exporters write it; prototypes: YOLACT, arXiv:1904.02689.
#include <algorithm>

#include "base/error.hpp"
#include "kernel/decode/brought_rows.hpp"
#include "kernel/decode/family_rows.hpp"
#include "kernel/decode/logit_mask.hpp"
#include "kernel/decode/metadata.hpp"
#include "kernel/decode/yolo_anchors.hpp"

namespace aa::decode {
namespace {

constexpr std::int64_t kPrototypesMax = 256;
constexpr std::int64_t kPrototypeSideMax = 2'048;

struct Prototypes {
  std::int64_t count = 0;
  int height = 0;
  int width = 0;
  std::span<const float> values;  // [count, height, width]

  LogitGrid combine(const AnchorTable& table, std::int64_t anchor, std::vector<float>& sum) const {
    const auto pixels = static_cast<std::size_t>(height) * static_cast<std::size_t>(width);
    sum.assign(pixels, 0);
    for (std::int64_t k = 0; k < count; ++k) {
      const float weight = table.extra(anchor, k);
      const float* plane = values.data() + static_cast<std::size_t>(k) * pixels;
      for (std::size_t i = 0; i < pixels; ++i) sum[i] += weight * plane[i];
    }
    return {width, height, sum};
  }
};

// -1: there are not one table of anchors and one stack of prototypes.
template <class Ports>
std::ptrdiff_t place_of_rank(const Ports& ports, std::size_t rank) {
  const auto found =
      std::ranges::find_if(ports, [rank](const auto& port) { return port.shape.size() == rank; });
  return found == ports.end() ? -1 : found - ports.begin();
}

Prototypes prototypes_of(const TensorView& tensor) {
  const auto& shape = tensor.shape;
  const bool sized = shape.size() == 4 && shape[0] == 1 && shape[1] >= 1 &&
                     shape[1] <= kPrototypesMax && shape[2] >= 1 && shape[3] >= 1 &&
                     shape[2] <= kPrototypeSideMax && shape[3] <= kPrototypeSideMax;
  if (!sized || tensor.values.size() != static_cast<std::size_t>(shape[1] * shape[2] * shape[3])) {
    throw invalid("model_output", "The mask prototypes have not shape [1, M, h, w].");
  }
  return {shape[1], static_cast<int>(shape[2]), static_cast<int>(shape[3]), tensor.values};
}

}  // namespace

bool recognise_yolo_segment(const GraphSignature& signature, ModelSpec& spec) {
  if (!is_colour_image(signature, spec) || spec.input.layout != Layout::nchw) return false;
  if (signature.outputs.size() != 2 || !may_do(signature, "segment")) return false;
  const auto anchors = place_of_rank(signature.outputs, 3);
  const auto masks = place_of_rank(signature.outputs, 4);
  if (anchors < 0 || masks < 0) return false;
  const auto count = signature.outputs[static_cast<std::size_t>(masks)].shape[1];
  if (count < 1 || count > kPrototypesMax) return false;
  const auto& shape = signature.outputs[static_cast<std::size_t>(anchors)].shape;
  const auto order = anchor_order(shape, static_cast<int>(count), spec.input);
  if (!order) return false;
  spec.classes = anchor_classes(shape, *order, static_cast<int>(count));
  if (spec.classes == 0) spec.classes = static_cast<int>(spec.labels.size());
  use_centred_rgb(spec.input);
  return true;
}

Reading read_yolo_segment(Outputs outputs, const ModelSpec& spec, const Frame& frame,
                          const ReadOptions& options) {
  const auto anchors_at = place_of_rank(outputs, 3);
  const auto masks_at = place_of_rank(outputs, 4);
  if (anchors_at < 0 || masks_at < 0) {
    throw invalid("model_output", "The model gave no anchors or no mask prototypes.");
  }
  const auto prototypes = prototypes_of(outputs[static_cast<std::size_t>(masks_at)]);
  const auto table = anchor_table(outputs[static_cast<std::size_t>(anchors_at)],
                                  static_cast<int>(prototypes.count), spec.input);
  auto anchors = anchors_above(table, static_cast<float>(options.score_min));
  const bool final = table.order == AnchorOrder::final_rows;
  Reading reading;
  MaskCanvas canvas(frame);
  std::vector<float> sum;
  for (const auto& anchor :
       suppress_anchors(std::move(anchors), final ? 1 : options.iou_max, options.findings_max)) {
    const auto box = frame.to_image(anchor.candidate.box);
    auto rle = canvas.draw(prototypes.combine(table, anchor.index, sum), box);
    if (raster::area(rle) == 0) continue;
    reading.findings.push_back({.shape = document::MaskShape{std::move(rle)},
                                .score = anchor.candidate.score,
                                .class_index = anchor.candidate.class_index});
  }
  return reading;
}

}  // namespace aa::decode
