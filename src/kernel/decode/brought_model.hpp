// A model that a user brings, for tests: its signature, and outputs of zeros to write into.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "kernel/decode/reader.hpp"

namespace aa::decode {

class BroughtModel {
 public:
  using Shape = std::vector<std::int64_t>;

  BroughtModel(Shape input, std::vector<Shape> outputs,
               std::vector<std::pair<std::string, std::string>> metadata = {},
               std::vector<std::string> names = {})
      : shapes_(std::move(outputs)) {
    signature.inputs = {{"images", std::move(input)}};
    signature.metadata = std::move(metadata);
    for (std::size_t i = 0; i < shapes_.size(); ++i) {
      const auto name = i < names.size() ? names[i] : "output" + std::to_string(i);
      signature.outputs.push_back({name, shapes_[i]});
      std::size_t count = 1;
      for (const auto side : shapes_[i]) count *= static_cast<std::size_t>(side);
      values_.emplace_back(count);
    }
  }

  // Indices after the batch.
  template <class... Index>
  float& at(std::size_t output, Index... indices) {
    std::size_t at = 0;
    std::size_t axis = 1;
    ((at = at * static_cast<std::size_t>(shapes_[output][axis++]) +
           static_cast<std::size_t>(indices)),
     ...);
    return values_[output][at];
  }
  std::vector<float>& values(std::size_t output) { return values_[output]; }

  std::optional<ModelSpec> recognise() const { return recognise_model(signature); }
  ModelSpec recognised(std::string_view family) const {
    const auto spec = recognise();
    EXPECT_TRUE(spec.has_value());
    if (!spec) return {};
    EXPECT_EQ(spec->reader->family, family);
    return *spec;
  }

  Reading read(const ModelSpec& spec, int width, int height, ReadOptions options = {}) const {
    return read_in(spec, plan_frame(width, height, spec.input), options);
  }
  Reading read_in(const ModelSpec& spec, const Frame& frame, ReadOptions options = {}) const {
    std::vector<TensorView> views;
    for (std::size_t i = 0; i < shapes_.size(); ++i) {
      views.push_back({signature.outputs[i].name, shapes_[i], values_[i]});
    }
    return read_model(views, spec, frame, options);
  }

  GraphSignature signature;

 private:
  std::vector<Shape> shapes_;
  std::vector<std::vector<float>> values_;
};

}  // namespace aa::decode
