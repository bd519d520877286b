// D-FINE and RT-DETR as their authors deploy them: a second input orig_target_sizes [1, 2], width
// and height that boxes are scaled to; outputs labels [1, Q], boxes [1, Q, 4] as corners and scores
// [1, Q], by their names. Boxes are asked for in pixels of the input; the image fills it, RGB 0..1.
//
// Labels are the columns of the training set, whole numbers.
// Source: arXiv:2410.13842; the layout as D-FINE's exporter writes it.
#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "kernel/decode/brought_rows.hpp"
#include "kernel/decode/family_rows.hpp"
#include "kernel/decode/metadata.hpp"

namespace aa::decode {
namespace {

constexpr std::string_view kSizes = "orig_target_sizes";

bool has_port(const std::vector<Port>& ports, std::string_view name) {
  return std::ranges::find(ports, name, &Port::name) != ports.end();
}

}  // namespace

bool recognise_dfine(const GraphSignature& signature, ModelSpec& spec) {
  if (signature.inputs.size() != 2 || signature.inputs[1].name != kSizes) return false;
  if (spec.input.width < 1 || spec.input.channels != 3) return false;
  for (const std::string_view name : {"labels", "boxes", "scores"}) {
    if (!has_port(signature.outputs, name)) return false;
  }
  spec.classes = static_cast<int>(spec.labels.size());
  spec.input.fit = Fit::stretch;
  spec.input.scale.fill(1.0F / 255.0F);
  spec.constants = {
      {std::string(kSizes),
       {1, 2},
       {static_cast<double>(spec.input.width), static_cast<double>(spec.input.height)}}};
  return true;
}

Reading read_dfine(Outputs outputs, const ModelSpec&, const Frame& frame,
                   const ReadOptions& options) {
  const auto& labels = output_named(outputs, "labels").values;
  const auto& scores = output_named(outputs, "scores").values;
  const auto boxes = as_matrix(output_named(outputs, "boxes"), 4);
  const auto count = static_cast<std::size_t>(boxes.rows);
  if (labels.size() != count || scores.size() != count) {
    throw invalid("model_output", "The labels, boxes and scores differ in number.");
  }
  Candidates found;
  for (std::size_t i = 0; i < count; ++i) {
    if (!(scores[i] >= options.score_min)) continue;
    if (!(labels[i] >= 0 && labels[i] < kLabelsMax) || labels[i] != std::floor(labels[i])) {
      throw invalid("model_output", "A label is no number of a class.");
    }
    const float* box = boxes.row(static_cast<std::int64_t>(i));
    found.push_back({{box[0], box[1], box[2], box[3]}, scores[i], static_cast<int>(labels[i])});
  }
  return boxes_as_they_are(std::move(found), frame, options);
}

}  // namespace aa::decode
