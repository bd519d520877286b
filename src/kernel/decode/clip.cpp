#include "kernel/decode/clip.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "base/error.hpp"
#include "kernel/decode/brought_rows.hpp"
#include "kernel/decode/families.hpp"
#include "kernel/decode/probabilities.hpp"

namespace aa::decode::clip {
namespace {

constexpr std::array<PairFamily, 3> kFamilies = {
    {{"clip", false, 100, 0}, {"mobileclip", false, 100, 0}, {"siglip", true, 117.33, -12.93}}};
constexpr std::array<float, 3> kMean = {0.48145466F, 0.4578275F, 0.40821073F};
constexpr std::array<float, 3> kDeviation = {0.26862954F, 0.26130258F, 0.27577711F};
constexpr std::size_t kLengthMax = 1'024;
constexpr std::int64_t kFeaturesMax = 8'192;
constexpr std::string_view kPlace = "{}";
constexpr std::string_view kTemplate = "a photo of a {}.";

void normalise(const PairFamily& family, InputSpec& input) {
  input.fit = Fit::cover;
  input.resampling = Resampling::bicubic;
  if (family.name == "mobileclip") {
    input.resampling = Resampling::bilinear;
    input.scale.fill(1.0F / 255.0F);
    return;
  }
  if (family.name == "siglip") {
    input.fit = Fit::stretch;
    input.scale.fill(2.0F / 255.0F);
    input.offset.fill(-1);
    return;
  }
  for (std::size_t c = 0; c < 3; ++c) {
    input.scale[c] = 1 / (255 * kDeviation[c]);
    input.offset[c] = -kMean[c] / kDeviation[c];
  }
}

// Exporters give the vector by these names, beside the hidden states; else it is the only [1, D].
std::string vector_output(const GraphSignature& graph) {
  const auto is_vector = [](const Port& port) {
    return port.shape.size() == 2 && port.shape[0] <= 1 && port.shape[1] != 0;
  };
  for (const std::string_view name :
       {"image_embeds", "text_embeds", "pooler_output", "image_embeddings", "text_embeddings"}) {
    const auto found = std::ranges::find(graph.outputs, name, &Port::name);
    if (found != graph.outputs.end() && is_vector(*found)) return found->name;
  }
  if (std::ranges::count_if(graph.outputs, is_vector) != 1) {
    throw invalid("model_invalid", "The encoder gives no single vector [1, D].");
  }
  return std::ranges::find_if(graph.outputs, is_vector)->name;
}

double parameter(const json::Object& parameters, std::string_view name, double otherwise) {
  const auto* given = parameters.if_contains(name);
  if (given == nullptr) return otherwise;
  if (!given->is_number() || !std::isfinite(given->to_number<double>())) {
    throw invalid("bad_parameters", fmt::format("/parameters/{} must be a number.", name));
  }
  return given->to_number<double>();
}

}  // namespace

std::span<const PairFamily> pair_families() { return kFamilies; }

const PairFamily* pair_family_named(std::string_view name) {
  const auto* found = std::ranges::find(kFamilies, name, &PairFamily::name);
  return found == kFamilies.end() ? nullptr : found;
}

ImageSide image_side(const PairFamily& family, const GraphSignature& graph) {
  ModelSpec spec;
  if (!describe_input(graph, spec) || !is_colour_image(graph, spec)) {
    throw invalid("model_invalid", "The image encoder takes no single image of three channels.");
  }
  if (graph.inputs.front().shape[2] < 0) spec.input.width = spec.input.height = 224;
  normalise(family, spec.input);
  return {spec.input_name, spec.input, vector_output(graph)};
}

TextSide text_side(const GraphSignature& graph) {
  TextSide out;
  for (const auto& port : graph.inputs) {
    if (port.shape.size() != 2) continue;
    if (port.name == "attention_mask") {
      out.mask_name = port.name;
    } else if (out.ids_name.empty()) {
      out.ids_name = port.name;
      if (port.shape[1] > 0) out.length = static_cast<std::size_t>(port.shape[1]);
    }
  }
  const std::size_t known = (out.ids_name.empty() ? 0 : 1) + (out.mask_name.empty() ? 0 : 1);
  if (out.ids_name.empty() || known != graph.inputs.size() || out.length > kLengthMax) {
    throw invalid("model_invalid",
                  "The text encoder takes other inputs than token ids [1, L] and attention_mask.");
  }
  out.output_name = vector_output(graph);
  return out;
}

std::vector<float> read_vector(Outputs outputs, std::string_view name) {
  const auto& output = output_named(outputs, name);
  const auto& shape = output.shape;
  if (shape.size() != 2 || shape[0] != 1 || shape[1] < 1 || shape[1] > kFeaturesMax ||
      output.values.size() != static_cast<std::size_t>(shape[1])) {
    throw invalid("model_output", fmt::format("Output '{}' has shape [{}]; [1, D] was expected.",
                                              name, fmt::join(shape, ", ")));
  }
  if (!std::ranges::all_of(output.values, [](float value) { return std::isfinite(value); })) {
    throw invalid("model_output", "The model's features are not finite.");
  }
  return unit_vector(output.values);
}

double cosine(std::span<const float> a, std::span<const float> b) {
  if (a.size() != b.size()) {
    throw invalid("model_output", "The image's and the text's vectors differ in size.");
  }
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

std::vector<std::string> prompts_for(std::string_view label,
                                     std::span<const std::string> templates) {
  if (templates.size() > kTemplatesMax) {
    throw invalid("bad_parameters", fmt::format("There are at most {} templates.", kTemplatesMax));
  }
  std::vector<std::string> out;
  const auto fill = [&](std::string_view text) {
    const auto place = text.find(kPlace);
    if (place == std::string_view::npos) {
      throw invalid("bad_parameters", "A template has \"{}\" where the label's name goes.");
    }
    out.push_back(std::string(text.substr(0, place)) + std::string(label) +
                  std::string(text.substr(place + kPlace.size())));
  };
  if (templates.empty()) fill(kTemplate);
  for (const auto& text : templates) fill(text);
  return out;
}

std::vector<float> mean_vector(std::span<const std::vector<float>> vectors) {
  if (vectors.empty()) throw invalid("model_output", "There is no vector to take the mean of.");
  std::vector<float> sum(vectors.front().size());
  for (const auto& vector : vectors) {
    if (vector.size() != sum.size()) throw invalid("model_output", "Vectors differ in size.");
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += vector[i];
  }
  return unit_vector(sum);
}

std::vector<float> label_scores(const PairFamily& family, const json::Object& parameters,
                                std::span<const float> image,
                                std::span<const std::vector<float>> labels) {
  const double scale = parameter(parameters, "logit_scale", family.logit_scale);
  const double bias = parameter(parameters, "logit_bias", family.logit_bias);
  std::vector<float> logits;
  for (const auto& label : labels) {
    logits.push_back(static_cast<float>(scale * cosine(image, label) + bias));
  }
  if (!family.independent) return softmax(logits);
  for (float& logit : logits) logit = sigmoid(logit);
  return logits;
}

}  // namespace aa::decode::clip
