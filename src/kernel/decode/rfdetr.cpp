// RF-DETR: outputs dets [1, Q, 4], centre and size in shares of the input, and labels [1, Q, C] of
// logits, by their names. The image fills the input, normalised as ImageNet.
//
// COCO's weights have 91 columns, the category ids; others have one column more than classes, the
// last of which stands for nothing. The layout as RF-DETR's exporter writes it.
#include <algorithm>

#include "base/error.hpp"
#include "kernel/decode/brought_rows.hpp"
#include "kernel/decode/coco_labels.hpp"
#include "kernel/decode/query_boxes.hpp"
#include "kernel/decode/scene_rows.hpp"
#include "kernel/decode/score_rows.hpp"

namespace aa::decode {
namespace {

bool has_output(const GraphSignature& signature, std::string_view name) {
  return std::ranges::find(signature.outputs, name, &Port::name) != signature.outputs.end();
}

// Category id to label.
std::vector<int> coco_ids() {
  std::vector<int> out = coco_class_map();
  out.insert(out.begin(), -1);
  return out;
}

std::vector<int> without_last(int columns) {
  std::vector<int> out(static_cast<std::size_t>(columns));
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<int>(i);
  out.back() = -1;
  return out;
}

}  // namespace

bool recognise_rfdetr(const GraphSignature& signature, ModelSpec& spec) {
  if (!is_colour_image(signature, spec) || spec.input.layout != Layout::nchw) return false;
  if (!has_output(signature, "dets") || !has_output(signature, "labels")) return false;
  const int columns = score_columns(signature, -1);
  if (columns < 2) return false;
  const bool coco = columns == kCocoIdMax + 1;
  spec.classes = coco ? kCocoClasses : columns - 1;
  spec.class_map = coco ? coco_ids() : without_last(columns);
  use_imagenet(spec.input);
  return true;
}

Reading read_rfdetr(Outputs outputs, const ModelSpec& spec, const Frame& frame,
                    const ReadOptions& options) {
  auto found = query_boxes(score_rows(outputs), spec.input, static_cast<float>(options.score_min));
  std::erase_if(found, [&](Candidate& candidate) {
    const auto column = static_cast<std::size_t>(candidate.class_index);
    candidate.class_index = column < spec.class_map.size() ? spec.class_map[column] : -1;
    return candidate.class_index < 0;
  });
  return boxes_as_they_are(std::move(found), frame, options);
}

}  // namespace aa::decode
