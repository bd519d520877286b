// Face mesh: 468 points of one face.
//
// First a skeleton whose points are named by their indices in MediaPipe's canonical face model; its
// region is the box around all points, turned until the outer corners of the eyes are level, times
// 1.5. Then the outlines of both eyes, whose regions are what the iris model looks at: squares of
// 2.3 times the eye's width, that of the left eye mirrored, since that model knows one eye only.
// The flag of a face is a probability, or with the parameter "flag": "logit" its logit.
// Source: arXiv:1907.06724.
#include <cmath>

#include "kernel/decode/landmarks.hpp"
#include "kernel/decode/people_rows.hpp"

namespace aa::decode {
namespace {

constexpr std::size_t kPoints = 468;
constexpr std::size_t kRightEye = 33;  // outer corners, of the person's own right and left
constexpr std::size_t kLeftEye = 263;

// Lower lid from the outer corner to the inner, then the upper lid back.
constexpr std::array<std::size_t, 16> kRightOutline = {33,  7,   163, 144, 145, 153, 154, 155,
                                                       133, 173, 157, 158, 159, 160, 161, 246};
constexpr std::array<std::size_t, 16> kLeftOutline = {263, 249, 390, 373, 374, 380, 381, 382,
                                                      362, 398, 384, 385, 386, 387, 388, 466};

Region face_region(const std::vector<Point>& points) {
  const double angle = upright_rotation(points[kRightEye], points[kLeftEye], 0);
  const auto middle = geometry::bounds(points).center();
  geometry::Ring turned;
  for (const auto& point : points) turned.push_back(geometry::rotated(point, middle, -angle));
  const auto box = geometry::bounds(turned);
  const auto center = geometry::rotated(box.center(), middle, angle);
  return grown({center, box.width(), box.height(), angle}, 1.5);
}

Finding eye(const std::vector<Point>& points, const std::array<std::size_t, 16>& outline, bool left,
            float score) {
  document::PolygonPart part;
  for (const auto index : outline) part.points.push_back(points[index]);
  const Point outer = points[outline[0]];
  const Point inner = points[outline[8]];
  const double side = std::hypot(outer.x - inner.x, outer.y - inner.y);
  const Point from = left ? inner : outer;  // from the left of the image to the right
  const Point to = left ? outer : inner;
  Finding out{.shape = document::Polygon{{std::move(part)}},
              .score = score,
              .class_index = left ? 2 : 1,
              .class_name = left ? "left_eye" : "right_eye"};
  out.region = grown({{(outer.x + inner.x) / 2, (outer.y + inner.y) / 2},
                      side,
                      side,
                      upright_rotation(from, to, 0),
                      left},
                     2.3);
  document::assign_keys(out.shape);
  return out;
}

}  // namespace

bool recognise_face_mesh(const GraphSignature& signature, ModelSpec& spec) {
  if (!gives(signature, {3 * kPoints, 1}) || spec.input.channels != 3) return false;
  use_edge_square(spec.input);
  use_unit_levels(spec.input);
  return true;
}

Reading read_face_mesh(Outputs outputs, const ModelSpec& spec, const Frame& frame,
                       const ReadOptions& options) {
  const bool logit = parameter_is(spec, "flag", "logit");
  const float score = logit ? sigmoid(output_of(outputs, 1).values[0]) : probability_of(outputs);
  Reading reading;
  if (score < options.score_min) return reading;
  const auto points = read_points(output_of(outputs, 3 * kPoints).values, kPoints, 3, frame);
  Finding face{
      .shape = numbered_skeleton(points), .score = score, .class_index = 0, .class_name = "face"};
  face.region = face_region(points);
  reading.findings = {std::move(face), eye(points, kRightOutline, false, score),
                      eye(points, kLeftOutline, true, score)};
  return reading;
}

}  // namespace aa::decode
