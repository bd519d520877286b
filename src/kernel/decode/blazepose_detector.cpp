// BlazePose's person detector: where a body is, how large, and which way up.
//
// Its boxes are of faces; the body follows from the points: a circle around the middle of the hips
// through the second point encloses it, and the way to that point is up. The finding's box is the
// square around the circle, within the image; the region that square times 1.25, head up.
// Source: BlazePose, arXiv:2006.10204; MediaPipe's pose detection graph.
#include <cmath>

#include "kernel/decode/people_rows.hpp"
#include "kernel/decode/pointed_boxes.hpp"

namespace aa::decode {
namespace {

constexpr std::array<std::string_view, 4> kPoints = {"mid_hip", "body_circle", "mid_shoulder",
                                                     "upper_body_circle"};

std::vector<int> strides(const InputSpec& input) {
  if (input.width != 224 || input.height != 224) return {};
  return {8, 16, 32, 32, 32};
}

struct Circle {
  Point center;
  Point up;
  double radius;
};

Circle circle_of(const PointedBox& found, const Frame& frame) {
  const Point center = frame.to_image(found.points[0]);
  const Point up = frame.to_image(found.points[1]);
  return {center, up, std::hypot(up.x - center.x, up.y - center.y)};
}

geometry::Rect box(const PointedBox& found, const Frame& frame) {
  const auto [center, up, radius] = circle_of(found, frame);
  const geometry::Rect square{center.x - radius, center.y - radius, center.x + radius,
                              center.y + radius};
  return geometry::clamped(square, frame.image_width, frame.image_height);
}

Region region(const PointedBox& found, const Frame& frame) {
  const auto [center, up, radius] = circle_of(found, frame);
  return grown({center, 2 * radius, 2 * radius, upright_rotation(center, up, 90)}, 1.25);
}

constexpr PointedFamily kFamily = {"person", kPoints, strides, 1, box, region};

}  // namespace

bool recognise_blazepose_detector(const GraphSignature& signature, ModelSpec& spec) {
  if (!recognise_pointed(signature, spec, kFamily)) return false;
  use_black_square(spec.input);
  use_signed_levels(spec.input);
  spec.classes = 1;
  return true;
}

Reading read_blazepose_detector(Outputs outputs, const ModelSpec& spec, const Frame& frame,
                                const ReadOptions& options) {
  return read_pointed(outputs, spec, frame, options, kFamily);
}

}  // namespace aa::decode
