// YOLO datasets: one text file per image with lines "class x y w h" (detection) or "class x y x y
// ..." (segmentation), numbers divided by the image's width and height; names in data.yaml or
// classes.txt.
//
// Units: normalised 0 to 1 in files, pixels of the upright image in shapes. Reading tells the two
// kinds apart line by line: 5 numbers are a box, 6 a box with its score, 7 and more (odd) an
// outline. Numbers may leave 0..1 by kSlack, since many tools round outwards.
// Thread rule: pure functions. Errors: problems per line; Error(malformed, "malformed_yaml") when
// the names cannot be found. Source: docs.ultralytics.com/datasets.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/document/annotation.hpp"
#include "kernel/formats/formats.hpp"

namespace aa::formats {

inline constexpr double kSlack = 0.01;

enum class YoloVariant { detection, segmentation };

struct YoloObject {
  std::size_t class_index = 0;
  document::Shape shape;
  std::optional<double> score;
  bool operator==(const YoloObject&) const = default;
};

// The lines of one annotation, each ended by a newline; empty for shapes without extent. A box is
// cut to the image. Masks and polygons give one line per part in segmentation.
std::string yolo_lines(const document::Shape& shape, std::size_t class_index, std::uint32_t width,
                       std::uint32_t height, YoloVariant variant);

// "classes.txt" and "data.yaml"; images and labels lie in images/train and labels/train.
std::string yolo_classes(std::span<const std::string> names);
std::string yolo_data_yaml(std::span<const std::string> names);

// `where` names the file in problems ("labels/a.txt"); the line is added to it.
std::vector<YoloObject> read_yolo(std::string_view text, std::size_t class_count,
                                  std::uint32_t width, std::uint32_t height, std::string_view where,
                                  Problems& problems);

std::vector<std::string> read_yolo_classes(std::string_view text);
// `names:` as a list or a map from index to name, in one line or several. That is all that is read
// of YAML: a file with anchors, aliases or tags, of more than 1 MiB, or with a key of more than
// 1,000 bytes is refused.
std::vector<std::string> read_yolo_data_yaml(std::string_view text);
// A problem for each of `path`, `train`, `val` and `test` that leads out of the dataset: nothing
// follows them, but who wrote them should know.
void check_yolo_paths(std::string_view text, Problems& problems);

}  // namespace aa::formats
