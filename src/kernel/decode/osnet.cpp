// OSNet and other person re-identification models: [1, D] features of a person whose region fills
// an input twice as high as wide (256 x 128), normalised as ImageNet. The same person's vectors
// have a high cosine. Source: arXiv:1905.00953.
#include "kernel/decode/brought_rows.hpp"
#include "kernel/decode/scene_rows.hpp"

namespace aa::decode {
namespace {

constexpr std::int64_t kFeaturesMin = 64;
constexpr std::int64_t kFeaturesMax = 4'096;

}  // namespace

bool recognise_osnet(const GraphSignature& signature, ModelSpec& spec) {
  if (!is_colour_image(signature, spec) || signature.outputs.size() != 1) return false;
  const auto& shape = signature.outputs.front().shape;
  const bool features =
      shape.size() == 2 && shape[0] <= 1 && shape[1] >= kFeaturesMin && shape[1] <= kFeaturesMax;
  if (!features || spec.input.height != 2 * spec.input.width || !spec.labels.empty()) return false;
  use_imagenet(spec.input);
  return true;
}

}  // namespace aa::decode
