// Pairs of an image and a text encoder that give vectors of one space (CLIP, MobileCLIP, SigLIP's
// image side): what each takes, and what a likeness means.
//
//   image   [1, 3, S, S] -> [1, D]; the image's middle, its shorter side S, resampled with the
//   filter
//           widened (Pillow's), normalised:
//             clip        bicubic, CLIP's mean and deviation
//             mobileclip  bilinear, levels in 0..1
//             siglip      the whole image stretched, bicubic, levels in -1..1
//           a manifest's `preprocess` stands above that
//   text    token ids [1, L] (L = 77 where free) and, where the graph asks for it, attention_mask
//
// Vectors are divided by their length. A text's likeness to an image is their cosine; among labels
// the softmax of `scale` (100) times the cosines, for SigLIP the sigmoid of scale * cosine + bias
// for each label alone (its trained scale and bias: parameters logit_scale, logit_bias).
// A label's vector is the mean over prompt templates, "{}" where the name goes.
// Sources: CLIP, arXiv:2103.00020; MobileCLIP, arXiv:2311.17049; SigLIP, arXiv:2303.15343.
// Limits: kTemplatesMax. Thread rule: pure functions.
// Errors: invalid_argument "model_invalid", "model_output", "bad_parameters".
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "kernel/decode/letterbox.hpp"
#include "kernel/decode/tensor_view.hpp"

namespace aa::decode::clip {

inline constexpr std::size_t kTemplatesMax = 100;
inline constexpr std::size_t kTokensDefault = 77;

struct PairFamily {
  std::string_view name;
  bool independent = false;  // labels are judged each for itself
  double logit_scale = 100;
  double logit_bias = 0;
};
std::span<const PairFamily> pair_families();
const PairFamily* pair_family_named(std::string_view name);  // null: none

struct ImageSide {
  std::string input_name;
  InputSpec input;
  std::string output_name;  // of the vector
};
ImageSide image_side(const PairFamily& family, const GraphSignature& graph);

struct TextSide {
  std::string ids_name;
  std::string mask_name;  // empty: the graph takes none
  std::size_t length = kTokensDefault;
  std::string output_name;
};
TextSide text_side(const GraphSignature& graph);

// The output of that name, [1, D], divided by its length.
std::vector<float> read_vector(Outputs outputs, std::string_view name);
double cosine(std::span<const float> a, std::span<const float> b);  // of vectors of length 1

// What a label's name is put into; "a photo of a {}." when none are given.
std::vector<std::string> prompts_for(std::string_view label,
                                     std::span<const std::string> templates);
// The mean of vectors of length 1, of length 1 again.
std::vector<float> mean_vector(std::span<const std::vector<float>> vectors);

// How likely each label is, 0..1, in their order.
std::vector<float> label_scores(const PairFamily& family, const json::Object& parameters,
                                std::span<const float> image,
                                std::span<const std::vector<float>> labels);

}  // namespace aa::decode::clip
