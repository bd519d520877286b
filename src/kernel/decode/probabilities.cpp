#include "kernel/decode/probabilities.hpp"

#include <algorithm>
#include <cmath>

namespace aa::decode {

float sigmoid(float logit) { return 1 / (1 + std::exp(-std::clamp(logit, -100.0F, 100.0F))); }

std::vector<float> softmax(std::span<const float> logits, float scale) {
  std::vector<float> out(logits.size());
  if (logits.empty()) return out;
  const float most = *std::ranges::max_element(logits);
  double sum = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = std::exp((logits[i] - most) * scale);
    sum += out[i];
  }
  for (float& value : out) value = static_cast<float>(value / sum);
  return out;
}

}  // namespace aa::decode
