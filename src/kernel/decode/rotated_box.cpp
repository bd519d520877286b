#include "kernel/decode/rotated_box.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace aa::decode {
namespace {

constexpr double kTiny = 1e-7;
constexpr double kDistanceMax = 100;

// The symmetric matrix [[a, c], [c, b]].
struct Covariance {
  double a = 0;
  double b = 0;
  double c = 0;
  double determinant() const { return std::max(a * b - c * c, 0.0); }
};

Covariance covariance_of(const RotatedBox& box) {
  const double w = box.width * box.width / 12;
  const double h = box.height * box.height / 12;
  const double cosine = std::cos(box.angle);
  const double sine = std::sin(box.angle);
  return {w * cosine * cosine + h * sine * sine, w * sine * sine + h * cosine * cosine,
          (w - h) * cosine * sine};
}

}  // namespace

double prob_iou(const RotatedBox& a, const RotatedBox& b) {
  const auto p = covariance_of(a);
  const auto q = covariance_of(b);
  const Covariance sum{p.a + q.a, p.b + q.b, p.c + q.c};
  const double dx = a.cx - b.cx;
  const double dy = a.cy - b.cy;
  const double det = sum.a * sum.b - sum.c * sum.c;
  const double shift =
      (sum.a * dy * dy + sum.b * dx * dx - 2 * sum.c * dx * dy) / (4 * (det + kTiny));
  const double shape =
      std::log(det / (4 * std::sqrt(p.determinant() * q.determinant()) + kTiny) + kTiny) / 2;
  const double distance = std::clamp(shift + shape, kTiny, kDistanceMax);
  return 1 - std::sqrt(1 - std::exp(-distance) + kTiny);
}

document::Box box_of(const RotatedBox& model, const Frame& frame) {
  const auto center = frame.to_image(geometry::Point{model.cx, model.cy});
  double width = model.width * frame.scale();
  double height = model.height * frame.scale();
  double rotation = model.angle * 180 / std::numbers::pi + frame.rotation();
  if (width < height) {
    std::swap(width, height);
    rotation += 90;
  }
  rotation = std::fmod(rotation, 180);
  if (rotation < 0) rotation += 180;
  return {center.x - width / 2, center.y - height / 2, width, height, rotation};
}

}  // namespace aa::decode
