// Text by differentiable binarization (arXiv:1911.08947), with the thresholds of PP-OCRv4
// (arXiv:2206.03001): what is likelier text than `pixel_min` falls into parts; each part's smallest
// rectangle is a line when its mean probability reaches `box_min`, and grows by area * `unclip` /
// perimeter, since the map shows lines shrunken.
#include <algorithm>
#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include "base/error.hpp"
#include "kernel/decode/grid.hpp"
#include "kernel/decode/nms.hpp"
#include "kernel/decode/parameters.hpp"
#include "kernel/decode/reader_rows.hpp"
#include "kernel/decode/scene_rows.hpp"
#include "kernel/geometry/oriented_box.hpp"
#include "kernel/raster/contour.hpp"

namespace aa::decode {
namespace {

using geometry::OrientedBox;
using geometry::Point;

constexpr double kSideMin = 3;         // of a rectangle before it grows, in pixels of the map
constexpr double kTurnedAspect = 1.5;  // higher than this times its width, a line runs down

struct TextThresholds {
  double pixel_min;
  double box_min;
  double unclip;
};

// Middles of the pixels at the outer corners of a part: their hull is that of all its pixels.
geometry::Ring corner_pixels(const geometry::Ring& outline) {
  geometry::Ring out;
  const std::size_t count = outline.size();
  const auto sign = [](double value) { return value > 0 ? 0.5 : value < 0 ? -0.5 : 0.0; };
  for (std::size_t i = 0; i < count; ++i) {
    const Point before = outline[(i + count - 1) % count];
    const Point at = outline[i];
    const Point after = outline[(i + 1) % count];
    const Point in{sign(at.x - before.x), sign(at.y - before.y)};
    const Point on{sign(after.x - at.x), sign(after.y - at.y)};
    if (in.x * on.y - in.y * on.x <= 0) continue;
    out.push_back({at.x - in.x + on.x, at.y - in.y + on.y});
  }
  return out;
}

// Mean over the pixels whose middle lies in the box, its border included.
double mean_in(const Planes& map, const OrientedBox& box) {
  constexpr double kSlack = 1e-6;
  const auto around = geometry::bounds(box.corners());
  const auto first = [](double low) {
    return std::max(0, static_cast<int>(std::floor(low - 0.5)));
  };
  const int x1 = std::min(map.width - 1, static_cast<int>(std::ceil(around.x1)));
  const int y1 = std::min(map.height - 1, static_cast<int>(std::ceil(around.y1)));
  const Point down = box.across();
  double sum = 0;
  std::size_t count = 0;
  for (int y = first(around.y0); y <= y1; ++y) {
    for (int x = first(around.x0); x <= x1; ++x) {
      const double dx = x + 0.5 - box.center.x;
      const double dy = y + 0.5 - box.center.y;
      if (std::abs(dx * box.along.x + dy * box.along.y) > box.width / 2 + kSlack) continue;
      if (std::abs(dx * down.x + dy * down.y) > box.height / 2 + kSlack) continue;
      sum += map.value(0, static_cast<std::size_t>(y) * static_cast<std::size_t>(map.width) +
                              static_cast<std::size_t>(x));
      ++count;
    }
  }
  return count == 0 ? 0 : sum / static_cast<double>(count);
}

// The same box with its width along the side that reaches farther to the right.
OrientedBox upright(OrientedBox box) {
  if (box.width * std::abs(box.along.x) < box.height * std::abs(box.along.y)) {
    box.along = box.across();
    std::swap(box.width, box.height);
  }
  if (box.along.x < 0) box.along = {-box.along.x, -box.along.y};
  return box;
}

// Where to read: along the line, which runs down when the quadrangle is much higher than wide.
Region reading_region(const geometry::Ring& quad) {
  const auto distance = [&](std::size_t a, std::size_t b) {
    return std::hypot(quad[b].x - quad[a].x, quad[b].y - quad[a].y);
  };
  Region out;
  for (const Point corner : quad) {
    out.center.x += corner.x / 4;
    out.center.y += corner.y / 4;
  }
  out.width = std::max(distance(0, 1), distance(3, 2));
  out.height = std::max(distance(0, 3), distance(1, 2));
  const double dx = quad[1].x - quad[0].x + quad[2].x - quad[3].x;
  const double dy = quad[1].y - quad[0].y + quad[2].y - quad[3].y;
  out.rotation = std::atan2(dy, dx) * 180 / std::numbers::pi;
  if (out.height >= kTurnedAspect * out.width) {
    std::swap(out.width, out.height);
    out.rotation += 90;
  }
  return out;
}

std::optional<Finding> finding_of(const OrientedBox& box, double score, const Frame& frame) {
  auto quad = box.corners();
  for (auto& corner : quad) {
    corner = frame.to_image(corner);
    corner.x = std::clamp(corner.x, 0.0, static_cast<double>(frame.image_width));
    corner.y = std::clamp(corner.y, 0.0, static_cast<double>(frame.image_height));
  }
  const auto region = reading_region(quad);
  if (!(region.width > 0 && region.height > 0)) return std::nullopt;
  return Finding{.shape = document::polygon_of({{std::move(quad), {}}}),
                 .score = static_cast<float>(std::min(score, 1.0)),
                 .class_name = "text",
                 .region = region};
}

std::optional<Finding> read_part(const raster::Part& part, const Planes& map, const Frame& frame,
                                 const TextThresholds& thresholds) {
  auto box = upright(geometry::min_area_box(corner_pixels(part.outer)));
  if (std::min(box.width, box.height) < kSideMin) return std::nullopt;
  const double score = mean_in(map, box);
  if (score < thresholds.box_min) return std::nullopt;
  const double grown = thresholds.unclip * box.width * box.height / (box.width + box.height);
  box.width += grown;
  box.height += grown;
  if (std::min(box.width, box.height) < kSideMin + 2) return std::nullopt;
  return finding_of(upright(box), score, frame);
}

Planes text_map(Outputs outputs, const ModelSpec& spec, const Frame& frame) {
  if (outputs.size() != 1) throw invalid("model_output", "A text detector has one output.");
  const auto map = planes_of(outputs[0], frame, spec.input.layout);
  if (map.count != 1 || map.width != frame.input_width || map.height != frame.input_height) {
    throw invalid(
        "model_output",
        fmt::format("The map of text has {} planes of {} x {}; one as large as the "
                    "input, {} x {}, was expected.",
                    map.count, map.width, map.height, frame.input_width, frame.input_height));
  }
  return map;
}

}  // namespace

bool recognise_text_detector(const GraphSignature& signature, ModelSpec& spec) {
  if (signature.inputs.size() != 1 || signature.outputs.size() != 1) return false;
  const auto& in = signature.inputs[0].shape;
  const auto& out = signature.outputs[0].shape;
  const bool free_sides = in.size() == 4 && in[1] == 3 && in[2] < 0 && in[3] < 0;
  if (!free_sides || out.size() != 4 || out[1] != 1) return false;
  use_imagenet(spec.input);
  spec.input.bgr = true;
  spec.input.sizing = Sizing::multiples;
  spec.labels = {"text"};
  return true;
}

Reading read_text_boxes(Outputs outputs, const ModelSpec& spec, const Frame& frame,
                        const ReadOptions& options) {
  const auto map = text_map(outputs, spec, frame);
  const TextThresholds thresholds{
      number_parameter(spec, "pixel_min", 0.3, 0, 1),
      std::max(options.score_min, number_parameter(spec, "box_min", 0.6, 0, 1)),
      number_parameter(spec, "unclip", 1.5, 0, 10)};
  std::vector<std::uint8_t> likely(map.cells());
  for (std::size_t i = 0; i < likely.size(); ++i) {
    likely[i] = static_cast<double>(map.value(0, i)) > thresholds.pixel_min ? 1 : 0;
  }
  const auto rle = raster::encode(likely, static_cast<std::uint32_t>(map.height),
                                  static_cast<std::uint32_t>(map.width));
  Reading reading;
  for (const auto& part : raster::trace(rle)) {
    auto found = read_part(part, map, frame, thresholds);
    if (!found) continue;
    reading.findings.push_back(std::move(*found));
    if (reading.findings.size() > kCandidatesMax) {
      throw invalid("model_output", "The model found more lines of text than a picture can hold.");
    }
  }
  return reading;
}

}  // namespace aa::decode
