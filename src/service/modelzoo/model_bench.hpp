// How long a model takes on this machine, part by part.
//
// Each graph of a model is a row: a detector, or a SAM's encoder and decoder (a box as prompt). The
// first run loads and warms; medians are of the runs after it, one at a time, with all threads.
// Units: milliseconds, bytes. `memory` is by how much the process grew from before loading to after
// the first run; another model's leavings may make it look smaller.
// Thread rule: one at a time; blocks. Errors: those of Catalogue, Engine and Vision.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "service/modelzoo/vision.hpp"

namespace aa::modelzoo {

struct BenchRow {
  std::string model;
  std::string role;  // detector, encoder, decoder
  double load = 0;
  double total = 0;  // median of prepare + run + decode
  double prepare = 0;
  double run = 0;
  double decode = 0;
  std::int64_t memory = 0;
};

struct BenchParts {
  const Catalogue& catalogue;
  inference::Engine& engine;
  Vision& vision;
  runtime::Executors& executors;
  const Clock& clock;
};

std::vector<BenchRow> bench_model(BenchParts parts, const std::string& id, Pixels image,
                                  std::size_t runs);
// A colour gradient, for want of a photo.
Pixels gradient_image(int width, int height);

}  // namespace aa::modelzoo
