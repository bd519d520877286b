// BlazePose's landmarks: 33 points of one person, and the person's mask.
//
// Each point is x, y, z, the logits of its visibility and presence. Where a point's heat map is
// sure (at least 0.5 in the 7 x 7 cells around it) the point moves to the mean of those cells,
// weighted by the map. Visibility: 2 when both are at least 0.5, 1 when the point is present but
// hidden, 0 when it is not in the image.
// With the parameter "shape": "mask" the finding is the person's mask instead.
// Source: BlazePose, arXiv:2006.10204; BlazePose GHUM, arXiv:2206.11678; MediaPipe's pose graph.
#include <algorithm>
#include <cmath>

#include "kernel/decode/grid.hpp"
#include "kernel/decode/landmarks.hpp"
#include "kernel/decode/people_rows.hpp"

namespace aa::decode {
namespace {

constexpr std::array<std::string_view, 33> kPoints = {
    "nose",        "left_eye_inner",  "left_eye",        "left_eye_outer", "right_eye_inner",
    "right_eye",   "right_eye_outer", "left_ear",        "right_ear",      "mouth_left",
    "mouth_right", "left_shoulder",   "right_shoulder",  "left_elbow",     "right_elbow",
    "left_wrist",  "right_wrist",     "left_pinky",      "right_pinky",    "left_index",
    "right_index", "left_thumb",      "right_thumb",     "left_hip",       "right_hip",
    "left_knee",   "right_knee",      "left_ankle",      "right_ankle",    "left_heel",
    "right_heel",  "left_foot_index", "right_foot_index"};
constexpr std::size_t kRows = 39;  // 6 more that only help to track
constexpr std::size_t kNumbers = 5;
constexpr int kReach = 3;  // cells around a point

// One channel of [h, w, 39], as probabilities.
struct HeatMap {
  std::span<const float> values;
  int side;
  std::size_t channel;

  double at(int x, int y) const {
    const auto cell = static_cast<std::size_t>(y * side + x);
    return sigmoid(values[cell * kRows + channel]);
  }
};

// In cells, as the point is.
Point refined(Point point, const HeatMap& map) {
  const int column = static_cast<int>(point.x);
  const int row = static_cast<int>(point.y);
  if (!(point.x >= 0 && point.y >= 0 && column < map.side && row < map.side)) return point;
  double sum = 0;
  double best = 0;
  Point mean;
  for (int y = std::max(0, row - kReach); y <= std::min(map.side - 1, row + kReach); ++y) {
    for (int x = std::max(0, column - kReach); x <= std::min(map.side - 1, column + kReach); ++x) {
      const double weight = map.at(x, y);
      sum += weight;
      best = std::max(best, weight);
      mean.x += x * weight;
      mean.y += y * weight;
    }
  }
  return best >= 0.5 ? Point{mean.x / sum, mean.y / sum} : point;
}

int visibility_of(float visible, float present) {
  if (sigmoid(present) < 0.5F) return 0;
  return sigmoid(visible) < 0.5F ? 1 : 2;
}

// nullptr: this export has none.
const TensorView* heat_maps(Outputs outputs) {
  const auto found = std::ranges::find_if(outputs, [](const TensorView& output) {
    return output.shape.size() == 4 && output.shape[3] == kRows &&
           output.shape[1] == output.shape[2] && output.shape[1] > 0 &&
           std::cmp_equal(output.values.size(), output.shape[1] * output.shape[2] * kRows);
  });
  return found == outputs.end() ? nullptr : &*found;
}

document::Skeleton skeleton_of_pose(Outputs outputs, const Frame& frame) {
  const auto rows = output_of(outputs, kRows * kNumbers).values;
  const auto* maps = heat_maps(outputs);
  document::Skeleton out;
  for (std::size_t i = 0; i < kPoints.size(); ++i) {
    const float* row = rows.data() + i * kNumbers;
    Point point{row[0], row[1]};
    if (maps != nullptr) {
      const HeatMap map{maps->values, static_cast<int>(maps->shape[1]), i};
      const double cell = static_cast<double>(frame.input_width) / map.side;
      const auto better = refined({point.x / cell, point.y / cell}, map);
      point = {better.x * cell, better.y * cell};
    }
    point = frame.to_image(point);
    require_in_range(point);
    out.points.push_back(
        {std::string(kPoints[i]), point.x, point.y, visibility_of(row[3], row[4])});
  }
  return out;
}

document::MaskShape mask_of_pose(Outputs outputs, const ModelSpec& spec, const Frame& frame) {
  const auto cells = static_cast<std::size_t>(frame.input_width * frame.input_height);
  const auto& logits = output_of(outputs, cells);
  std::vector<float> probabilities(cells);
  std::ranges::transform(logits.values, probabilities.begin(), sigmoid);
  const TensorView shaped{logits.name, logits.shape, probabilities};
  return {mask_of(planes_of(shaped, frame, spec.input.layout), frame, 0.5F)};
}

}  // namespace

bool recognise_blazepose_landmarks(const GraphSignature& signature, ModelSpec& spec) {
  if (!gives(signature, {kRows * kNumbers, 1}) || spec.input.channels != 3) return false;
  if (spec.input.width != spec.input.height) return false;
  use_edge_square(spec.input);
  use_unit_levels(spec.input);
  return true;
}

Reading read_blazepose_landmarks(Outputs outputs, const ModelSpec& spec, const Frame& frame,
                                 const ReadOptions& options) {
  const float presence = probability_of(outputs);
  Reading reading;
  if (presence < options.score_min) return reading;
  Finding person{.score = presence, .class_index = 0, .class_name = "person"};
  if (parameter_is(spec, "shape", "mask")) {
    person.shape = mask_of_pose(outputs, spec, frame);
  } else {
    person.shape = skeleton_of_pose(outputs, frame);
  }
  reading.findings.push_back(std::move(person));
  return reading;
}

}  // namespace aa::decode
