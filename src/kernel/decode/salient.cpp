// What stands out of a picture: IS-Net (arXiv:2203.03041), U2-Net (arXiv:2005.09007) and their kin.
// The first output is the finished map, the others serve training. Probabilities or logits are told
// apart by their range.
#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "kernel/decode/family_rows.hpp"
#include "kernel/decode/grid.hpp"
#include "kernel/decode/parameters.hpp"
#include "kernel/decode/scene_rows.hpp"

namespace aa::decode {
namespace {

float probability_of(float logit) { return 1 / (1 + std::exp(-logit)); }

bool are_logits(std::span<const float> values) {
  constexpr float kSlack = 1e-3F;
  return std::ranges::any_of(values, [](float v) { return v < -kSlack || v > 1 + kSlack; });
}

float mean_above(const ScalarMap& map, float least) {
  double sum = 0;
  std::size_t count = 0;
  for (const float value : map.values) {
    if (value < least) continue;
    sum += value;
    ++count;
  }
  return count == 0 ? least : static_cast<float>(sum / static_cast<double>(count));
}

bool wants_polygon(const ModelSpec& spec) {
  const auto* shape = spec.parameters.if_contains("shape");
  return shape != nullptr && *shape == "polygon";
}

}  // namespace

bool recognise_salient(const GraphSignature& signature, ModelSpec& spec) {
  if (signature.inputs.size() != 1 || signature.outputs.empty()) return false;
  const auto& out = signature.outputs[0].shape;
  if (spec.input.channels != 3 || out.size() != 4) return false;
  const bool planes = spec.input.layout == Layout::nchw;
  if (out[planes ? 1 : 3] != 1) return false;
  if (!covers_input(out[planes ? 2 : 1], out[planes ? 3 : 2], spec.input)) return false;
  // IS-Net's own numbers; U2-Net's differ by less than its training noise.
  spec.input.fit = Fit::stretch;
  spec.input.scale.fill(1.0F / 256.0F);
  spec.input.offset.fill(-0.5F);
  spec.labels = {"object"};
  return true;
}

Reading read_salient(Outputs outputs, const ModelSpec& spec, const Frame& frame,
                     const ReadOptions& options) {
  const auto& output = first_output(outputs);
  const auto plane = planes_of(output, frame, spec.input.layout);
  if (plane.count != 1) throw invalid("model_output", "A map of what stands out is one plane.");
  const auto least = static_cast<float>(number_parameter(spec, "threshold", 0.5, 0.01, 0.99));
  const bool logits = are_logits(output.values);
  auto mask = mask_of(plane, frame, logits ? std::log(least / (1 - least)) : least);
  Reading reading;
  auto map = map_of(plane, frame);
  if (map && logits) std::ranges::transform(map->values, map->values.begin(), probability_of);
  const float score = map ? std::clamp(mean_above(*map, least), 0.0F, 1.0F) : 1.0F;
  reading.map = std::move(map);
  if (raster::area(mask) == 0 || score < options.score_min) return reading;
  Finding found{.score = score, .class_index = 0};
  if (wants_polygon(spec)) {
    found.shape = document::polygon_of(raster::trace(mask, options.tolerance));
  } else {
    found.shape = document::MaskShape{std::move(mask)};
  }
  reading.findings.push_back(std::move(found));
  return reading;
}

}  // namespace aa::decode
