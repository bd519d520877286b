// What was measured of a model on this machine, kept as DATA/models/benchmarks/ID.json.
//
// Units: milliseconds, bytes, runs per second; shares are 0..1. Thread rule: functions; a file is
// replaced as a whole. Errors: those of host::AtomicFile; a file that cannot be read counts as
// none.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/json.hpp"

namespace aa::modelzoo {

// One graph of the model at one batch size.
struct BenchmarkRow {
  std::string role;  // of the graph: detector, encoder, ...
  std::int64_t batch = 1;
  double load_ms = 0;
  double latency_ms = 0;          // median of a run with all threads, one at a time
  double per_second = 0;          // images, with one single-threaded run per core
  std::int64_t memory_bytes = 0;  // by how much the process grew with loading and the first run
  // Of an image's time, what is not the model: preparing, queue, reading, copies.
  double outside_share = 0;
};
BOOST_DESCRIBE_STRUCT(BenchmarkRow, (),
                      (role, batch, load_ms, latency_ms, per_second, memory_bytes, outside_share))

struct Benchmark {
  std::string model;
  std::string model_version;
  Timestamp measured_at;
  std::string machine;
  std::vector<BenchmarkRow> rows;
};
BOOST_DESCRIBE_STRUCT(Benchmark, (), (model, model_version, measured_at, machine, rows))

std::string machine_name();  // processor and cores
// `own` is the folder of the user's models. Only what was measured of this version is given.
std::optional<Benchmark> load_benchmark(const std::filesystem::path& own, const std::string& model,
                                        const std::string& version);
void save_benchmark(const std::filesystem::path& own, const Benchmark& benchmark);

}  // namespace aa::modelzoo
