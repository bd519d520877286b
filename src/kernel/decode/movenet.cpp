// MoveNet: the 17 keypoints of COCO, of one person or of up to six.
//
// Single pose: y, x and score of each point, as shares of the input's sides. Multiple: 17 such
// triples, then a box (y0, x0, y1, x1) and its score. A point whose score is below 0.2 (or the
// parameter "point_min") has visibility 0. The score of a single pose is the mean over its points
// that are visible; without any there is no finding.
// Source: MoveNet's model cards and tutorial (TensorFlow Hub); COCO keypoints, arXiv:1405.0312.
#include "kernel/decode/keypoints.hpp"
#include "kernel/decode/landmarks.hpp"
#include "kernel/decode/parameters.hpp"
#include "kernel/decode/people_rows.hpp"

namespace aa::decode {
namespace {

constexpr const auto& kPoints = kCocoKeypoints;
constexpr std::size_t kTriples = kPoints.size() * 3;
constexpr std::size_t kPersonRow = kTriples + 5;

struct Pose {
  document::Skeleton skeleton;
  int visible = 0;
  double score = 0;  // the mean of the visible points
};

Pose pose_of(std::span<const float> triples, const Frame& frame, double point_min) {
  Pose out;
  for (std::size_t i = 0; i < kPoints.size(); ++i) {
    const float* triple = triples.data() + 3 * i;
    const auto point = frame.to_image(Point{triple[1] * static_cast<double>(frame.input_width),
                                            triple[0] * static_cast<double>(frame.input_height)});
    require_in_range(point);
    const float score = probability(triple[2]);
    const bool visible = score >= point_min;
    out.skeleton.points.push_back({std::string(kPoints[i]), point.x, point.y, visible ? 2 : 0});
    if (visible) out.score = (out.score * out.visible + score) / (out.visible + 1);
    out.visible += visible ? 1 : 0;
  }
  return out;
}

Finding person(Pose pose, double score) {
  return {.shape = std::move(pose.skeleton),
          .score = static_cast<float>(score),
          .class_index = 0,
          .class_name = "person"};
}

bool is_single(const std::vector<std::int64_t>& shape) {
  return shape.size() == 4 && shape[2] == 17 && shape[3] == 3;
}
bool is_multiple(const std::vector<std::int64_t>& shape) {
  return shape.size() == 3 && shape[2] == kPersonRow;
}

}  // namespace

bool recognise_movenet(const GraphSignature& signature, ModelSpec& spec) {
  if (signature.outputs.size() != 1 || spec.input.channels != 3) return false;
  const auto& shape = signature.outputs[0].shape;
  if (!is_single(shape) && !is_multiple(shape)) return false;
  use_black_square(spec.input);
  const auto& sides = signature.inputs[0].shape;
  if (sides[1] < 0 || sides[2] < 0) {
    spec.input.sizing = Sizing::multiples;
    spec.input.multiple = 32;
    spec.input.side_max = 256;
  }
  return true;
}

Reading read_movenet(Outputs outputs, const ModelSpec& spec, const Frame& frame,
                     const ReadOptions& options) {
  const double point_min = number_parameter(spec, "point_min", 0.2, 0, 1);
  Reading reading;
  if (!outputs.empty() && outputs.front().values.size() == kTriples) {
    auto pose = pose_of(outputs.front().values, frame, point_min);
    if (pose.visible > 0 && pose.score >= options.score_min) {
      reading.findings.push_back(person(std::move(pose), pose.score));
    }
    return reading;
  }
  const auto rows = as_matrix(outputs.empty() ? TensorView{} : outputs.front(), kPersonRow);
  for (std::int64_t i = 0; i < rows.rows; ++i) {
    const std::span<const float> row(rows.row(i), kPersonRow);
    const float score = probability(row.back());
    if (score < options.score_min) continue;
    reading.findings.push_back(person(pose_of(row, frame, point_min), score));
  }
  return reading;
}

}  // namespace aa::decode
