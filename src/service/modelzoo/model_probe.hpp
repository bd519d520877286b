// The first run of a stranger's model: loaded, recognised, run on a probe image, and its answer
// read as its family's decoder does.
//
// It belongs into a child process (ChildProbe): ONNX Runtime is not made to survive hostile graphs.
// probe_model is what the child does; both speak through files in one folder, request.json and
// report.json, and the graphs of the request beside them. What the child reports is read as from a
// stranger.
//
// Thread rule: blocks; any thread. Errors: those of the engine and the decoders; invalid_argument
// "unknown_family"; of ChildProbe also invalid_argument "probe_crashed", "probe_timeout",
// "probe_memory".
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "service/modelzoo/vision.hpp"

namespace aa::modelzoo {

struct ProbeRequest {
  std::map<std::string, std::string> graphs;  // role -> file in the folder
  std::optional<std::string> family;          // else recognised
};
BOOST_DESCRIBE_STRUCT(ProbeRequest, (), (graphs, family))

struct ProbeReport {
  std::string task;
  std::string family;
  int classes = 0;                  // 0: the outputs do not tell
  std::vector<std::string> labels;  // from the model's metadata
  json::Object inputs;              // of the manifest
};
BOOST_DESCRIBE_STRUCT(ProbeReport, (), (task, family, classes, labels, inputs))
constexpr auto field_rules(const ProbeReport*) {
  return std::array{json::Field{.name = "task", .max_length = 100},
                    json::Field{.name = "family", .max_length = 100},
                    json::Field{.name = "classes", .min = 0, .max = 1'000'000},
                    json::Field{.name = "labels", .max_items = 10'000}};
}

struct ProbeParts {
  inference::Engine& engine;
  runtime::Executors& executors;
  const Clock& clock;
};

ProbeReport probe_model(const std::filesystem::path& folder, const ProbeRequest& request,
                        ProbeParts parts);

// Runs a probe in the folder that holds the graphs.
using Probe = std::function<ProbeReport(const std::filesystem::path&, const ProbeRequest&)>;

struct ChildSettings {
  std::filesystem::path program = "/proc/self/exe";
  std::vector<std::string> flags;  // settings for the child
  std::chrono::seconds time_max{60};
};
Probe child_probe(ChildSettings settings);

// The child's side: reads request.json, writes report.json. Error text goes there too.
void answer_probe(const std::filesystem::path& folder, ProbeParts parts);
// Bytes of address space that a probe of this folder may take.
std::uint64_t probe_memory(const std::filesystem::path& folder);

}  // namespace aa::modelzoo
