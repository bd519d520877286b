#include "service/modelzoo/sample_inputs.hpp"

#include <algorithm>

namespace aa::modelzoo {
namespace {

using inference::Tensor;

std::vector<std::int64_t> shape_of(const inference::TensorSpec& spec, const InputShapes& shapes,
                                   std::int64_t batch) {
  auto out = spec.shape;
  if (const auto told = shapes.find(spec.name);
      told != shapes.end() && told->second.size() == out.size()) {
    for (std::size_t i = 0; i < out.size(); ++i) {
      if (out[i] < 0) out[i] = told->second[i];
    }
  }
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (i == 0 && spec.shape[0] < 0)
      out[0] = batch;
    else if (out[i] < 0)
      out[i] = out.size() == 4 ? kFreeSide : 1;
  }
  return out;
}

// What prompts and sizes must be for a mask decoder to have something to do; else a ramp.
void fill(Tensor& tensor) {
  if (tensor.type != inference::ElementType::float32) return;
  const auto values = tensor.floats();
  if (tensor.name == "orig_im_size" && values.size() == 2) {
    values[0] = 480;
    values[1] = 640;
  } else if (tensor.name == "point_labels") {
    std::ranges::fill(values, 1.0F);
  } else if (tensor.name != "mask_input" && tensor.name != "has_mask_input") {
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] = static_cast<float>(i % 256) / 255.0F;
    }
  }
}

}  // namespace

InputShapes input_shapes(const Manifest& manifest, const std::string& role) {
  InputShapes out;
  const auto* inputs = manifest.inputs ? manifest.inputs->if_contains(role) : nullptr;
  if (inputs == nullptr || !inputs->is_object()) return out;
  for (const auto& [name, shape] : inputs->as_object()) {
    if (!shape.is_array()) continue;
    for (const auto& side : shape.as_array()) {
      out[std::string(name)].push_back(side.is_int64() ? side.as_int64() : -1);
    }
  }
  return out;
}

std::vector<Tensor> sample_inputs(const inference::ModelInfo& info, const InputShapes& shapes,
                                  std::int64_t batch) {
  std::vector<Tensor> out;
  for (const auto& spec : info.inputs) {
    Tensor tensor{.name = spec.name, .type = spec.type, .shape = shape_of(spec, shapes, batch)};
    tensor.bytes.resize(tensor.elements() * size_of(tensor.type), std::byte{0});
    fill(tensor);
    out.push_back(std::move(tensor));
  }
  return out;
}

}  // namespace aa::modelzoo
