// Promptable segmenters besides the one of sam.hpp, told apart by what their graphs take and give.
//
//   variant        encoder                        decoder takes besides points and embedding
//   sam            [1, 3, 1024, 1024]             mask_input, has_mask_input, orig_im_size
//   efficient_sam  batched_images, any size       batched_point_coords [1, 1, n, 2], orig_im_size
//   sam2           [1, 3, 1024, 1024], 3 outputs  high_res_feats_0 and 1, mask_input, ...
//
// The latter two stretch the image to 1024 x 1024, SAM 2 normalised as ImageNet, EfficientSAM in
// 0..1, and give masks over the stretched image, which are read at the image's pixels. A decoder's
// inputs decide what it is fed: each is a part of the prompt or one of the encoder's tensors.
// EfficientSAM looks at six points; its exporter cuts what is more.
// Sources: EfficientSAM, arXiv:2312.00863; SAM 2, arXiv:2408.00714; layouts as their usual
// exporters write them. Thread rule: pure functions.
// Errors: invalid_argument "bad_prompt", "model_input", "model_output".
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "kernel/decode/frame.hpp"
#include "kernel/decode/sam.hpp"

namespace aa::decode::sam {

enum class Variant { sam, efficient_sam, sam2 };

// nullopt: it is no such encoder, no such decoder.
std::optional<Variant> variant_of_encoder(const GraphSignature& encoder);
std::optional<Variant> variant_of_decoder(const GraphSignature& decoder);

const InputSpec& image_spec(Variant variant);
Frame frame_of(Variant variant, int image_width, int image_height);
// [1, 3, 1024, 1024]
std::vector<float> prepare_image(Variant variant, const raster::ImageView& image);

struct PromptTensor {
  std::string name;
  std::vector<std::int64_t> shape;
  std::vector<float> values;
};
// One for each of the decoder's inputs that is a part of the prompt.
std::vector<PromptTensor> prompt_tensors(const GraphSignature& decoder, Variant variant,
                                         const Prompt& prompt, const Frame& frame);

// Which of the encoder's outputs an input of the decoder takes: that of its name, else the only one
// of its shape. nullopt: the input is a part of the prompt. Throws "model_input" when none fits.
std::optional<std::size_t> embedding_for(const Port& input, std::span<const Port> embedding);
// The output that holds the image's embedding, [1, 256, 64, 64]; the first when none does.
std::size_t embedding_output(std::span<const Port> outputs);

std::vector<MaskResult> read_masks(Variant variant, std::span<const TensorView> outputs,
                                   const Frame& frame, const MaskOptions& options = {});

}  // namespace aa::decode::sam
