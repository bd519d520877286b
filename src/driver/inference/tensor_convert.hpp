// float32 tensors in and out of models that want another type: half-precision and quantised graphs
// are fed and read like any other.
//
// Whole numbers are rounded to nearest even and saturate; halves saturate at 65504.
// Thread rule: pure functions. Errors: none; types without a rule come back as they were.
#pragma once

#include "driver/inference/tensor.hpp"

namespace aa::inference::detail {

// Whether a float32 tensor can be given where `type` is wanted.
bool converts_from_floats(ElementType type);
Tensor from_floats(const Tensor& floats, ElementType type);
// float16 becomes float32; everything else stays.
Tensor widened(Tensor tensor);

}  // namespace aa::inference::detail
