#include "kernel/decode/families.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "kernel/decode/family_rows.hpp"
#include "kernel/decode/metadata.hpp"
#include "kernel/decode/sam_variants.hpp"

namespace aa::decode {
namespace {

constexpr std::int64_t kInputSideMax = 8'192;

// Order matters where two families share a shape: the stricter first.
constexpr FamilyRow kFamilies[] = {
    {Family::yolox, "yolox", recognise_yolox, decode_yolox},
    {Family::yolov5, "yolov5", recognise_yolov5, decode_yolov5},
    {Family::centernet, "centernet", recognise_centernet, decode_rows},
    {Family::yolo_rows, "yolo_rows", recognise_yolo_rows, decode_rows},
    {Family::ssd, "ssd", recognise_ssd, decode_ssd},
    {Family::yolov8, "yolov8", recognise_yolov8, decode_yolov8},
};

bool set_sides(std::int64_t height, std::int64_t width, const GraphSignature& signature,
               InputSpec& input) {
  const auto sides = metadata_image_size(signature);
  if (height < 0) height = sides ? sides->first : 640;
  if (width < 0) width = sides ? sides->second : 640;
  if (height < 1 || width < 1 || height > kInputSideMax || width > kInputSideMax) return false;
  input.height = static_cast<int>(height);
  input.width = static_cast<int>(width);
  return true;
}

std::optional<DetectorSpec> spec_of_input(const GraphSignature& signature) {
  DetectorSpec spec;
  const bool is_image = signature.inputs.size() == 1 && describe_input(signature, spec);
  if (!is_image || signature.outputs.empty() || spec.input.channels != 3) return std::nullopt;
  return spec;
}

bool is_channels(std::int64_t count) { return count == 1 || count == 3 || count == 4; }

}  // namespace

bool describe_input(const GraphSignature& signature, DetectorSpec& spec) {
  spec.labels = metadata_labels(signature);
  if (signature.inputs.empty()) return false;
  const auto& [name, shape] = signature.inputs.front();
  if (shape.size() != 4 || shape[0] > 1) return false;
  // Where both ends could be channels, three channels decide, and planes come first.
  const bool last = is_channels(shape[3]) && (!is_channels(shape[1]) || shape[3] == 3);
  const bool planes = shape[1] == 3 || !last;
  if (!is_channels(shape[planes ? 1 : 3])) return false;
  spec.input_name = name;
  spec.input.channels = static_cast<int>(shape[planes ? 1 : 3]);
  spec.input.layout = planes ? Layout::nchw : Layout::nhwc;
  return set_sides(shape[planes ? 2 : 1], shape[planes ? 3 : 2], signature, spec.input);
}

std::span<const FamilyRow> families() { return kFamilies; }

const FamilyRow& family_row(Family family) {
  return *std::ranges::find(kFamilies, family, &FamilyRow::family);
}

std::optional<Family> family_named(std::string_view name) {
  const auto* found = std::ranges::find(kFamilies, name, &FamilyRow::name);
  if (found == std::end(kFamilies)) return std::nullopt;
  return found->family;
}

std::optional<DetectorSpec> recognise_detector(const GraphSignature& signature) {
  const auto base = spec_of_input(signature);
  if (!base) return std::nullopt;
  for (const auto& row : kFamilies) {
    auto spec = *base;
    spec.family = row.family;
    if (row.recognise(signature, spec)) return spec;
  }
  return std::nullopt;
}

std::optional<DetectorSpec> detector_of_family(Family family, const GraphSignature& signature) {
  auto spec = spec_of_input(signature);
  if (!spec) return std::nullopt;
  spec->family = family;
  if (!family_row(family).recognise(signature, *spec)) return std::nullopt;
  return spec;
}

std::int64_t cells_of(const InputSpec& input) {
  std::int64_t cells = 0;
  for (const int stride : {8, 16, 32}) {
    cells += static_cast<std::int64_t>(input.height / stride) * (input.width / stride);
  }
  return cells;
}

void use_centred_rgb(InputSpec& input) {
  input.fit = Fit::centred;
  input.rounding = Rounding::nearest;
  input.scale.fill(1.0F / 255.0F);
}

const TensorView& first_output(Outputs outputs) {
  if (outputs.empty()) throw invalid("model_output", "The model gave no output.");
  return outputs.front();
}

bool is_sam_encoder(const GraphSignature& signature) {
  return sam::variant_of_encoder(signature).has_value();
}

bool is_sam_decoder(const GraphSignature& signature) {
  return sam::variant_of_decoder(signature).has_value();
}

}  // namespace aa::decode
