// How long a model takes on this machine: each of its graphs, at batch 1, 2, 4 and 8 where the
// graph's batch is free.
//
// Any graph can be measured whose inputs are told by its own shapes or by the manifest's `inputs`:
// images get a gradient, other inputs what sample_inputs.hpp says. Each figure is the median of
// `runs` runs, or of what was done after kMeasureTime.
// Thread rule: one at a time; blocks. Errors: those of Catalogue, Engine and Vision.
#pragma once

#include "service/modelzoo/analyze.hpp"
#include "service/modelzoo/benchmarks.hpp"

namespace aa::modelzoo {

struct BenchParts {
  const Catalogue& catalogue;
  inference::Engine& engine;
  Vision& vision;
  Analyzer& analyzer;
  runtime::Executors& executors;
  const Clock& clock;
};

Benchmark bench_model(BenchParts parts, const std::string& id, Pixels image, std::size_t runs);
// A colour gradient, for want of a photo.
Pixels gradient_image(int width, int height);

}  // namespace aa::modelzoo
