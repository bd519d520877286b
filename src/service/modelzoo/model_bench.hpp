// How long a model takes on this machine: each of its graphs, at batch 1, 2, 4 and 8 where the
// graph's batch is free.
//
// Any graph can be measured whose inputs are told by its own shapes or by the manifest's `inputs`:
// images get a gradient, other inputs what sample_inputs() says. Each figure is the median of
// `runs` runs, or of what was done after kMeasureTime.
// Thread rule: one at a time; blocks. Errors: those of Catalogue, Engine and Vision.
#pragma once

#include "service/modelzoo/benchmarks.hpp"
#include "service/modelzoo/vision.hpp"

namespace aa::modelzoo {

struct BenchParts {
  const Catalogue& catalogue;
  inference::Engine& engine;
  Vision& vision;
  runtime::Executors& executors;
  const Clock& clock;
};

Benchmark bench_model(BenchParts parts, const std::string& id, Pixels image, std::size_t runs);
// A colour gradient, for want of a photo.
Pixels gradient_image(int width, int height);

// Inputs of one batch. `shapes` fixes free sizes by input name; what stays free is the batch on
// axis 0, kFreeSide on the sides of an image, and 1 elsewhere.
std::vector<inference::Tensor> sample_inputs(
    const inference::ModelInfo& info,
    const std::map<std::string, std::vector<std::int64_t>>& shapes, std::int64_t batch);

}  // namespace aa::modelzoo
