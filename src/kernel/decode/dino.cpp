// DINO, DINOv2, DINOv3 and other vision transformers without a head: [1, N, D], one row for the
// whole image (the class token), then register tokens, then one per patch. The first row, divided
// by its length, is the image's embedding.
//
// The middle of the image's shorter side, 224 of 256, fills the input, bicubic, normalised as
// ImageNet, as the DINOv2 processors do. Source: arXiv:2104.14294, arXiv:2304.07193.
#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "kernel/decode/brought_rows.hpp"
#include "kernel/decode/family_rows.hpp"
#include "kernel/decode/scene_rows.hpp"

namespace aa::decode {
namespace {

constexpr std::array kPatchSides = {8, 14, 16};
constexpr std::array kRegisters = {0, 4};
constexpr std::array<std::int64_t, 5> kWidths = {192, 384, 768, 1024, 1536};

// Does a number of tokens fit patches of some size over the input?
bool is_tokens(std::int64_t count, const InputSpec& input) {
  if (count < 0) return true;
  return std::ranges::any_of(kPatchSides, [&](int side) {
    const auto patches = static_cast<std::int64_t>(input.width / side) * (input.height / side);
    return std::ranges::any_of(kRegisters,
                               [&](int registers) { return count == patches + 1 + registers; });
  });
}

}  // namespace

bool recognise_dino(const GraphSignature& signature, ModelSpec& spec) {
  if (!is_colour_image(signature, spec)) return false;
  const auto& shape = signature.outputs.front().shape;
  if (shape.size() != 3 || shape[0] > 1 || !is_tokens(shape[1], spec.input)) return false;
  if (std::ranges::find(kWidths, shape[2]) == kWidths.end()) return false;
  use_imagenet(spec.input);
  spec.input.fit = Fit::cover;
  spec.input.cover_share = 224.0F / 256.0F;
  spec.input.resampling = Resampling::bicubic;
  return true;
}

Reading read_dino(Outputs outputs, const ModelSpec&, const Frame&, const ReadOptions&) {
  const auto& output = first_output(outputs);
  const auto& shape = output.shape;
  if (shape.size() != 3 || shape[0] != 1 || shape[1] < 1 ||
      std::ranges::find(kWidths, shape[2]) == kWidths.end()) {
    throw invalid("model_output", "The model gave no rows of features.");
  }
  const auto rows = as_matrix(output, shape[2]);
  Reading reading;
  reading.embedding = unit_vector({rows.row(0), static_cast<std::size_t>(rows.columns)});
  return reading;
}

}  // namespace aa::decode
