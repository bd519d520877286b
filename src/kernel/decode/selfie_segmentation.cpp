// MediaPipe's selfie segmentation: the probability that a pixel shows a person.
//
// The finding is the mask of pixels at 0.5 and above (or the parameter "mask_min"), its score their
// mean probability; and the probabilities are given as a map.
// Source: MediaPipe's model card "Selfie Segmentation" (2021), an architecture like MobileNetV3's,
// arXiv:1905.02244.
#include <cmath>

#include "kernel/decode/grid.hpp"
#include "kernel/decode/landmarks.hpp"
#include "kernel/decode/parameters.hpp"
#include "kernel/decode/people_rows.hpp"

namespace aa::decode {

bool recognise_selfie_segmentation(const GraphSignature& signature, ModelSpec& spec) {
  const auto cells = static_cast<std::int64_t>(spec.input.width) * spec.input.height;
  if (signature.outputs.size() != 1 || !gives(signature, {cells})) return false;
  if (spec.input.channels != 3) return false;
  spec.input.fit = Fit::stretch;
  spec.input.pad_level = 0;
  use_unit_levels(spec.input);
  return true;
}

Reading read_selfie_segmentation(Outputs outputs, const ModelSpec& spec, const Frame& frame,
                                 const ReadOptions&) {
  const double least = number_parameter(spec, "mask_min", 0.5, 0, 1);
  const auto cells = static_cast<std::size_t>(frame.input_width * frame.input_height);
  const auto plane = planes_of(output_of(outputs, cells), frame, spec.input.layout);
  double sum = 0;
  std::size_t inside = 0;
  for (std::size_t i = 0; i < cells; ++i) {
    const float value = probability(plane.value(0, i));
    if (value < least) continue;
    sum += value;
    ++inside;
  }
  Reading reading;
  reading.map = map_of(plane, frame);
  if (inside == 0) return reading;
  reading.findings.push_back(
      {.shape = document::MaskShape{mask_of(plane, frame, static_cast<float>(least))},
       .score = static_cast<float>(sum / static_cast<double>(inside)),
       .class_index = 0,
       .class_name = "person"});
  return reading;
}

}  // namespace aa::decode
