// Iris: the lids and the iris of one eye, seen as the image's left one (the other comes mirrored).
//
// Two findings: the outline of the eye and the iris as an ellipse; with the parameter "shape":
// "skeleton" one of all 76 points, 71 around the eye and 5 of the iris (middle, right, top, left,
// bottom), named by their indices.
// Source: Ablavatski et al., Real-time Pupil Tracking from Monocular Video, arXiv:2006.11341.
#include <cmath>

#include "kernel/decode/landmarks.hpp"
#include "kernel/decode/people_rows.hpp"

namespace aa::decode {
namespace {

constexpr std::size_t kEyePoints = 71;
constexpr std::size_t kIrisPoints = 5;

std::vector<Point> points_of(Outputs outputs, const Frame& frame) {
  const auto& first = outputs.empty() ? TensorView{} : outputs.front();
  constexpr std::size_t kAll = kEyePoints + kIrisPoints;
  if (first.values.size() == 3 * kAll) return read_points(first.values, kAll, 3, frame);
  auto out = read_points(output_of(outputs, 3 * kEyePoints).values, kEyePoints, 3, frame);
  const auto iris = read_points(output_of(outputs, 3 * kIrisPoints).values, kIrisPoints, 3, frame);
  out.insert(out.end(), iris.begin(), iris.end());
  return out;
}

// Points 0 to 8 are the lower lid from the outer corner, 9 to 15 the upper lid from there.
document::Shape outline_of(const std::vector<Point>& points) {
  document::PolygonPart part;
  part.points.assign(points.begin(), points.begin() + 9);
  part.points.insert(part.points.end(), points.rend() - 16, points.rend() - 9);
  document::Shape out = document::Polygon{{std::move(part)}};
  document::assign_keys(out);
  return out;
}

double distance(Point a, Point b) { return std::hypot(a.x - b.x, a.y - b.y); }

document::Ellipse ellipse_of(const std::vector<Point>& points, const Frame& frame) {
  const auto* iris = points.data() + kEyePoints;
  return {iris[0].x, iris[0].y, distance(iris[1], iris[3]) / 2, distance(iris[2], iris[4]) / 2,
          frame.rotation()};
}

}  // namespace

bool recognise_iris(const GraphSignature& signature, ModelSpec& spec) {
  if (spec.input.width != 64 || spec.input.channels != 3) return false;
  if (!gives(signature, {228}) && !gives(signature, {213, 15})) return false;
  use_edge_square(spec.input);
  use_unit_levels(spec.input);
  return true;
}

Reading read_iris(Outputs outputs, const ModelSpec& spec, const Frame& frame, const ReadOptions&) {
  const auto points = points_of(outputs, frame);
  Reading reading;
  if (parameter_is(spec, "shape", "skeleton")) {
    reading.findings.push_back(
        {.shape = numbered_skeleton(points), .class_index = 0, .class_name = "eye"});
    return reading;
  }
  reading.findings.push_back({.shape = outline_of(points), .class_index = 0, .class_name = "eye"});
  reading.findings.push_back(
      {.shape = ellipse_of(points, frame), .class_index = 1, .class_name = "iris"});
  return reading;
}

}  // namespace aa::decode
