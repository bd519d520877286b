#include "kernel/graph/tflite_model.hpp"

#include <algorithm>

namespace aa::graph {
namespace {

constexpr std::string_view kIdentifier = "TFL3";
constexpr std::uint32_t kSchemaVersion = 3;
constexpr std::size_t kTensorsMax = 100'000;
constexpr std::size_t kOperatorsMax = 100'000;
constexpr std::size_t kEdgesMax = 400'000;
constexpr std::size_t kPortsMax = 1'000;
constexpr std::size_t kNameMax = 512;
constexpr std::size_t kSubgraphsMax = 1'000;

struct Code {
  std::int32_t number = 0;
  std::string_view custom;
};

std::vector<Code> read_codes(const FlatTable& model) {
  constexpr unsigned kOperatorCodes = 1, kByteCode = 0, kCustom = 1, kWideCode = 3;
  const auto list = model.tables(kOperatorCodes, kOperatorsMax);
  std::vector<Code> out;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const FlatTable row = list[i];
    // Codes beyond 127 did not fit the first field; the smaller of both is a placeholder.
    const std::int32_t narrow = row.number<std::int8_t>(kByteCode, 0);
    out.push_back({.number = std::max(narrow, row.number<std::int32_t>(kWideCode, 0)),
                   .custom = row.text(kCustom, kNameMax)});
  }
  return out;
}

std::vector<std::span<const std::byte>> read_buffers(const FlatTable& model,
                                                     std::span<const std::byte> file) {
  constexpr unsigned kBuffers = 4, kData = 0, kOffset = 1, kSize = 2;
  const auto list = model.tables(kBuffers, 2 * kTensorsMax);
  std::vector<std::span<const std::byte>> out;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const FlatTable row = list[i];
    const auto offset = row.number<std::uint64_t>(kOffset, 0);
    const auto size = row.number<std::uint64_t>(kSize, 0);
    if (offset <= 1) {
      out.push_back(row.bytes(kData));
      continue;
    }
    if (offset > file.size() || size > file.size() - offset) {
      throw bad_tflite("Buffer " + std::to_string(i) + " lies outside the file.");
    }
    out.push_back(file.subspan(offset, size));
  }
  return out;
}

TfliteTensor read_tensor(const FlatTable& row,
                         std::span<const std::span<const std::byte>> buffers) {
  constexpr unsigned kShape = 0, kType = 1, kBuffer = 2, kName = 3, kQuantization = 4;
  constexpr unsigned kSparsity = 6;
  TfliteTensor out;
  out.name = row.text(kName, kNameMax);
  out.type = static_cast<TfliteType>(row.number<std::int8_t>(kType, 0));
  for (const std::int32_t dim : row.numbers<std::int32_t>(kShape, kRankMax)) {
    if (dim < 0) throw bad_tflite("Tensor '" + out.name + "' has a negative dim.");
    out.dims.push_back(dim);
  }
  const auto buffer = row.number<std::uint32_t>(kBuffer, 0);
  if (buffer >= buffers.size() && buffer != 0) {
    throw bad_tflite("Tensor '" + out.name + "' names a buffer that is not there.");
  }
  if (buffer != 0) out.data = buffers[buffer];
  out.quantization = row.table(kQuantization);
  out.sparsity = row.table(kSparsity);
  return out;
}

void check_indices(std::span<const std::int32_t> indices, std::size_t tensors,
                   std::int32_t lowest) {
  for (const std::int32_t index : indices) {
    if (index < lowest || (index >= 0 && static_cast<std::size_t>(index) >= tensors)) {
      throw bad_tflite("There is no tensor " + std::to_string(index) + ".");
    }
  }
}

TfliteOperator read_operator(const FlatTable& row, std::span<const Code> codes,
                             std::size_t tensors) {
  constexpr unsigned kCode = 0, kInputs = 1, kOutputs = 2, kOptions = 4, kCustomOptions = 5;
  const auto code = row.number<std::uint32_t>(kCode, 0);
  if (code >= codes.size()) throw bad_tflite("An operator's code is not in the model's list.");
  TfliteOperator out{.code = codes[code].number,
                     .custom = codes[code].custom,
                     .inputs = row.numbers<std::int32_t>(kInputs, kEdgesMax),
                     .outputs = row.numbers<std::int32_t>(kOutputs, kEdgesMax),
                     .options = row.table(kOptions),
                     .custom_options = row.bytes(kCustomOptions)};
  check_indices(out.inputs, tensors, -1);
  check_indices(out.outputs, tensors, 0);
  return out;
}

}  // namespace

Error bad_tflite(std::string message) { return invalid("tflite_bad_model", std::move(message)); }

bool is_tflite(std::span<const std::byte> file) {
  const std::string_view text(reinterpret_cast<const char*>(file.data()), file.size());
  return file.size() >= 8 && text.substr(4, 4) == kIdentifier;
}

TfliteModel read_tflite(std::span<const std::byte> file) {
  constexpr unsigned kVersion = 0, kSubgraphs = 2;
  constexpr unsigned kTensors = 0, kInputs = 1, kOutputs = 2, kOperators = 3;
  if (file.size() > kTfliteBytesMax) {
    throw too_large("tflite_too_large", "A TFLite file may have 1 GiB.");
  }
  const FlatTable root = FlatTable::root(file, kIdentifier);
  if (root.number<std::uint32_t>(kVersion, 0) != kSchemaVersion) {
    throw bad_tflite("Only version 3 of the TFLite schema is taken.");
  }
  const auto graphs = root.tables(kSubgraphs, kSubgraphsMax);
  if (graphs.size() == 0) throw bad_tflite("The model holds no graph.");
  const FlatTable graph = graphs[0];
  const auto codes = read_codes(root);
  const auto buffers = read_buffers(root, file);
  TfliteModel out;
  const auto tensors = graph.tables(kTensors, kTensorsMax);
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    out.tensors.push_back(read_tensor(tensors[i], buffers));
  }
  std::size_t edges = 0;
  const auto operators = graph.tables(kOperators, kOperatorsMax);
  for (std::size_t i = 0; i < operators.size(); ++i) {
    out.operators.push_back(read_operator(operators[i], codes, tensors.size()));
    edges += out.operators.back().inputs.size() + out.operators.back().outputs.size();
    if (edges > kEdgesMax) throw bad_tflite("The graph has more than 400,000 edges.");
  }
  out.inputs = graph.numbers<std::int32_t>(kInputs, kPortsMax);
  out.outputs = graph.numbers<std::int32_t>(kOutputs, kPortsMax);
  check_indices(out.inputs, tensors.size(), 0);
  check_indices(out.outputs, tensors.size(), 0);
  if (out.outputs.empty()) throw bad_tflite("The graph has no outputs.");
  return out;
}

}  // namespace aa::graph
