// Models that work together on one image: steps of which each looks at what an earlier one found.
//
// Knows no engine: `look` runs a model on the image or a region of it, `outline` a promptable
// segmenter on boxes. Findings keep the order of their steps.
// Units: pixels of the upright image. Limits: kRegionsMax regions of one step, best first. Thread
// rule: one owner; its functions are called one after the other except `look`, of which `at_once`
// may run together. Errors: those of the functions given.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/runtime/executors.hpp"
#include "kernel/decode/reader.hpp"
#include "kernel/decode/sam.hpp"
#include "service/modelzoo/catalogue.hpp"

namespace aa::modelzoo {

inline constexpr std::size_t kRegionsMax = 300;

struct PipelineParts {
  using Regions = std::optional<decode::Region>;
  std::function<runtime::Task<decode::Reading>(const PipelineStep&, Regions)> look;
  // One mask per box, in their order; an empty polygon where there is none.
  std::function<runtime::Task<std::vector<decode::sam::MaskResult>>(const PipelineStep&,
                                                                    std::vector<geometry::Rect>)>
      outline;
  std::function<bool(const PipelineStep&)> is_segmenter;
  runtime::Executor executor;
  std::size_t at_once = 2;
};

class Pipeline {
 public:
  Pipeline(std::vector<PipelineStep> steps, PipelineParts parts)
      : steps_(std::move(steps)), parts_(std::move(parts)) {}

  runtime::Task<decode::Reading> run();

 private:
  runtime::Task<> run_whole(std::size_t index);
  runtime::Task<> run_regions(std::size_t index, std::vector<std::size_t> chosen);
  runtime::Task<> run_segmenter(std::size_t index, std::vector<std::size_t> chosen);
  std::vector<std::size_t> chosen_by(const PipelineStep& step) const;
  void join(std::size_t index, std::size_t target, decode::Reading answer);

  std::vector<PipelineStep> steps_;
  PipelineParts parts_;
  decode::Reading reading_;
  std::vector<std::size_t> step_of_;  // of each finding
};

}  // namespace aa::modelzoo
