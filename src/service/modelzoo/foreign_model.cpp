#include "service/modelzoo/foreign_model.hpp"

#include <algorithm>
#include <array>
#include <fstream>

#include "base/error.hpp"
#include "driver/archive/zip_reader.hpp"
#include "driver/blob/temporary_folder.hpp"
#include "driver/host/atomic_file.hpp"
#include "driver/host/mapped_file.hpp"
#include "kernel/graph/onnx_inspect.hpp"
#include "kernel/graph/tfjs_weights.hpp"
#include "kernel/graph/tflite_import.hpp"
#include "kernel/graph/tflite_model.hpp"
#include "service/modelzoo/catalogue.hpp"
#include "service/modelzoo/refused_kind.hpp"

namespace aa::modelzoo {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kModelBytes = 2ULL << 30;
// Of a TensorFlow.js folder as a zip: what may lie in it besides the model and its weights.
constexpr std::array<std::string_view, 4> kNotes = {".txt", ".md", ".json", ".yaml"};

std::string lower_extension(const fs::path& path) {
  std::string out = path.extension().string();
  std::ranges::transform(out, out.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

void refuse_bad_kind_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::string head(kHeadBytes, '\0');
  in.read(head.data(), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<std::size_t>(in.gcount()));
  refuse_bad_kind(path.filename().string(), head);
}

[[noreturn]] void refuse_as_no_model(const fs::path& path, const std::string& why) {
  throw invalid("not_a_model", path.filename().string() +
                                   " is no model that is taken here (ONNX, TFLite, "
                                   "or a TensorFlow.js graph): " +
                                   why);
}

void check_onnx(std::span<const std::byte> bytes, const fs::path& path) {
  try {
    graph::require_safe(graph::inspect_onnx(bytes));
  } catch (const Error& error) {
    if (error.slug() == "onnx_refused" || error.slug() == "onnx_too_large") throw;
    refuse_as_no_model(path, error.message());
  }
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

class FileSource final : public archive::Source {
 public:
  explicit FileSource(const fs::path& path) : file_(path) {}
  std::uint64_t size() const override { return file_.bytes().size(); }
  std::size_t read_at(std::uint64_t offset, std::span<std::byte> out) override {
    const auto all = file_.bytes();
    if (offset >= all.size()) return 0;
    const auto part =
        all.subspan(offset).first(std::min<std::size_t>(out.size(), all.size() - offset));
    std::ranges::copy(part, out.begin());
    return part.size();
  }

 private:
  host::MappedFile file_;
};

// The one model.json, with everything it needs beside it; nothing else that could be of use to
// anybody.
std::string from_zip(const fs::path& path, const graph::ImportOptions& options) {
  const archive::ZipReader zip(std::make_shared<FileSource>(path));
  const blob::TemporaryFolder folder(blob::TemporaryFolder::Place::disk);
  const archive::ZipEntry* model = nullptr;
  for (const auto& entry : zip.entries()) {
    if (fs::path(entry.path).filename() != "model.json") continue;
    if (model != nullptr) refuse_as_no_model(path, "it holds two files model.json.");
    model = &entry;
  }
  if (model == nullptr) refuse_as_no_model(path, "it holds no model.json.");
  const auto text = zip.read_all(*model, graph::kTfjsJsonBytesMax);
  const auto shards = graph::shard_names(json::parse(text));
  const auto home = fs::path(model->path).parent_path();
  for (const auto& entry : zip.entries()) {
    if (entry.folder || &entry == model) continue;
    const fs::path name(entry.path);
    const auto file = name.filename().string();
    const bool shard = name.parent_path() == home && is_plain_name(file) &&
                       std::ranges::find(shards, file) != shards.end();
    const bool note = std::ranges::find(kNotes, lower_extension(name)) != kNotes.end();
    if (!shard && !note) {
      refuse_as_no_model(path,
                         "it holds " + entry.path + ", which is no part of a TensorFlow.js model.");
    }
    if (shard) host::write_file(folder.path() / file, zip.read_all(entry, kModelBytes));
  }
  host::write_file(folder.path() / "model.json", text);
  return from_tfjs(folder.path() / "model.json", options);
}

}  // namespace

std::string onnx_of(const fs::path& path, const graph::ImportOptions& options) {
  if (fs::is_directory(path)) {
    if (!fs::exists(path / "model.json")) refuse_as_no_model(path, "it holds no model.json.");
    return from_tfjs(path / "model.json", options);
  }
  refuse_bad_kind_of(path);
  const auto extension = lower_extension(path);
  if (extension == ".json") return from_tfjs(path, options);
  if (extension == ".zip") return from_zip(path, options);
  auto bytes = host::read_file(path, kModelBytes);
  if (extension == ".tflite" || graph::is_tflite(std::as_bytes(std::span(bytes)))) {
    return from_tflite(bytes, path);
  }
  check_onnx(std::as_bytes(std::span(bytes)), path);
  return bytes;
}

void take_model(const fs::path& path, const graph::ImportOptions& options, const fs::path& to) {
  if (fs::is_directory(path) || lower_extension(path) != ".onnx") {
    host::write_file(to, onnx_of(path, options));
    return;
  }
  refuse_bad_kind_of(path);
  const host::MappedFile file(path);
  check_onnx(file.bytes(), path);
  host::AtomicFile copy(to);
  copy.write(file.bytes());
  copy.commit();
}

}  // namespace aa::modelzoo
