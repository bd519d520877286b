// Boxes that detectors find, before and after they are brought back to the image.
//
// Thread rule: values. Errors: none.
#pragma once

#include "kernel/geometry/geometry.hpp"

namespace aa::decode {

// In pixels of the model's input.
struct Candidate {
  geometry::Rect box;
  float score = 0;      // 0..1
  int class_index = 0;  // 0-based, of the model's labels
};

// In pixels of the upright original, inside the image.
struct Detection {
  geometry::Rect box;
  float score = 0;
  int class_index = 0;
  bool operator==(const Detection&) const = default;
};

}  // namespace aa::decode
