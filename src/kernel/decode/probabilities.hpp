// From scores to probabilities. Thread rule: pure functions. Errors: none; not finite in, not
// finite out.
#pragma once

#include <span>
#include <vector>

namespace aa::decode {

float sigmoid(float logit);
std::vector<float> softmax(std::span<const float> logits, float scale = 1);

}  // namespace aa::decode
