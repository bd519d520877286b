#include "service/modelzoo/analyze.hpp"

#include <algorithm>
#include <utility>

#include "service/modelzoo/label_file.hpp"
#include "service/modelzoo/pipeline.hpp"

namespace aa::modelzoo {

struct Analyzer::Loaded {
  std::filesystem::path path;
  decode::ModelSpec spec;
  inference::ElementType input_type = inference::ElementType::float32;
  std::vector<inference::Tensor> constants;
};

// Regions are looked at together, on several threads.
class Analyzer::TimingSum {
 public:
  void add(const Timing& part) {
    const std::lock_guard lock(mutex_);
    sum_.prepare += part.prepare;
    sum_.queue += part.queue;
    sum_.run += part.run;
    sum_.decode += part.decode;
  }
  Timing total() const {
    const std::lock_guard lock(mutex_);
    return sum_;
  }

 private:
  mutable std::mutex mutex_;
  Timing sum_;
};

struct Analyzer::Shot {
  inference::Tensor tensor;
  decode::Frame frame;
};

namespace {

double milliseconds(std::chrono::nanoseconds duration) {
  return std::chrono::duration<double, std::milli>(duration).count();
}

// The one graph that looks at images.
const std::string& role_of(const Manifest& manifest) {
  if (manifest.graphs.size() != 1) {
    throw invalid("wrong_model", "The model " + manifest.name +
                                     " needs more than an image: it is for " + manifest.task + ".");
  }
  return manifest.graphs.begin()->first;
}

decode::ModelSpec spec_of(const Catalogue& catalogue, const Manifest& manifest,
                          const inference::ModelInfo& info) {
  const auto signature = decode::signature_of(info);
  auto spec = decode::model_of_family(manifest.family, signature,
                                      manifest.parameters.value_or(json::Object{}));
  if (!spec) {
    throw invalid("model_invalid",
                  "The inputs and outputs of " + manifest.name + " are not those of its family.");
  }
  // What the manifest says stands before what the exporter wrote: a user may have renamed classes.
  if (const auto& labels = catalogue.labels(manifest); !labels.empty()) spec->labels = labels;
  if (manifest.preprocess) decode::apply_preprocess(*manifest.preprocess, spec->input);
  return std::move(*spec);
}

// `parameters.dictionary`, a file of the model's own; too long a list for a card. Blocks.
std::vector<std::string> dictionary_of(const Catalogue& catalogue, const Manifest& manifest) {
  const auto* name = manifest.parameters ? manifest.parameters->if_contains("dictionary") : nullptr;
  const auto* text = name != nullptr ? name->if_string() : nullptr;
  if (text == nullptr || !is_plain_name(std::string_view(*text))) return {};
  return read_dictionary(catalogue.folder_of(manifest.id) / std::string_view(*text));
}

std::vector<inference::Tensor> constants_of(const decode::ModelSpec& spec,
                                            const inference::ModelInfo& info) {
  std::vector<inference::Tensor> out;
  for (const auto& constant : spec.constants) {
    const auto port = std::ranges::find(info.inputs, constant.name, &inference::TensorSpec::name);
    if (port == info.inputs.end()) continue;
    auto tensor = inference::Tensor::of_floats(constant.name, constant.shape);
    std::ranges::transform(constant.values, tensor.floats().begin(),
                           [](double value) { return static_cast<float>(value); });
    out.push_back(inference::converted(std::move(tensor), port->type));
  }
  return out;
}

bool is_segmenter(const Manifest& manifest) { return manifest.task == "promptable_segmentation"; }

}  // namespace

Analyzer::Analyzer(const Catalogue& catalogue, inference::Engine& engine, Vision& vision,
                   runtime::Executors& executors, const Clock& clock)
    : catalogue_(catalogue),
      engine_(engine),
      vision_(vision),
      executors_(executors),
      clock_(clock),
      image_text_(catalogue, engine, executors) {}

Task<std::shared_ptr<const Analyzer::Loaded>> Analyzer::load(std::string id, inference::Lane lane) {
  const auto revision = catalogue_.revision();
  {
    const std::lock_guard lock(mutex_);
    // What was loaded may have been removed, and its id be another's by now.
    if (std::exchange(revision_, revision) != revision) loaded_.clear();
    if (const auto it = loaded_.find(id); it != loaded_.end()) co_return it->second;
  }
  const auto& manifest = catalogue_.manifest(id);
  std::vector<std::string> dictionary;
  auto locate = [this, id, role = role_of(manifest), &dictionary] {
    auto path = catalogue_.graph(id, role);
    dictionary = dictionary_of(catalogue_, catalogue_.manifest(id));
    return path;
  };
  auto loaded = std::make_shared<Loaded>();
  loaded->path = co_await runtime::run_on(executors_.blocking(), locate);
  const auto info = co_await engine_.info(loaded->path, lane);
  loaded->spec = spec_of(catalogue_, manifest, info);
  if (!dictionary.empty()) loaded->spec.labels = std::move(dictionary);
  if (!info.inputs.empty()) loaded->input_type = info.inputs.front().type;
  loaded->constants = constants_of(loaded->spec, info);
  const std::lock_guard lock(mutex_);
  if (revision_ == revision) loaded_[id] = loaded;
  co_return loaded;
}

Task<decode::Reading> Analyzer::run_model(Pixels image, AnalyzeOptions options, TimingSum& sum) {
  if (catalogue_.manifest(options.model).task == kImageTextTask) {
    co_return co_await run_pair(std::move(image), std::move(options), sum);
  }
  Timing timing;
  const auto started = clock_.steady();
  const auto loaded = co_await load(options.model, options.lane);
  auto prepare = [image, loaded, region = options.region] {
    const auto& spec = loaded->spec;
    const auto sized = region ? spec.input.sized_for(region->width, region->height)
                              : spec.input.sized_for(image->width(), image->height());
    const auto frame = decode::plan_frame(image->width(), image->height(), sized, region);
    auto tensor = inference::Tensor::of_floats(spec.input_name, sized.shape());
    decode::fill_frame(image->view(), sized, frame, tensor.floats());
    return Shot{inference::converted(std::move(tensor), loaded->input_type), frame};
  };
  auto shot = co_await runtime::run_on(engine_.executor(options.lane), prepare);
  timing.prepare = milliseconds(clock_.steady() - started);
  std::vector<inference::Tensor> inputs;
  inputs.push_back(std::move(shot.tensor));
  for (const auto& constant : loaded->constants) inputs.push_back(constant);
  auto result = co_await engine_.run(loaded->path, std::move(inputs), options.lane);
  timing.queue = milliseconds(result.timing.queued);
  timing.run = milliseconds(result.timing.run);
  const auto read_from = clock_.steady();
  auto read = [&result, &loaded, &options, &shot] {
    for (auto& output : result.outputs) {
      output = inference::converted(std::move(output), inference::ElementType::float32);
    }
    const decode::ReadOptions how{.score_min = options.min_score, .tolerance = options.tolerance};
    return decode::read_model(decode::views_of(result.outputs), loaded->spec, shot.frame, how);
  };
  auto reading = co_await runtime::run_on(engine_.executor(options.lane), read);
  timing.decode = milliseconds(clock_.steady() - read_from);
  sum.add(timing);
  co_return reading;
}

// The picture's features, and which of the names fit it.
Task<decode::Reading> Analyzer::run_pair(Pixels image, AnalyzeOptions options, TimingSum& sum) {
  Timing timing;
  const auto started = clock_.steady();
  ZeroShotRequest request{options.model, options.labels, {}, options.region};
  decode::Reading reading;
  if (request.labels.empty()) {
    reading.embedding = co_await image_text_.image_embedding(request.model, std::move(image),
                                                             options.lane, request.region);
  } else {
    auto found = co_await image_text_.zero_shot(std::move(image), std::move(request), options.lane);
    reading.embedding = std::move(found.image);
    for (auto& label : found.labels) {
      if (label.score < options.min_score) continue;
      reading.findings.push_back({.shape = document::Tag{},
                                  .score = label.score,
                                  .class_index = -1,
                                  .class_name = std::move(label.name)});
    }
    std::ranges::stable_sort(reading.findings, std::ranges::greater{}, &decode::Finding::score);
  }
  timing.run = milliseconds(clock_.steady() - started);
  sum.add(timing);
  co_return reading;
}

Task<std::vector<decode::sam::MaskResult>> Analyzer::outline(Pixels image, AnalyzeOptions options,
                                                             std::vector<geometry::Rect> boxes,
                                                             TimingSum& sum) {
  const PixelSource source = [image]() -> Task<Pixels> { co_return image; };
  // An image without a name is looked at once: nothing of it is kept under another's.
  const EmbeddingKey nameless{
      std::nullopt, "pixels " + std::to_string(reinterpret_cast<std::uintptr_t>(image.get()))};
  const auto key = options.image.value_or(nameless);
  std::vector<decode::sam::Prompt> prompts;
  for (const auto& box : boxes)
    prompts.push_back({.points = {}, .box = box, .previous = {}, .previous_mask = {}});
  SegmentOptions how{options.model, options.lane, {}};
  how.masks.tolerance = options.tolerance;
  auto outcome = co_await vision_.segment(key, source, image->width(), image->height(),
                                          std::move(prompts), std::move(how));
  sum.add(outcome.timing);
  co_return std::move(outcome.masks);
}

Task<decode::Reading> Analyzer::run_pipeline(Pixels image, AnalyzeOptions options, TimingSum& sum) {
  const auto steps = *catalogue_.manifest(options.model).steps;
  const auto of_step = [options](const PipelineStep& step) {
    auto out = options;
    out.model = step.model;
    if (step.min_score) out.min_score = *step.min_score;
    return out;
  };
  PipelineParts parts{.executor = executors_.io(), .at_once = executors_.compute_threads()};
  parts.look = [&](const PipelineStep& step, PipelineParts::Regions region) {
    auto how = of_step(step);
    if (region) how.region = region;
    return run_model(image, std::move(how), sum);
  };
  parts.outline = [&](const PipelineStep& step, std::vector<geometry::Rect> boxes) {
    return outline(image, of_step(step), std::move(boxes), sum);
  };
  parts.is_segmenter = [this](const PipelineStep& step) {
    return is_segmenter(catalogue_.manifest(step.model));
  };
  Pipeline pipeline(steps, std::move(parts));
  co_return co_await pipeline.run();
}

Task<Analysis> Analyzer::ask_remote(Pixels image, RemoteKey key, AnalyzeOptions options) {
  if (remote_models_ == nullptr) throw not_found("model \"" + key.id + "\"");
  const auto started = clock_.steady();
  Analysis out{key.id, {}, {}, {}};
  auto said = co_await remote_models_->look(key, std::move(image));
  out.model_version = std::move(said.version);
  out.reading = std::move(said.reading);
  std::erase_if(out.reading.findings, [&](const auto& f) { return f.score < options.min_score; });
  std::ranges::stable_sort(out.reading.findings, std::ranges::greater{}, &decode::Finding::score);
  out.timing.run = milliseconds(clock_.steady() - started);
  out.timing.total = out.timing.run;
  co_return out;
}

Task<Analysis> Analyzer::analyze(Pixels image, AnalyzeOptions options) {
  const auto started = clock_.steady();
  if (auto remote = RemoteKey::parse(options.model)) {
    co_return co_await ask_remote(std::move(image), std::move(*remote), std::move(options));
  }
  const auto manifest = catalogue_.manifest(options.model);
  if (is_segmenter(manifest)) {
    throw invalid("wrong_model",
                  "The model " + manifest.name + " needs points or a box: ask /inference/segment.");
  }
  Analysis out{manifest.id, catalogue_.card(options.model).version, {}, {}};
  TimingSum sum;
  if (manifest.steps) {
    out.reading = co_await run_pipeline(image, std::move(options), sum);
  } else {
    out.reading = co_await run_model(image, std::move(options), sum);
  }
  out.timing = sum.total();
  out.timing.total = milliseconds(clock_.steady() - started);
  co_return out;
}

}  // namespace aa::modelzoo
