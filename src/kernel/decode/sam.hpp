// Segment Anything: from an image and clicks to masks, for decoders exported as the paper's authors
// do (image_embeddings, point_coords, point_labels, mask_input, has_mask_input, orig_im_size) and
// encoders that take [1, 3, 1024, 1024]: SAM, MobileSAM. Others: sam_variants.hpp.
//
//   input  = prepare_image(image)                         for the encoder, once per image
//   prompt = prepare_prompt(prompt, frame)                for the decoder, once per click
//   masks  = read_masks(outputs, frame, options)
//
// The image is resized so that its longer side is 1024, normalised by ImageNet's mean and
// deviation and then padded with zeros at right and bottom. Coordinates are pixels of the upright
// original on input and output. A pixel belongs to a mask when its logit is above 0.
// Sources: Kirillov et al., arXiv:2304.02643; Zhang et al. (MobileSAM), arXiv:2306.14289.
// Limits: kPromptPointsMax points. Thread rule: pure functions.
// Errors: invalid_argument "bad_prompt" (no point and no box, not finite, outside limits, previous
// mask of another size than the image), "model_output".
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "kernel/decode/letterbox.hpp"
#include "kernel/decode/tensor_view.hpp"
#include "kernel/raster/contour.hpp"
#include "kernel/raster/rle.hpp"

namespace aa::decode::sam {

inline constexpr int kSide = 1024;
inline constexpr int kMaskSide = 256;  // of mask_input and low_res_masks
inline constexpr std::size_t kPromptPointsMax = 256;

const InputSpec& image_spec();

struct ImageInput {
  std::vector<float> values;  // [1, 3, 1024, 1024]
  Letterbox frame;
};
ImageInput prepare_image(const raster::ImageView& image);
Letterbox frame_of(int image_width, int image_height);

struct PromptPoint {
  geometry::Point at;
  bool positive = true;
};

struct Prompt {
  std::vector<PromptPoint> points;
  std::optional<geometry::Rect> box;
  // What is there already, to be refined: logits of an earlier answer (MaskResult::logits) or of
  // any mask (logits_of); empty: none.
  std::vector<float> previous;
  // The same as a mask as large as the image, for prepare_prompt to turn into logits.
  std::optional<raster::Rle> previous_mask = {};
};

// The decoder's inputs besides the embedding, in its own names and shapes.
struct PromptInputs {
  std::vector<float> point_coords;    // [1, n, 2]
  std::vector<float> point_labels;    // [1, n]: 1 positive, 0 negative, 2 and 3 box corners, -1 pad
  std::vector<float> mask_input;      // [1, 1, 256, 256]
  std::array<float, 1> has_mask{};    // [1]
  std::array<float, 2> image_size{};  // [2]: height, width
  std::int64_t count() const { return static_cast<std::int64_t>(point_labels.size()); }
};
// [256, 256] for Prompt::previous, of a mask as large as the image: every number is the share of
// its cell that the mask covers, from -kMaskLogit for none to kMaskLogit for all.
inline constexpr float kMaskLogit = 8;
// A previous mask must be as large as the image.
void require_size(const raster::Rle& mask, int width, int height);
std::vector<float> logits_of(const raster::Rle& mask, const Letterbox& frame);

PromptInputs prepare_prompt(const Prompt& prompt, const Letterbox& frame);

struct MaskOptions {
  double tolerance = 1.0;     // of the polygon, in pixels
  std::size_t masks_max = 1;  // best first
};

struct MaskResult {
  raster::Rle rle;
  std::vector<raster::Part> polygon;  // simplified, with holes; empty for an empty mask
  geometry::Rect bounds;
  std::uint64_t area = 0;
  float score = 0;            // the model's own estimate of the IoU
  std::vector<float> logits;  // [256, 256], for Prompt::previous; empty when not given out
};

// Without logits.
MaskResult mask_result(raster::Rle rle, float score, double tolerance);

// `outputs` holds "masks", "iou_predictions" and, where the model has it, "low_res_masks".
std::vector<MaskResult> read_masks(std::span<const TensorView> outputs, const Letterbox& frame,
                                   const MaskOptions& options = {});

}  // namespace aa::decode::sam
