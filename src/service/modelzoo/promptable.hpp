// Promptable segmenters of any variant (kernel/decode/sam_variants.hpp) between the engine's
// tensors and what is kept of them: which of the encoder's tensors and which part of the prompt
// each input of the decoder takes follows from its name and shape.
//
// Thread rule: pure functions. Errors: those of sam_variants.hpp, "model_input".
#pragma once

#include <vector>

#include "driver/inference/tensor.hpp"
#include "kernel/decode/sam_variants.hpp"
#include "service/modelzoo/embedding_cache.hpp"

namespace aa::modelzoo {

// Throws invalid_argument "model_invalid" when it is none.
decode::sam::Variant encoder_variant(const inference::ModelInfo& encoder);
decode::sam::Variant decoder_variant(const inference::ModelInfo& decoder);

inference::Tensor encoder_input(const inference::ModelInfo& encoder,
                                const raster::ImageView& image);
// The image's embedding first, what else the encoder gives after it.
Embedding embedding_of(std::vector<inference::Tensor> outputs);
std::vector<inference::Tensor> decoder_inputs(const inference::ModelInfo& decoder,
                                              const Embedding& embedding,
                                              const decode::sam::Prompt& prompt,
                                              const decode::Frame& frame);

}  // namespace aa::modelzoo
