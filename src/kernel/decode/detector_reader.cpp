#include <array>

#include "kernel/decode/families.hpp"
#include "kernel/decode/reader_rows.hpp"

namespace aa::decode {
namespace {

template <Family family>
bool recognise(const GraphSignature& signature, ModelSpec& spec) {
  // The families look at one image of three channels.
  const bool is_image = signature.inputs.size() == 1 && spec.input.width > 0;
  if (!is_image || spec.input.channels != 3 || signature.outputs.empty()) return false;
  spec.family = family;
  return family_row(family).recognise(signature, spec);
}

Reading read_boxes(Outputs outputs, const ModelSpec& spec, const Frame& frame,
                   const ReadOptions& options) {
  const Thresholds thresholds{options.score_min, options.iou_max, options.findings_max};
  const auto to_image = [&frame](const geometry::Rect& rect) { return frame.to_image(rect); };
  Reading reading;
  for (const auto& found : decode_detections(outputs, spec, to_image, thresholds)) {
    reading.findings.push_back(
        {.shape = box_shape(found.box), .score = found.score, .class_index = found.class_index});
  }
  return reading;
}

constexpr ReaderRow row(std::string_view name,
                        bool (*recognise)(const GraphSignature&, ModelSpec&)) {
  return {name, "detection", "box", recognise, read_boxes};
}

constexpr std::array kRows = {
    row("yolox", recognise<Family::yolox>),
    row("yolov5", recognise<Family::yolov5>),
    row("centernet", recognise<Family::centernet>),
    row("yolo_rows", recognise<Family::yolo_rows>),
    row("ssd", recognise<Family::ssd>),
    row("yolov8", recognise<Family::yolov8>),
};

}  // namespace

std::span<const ReaderRow> detector_readers() { return kRows; }

}  // namespace aa::decode
