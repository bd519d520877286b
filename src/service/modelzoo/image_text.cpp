#include "service/modelzoo/image_text.hpp"

#include <algorithm>

#include "kernel/decode/frame.hpp"
#include "kernel/decode/reader.hpp"
#include "service/modelzoo/tokenizer_file.hpp"

namespace aa::modelzoo {
namespace {

namespace clip = decode::clip;
using inference::ElementType;
using inference::Tensor;

constexpr char kImage[] = "image";
constexpr char kText[] = "text";

ElementType type_of(const inference::ModelInfo& info, const std::string& input) {
  const auto found = std::ranges::find(info.inputs, input, &inference::TensorSpec::name);
  return found == info.inputs.end() ? ElementType::float32 : found->type;
}

// Ids are below 2^24, which floats hold exactly.
Tensor row_of(const std::string& name, const std::vector<std::int64_t>& ids, ElementType type) {
  auto tensor = Tensor::of_floats(name, {1, static_cast<std::int64_t>(ids.size())});
  std::ranges::transform(ids, tensor.floats().begin(),
                         [](std::int64_t id) { return static_cast<float>(id); });
  return inference::converted(std::move(tensor), type);
}

std::vector<float> vector_of(std::vector<Tensor> outputs, const std::string& name) {
  for (auto& output : outputs) {
    if (output.name == name) output = inference::converted(std::move(output), ElementType::float32);
  }
  std::erase_if(outputs, [&](const Tensor& output) { return output.name != name; });
  return clip::read_vector(decode::views_of(outputs), name);
}

}  // namespace

struct ImageText::Loaded {
  const clip::PairFamily* family = nullptr;
  std::filesystem::path image_path;
  std::filesystem::path text_path;
  clip::ImageSide image;
  clip::TextSide text;
  ElementType image_type = ElementType::float32;
  ElementType ids_type = ElementType::int64;
  ElementType mask_type = ElementType::int64;
  std::optional<decode::BpeVocabulary> vocabulary;
};

Task<std::shared_ptr<const ImageText::Loaded>> ImageText::load(std::string id,
                                                               inference::Lane lane) {
  {
    const std::lock_guard lock(mutex_);
    if (const auto it = loaded_.find(id); it != loaded_.end()) co_return it->second;
  }
  const auto& manifest = catalogue_.manifest(id);
  auto loaded = std::make_shared<Loaded>();
  loaded->family = clip::pair_family_named(manifest.family);
  if (manifest.task != kImageTextTask || loaded->family == nullptr) {
    throw invalid("wrong_model", "The model " + manifest.name + " does not read texts.");
  }
  auto locate = [this, id, loaded] {
    loaded->image_path = catalogue_.graph(id, kImage);
    loaded->text_path = catalogue_.graph(id, kText);
    loaded->vocabulary = read_tokenizer(catalogue_.folder_of(id));
  };
  co_await runtime::run_on(executors_.blocking(), locate);
  const auto image = co_await engine_.info(loaded->image_path, lane);
  loaded->image = clip::image_side(*loaded->family, decode::signature_of(image));
  loaded->image_type = type_of(image, loaded->image.input_name);
  if (manifest.preprocess) decode::apply_preprocess(*manifest.preprocess, loaded->image.input);
  const auto text = co_await engine_.info(loaded->text_path, lane);
  loaded->text = clip::text_side(decode::signature_of(text));
  loaded->ids_type = type_of(text, loaded->text.ids_name);
  loaded->mask_type = type_of(text, loaded->text.mask_name);
  const std::lock_guard lock(mutex_);
  loaded_[id] = loaded;
  co_return loaded;
}

Task<std::vector<float>> ImageText::embed_text(std::shared_ptr<const Loaded> loaded,
                                               std::string text, inference::Lane lane) {
  auto prepare = [loaded, text] {
    const auto& side = loaded->text;
    auto ids = loaded->vocabulary->sequence(text, side.length);
    std::vector<Tensor> out;
    out.push_back(row_of(side.ids_name, ids, loaded->ids_type));
    if (side.mask_name.empty()) return out;
    // What counts runs to the end's id, the last that is not 0.
    const auto last =
        std::ranges::find_if(ids.rbegin(), ids.rend(), [](std::int64_t id) { return id != 0; });
    const auto count = ids.rend() - last;
    for (std::size_t i = 0; i < ids.size(); ++i) ids[i] = std::cmp_less(i, count) ? 1 : 0;
    out.push_back(row_of(side.mask_name, ids, loaded->mask_type));
    return out;
  };
  auto inputs = co_await runtime::run_on(engine_.executor(lane), prepare);
  auto result = co_await engine_.run(loaded->text_path, std::move(inputs), lane);
  co_return vector_of(std::move(result.outputs), loaded->text.output_name);
}

Task<std::vector<float>> ImageText::text_embedding(std::string model, std::string text,
                                                   inference::Lane lane) {
  const auto loaded = co_await load(std::move(model), lane);
  co_return co_await embed_text(loaded, std::move(text), lane);
}

Task<std::vector<float>> ImageText::image_embedding(std::string model, Pixels image,
                                                    inference::Lane lane,
                                                    std::optional<decode::Region> region) {
  const auto loaded = co_await load(std::move(model), lane);
  auto prepare = [image, loaded, region] {
    const auto& side = loaded->image;
    const auto frame = decode::plan_frame(image->width(), image->height(), side.input, region);
    auto tensor = Tensor::of_floats(side.input_name, side.input.shape());
    decode::fill_frame(image->view(), side.input, frame, tensor.floats());
    return inference::converted(std::move(tensor), loaded->image_type);
  };
  std::vector<Tensor> inputs;
  inputs.push_back(co_await runtime::run_on(engine_.executor(lane), prepare));
  auto result = co_await engine_.run(loaded->image_path, std::move(inputs), lane);
  co_return vector_of(std::move(result.outputs), loaded->image.output_name);
}

Task<std::vector<float>> ImageText::embed_label(std::shared_ptr<const Loaded> loaded,
                                                std::string label, ZeroShotRequest request,
                                                inference::Lane lane) {
  std::vector<std::string> key = {request.model, label};
  key.insert(key.end(), request.templates.begin(), request.templates.end());
  {
    const std::lock_guard lock(mutex_);
    if (const auto it = label_vectors_.find(key); it != label_vectors_.end()) co_return it->second;
  }
  std::vector<std::vector<float>> vectors;
  for (const auto& prompt : clip::prompts_for(label, request.templates)) {
    vectors.push_back(co_await embed_text(loaded, prompt, lane));
  }
  auto mean = clip::mean_vector(vectors);
  const std::lock_guard lock(mutex_);
  if (label_vectors_.size() >= kLabelVectorsMax) label_vectors_.clear();
  label_vectors_[std::move(key)] = mean;
  co_return mean;
}

Task<ZeroShot> ImageText::zero_shot(Pixels image, ZeroShotRequest request, inference::Lane lane) {
  if (request.labels.empty() || request.labels.size() > kZeroShotLabelsMax) {
    throw invalid("bad_labels", "There must be 1 to " + std::to_string(kZeroShotLabelsMax) +
                                    " labels to choose from.");
  }
  const auto loaded = co_await load(request.model, lane);
  ZeroShot out;
  out.image = co_await image_embedding(request.model, std::move(image), lane, request.region);
  std::vector<std::vector<float>> vectors;
  for (const auto& label : request.labels) {
    vectors.push_back(co_await embed_label(loaded, label, request, lane));
  }
  const auto parameters = catalogue_.manifest(request.model).parameters.value_or(json::Object{});
  const auto scores = clip::label_scores(*loaded->family, parameters, out.image, vectors);
  for (std::size_t i = 0; i < scores.size(); ++i) {
    out.labels.push_back({request.labels[i], scores[i]});
  }
  co_return out;
}

}  // namespace aa::modelzoo
