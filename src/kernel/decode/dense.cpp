// One answer per pixel: depth (MiDaS, arXiv:1907.01341; Depth Anything, arXiv:2401.10891) and
// classes (SegFormer, arXiv:2105.15203; DeepLab, arXiv:1706.05587).
//
// Scores of classes are blended up to the image's resolution before the best is taken, as the
// references do. Where one class leads in all four cells around a pixel it leads in their blend,
// so that only pixels on borders look at every class.
#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "base/error.hpp"
#include "kernel/decode/family_rows.hpp"
#include "kernel/decode/grid.hpp"
#include "kernel/decode/parameters.hpp"
#include "kernel/decode/scene_rows.hpp"

namespace aa::decode {
namespace {

constexpr std::size_t kClassesMax = 4'096;

// Sides of the planes and their number of an output: [h, w, C], -1 free; C = 0: no such output.
struct Sides {
  std::int64_t height = 0;
  std::int64_t width = 0;
  std::int64_t count = 0;
};

Sides sides_of(const std::vector<std::int64_t>& shape, const InputSpec& input) {
  if (shape.size() == 3) return {shape[1], shape[2], 1};
  if (shape.size() != 4) return {};
  const Sides first{shape[2], shape[3], shape[1]};
  const Sides last{shape[1], shape[2], shape[3]};
  const bool first_fits = first.count > 0 && covers_input(first.height, first.width, input);
  const bool last_fits = last.count > 0 && covers_input(last.height, last.width, input);
  if (first_fits && (input.layout == Layout::nchw || !last_fits)) return first;
  return last_fits ? last : Sides{};
}

bool is_over_input(const Sides& sides, const InputSpec& input) {
  return sides.count > 0 && covers_input(sides.height, sides.width, input);
}

// The best class of each cell and how sure it is.
struct Leaders {
  std::vector<int> best;
  std::vector<float> share;  // its softmax among the classes
};

Leaders leaders_of(const Planes& planes) {
  Leaders out;
  out.best.resize(planes.cells());
  out.share.resize(planes.cells());
  for (std::size_t cell = 0; cell < planes.cells(); ++cell) {
    std::size_t best = 0;
    for (std::size_t k = 1; k < planes.count; ++k) {
      if (planes.value(k, cell) > planes.value(best, cell)) best = k;
    }
    double sum = 0;
    for (std::size_t k = 0; k < planes.count; ++k) {
      sum += std::exp(static_cast<double>(planes.value(k, cell)) - planes.value(best, cell));
    }
    out.best[cell] = static_cast<int>(best);
    out.share[cell] = static_cast<float>(1 / sum);
  }
  return out;
}

// Of maps that hold class numbers.
Leaders leaders_of_ids(const Planes& ids) {
  Leaders out;
  for (std::size_t cell = 0; cell < ids.cells(); ++cell) {
    const float id = ids.value(0, cell);
    if (!(id >= -1 && id < kClassesMax) || id != std::floor(id)) {
      throw invalid("model_output", fmt::format("{} is no number of a class.", id));
    }
    out.best.push_back(static_cast<int>(id));
    out.share.push_back(1);
  }
  return out;
}

class ClassChooser {
 public:
  ClassChooser(const Planes& planes, const Leaders& leaders) : planes_(planes), leaders_(leaders) {}

  int operator()(const Cell& cell) const {
    const auto& best = leaders_.best;
    const int first = best[cell.at[0]];
    if (best[cell.at[1]] == first && best[cell.at[2]] == first && best[cell.at[3]] == first) {
      return first;
    }
    if (planes_.count == 1) return best[nearest(cell)];
    std::size_t leader = 0;
    float most = planes_.value(0, cell);
    for (std::size_t k = 1; k < planes_.count; ++k) {
      const float value = planes_.value(k, cell);
      if (value <= most) continue;
      most = value;
      leader = k;
    }
    return static_cast<int>(leader);
  }

 private:
  static std::size_t nearest(const Cell& cell) {
    return cell.at[(cell.down >= 0.5F ? 2U : 0U) + (cell.right >= 0.5F ? 1U : 0U)];
  }

  const Planes& planes_;
  const Leaders& leaders_;
};

std::map<int, float> mean_shares(const Leaders& leaders) {
  std::map<int, std::pair<double, double>> sums;
  for (std::size_t i = 0; i < leaders.best.size(); ++i) {
    auto& [sum, count] = sums[leaders.best[i]];
    sum += leaders.share[i];
    count += 1;
  }
  std::map<int, float> out;
  for (const auto& [index, pair] : sums) {
    out[index] = static_cast<float>(pair.first / pair.second);
  }
  return out;
}

bool is_background(const ModelSpec& spec, int class_index) {
  const auto index = static_cast<std::size_t>(class_index);
  const bool named = index < spec.labels.size() && name_has(spec.labels[index], {"background"});
  return named ||
         class_index == static_cast<int>(number_parameter(spec, "background", -1, -1, kClassesMax));
}

}  // namespace

bool recognise_depth(const GraphSignature& signature, ModelSpec& spec) {
  if (signature.inputs.size() != 1 || signature.outputs.size() != 1) return false;
  const auto& port = signature.outputs[0];
  const auto sides = sides_of(port.shape, spec.input);
  if (spec.input.channels != 3 || !is_over_input(sides, spec.input) || sides.count != 1) {
    return false;
  }
  const bool named = name_has(port.name, {"depth", "disparity"});
  const bool ids = name_has(port.name, {"seg", "argmax", "mask", "label", "class"});
  if (!named && (port.shape.size() != 3 || ids)) return false;
  use_imagenet(spec.input);
  return true;
}

Reading read_depth(Outputs outputs, const ModelSpec& spec, const Frame& frame, const ReadOptions&) {
  const auto plane = planes_of(first_output(outputs), frame, spec.input.layout);
  if (plane.count != 1) throw invalid("model_output", "A depth map is one plane.");
  Reading reading;
  reading.map = map_of(plane, frame);
  return reading;
}

bool recognise_segmentation(const GraphSignature& signature, ModelSpec& spec) {
  if (signature.inputs.size() != 1 || signature.outputs.size() != 1) return false;
  const auto& port = signature.outputs[0];
  const auto sides = sides_of(port.shape, spec.input);
  if (spec.input.channels != 3 || !is_over_input(sides, spec.input)) return false;
  if (sides.count == 1 && port.shape.size() != 3) return false;
  if (std::cmp_greater(sides.count, kClassesMax)) return false;
  spec.classes = sides.count == 1 ? 0 : static_cast<int>(sides.count);
  use_imagenet(spec.input);
  return true;
}

Reading read_segmentation(Outputs outputs, const ModelSpec& spec, const Frame& frame,
                          const ReadOptions& options) {
  const auto planes = planes_of(first_output(outputs), frame, spec.input.layout);
  if (planes.count > kClassesMax) throw invalid("model_output", "There are too many classes.");
  const auto leaders = planes.count == 1 ? leaders_of_ids(planes) : leaders_of(planes);
  const auto shares = mean_shares(leaders);
  const Grid grid(frame, planes.width, planes.height);
  Reading reading;
  for (auto& mask : class_masks(frame, grid, ClassChooser(planes, leaders))) {
    // A class can win between cells without winning in one.
    const auto share = shares.find(mask.class_index);
    const float score = share == shares.end() ? 0.5F : share->second;
    if (is_background(spec, mask.class_index) || score < options.score_min) continue;
    reading.findings.push_back({.shape = document::MaskShape{std::move(mask.rle)},
                                .score = score,
                                .class_index = mask.class_index});
  }
  return reading;
}

}  // namespace aa::decode
