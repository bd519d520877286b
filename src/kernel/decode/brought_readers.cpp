#include <array>
#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "kernel/decode/brought_rows.hpp"
#include "kernel/decode/nms.hpp"
#include "kernel/decode/scene_rows.hpp"

namespace aa::decode {
namespace {

constexpr std::array kRows = {
    ReaderRow{"yolo_segment", "instance_segmentation", "mask", recognise_yolo_segment,
              read_yolo_segment},
    ReaderRow{"yolo_obb", "detection", "box", recognise_yolo_obb, read_yolo_obb},
    ReaderRow{"yolo_pose", "keypoints", "skeleton", recognise_yolo_pose, read_yolo_pose},
    ReaderRow{"yolo_classify", "classification", "tag", recognise_yolo_classify, read_classes},
    ReaderRow{"nanodet", "detection", "box", recognise_nanodet, read_nanodet},
    ReaderRow{"yolo_nas", "detection", "box", recognise_yolo_nas, read_yolo_nas},
    ReaderRow{"rfdetr", "detection", "box", recognise_rfdetr, read_rfdetr},
    ReaderRow{"rtdetr", "detection", "box", recognise_rtdetr, read_rtdetr},
    ReaderRow{"dfine", "detection", "box", recognise_dfine, read_dfine},
    ReaderRow{"rtmpose", "keypoints", "skeleton", recognise_rtmpose, read_rtmpose},
    ReaderRow{"vitpose", "keypoints", "skeleton", recognise_vitpose, read_vitpose},
    ReaderRow{"osnet", "re_identification", "embedding", recognise_osnet, read_embedding},
    ReaderRow{"dino", "embedding", "embedding", recognise_dino, read_dino},
};

}  // namespace

std::span<const ReaderRow> brought_readers() { return kRows; }

bool is_colour_image(const GraphSignature& signature, const ModelSpec& spec) {
  return signature.inputs.size() == 1 && spec.input.width > 0 && spec.input.channels == 3 &&
         !signature.outputs.empty();
}

std::vector<float> unit_vector(std::span<const float> values) {
  double sum = 0;
  for (const float value : values) sum += static_cast<double>(value) * value;
  if (!(sum > 0)) throw invalid("model_output", "The model's features are all zero.");
  const double length = std::sqrt(sum);
  std::vector<float> out(values.size());
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<float>(values[i] / length);
  return out;
}

Reading boxes_of(std::vector<Candidate> candidates, const Frame& frame,
                 const ReadOptions& options) {
  Reading reading;
  for (const auto& candidate :
       suppress(std::move(candidates), options.iou_max, options.findings_max)) {
    const auto box = frame.to_image(candidate.box);
    if (box.empty()) continue;
    reading.findings.push_back(
        {.shape = box_shape(box), .score = candidate.score, .class_index = candidate.class_index});
  }
  return reading;
}

Reading boxes_as_they_are(std::vector<Candidate> candidates, const Frame& frame,
                          const ReadOptions& options) {
  ReadOptions all = options;
  all.iou_max = std::numeric_limits<double>::infinity();
  return boxes_of(std::move(candidates), frame, all);
}

Reading pose_of(const std::vector<Keypoint>& keypoints, const ModelSpec& spec, const Frame& frame,
                const ReadOptions& options) {
  double sum = 0;
  double count = 0;
  for (const auto& keypoint : keypoints) {
    if (keypoint.confidence < kHiddenConfidence) continue;
    sum += keypoint.confidence;
    count += 1;
  }
  const double score = count > 0 ? sum / count : 0;
  Reading reading;
  if (score < options.score_min) return reading;
  const auto names = keypoint_names(spec.parameters, keypoints.size());
  reading.findings.push_back({.shape = skeleton_of(keypoints, names, frame),
                              .score = static_cast<float>(score),
                              .class_index = -1,
                              .class_name = "person"});
  return reading;
}

}  // namespace aa::decode
