// How well predictions find the objects of a truth, as the COCO evaluation defines it.
//
// Per image and category, predictions in order of falling score each take the free object of the
// truth that they overlap most, if by the threshold at least. Crowds may be taken often and count
// for nothing, as do objects outside the range of areas, and predictions outside it that take
// nothing. Precision is made monotone and sampled at 101 recalls; AP is its mean over thresholds
// 0.50, 0.55, ... 0.95, recalls and categories that the truth has. AR_n is the recall with the n
// best predictions per image and category. At most 100 predictions per image and category count.
// Small: area below 32 x 32 pixels, medium: up to 96 x 96, large: beyond; both ends belong to both.
// A figure without anything to average over is -1.
//
// Overlap of boxes and masks: intersection over union, with a crowd over the prediction alone.
// Equal scores keep the order given. An object's id plays no part (one of id 0 counts like others).
// Units: pixels. Thread rule: pure function. Errors: invalid_argument "rle_size" for masks of one
// image that differ in size. Source: Lin et al., "Microsoft COCO: Common Objects in Context", 2014,
// arXiv:1405.0312, and the detection evaluation page of cocodataset.org; code is our own.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include <boost/describe.hpp>

#include "kernel/raster/rle.hpp"

namespace aa::metrics {

enum class Region { box, mask };

struct BoxArea {
  double x = 0;
  double y = 0;
  double width = 0;
  double height = 0;
};

struct TruthObject {
  std::int64_t image = 0;
  std::int64_t category = 0;
  BoxArea box;
  raster::Rle mask;  // for Region::mask
  double area = 0;   // as the file has it, not the box's
  bool crowd = false;
};

struct PredictedObject {
  std::int64_t image = 0;
  std::int64_t category = 0;
  BoxArea box;
  raster::Rle mask;
  double area = 0;
  double score = 0;
};

struct CategoryScores {
  std::int64_t category = 0;
  std::int64_t objects = 0;  // of the truth, without crowds
  double ap = -1;
  double ap50 = -1;
};
BOOST_DESCRIBE_STRUCT(CategoryScores, (), (category, objects, ap, ap50))

struct DetectionScores {
  double ap = -1;
  double ap50 = -1;
  double ap75 = -1;
  double ap_small = -1;
  double ap_medium = -1;
  double ap_large = -1;
  double ar1 = -1;
  double ar10 = -1;
  double ar100 = -1;
  double ar_small = -1;
  double ar_medium = -1;
  double ar_large = -1;
  std::vector<CategoryScores> categories;  // ascending; those of the truth
};
BOOST_DESCRIBE_STRUCT(DetectionScores, (),
                      (ap, ap50, ap75, ap_small, ap_medium, ap_large, ar1, ar10, ar100, ar_small,
                       ar_medium, ar_large, categories))

DetectionScores evaluate_detections(std::span<const TruthObject> truth,
                                    std::span<const PredictedObject> predictions, Region region);

}  // namespace aa::metrics
