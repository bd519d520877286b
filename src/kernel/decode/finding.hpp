// What a model says about an image: objects with shapes, scores and attributes, a map of numbers, a
// vector of features.
//
// Shapes and regions are in pixels of the upright original (document/shape.hpp); a finding about
// the whole image is a tag. Scores are 0..1. Thread rule: values. Errors: none.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "kernel/document/shape.hpp"
#include "kernel/geometry/geometry.hpp"

namespace aa::decode {

// An oriented rectangle of the image: rotation in degrees, clockwise, about the centre.
struct Region {
  geometry::Point center;
  double width = 0;
  double height = 0;
  double rotation = 0;
  bool mirrored = false;  // left and right swapped within it: for models of one hand or one eye
  bool operator==(const Region&) const = default;
};

struct Attribute {
  std::string name;
  std::variant<double, std::string> value;
  bool operator==(const Attribute&) const = default;
};
using Attributes = std::vector<Attribute>;

struct Finding {
  document::Shape shape;
  float score = 1;
  int class_index = -1;    // of the model's labels; -1: it has none
  std::string class_name;  // the label, or what the family calls it
  Attributes attributes;
  std::vector<float> embedding;  // of this object; empty: none
  // Where a next model should look, when that is not the shape's bounds: a face turned upright.
  std::optional<Region> region;
};

// One number per pixel of a grid that covers the whole image: depth, foreground probability.
struct ScalarMap {
  int width = 0;
  int height = 0;
  std::vector<float> values;  // row-major
};

struct Reading {
  std::vector<Finding> findings;
  std::optional<ScalarMap> map;
  std::vector<float> embedding;  // of the whole image; empty: none
};

}  // namespace aa::decode
