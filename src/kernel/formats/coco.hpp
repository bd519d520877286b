// COCO annotation files (instances, keypoints), read and written piece by piece.
//
// Reading: boxes, polygons of several parts, RLE compressed and as numbers, crowds, keypoints.
// Members that COCO knows and we have no place for (iscrowd) and unknown ones stay in the
// annotation's `extra`; those of images, categories and the file in theirs. An area or bounding box
// that differs from what the shape gives is kept in extra ("coco_given") beside the computed value
// and is written back for as long as the shape still gives that computed value.
// Writing: native COCO wherever it can say it; polygons with holes as RLE, ellipses as polygons of
// 64 corners; what COCO cannot say stands in a member "annotateai" of the annotation (the true
// shape where the native one differs, id, source, track, ...), which reading takes only while it
// agrees with the native members beside it, so that an edit by another program wins.
//
// Units: pixels of the upright image. Memory while reading: the dataset itself plus one item of at
// most kItemValuesMax JSON values. Annotations come with the ids of images and categories as they
// stand in the file; asset_id, label_id (and id, without "annotateai") are for the caller to fill.
// Thread rule: one owner. Errors: Error(malformed, "malformed_coco") for what is no such file,
// Error(too_large); everything smaller is a problem. NaN and Infinity, which Python writes, are
// read as numbers that are not finite: problems of their item, not of the file.
// Source: cocodataset.org format; Lin et al., arXiv:1405.0312.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "kernel/document/annotation.hpp"
#include "kernel/document/labels.hpp"
#include "kernel/formats/formats.hpp"

namespace aa::formats {

inline constexpr std::size_t kItemValuesMax = 4'000'000;

struct CocoImage {
  std::int64_t id = 0;
  std::string file_name;
  std::uint32_t width = 0;  // 0 when the file does not tell
  std::uint32_t height = 0;
  json::Object extra;
  bool operator==(const CocoImage&) const = default;
};

struct CocoCategory {
  std::int64_t id = 0;
  std::string name;
  std::string supercategory;
  std::vector<std::string> keypoints;
  json::Object extra;  // `skeleton` included
  bool operator==(const CocoCategory&) const = default;
};

struct CocoAnnotation {
  std::int64_t id = 0;  // an unused one is given to an annotation that comes without
  std::int64_t image_id = 0;
  std::int64_t category_id = 0;
  document::Annotation annotation;
  bool operator==(const CocoAnnotation&) const = default;
};

struct CocoDataset {
  json::Object extra;  // info, licenses, unknown members of the file
  std::vector<CocoImage> images;
  std::vector<CocoCategory> categories;
  std::vector<CocoAnnotation> annotations;
  Problems problems;
};

class CocoReader {
 public:
  CocoReader();
  ~CocoReader();
  CocoReader(const CocoReader&) = delete;
  CocoReader& operator=(const CocoReader&) = delete;

  void feed(std::string_view chunk);
  CocoDataset finish();  // once

 private:
  struct State;
  std::unique_ptr<State> state_;
};

CocoDataset read_coco(std::string_view text);

// begin, every image, every annotation, end, in this order; each gives text to be written after
// what came before. A wrong order is Error(internal).
class CocoWriter {
 public:
  // `extra` holds info, licenses and unknown members of the file.
  std::string begin(std::span<const CocoCategory> categories, const json::Object& extra = {});
  std::string image(const CocoImage& image);
  // Throws Error(invalid_argument, "rle_size") for a mask that does not fit the image.
  std::string annotation(const CocoAnnotation& annotation, const CocoImage& image);
  std::string end();

 private:
  enum class Stage { begin, images, annotations, done };
  std::string item(std::string text);

  Stage stage_ = Stage::begin;
  bool first_ = true;
  std::vector<CocoCategory> categories_;
};

// Categories of a project's labels, in their order, with ids by category_ids().
std::vector<CocoCategory> coco_categories(const document::LabelSchema& schema);

}  // namespace aa::formats
