#include "kernel/decode/pointed_boxes.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/error.hpp"
#include "kernel/decode/parameters.hpp"
#include "kernel/decode/reader_rows.hpp"

namespace aa::decode {
namespace {

AnchorOptions anchors_of(const PointedFamily& family, const InputSpec& input) {
  return {.width = input.width,
          .height = input.height,
          .strides = family.strides(input),
          .next_scale_ratio = family.next_scale_ratio};
}

// All rows of the outputs whose rows are this wide, those with more rows first.
std::vector<const float*> rows_of(Outputs outputs, std::size_t width) {
  std::vector<const TensorView*> parts;
  for (const auto& output : outputs) {
    if (!output.shape.empty() && std::cmp_equal(output.shape.back(), width)) {
      parts.push_back(&output);
    }
  }
  std::ranges::stable_sort(parts, std::ranges::greater{},
                           [](const auto* part) { return part->values.size(); });
  std::vector<const float*> out;
  for (const auto* part : parts) {
    const auto matrix = as_matrix(*part, static_cast<std::int64_t>(width));
    for (std::int64_t i = 0; i < matrix.rows; ++i) out.push_back(matrix.row(i));
  }
  return out;
}

PointedBox decode(const float* row, float score, const Point& anchor, std::size_t points) {
  const Point center{anchor.x + row[0], anchor.y + row[1]};
  PointedBox out{
      {center.x - row[2] / 2, center.y - row[3] / 2, center.x + row[2] / 2, center.y + row[3] / 2},
      score,
      {}};
  for (std::size_t i = 0; i < points; ++i) {
    out.points.push_back({anchor.x + row[4 + 2 * i], anchor.y + row[5 + 2 * i]});
  }
  return out;
}

void order(std::vector<PointedBox>& boxes) {
  std::erase_if(boxes, [](const PointedBox& found) {
    return !geometry::is_finite(found.box) || found.box.empty();
  });
  std::ranges::stable_sort(boxes, std::ranges::greater{}, &PointedBox::score);
}

PointedBox mean_of(const std::vector<PointedBox>& boxes) {
  PointedBox out{{}, boxes.front().score, std::vector<Point>(boxes.front().points.size())};
  double total = 0;
  for (const auto& found : boxes) total += found.score;
  for (const auto& found : boxes) {
    const double weight = found.score / total;
    out.box.x0 += weight * found.box.x0;
    out.box.y0 += weight * found.box.y0;
    out.box.x1 += weight * found.box.x1;
    out.box.y1 += weight * found.box.y1;
    for (std::size_t i = 0; i < out.points.size(); ++i) {
      out.points[i].x += weight * found.points[i].x;
      out.points[i].y += weight * found.points[i].y;
    }
  }
  return out;
}

Finding finding_of(const PointedBox& found, const Frame& frame, const PointedFamily& family,
                   bool as_skeleton) {
  Finding out{.shape = box_shape(family.box(found, frame)),
              .score = found.score,
              .class_index = 0,
              .class_name = std::string(family.class_name)};
  out.region = family.region(found, frame);
  require_in_range(out.region->center);
  if (!as_skeleton) return out;
  std::vector<Point> points;
  for (const auto& point : found.points) {
    points.push_back(frame.to_image(point));
    require_in_range(points.back());
  }
  out.shape = skeleton_of(points, family.points);
  return out;
}

}  // namespace

bool recognise_pointed(const GraphSignature& signature, const ModelSpec& spec,
                       const PointedFamily& family) {
  const auto options = anchors_of(family, spec.input);
  if (options.strides.empty() || spec.input.channels != 3) return false;
  const auto anchors = anchor_grid(options).size();
  const auto width = static_cast<std::int64_t>(4 + 2 * family.points.size());
  std::int64_t rows = 0;
  std::int64_t scores = 0;
  for (const auto& port : signature.outputs) {
    if (port.shape.size() != 3) return false;
    if (port.shape[2] == width) rows += port.shape[1];
    if (port.shape[2] == 1) scores += port.shape[1];
  }
  return std::cmp_equal(rows, anchors) && rows == scores;
}

std::vector<PointedBox> read_pointed_boxes(Outputs outputs, const std::vector<Anchor>& anchors,
                                           const Frame& frame, std::size_t points,
                                           double score_min) {
  const auto scores = rows_of(outputs, 1);
  const auto rows = rows_of(outputs, 4 + 2 * points);
  if (anchors.empty() || scores.size() != anchors.size() || rows.size() != anchors.size()) {
    throw invalid("model_output",
                  fmt::format("The model gave {} scores and {} boxes for {} anchors.",
                              scores.size(), rows.size(), anchors.size()));
  }
  std::vector<PointedBox> out;
  for (std::size_t i = 0; i < anchors.size(); ++i) {
    const float score = sigmoid(*scores[i]);
    if (score < score_min) continue;
    const Point anchor{anchors[i].x * frame.input_width, anchors[i].y * frame.input_height};
    out.push_back(decode(rows[i], score, anchor, points));
  }
  return out;
}

std::vector<PointedBox> blended(std::vector<PointedBox> boxes, double iou_max) {
  order(boxes);
  std::vector<PointedBox> out;
  while (!boxes.empty()) {
    const auto best = boxes.front().box;
    const auto rest = std::stable_partition(
        boxes.begin() + 1, boxes.end(),
        [&](const PointedBox& found) { return geometry::iou(found.box, best) > iou_max; });
    std::vector<PointedBox> left(rest, boxes.end());
    boxes.erase(rest, boxes.end());
    out.push_back(mean_of(boxes));
    boxes = std::move(left);
  }
  return out;
}

std::vector<PointedBox> suppressed(std::vector<PointedBox> boxes, double iou_max) {
  order(boxes);
  std::vector<PointedBox> out;
  for (auto& found : boxes) {
    const bool covered = std::ranges::any_of(out, [&](const PointedBox& better) {
      return geometry::iou(better.box, found.box) > iou_max;
    });
    if (!covered) out.push_back(std::move(found));
  }
  return out;
}

Reading read_pointed(Outputs outputs, const ModelSpec& spec, const Frame& frame,
                     const ReadOptions& options, const PointedFamily& family) {
  const auto anchors = anchor_grid(anchors_of(family, spec.input));
  auto boxes = read_pointed_boxes(outputs, anchors, frame, family.points.size(), options.score_min);
  const double iou_max = number_parameter(spec, "iou_max", 0.3, 0, 1);
  const bool suppress = parameter_is(spec, "overlap", "suppress");
  boxes = suppress ? suppressed(std::move(boxes), iou_max) : blended(std::move(boxes), iou_max);
  const bool as_skeleton = parameter_is(spec, "shape", "skeleton");
  Reading reading;
  for (const auto& found : boxes) {
    if (family.box(found, frame).empty()) continue;  // all of it beside the image
    reading.findings.push_back(finding_of(found, frame, family, as_skeleton));
  }
  return reading;
}

geometry::Rect box_in_image(const PointedBox& found, const Frame& frame) {
  return frame.to_image(found.box);
}

}  // namespace aa::decode
