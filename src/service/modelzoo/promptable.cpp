#include "service/modelzoo/promptable.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace aa::modelzoo {
namespace {

namespace sam = decode::sam;
using inference::ElementType;
using inference::Tensor;

Tensor floats_of(std::string name, std::vector<std::int64_t> shape, std::span<const float> values,
                 ElementType type) {
  auto tensor = Tensor::of_floats(std::move(name), std::move(shape));
  std::ranges::copy(values, tensor.floats().begin());
  return inference::converted(std::move(tensor), type);
}

[[noreturn]] void refuse(const char* part) {
  throw invalid("model_invalid", std::string("The model is no ") + part +
                                     " of SAM, EfficientSAM or SAM 2: its inputs and outputs are "
                                     "others.");
}

ElementType type_of(const inference::ModelInfo& info, const std::string& input) {
  const auto found = std::ranges::find(info.inputs, input, &inference::TensorSpec::name);
  return found == info.inputs.end() ? ElementType::float32 : found->type;
}

std::vector<decode::Port> ports_of(const Embedding& embedding) {
  std::vector<decode::Port> out = {{embedding.name, embedding.shape}};
  for (const auto& part : embedding.more) out.push_back({part.name, part.shape});
  return out;
}

}  // namespace

sam::Variant encoder_variant(const inference::ModelInfo& encoder) {
  const auto variant = sam::variant_of_encoder(decode::signature_of(encoder));
  if (!variant) refuse("encoder");
  return *variant;
}

sam::Variant decoder_variant(const inference::ModelInfo& decoder) {
  const auto variant = sam::variant_of_decoder(decode::signature_of(decoder));
  if (!variant) refuse("decoder");
  return *variant;
}

Tensor encoder_input(const inference::ModelInfo& encoder, const raster::ImageView& image) {
  const auto variant = encoder_variant(encoder);
  const auto& input = encoder.inputs.front();
  return floats_of(input.name, sam::image_spec(variant).shape(), sam::prepare_image(variant, image),
                   input.type);
}

Embedding embedding_of(std::vector<Tensor> outputs) {
  if (outputs.empty()) throw invalid("model_output", "The encoder gave no output.");
  std::vector<decode::Port> ports;
  for (auto& output : outputs) {
    output = inference::converted(std::move(output), ElementType::float32);
    ports.push_back({output.name, output.shape});
  }
  const auto main = sam::embedding_output(ports);
  Embedding out;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const auto values = outputs[i].floats();
    if (i == main) {
      out.name = outputs[i].name;
      out.shape = outputs[i].shape;
      out.values.assign(values.begin(), values.end());
    } else {
      out.more.push_back({outputs[i].name, outputs[i].shape, {values.begin(), values.end()}});
    }
  }
  return out;
}

std::vector<Tensor> decoder_inputs(const inference::ModelInfo& decoder, const Embedding& embedding,
                                   const sam::Prompt& prompt, const decode::Frame& frame) {
  const auto signature = decode::signature_of(decoder);
  std::vector<Tensor> out;
  for (auto& part : sam::prompt_tensors(signature, decoder_variant(decoder), prompt, frame)) {
    const auto type = type_of(decoder, part.name);
    out.push_back(floats_of(part.name, part.shape, part.values, type));
  }
  const auto ports = ports_of(embedding);
  for (const auto& input : signature.inputs) {
    const auto place = sam::embedding_for(input, ports);
    if (!place) continue;
    const bool main = *place == 0;
    const auto& values = main ? embedding.values : embedding.more[*place - 1].values;
    out.push_back(floats_of(input.name, ports[*place].shape, values, type_of(decoder, input.name)));
  }
  return out;
}

}  // namespace aa::modelzoo
