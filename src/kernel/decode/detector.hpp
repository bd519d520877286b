// Any detector, from an image to boxes: what to feed it, and how to read what it answers.
//
//   spec   = recognise_detector(signature)          once per model; families.hpp
//   input  = prepare_detector_input(image, spec)    floats in the model's layout, and the letterbox
//   boxes  = decode_detections(outputs, spec, input.letterbox, thresholds)
//
// Thread rule: pure functions. Errors: invalid_argument "bad_image", "model_output".
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "kernel/decode/detection.hpp"
#include "kernel/decode/letterbox.hpp"
#include "kernel/decode/tensor_view.hpp"

namespace aa::decode {

enum class Family { yolox, yolov5, yolov8, yolo_rows, ssd, centernet };

struct DetectorSpec {
  Family family = Family::yolox;
  std::string input_name;
  InputSpec input;
  int classes = 0;                  // labels after class_map; 0: the outputs do not tell
  std::vector<int> class_map;       // column -> label index, -1: no label; empty: the same
  std::vector<std::string> labels;  // from the model's metadata, or empty

  std::vector<std::int64_t> input_shape() const;  // with batch 1
};

struct Thresholds {
  double score_min = 0.25;
  double iou_max = 0.45;  // of two boxes of one class
  std::size_t detections_max = 300;
};

struct DetectorInput {
  std::vector<float> values;
  Letterbox letterbox;
};

DetectorInput prepare_detector_input(const raster::ImageView& image, const DetectorSpec& spec);
// Without a copy: `out` has spec.input.elements() floats.
Letterbox prepare_detector_input(const raster::ImageView& image, const DetectorSpec& spec,
                                 std::span<float> out);

// From pixels of the model's input to those of the image, clamped to it.
using ToImage = std::function<geometry::Rect(const geometry::Rect&)>;

// Ordered by falling score.
std::vector<Detection> decode_detections(std::span<const TensorView> outputs,
                                         const DetectorSpec& spec, const ToImage& to_image,
                                         const Thresholds& thresholds = {});
std::vector<Detection> decode_detections(std::span<const TensorView> outputs,
                                         const DetectorSpec& spec, const Letterbox& letterbox,
                                         const Thresholds& thresholds = {});

}  // namespace aa::decode
