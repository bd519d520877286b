#include "kernel/decode/detector.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "kernel/decode/families.hpp"
#include "kernel/decode/nms.hpp"

namespace aa::decode {
namespace {

// Column to label; drops what has none.
void map_classes(std::vector<Candidate>& candidates, const std::vector<int>& class_map) {
  if (class_map.empty()) return;
  std::erase_if(candidates, [&](Candidate& candidate) {
    const auto column = static_cast<std::size_t>(candidate.class_index);
    candidate.class_index = column < class_map.size() ? class_map[column] : -1;
    return candidate.class_index < 0;
  });
}

// No model looks at so many places of an image.
constexpr std::size_t kBoxesMax = 1'000'000;

// The suppression drops boxes that are not finite; of a sure one that would hide a broken model.
void require_sane(const std::vector<Candidate>& candidates) {
  if (candidates.size() > kBoxesMax) {
    throw invalid("model_output", "The model gave a wrong answer: more than " +
                                      std::to_string(kBoxesMax) + " boxes.");
  }
  if (std::ranges::all_of(candidates, [](const Candidate& candidate) {
        return geometry::is_finite(candidate.box) && std::isfinite(candidate.score);
      })) {
    return;
  }
  throw invalid("model_output", "The model gave a wrong answer: a box that is not finite.");
}

}  // namespace

std::vector<std::int64_t> DetectorSpec::input_shape() const { return input.shape(); }

Letterbox prepare_detector_input(const raster::ImageView& image, const DetectorSpec& spec,
                                 std::span<float> out) {
  const auto letterbox = plan_letterbox(image.width, image.height, spec.input);
  fill_input(image, spec.input, letterbox, out);
  return letterbox;
}

DetectorInput prepare_detector_input(const raster::ImageView& image, const DetectorSpec& spec) {
  DetectorInput input{.values = std::vector<float>(spec.input.elements())};
  input.letterbox = prepare_detector_input(image, spec, input.values);
  return input;
}

std::vector<Detection> decode_detections(std::span<const TensorView> outputs,
                                         const DetectorSpec& spec, const ToImage& to_image,
                                         const Thresholds& thresholds) {
  const FamilyRow& family = family_row(spec.family);
  auto candidates = family.decode(outputs, spec, static_cast<float>(thresholds.score_min));
  require_sane(candidates);
  map_classes(candidates, spec.class_map);
  std::vector<Detection> out;
  for (const auto& candidate :
       suppress(std::move(candidates), thresholds.iou_max, thresholds.detections_max)) {
    const auto box = to_image(candidate.box);
    if (!box.empty()) out.push_back({box, candidate.score, candidate.class_index});
  }
  return out;
}

std::vector<Detection> decode_detections(std::span<const TensorView> outputs,
                                         const DetectorSpec& spec, const Letterbox& letterbox,
                                         const Thresholds& thresholds) {
  const ToImage to_image = [&](const geometry::Rect& box) { return letterbox.to_image(box); };
  return decode_detections(outputs, spec, to_image, thresholds);
}

}  // namespace aa::decode
