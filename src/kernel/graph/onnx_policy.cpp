// What a graph from a stranger must not ask for, whatever its structure.
#include "base/error.hpp"
#include "kernel/graph/onnx_inspect.hpp"

namespace aa::graph {

void require_safe(const OnnxSummary& summary) {
  const auto refuse = [](std::string why) {
    throw invalid("onnx_refused", "The model is refused: " + std::move(why) + ".");
  };
  if (summary.external_data) {
    refuse("it keeps tensors in other files; export it as one file");
  }
  if (!summary.foreign_domains.empty()) {
    refuse("it needs custom operators of '" + *summary.foreign_domains.begin() + "'");
  }
  if (summary.training) refuse("it holds a training graph; export it for inference");
  if (summary.sparse) refuse("it holds sparse tensors, which may unfold without bound");
  // com.microsoft:EPContext names a file or holds a program of one execution provider.
  if (summary.ops.contains("EPContext")) refuse("it was compiled for one execution provider");
  for (const auto& [key, value] : summary.metadata) {
    const bool steers =
        key == "ort_config" || key.starts_with("ep.") || key.starts_with("session.");
    if (steers) refuse("its metadata holds options of the runtime ('" + key.substr(0, 100) + "')");
  }
  const auto opset = summary.opsets.find("");
  if (opset == summary.opsets.end() || opset->second < 7 || opset->second > 30) {
    refuse("its operator set version is not between 7 and 30");
  }
  if (summary.inputs.empty() || summary.outputs.empty()) refuse("it has no inputs or no outputs");
}

}  // namespace aa::graph
