// For tests of reader families: a graph's outputs with values of one's own, and what its family
// reads of them.
#pragma once

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "kernel/decode/reader.hpp"

namespace aa::decode {

struct GivenTensor {
  std::string name;
  std::vector<std::int64_t> shape;
  std::vector<float> values;

  GivenTensor(std::string called, std::vector<std::int64_t> sides, float value = 0)
      : name(std::move(called)), shape(std::move(sides)) {
    std::size_t count = 1;
    for (const auto side : shape) count *= static_cast<std::size_t>(side);
    values.assign(count, value);
  }
  GivenTensor with(std::size_t at, std::initializer_list<float> numbers) const {
    GivenTensor out = *this;
    std::copy(numbers.begin(), numbers.end(), out.values.begin() + static_cast<std::ptrdiff_t>(at));
    return out;
  }
};

struct GivenModel {
  std::string family;
  std::vector<std::int64_t> input;
  std::vector<GivenTensor> outputs;
  json::Object parameters = {};

  GraphSignature signature() const {
    GraphSignature out{{{"input", input}}, {}, {}};
    for (const auto& output : outputs) out.outputs.push_back({output.name, output.shape});
    return out;
  }
  ModelSpec spec() const {
    auto out = model_of_family(family, signature(), parameters);
    if (!out) throw invalid("not_recognised", family);
    return std::move(*out);
  }
  Reading read(int width, int height, const std::optional<Region>& region = std::nullopt,
               const ReadOptions& options = {}) const {
    const auto spec = this->spec();
    std::vector<TensorView> views;
    for (const auto& output : outputs) views.push_back({output.name, output.shape, output.values});
    const auto sized = spec.input.sized_for(width, height);
    return read_model(views, spec, plan_frame(width, height, sized, region), options);
  }
  // With an output in the place of one of the same name.
  GivenModel with(const GivenTensor& output) const {
    GivenModel out = *this;
    for (auto& old : out.outputs) {
      if (old.name == output.name) old = output;
    }
    return out;
  }
  GivenModel with(json::Object changed) const {
    GivenModel out = *this;
    out.parameters = std::move(changed);
    return out;
  }
};

inline geometry::Point point_of(const Finding& finding, std::size_t index) {
  const auto& point = std::get<document::Skeleton>(finding.shape).points.at(index);
  return {point.x, point.y};
}

inline void expect_point(geometry::Point found, double x, double y, double tolerance = 1e-3) {
  EXPECT_NEAR(found.x, x, tolerance);
  EXPECT_NEAR(found.y, y, tolerance);
}

inline void expect_box(const Finding& finding, double x, double y, double width, double height,
                       double tolerance = 1e-3) {
  const auto& box = std::get<document::Box>(finding.shape);
  EXPECT_NEAR(box.x, x, tolerance);
  EXPECT_NEAR(box.y, y, tolerance);
  EXPECT_NEAR(box.width, width, tolerance);
  EXPECT_NEAR(box.height, height, tolerance);
}

// An attribute's number or text; fails when it is absent.
template <class T>
T attribute_of(const Finding& finding, std::string_view name) {
  for (const auto& attribute : finding.attributes) {
    if (attribute.name == name) return std::get<T>(attribute.value);
  }
  ADD_FAILURE() << "no attribute " << name;
  return {};
}

}  // namespace aa::decode
