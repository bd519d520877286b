// Any model of the catalogue on one image: a graph with a reader, or a pipeline of several.
//
// A pipeline runs step after step; a step looks at the whole image or at what an earlier step
// found, each in its own region (kernel/decode/frame.hpp), and its answer joins what is there
// (catalogue.hpp, PipelineStep). A promptable segmenter as a step takes boxes as prompts.
//
// Thread rule: shared by all coroutines. Pixels are prepared and outputs read where the
// engine says for the lane. Errors: those of Catalogue, Engine, kernel/decode; invalid_argument
// "wrong_model" for a model that needs more than an image.
#pragma once

#include "kernel/decode/reader.hpp"
#include "service/modelzoo/image_text.hpp"
#include "service/modelzoo/remote_models.hpp"
#include "service/modelzoo/vision.hpp"

namespace aa::modelzoo {

struct AnalyzeOptions {
  std::string model;  // its key (catalogue.hpp); a remote one's, remote_models.hpp
  double min_score = 0.35;
  inference::Lane lane = inference::Lane::interactive;
  std::optional<decode::Region> region;  // only this part of the image
  std::optional<EmbeddingKey> image;     // names the image: segmenters keep its embedding
  double tolerance = 1.0;                // of polygons, pixels
  // Names that a pair of image and text encoders chooses from; none: it gives features alone.
  std::vector<std::string> labels = {};
};

struct Analysis {
  std::string model;
  std::string model_version;
  decode::Reading reading;
  Timing timing;
};

class Analyzer {
 public:
  Analyzer(const Catalogue& catalogue, inference::Engine& engine, Vision& vision,
           runtime::Executors& executors, const Clock& clock);

  Task<Analysis> analyze(Pixels image, AnalyzeOptions options);
  // Texts and images as vectors of one space.
  ImageText& image_text() { return image_text_; }

  // Before the first call; null: there are none.
  void set_remote_models(RemoteModels* models) { remote_models_ = models; }
  RemoteModels* remote_models() const { return remote_models_; }

 private:
  struct Loaded;
  class TimingSum;
  struct Shot;  // a prepared input and where it looks
  Task<std::shared_ptr<const Loaded>> load(std::string id, inference::Lane lane);
  Task<Analysis> ask_remote(Pixels image, RemoteKey key, AnalyzeOptions options);
  Task<decode::Reading> run_model(Pixels image, AnalyzeOptions options, TimingSum& sum);
  Task<decode::Reading> run_pair(Pixels image, AnalyzeOptions options, TimingSum& sum);
  Task<decode::Reading> run_pipeline(Pixels image, AnalyzeOptions options, TimingSum& sum);
  Task<std::vector<decode::sam::MaskResult>> outline(Pixels image, AnalyzeOptions options,
                                                     std::vector<geometry::Rect> boxes,
                                                     TimingSum& sum);

  const Catalogue& catalogue_;
  inference::Engine& engine_;
  Vision& vision_;
  runtime::Executors& executors_;
  const Clock& clock_;
  ImageText image_text_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const Loaded>> loaded_;
  std::uint64_t revision_ = 0;  // of the catalogue that they were loaded from
  RemoteModels* remote_models_ = nullptr;
};

}  // namespace aa::modelzoo
