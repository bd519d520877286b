// What holds of the outputs of every model before a decoder looks at them.
//
// Infinity is let pass: masked logits are made of it. Not-a-number compares as false with
// everything, so that decoders would drop or keep things by accident.
// Limits: kOutputElementsMax numbers in all. Thread rule: pure functions. Errors: invalid_argument
// "model_output" naming the output.
#pragma once

#include <span>

#include "kernel/decode/detection.hpp"
#include "kernel/decode/finding.hpp"
#include "kernel/decode/tensor_view.hpp"

namespace aa::decode {

inline constexpr std::size_t kOutputElementsMax = 1ULL << 28;  // 1 GiB of floats

void require_sound(std::span<const TensorView> outputs);

// Boxes that are finite, scores within 0..1, and classes that have a label (any, with 0 labels).
void require_sound(std::span<const Detection> detections, std::size_t labels);
// The same of findings, whose class may also be none (-1).
void require_sound(std::span<const Finding> findings, std::size_t labels);

}  // namespace aa::decode
