#include "kernel/decode/sam_variants.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numeric>

#include <fmt/format.h>

#include "base/error.hpp"
#include "kernel/decode/logit_mask.hpp"
#include "kernel/decode/scene_rows.hpp"

namespace aa::decode::sam {
namespace {

constexpr std::int64_t kMasksMax = 16;
constexpr std::int64_t kMaskSideMax = 2'048;
constexpr std::array<std::string_view, 7> kPromptInputs = {
    "point_coords", "point_labels",   "batched_point_coords", "batched_point_labels",
    "mask_input",   "has_mask_input", "orig_im_size"};

bool is_prompt_input(std::string_view name) {
  return std::ranges::find(kPromptInputs, name) != kPromptInputs.end();
}

bool has_input(const GraphSignature& signature, std::string_view name) {
  return std::ranges::find(signature.inputs, name, &Port::name) != signature.inputs.end();
}

bool fits(const std::vector<std::int64_t>& a, const std::vector<std::int64_t>& b) {
  return std::ranges::equal(
      a, b, [](std::int64_t x, std::int64_t y) { return x == y || x < 0 || y < 0; });
}

bool is_embedding(const Port& port) { return fits(port.shape, {1, 256, 64, 64}); }

InputSpec make_spec(Variant variant) {
  if (variant == Variant::sam) return sam::image_spec();
  InputSpec spec{.width = kSide, .height = kSide};
  use_imagenet(spec);
  if (variant == Variant::efficient_sam) {
    spec.scale.fill(1.0F / 255.0F);
    spec.offset.fill(0);
  }
  spec.rounding = Rounding::nearest;
  return spec;
}

// What an exporter adds itself, or fixes the number of.
void fit_points(PromptInputs& inputs, std::int64_t wanted, bool padded) {
  if (!padded && !inputs.point_labels.empty() && inputs.point_labels.back() == -1) {
    inputs.point_labels.pop_back();
    inputs.point_coords.resize(inputs.point_coords.size() - 2);
  }
  if (wanted < 0) return;
  if (inputs.count() > wanted) {
    throw invalid("bad_prompt",
                  fmt::format("The model takes {} points, the corners of a box are two.", wanted));
  }
  inputs.point_labels.resize(static_cast<std::size_t>(wanted), -1);
  inputs.point_coords.resize(static_cast<std::size_t>(wanted) * 2);
}

// Points that the decoder's inputs have room for; -1: any number.
std::int64_t point_room(const GraphSignature& decoder) {
  for (const auto& port : decoder.inputs) {
    const bool coords = port.name == "point_coords" || port.name == "batched_point_coords";
    if (coords && port.shape.size() >= 3) return port.shape[port.shape.size() - 2];
  }
  return -1;
}

PromptTensor tensor_for(const std::string& name, Variant variant, const PromptInputs& inputs) {
  const std::int64_t count = inputs.count();
  constexpr std::int64_t kCells = kMaskSide;
  if (name == "point_coords") return {name, {1, count, 2}, inputs.point_coords};
  if (name == "point_labels") return {name, {1, count}, inputs.point_labels};
  if (name == "batched_point_coords") return {name, {1, 1, count, 2}, inputs.point_coords};
  if (name == "batched_point_labels") return {name, {1, 1, count}, inputs.point_labels};
  if (name == "mask_input") return {name, {1, 1, kCells, kCells}, inputs.mask_input};
  if (name == "has_mask_input") return {name, {1}, {inputs.has_mask[0]}};
  if (variant != Variant::sam) return {name, {2}, {kSide, kSide}};
  return {name, {2}, {inputs.image_size[0], inputs.image_size[1]}};
}

// Planes of [1, M, h, w] or [1, 1, M, h, w].
struct MaskPlanes {
  std::size_t count = 0;
  int width = 0;
  int height = 0;
  std::span<const float> values;

  LogitGrid plane(std::size_t i) const {
    const auto cells = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
    return {width, height, values.subspan(i * cells, cells)};
  }
};

MaskPlanes mask_planes(const TensorView& tensor) {
  const auto& shape = tensor.shape;
  const auto rank = shape.size();
  const bool ranked = (rank == 4 || rank == 5) && shape[0] == 1 && (rank == 4 || shape[1] == 1);
  const auto fit_side = [](std::int64_t side, std::int64_t most) {
    return side >= 1 && side <= most;
  };
  if (!ranked || !fit_side(shape[rank - 3], kMasksMax) ||
      !fit_side(shape[rank - 2], kMaskSideMax) || !fit_side(shape[rank - 1], kMaskSideMax) ||
      tensor.values.size() !=
          static_cast<std::size_t>(shape[rank - 3] * shape[rank - 2] * shape[rank - 1])) {
    throw invalid("model_output",
                  fmt::format("Output '{}' has shape [{}]; masks [1, M, h, w] were expected.",
                              tensor.name, fmt::join(shape, ", ")));
  }
  return {static_cast<std::size_t>(shape[rank - 3]), static_cast<int>(shape[rank - 1]),
          static_cast<int>(shape[rank - 2]), tensor.values};
}

const TensorView* find_output(std::span<const TensorView> outputs, std::string_view name) {
  const auto found = std::ranges::find(outputs, name, &TensorView::name);
  return found == outputs.end() ? nullptr : &*found;
}

// Logits that a next prompt can start from: of 256 x 256, wherever the model has them.
std::vector<float> logits_at(std::size_t i, const MaskPlanes& planes, const TensorView* low) {
  constexpr auto kCells = static_cast<std::size_t>(kMaskSide) * kMaskSide;
  if (planes.width == kMaskSide && planes.height == kMaskSide) {
    const auto values = planes.plane(i).values;
    return {values.begin(), values.end()};
  }
  if (low == nullptr || low->values.size() != planes.count * kCells) return {};
  const auto values = low->values.subspan(i * kCells, kCells);
  return {values.begin(), values.end()};
}

}  // namespace

std::optional<Variant> variant_of_encoder(const GraphSignature& encoder) {
  if (encoder.inputs.size() != 1) return std::nullopt;
  const auto& input = encoder.inputs.front();
  const auto embeds = std::ranges::count_if(encoder.outputs, is_embedding);
  if (input.name == "batched_images" && embeds == 1 && fits(input.shape, {1, 3, -1, -1})) {
    return Variant::efficient_sam;
  }
  if (!fits(input.shape, {1, 3, kSide, kSide}) || embeds == 0) return std::nullopt;
  const auto is_finer = [](const Port& port) {
    return port.shape.size() == 4 && port.shape[2] > 64 && port.shape[3] > 64;
  };
  return std::ranges::any_of(encoder.outputs, is_finer) ? Variant::sam2 : Variant::sam;
}

std::optional<Variant> variant_of_decoder(const GraphSignature& decoder) {
  if (has_input(decoder, "batched_point_coords") && has_input(decoder, "batched_point_labels")) {
    const bool whole = has_input(decoder, "batched_images");  // encoder and decoder in one graph
    return whole ? std::nullopt : std::optional(Variant::efficient_sam);
  }
  if (!has_input(decoder, "point_coords") || !has_input(decoder, "point_labels")) {
    return std::nullopt;
  }
  const auto is_finer = [](const Port& port) { return port.name.starts_with("high_res_feat"); };
  return std::ranges::any_of(decoder.inputs, is_finer) ? Variant::sam2 : Variant::sam;
}

const InputSpec& image_spec(Variant variant) {
  static const std::array<InputSpec, 3> specs = {
      make_spec(Variant::sam), make_spec(Variant::efficient_sam), make_spec(Variant::sam2)};
  return specs[static_cast<std::size_t>(variant)];
}

Frame frame_of(Variant variant, int image_width, int image_height) {
  return plan_frame(image_width, image_height, image_spec(variant));
}

std::vector<float> prepare_image(Variant variant, const raster::ImageView& image) {
  const auto& spec = image_spec(variant);
  std::vector<float> out(spec.elements());
  fill_frame(image, spec, frame_of(variant, image.width, image.height), out);
  return out;
}

std::vector<PromptTensor> prompt_tensors(const GraphSignature& decoder, Variant variant,
                                         const Prompt& prompt, const Frame& frame) {
  auto inputs = prepare_prompt(prompt, *frame.letterbox);
  fit_points(inputs, point_room(decoder), variant == Variant::sam);
  std::vector<PromptTensor> out;
  for (const auto& port : decoder.inputs) {
    if (is_prompt_input(port.name)) out.push_back(tensor_for(port.name, variant, inputs));
  }
  return out;
}

std::optional<std::size_t> embedding_for(const Port& input, std::span<const Port> embedding) {
  if (is_prompt_input(input.name)) return std::nullopt;
  const auto named = std::ranges::find(embedding, input.name, &Port::name);
  if (named != embedding.end()) return static_cast<std::size_t>(named - embedding.begin());
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < embedding.size(); ++i) {
    if (!fits(embedding[i].shape, input.shape)) continue;
    if (found)
      throw invalid("model_input", "Two of the encoder's outputs fit '" + input.name + "'.");
    found = i;
  }
  if (!found) {
    throw invalid("model_input",
                  "The decoder asks for '" + input.name + "', which the encoder does not give.");
  }
  return found;
}

std::size_t embedding_output(std::span<const Port> outputs) {
  const auto found = std::ranges::find_if(outputs, is_embedding);
  return found == outputs.end() ? 0 : static_cast<std::size_t>(found - outputs.begin());
}

std::vector<MaskResult> read_masks(Variant variant, std::span<const TensorView> outputs,
                                   const Frame& frame, const MaskOptions& options) {
  if (variant == Variant::sam) return sam::read_masks(outputs, *frame.letterbox, options);
  const auto* masks = find_output(outputs, "masks");
  if (masks == nullptr) masks = find_output(outputs, "output_masks");
  const auto* scores = find_output(outputs, "iou_predictions");
  if (masks == nullptr || scores == nullptr) {
    throw invalid("model_output", "The decoder gave no masks or no 'iou_predictions'.");
  }
  const auto planes = mask_planes(*masks);
  if (scores->values.size() != planes.count) {
    throw invalid("model_output", "The decoder gave another number of scores than of masks.");
  }
  std::vector<std::size_t> order(planes.count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::greater<>{}, [&](std::size_t i) {
    return std::isfinite(scores->values[i]) ? scores->values[i] : -1.0F;
  });
  order.resize(std::min(planes.count, std::max<std::size_t>(options.masks_max, 1)));
  const geometry::Rect whole{0, 0, static_cast<double>(frame.image_width),
                             static_cast<double>(frame.image_height)};
  const auto* low = find_output(outputs, "low_res_masks");
  MaskCanvas canvas(frame);
  std::vector<MaskResult> out;
  for (const auto i : order) {
    auto rle = canvas.draw(planes.plane(i), whole);
    auto& result =
        out.emplace_back(mask_result(std::move(rle), scores->values[i], options.tolerance));
    result.logits = logits_at(i, planes, low);
  }
  return out;
}

}  // namespace aa::decode::sam
