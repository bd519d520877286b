#include "kernel/decode/landmarks.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include "base/error.hpp"

namespace aa::decode {
namespace {

std::int64_t elements_of(const Port& port) {
  std::int64_t count = 1;
  for (const auto size : port.shape) {
    if (size > 0) count *= std::min<std::int64_t>(size, 1 << 20);
    if (count > (1 << 28)) return -1;
  }
  return count;
}

// Do its shape and its numbers agree, for a batch of one?
bool is_whole(const TensorView& output) {
  std::size_t left = output.values.size();
  for (const auto size : output.shape) {
    if (size < 1 || left % static_cast<std::size_t>(size) != 0) return false;
    left /= static_cast<std::size_t>(size);
  }
  return left == 1 && (output.shape.size() < 2 || output.shape.front() == 1);
}

}  // namespace

bool gives(const GraphSignature& signature, std::initializer_list<std::int64_t> elements) {
  std::vector<std::int64_t> left;
  for (const auto& port : signature.outputs) left.push_back(elements_of(port));
  return std::ranges::all_of(elements, [&](std::int64_t count) {
    const auto found = std::ranges::find(left, count);
    if (found == left.end()) return false;
    left.erase(found);
    return true;
  });
}

const TensorView& output_of(Outputs outputs, std::size_t elements, std::size_t nth) {
  std::vector<const TensorView*> found;
  for (const auto& output : outputs) {
    if (output.values.size() == elements && is_whole(output)) found.push_back(&output);
  }
  if (nth >= found.size()) {
    throw invalid("model_output", fmt::format("The model gave {} outputs of {} numbers, too few.",
                                              found.size(), elements));
  }
  std::ranges::stable_sort(found, {}, [](const auto* output) { return output->name; });
  return *found[nth];
}

float probability(float value) {
  constexpr float kRounding = 1e-4F;
  if (value >= -kRounding && value <= 1 + kRounding) return std::clamp(value, 0.0F, 1.0F);
  throw invalid("model_output", fmt::format("The model gave {:g} for a probability.", value));
}

float probability_of(Outputs outputs, std::size_t nth) {
  return probability(output_of(outputs, 1, nth).values[0]);
}

std::vector<Point> read_points(std::span<const float> values, std::size_t count, std::size_t stride,
                               const Frame& frame, double scale) {
  if (values.size() < count * stride) {
    throw invalid("model_output", fmt::format("The model gave fewer than {} points.", count));
  }
  std::vector<Point> out;
  out.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const Point model{values[i * stride] * scale, values[i * stride + 1] * scale};
    out.push_back(frame.to_image(model));
    require_in_range(out.back());
  }
  return out;
}

void require_in_range(Point point) {
  const bool near =
      std::abs(point.x) <= limits::kCoordinate && std::abs(point.y) <= limits::kCoordinate;
  if (near) return;
  throw invalid("model_output",
                fmt::format("The model places a point at {:g}, {:g}.", point.x, point.y));
}

document::Skeleton skeleton_of(std::span<const Point> points, Names names) {
  document::Skeleton out;
  for (std::size_t i = 0; i < points.size(); ++i) {
    out.points.push_back({std::string(names[i]), points[i].x, points[i].y});
  }
  return out;
}

document::Skeleton numbered_skeleton(std::span<const Point> points) {
  document::Skeleton out;
  for (std::size_t i = 0; i < points.size(); ++i) {
    out.points.push_back({std::to_string(i), points[i].x, points[i].y});
  }
  return out;
}

Region region_in_image(const geometry::Rect& model, const Frame& frame) {
  return {frame.to_image(model.center()), model.width() * std::hypot(frame.a[0], frame.a[3]),
          model.height() * std::hypot(frame.a[1], frame.a[4]), frame.rotation()};
}

double upright_rotation(Point from, Point to, double target) {
  const double angle = target - std::atan2(from.y - to.y, to.x - from.x) * 180 / std::numbers::pi;
  return angle - 360 * std::floor((angle + 180) / 360);
}

Region grown(Region region, double factor, double shift_y) {
  Finding finding;
  finding.region = region;
  return region_of(finding, {.margin = (factor - 1) / 2, .square = true, .shift_y = shift_y});
}

void use_unit_levels(InputSpec& input) {
  input.scale.fill(1.0F / 255);
  input.offset.fill(0);
}

void use_signed_levels(InputSpec& input) {
  input.scale.fill(2.0F / 255);
  input.offset.fill(-1);
}

void use_black_square(InputSpec& input) {
  input.fit = Fit::centred;
  input.rounding = Rounding::exact;
  input.pad_level = 0;
}

void use_edge_square(InputSpec& input) {
  use_black_square(input);
  input.repeat_edge = true;
}

bool parameter_is(const ModelSpec& spec, std::string_view name, std::string_view text) {
  const auto* value = spec.parameters.if_contains(name);
  if (value == nullptr) return false;
  if (!value->is_string()) {
    throw invalid("bad_parameters", fmt::format("/parameters/{} must be a text.", name));
  }
  return value->get_string() == text;
}

}  // namespace aa::decode
