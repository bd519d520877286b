// Inputs to try a graph on when there is no image: for measuring it and for warming it up.
//
// A free size is what the manifest's `inputs` say; the batch on axis 0; kFreeSide on the sides of
// an image; 1 elsewhere. Floats get a ramp from 0 to 1, a mask decoder a click, whole numbers 0.
// Thread rule: pure functions. Errors: none.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "driver/inference/tensor.hpp"
#include "service/modelzoo/catalogue.hpp"

namespace aa::modelzoo {

inline constexpr std::int64_t kFreeSide = 320;
using InputShapes = std::map<std::string, std::vector<std::int64_t>>;  // by input; -1: free

InputShapes input_shapes(const Manifest& manifest, const std::string& role);
std::vector<inference::Tensor> sample_inputs(const inference::ModelInfo& info,
                                             const InputShapes& shapes, std::int64_t batch = 1);

}  // namespace aa::modelzoo
