// The numbers of a COCO annotation that evaluations ask for: as its file gives them, else computed
// from its shape.
//
// Thread rule: pure function. Errors: invalid_argument "no_box" for a shape without extent, and
// "rle_size" for a mask that does not fit the image.
#pragma once

#include "kernel/formats/coco.hpp"

namespace aa::formats {

struct CocoMeasures {
  double x = 0;
  double y = 0;
  double width = 0;
  double height = 0;
  double area = 0;
  bool crowd = false;
};

CocoMeasures measures_of(const CocoAnnotation& annotation, const CocoImage& image);

}  // namespace aa::formats
