// Objectron's first stage: an SSD for 23 things of the household and the street.
//
// Encodings are (y, x, height, width) against the anchors, divided by 10 and 5, sizes as
// logarithms; scores are logits, their first column is background. The region is the square around
// the box times 1.5. Source: Objectron, arXiv:2012.09988; SSD, arXiv:1512.02325; anchors as its
// MediaPipe graph sets them; labels of Open Images V4, arXiv:1811.00982.
#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "kernel/decode/anchor_grid.hpp"
#include "kernel/decode/landmarks.hpp"
#include "kernel/decode/nms.hpp"
#include "kernel/decode/parameters.hpp"
#include "kernel/decode/people_rows.hpp"
#include "kernel/decode/reader_rows.hpp"

namespace aa::decode {
namespace {

constexpr std::int64_t kAnchors = 1917;
constexpr std::array<std::string_view, 23> kLabels = {"Bicycle",
                                                      "Boot",
                                                      "Laptop",
                                                      "Person",
                                                      "Chair",
                                                      "Cattle",
                                                      "Desk",
                                                      "Cat",
                                                      "Computer mouse",
                                                      "Computer monitor",
                                                      "Box",
                                                      "Mug",
                                                      "Coffee cup",
                                                      "Stationary bicycle",
                                                      "Table",
                                                      "Bottle",
                                                      "High heels",
                                                      "Vehicle",
                                                      "Footwear",
                                                      "Dog",
                                                      "Book",
                                                      "Camera",
                                                      "Car"};
constexpr std::size_t kColumns = kLabels.size() + 1;

const std::vector<Anchor>& anchors() {
  static const auto grid = anchor_grid({.width = 300,
                                        .height = 300,
                                        .strides = {16, 32, 64, 128, 256, 512},
                                        .aspect_ratios = {1, 2, 0.5, 3, 0.3333},
                                        .scale_min = 0.2,
                                        .scale_max = 0.95,
                                        .reduced_lowest = true});
  return grid;
}

geometry::Rect box_of(const float* code, const Anchor& anchor, const Frame& frame) {
  const double y = code[0] / 10 * anchor.height + anchor.y;
  const double x = code[1] / 10 * anchor.width + anchor.x;
  const double height = std::exp(code[2] / 5.0) * anchor.height;
  const double width = std::exp(code[3] / 5.0) * anchor.width;
  return {(x - width / 2) * frame.input_width, (y - height / 2) * frame.input_height,
          (x + width / 2) * frame.input_width, (y + height / 2) * frame.input_height};
}

std::vector<Candidate> candidates_of(Outputs outputs, const Frame& frame, double score_min) {
  const auto& codes = output_of(outputs, kAnchors * 4);
  const auto scores = as_matrix(output_of(outputs, kAnchors * kColumns), kColumns);
  const auto boxes = as_matrix(codes, 4);
  std::vector<Candidate> out;
  for (std::int64_t i = 0; i < kAnchors; ++i) {
    const float* row = scores.row(i);
    const float* best = std::max_element(row + 1, row + kColumns);
    const float score = sigmoid(*best);
    if (score < score_min) continue;
    out.push_back({box_of(boxes.row(i), anchors()[static_cast<std::size_t>(i)], frame), score,
                   static_cast<int>(best - row - 1)});
  }
  return out;
}

}  // namespace

bool recognise_objectron_detector(const GraphSignature& signature, ModelSpec& spec) {
  const auto& input = spec.input;
  if (input.width != 300 || input.height != 300 || input.channels != 3) return false;
  if (!gives(signature, {kAnchors * 4, kAnchors * static_cast<std::int64_t>(kColumns)})) {
    return false;
  }
  spec.input.fit = Fit::stretch;
  use_signed_levels(spec.input);
  spec.classes = kLabels.size();
  if (spec.labels.empty()) spec.labels.assign(kLabels.begin(), kLabels.end());
  return true;
}

Reading read_objectron_detector(Outputs outputs, const ModelSpec& spec, const Frame& frame,
                                const ReadOptions& options) {
  const double iou_max = number_parameter(spec, "iou_max", 0.5, 0, 1);
  auto all = candidates_of(outputs, frame, options.score_min);
  Reading reading;
  for (const auto& found : suppress(std::move(all), iou_max, options.findings_max)) {
    const auto box = frame.to_image(found.box);
    if (box.empty()) continue;
    Finding thing{.shape = box_shape(box), .score = found.score, .class_index = found.class_index};
    thing.region = grown(region_in_image(found.box, frame), 1.5);
    require_in_range(thing.region->center);
    reading.findings.push_back(std::move(thing));
  }
  return reading;
}

}  // namespace aa::decode
