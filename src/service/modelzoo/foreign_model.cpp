#include "service/modelzoo/foreign_model.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "driver/host/atomic_file.hpp"
#include "kernel/graph/onnx_inspect.hpp"
#include "kernel/graph/tfjs_weights.hpp"
#include "kernel/graph/tflite_import.hpp"
#include "kernel/graph/tflite_model.hpp"
#include "service/modelzoo/catalogue.hpp"

namespace aa::modelzoo {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kModelBytes = 2ULL << 30;
constexpr std::size_t kPickleProtocolMax = 5;

std::string lower_extension(const fs::path& path) {
  std::string out = path.extension().string();
  std::ranges::transform(out, out.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

bool is_pickle_name(const fs::path& path) {
  static constexpr std::array<std::string_view, 7> kNames = {
      ".pt", ".pth", ".pkl", ".pickle", ".joblib", ".ckpt", ".torchscript"};
  return std::ranges::find(kNames, lower_extension(path)) != kNames.end();
}

// A pickle starts with PROTO and its number; PyTorch wraps one into a zip.
bool is_pickle_content(std::string_view bytes) {
  const bool bare = bytes.size() > 2 && bytes[0] == '\x80' &&
                    static_cast<unsigned char>(bytes[1]) <= kPickleProtocolMax;
  const bool zip = bytes.starts_with("PK\x03\x04");
  return bare || (zip && bytes.find("data.pkl") != std::string_view::npos);
}

[[noreturn]] void refuse_pickle(const fs::path& path) {
  const std::string name = path.filename().string();
  throw Error(ErrorCode::unsupported, "pickle_refused",
              name +
                  " is a pickle (PyTorch, joblib): loading one runs whatever its author put in. "
                  "Where you trust it, export it to ONNX and import that: yolo export model=" +
                  name +
                  " format=onnx for YOLO models, torch.onnx.export(model, example, "
                  "\"model.onnx\") for others.");
}

[[noreturn]] void refuse_as_no_model(const fs::path& path, const std::string& why) {
  throw invalid("not_a_model", path.string() +
                                   " is no model that is taken here (ONNX, TFLite, or "
                                   "a TensorFlow.js graph): " +
                                   why);
}

std::string checked_onnx(std::string bytes, const fs::path& path) {
  try {
    graph::require_safe(graph::inspect_onnx(std::as_bytes(std::span(bytes))));
  } catch (const Error& error) {
    if (error.slug() == "onnx_refused") throw;
    refuse_as_no_model(path, error.message());
  }
  return bytes;
}

std::string shards_of(const fs::path& folder, const json::Value& model) {
  std::string out;
  for (const auto& name : graph::shard_names(model)) {
    if (!is_plain_name(name)) {
      throw invalid("tfjs_bad_model", "The weights file \"" + name + "\" is no plain file name.");
    }
    out += host::read_file(folder / name,
                           kModelBytes - std::min<std::size_t>(out.size(), kModelBytes));
  }
  return out;
}

std::string from_tfjs(const fs::path& file, const graph::ImportOptions& options) {
  const auto text = host::read_file(file, graph::kTfjsJsonBytesMax);
  try {
    const auto weights = shards_of(file.parent_path(), json::parse(text));
    return graph::import_tfjs({text, std::as_bytes(std::span(weights))}, options).onnx;
  } catch (const Error& error) {
    refuse_as_no_model(file, error.message());
  }
}

std::string from_tflite(const std::string& bytes, const fs::path& path) {
  try {
    return graph::import_tflite(std::as_bytes(std::span(bytes))).onnx;
  } catch (const Error& error) {
    refuse_as_no_model(path, error.message());
  }
}

}  // namespace

std::string onnx_of(const fs::path& path, const graph::ImportOptions& options) {
  if (is_pickle_name(path)) refuse_pickle(path);
  if (fs::is_directory(path)) {
    if (!fs::exists(path / "model.json")) refuse_as_no_model(path, "it holds no model.json.");
    return from_tfjs(path / "model.json", options);
  }
  if (lower_extension(path) == ".json") return from_tfjs(path, options);
  auto bytes = host::read_file(path, kModelBytes);
  if (is_pickle_content(bytes)) refuse_pickle(path);
  if (lower_extension(path) == ".tflite" || graph::is_tflite(std::as_bytes(std::span(bytes)))) {
    return from_tflite(bytes, path);
  }
  return checked_onnx(std::move(bytes), path);
}

}  // namespace aa::modelzoo
