// The manifests that are shipped: complete, and true of the weights where these are installed.
#include <gtest/gtest.h>

#include "driver/blob/temporary_folder.hpp"
#include "driver/host/atomic_file.hpp"
#include "driver/inference/engine.hpp"
#include "service/modelzoo/catalogue.hpp"
#include "service/modelzoo/label_file.hpp"

namespace aa::modelzoo {
namespace {

namespace fs = std::filesystem;

const fs::path kSource = AA_SOURCE_FOLDER;

const Catalogue& shipped() {
  static const Catalogue catalogue(kSource / "models");
  return catalogue;
}

TEST(Zoo, every_manifest_is_complete) {
  for (const auto& row : shipped().manifests()) {
    SCOPED_TRACE(row.id);
    EXPECT_TRUE(row.good_for && row.good_for->ends_with("."));
    EXPECT_FALSE(row.licence.empty());
    EXPECT_NE(row.graphs.empty(), !row.steps);
    if (row.steps) continue;
    const bool classes = row.task == "detection" || row.task == "classification";
    EXPECT_FALSE(classes && shipped().labels(row).empty());
    EXPECT_TRUE(row.homepage && row.homepage->starts_with("https://"));
    ASSERT_FALSE(row.files.empty());
    for (const auto& file : row.files) {
      EXPECT_EQ(file.sha256.size(), 64U) << file.file;
      EXPECT_GT(file.size, 0) << file.file;
      const auto& source = file.source;
      EXPECT_TRUE((source.npm && (source.path || source.parts)) || source.url) << file.file;
    }
    for (const auto& [role, graph] : row.graphs) {
      const bool brought = std::ranges::find(row.files, graph, &ModelFile::file) != row.files.end();
      EXPECT_TRUE(brought || (row.converter && row.converter->to == graph)) << graph;
    }
    if (row.converter && row.converter->kind == "tfjs") {
      EXPECT_EQ(row.files[0].file, row.converter->model);
    }
  }
}

TEST(Zoo, nothing_of_demanding_licence_is_a_default) {
  for (const auto& row : shipped().manifests()) {
    EXPECT_FALSE(row.is_default && row.licence.starts_with("AGPL")) << row.id;
  }
}

// What `models pull` brings unasked.
TEST(Zoo, the_defaults_stay_small) {
  std::int64_t bytes = 0;
  for (const auto& row : shipped().manifests()) {
    for (const auto& file : row.files) bytes += row.is_default ? file.size : 0;
  }
  EXPECT_LT(bytes, 150'000'000);
}

TEST(Zoo, a_dictionary_keeps_spaces_and_empty_lines) {
  const blob::TemporaryFolder folder;
  host::write_file(folder.path() / "keys.txt", "a\r\n \n\n\u3000");
  EXPECT_EQ(read_dictionary(folder.path() / "keys.txt"),
            (std::vector<std::string>{"a", " ", "", "\u3000"}));
}

// 6,625 classes: none, the characters, the space.
TEST(Zoo, the_text_reader_s_dictionary_fits_its_classes) {
  const auto file = shipped().folder_of("ppocr-rec") / "ppocr_keys_v1.txt";
  if (!fs::exists(file)) GTEST_SKIP() << "no weights: annotateai models pull";
  EXPECT_EQ(read_dictionary(file).size(), 6'623U);
}

bool fits(const json::Value& told, const std::vector<std::int64_t>& shape) {
  if (!told.is_array() || told.get_array().size() != shape.size()) return false;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const auto& dim = told.get_array()[i];
    const bool open = shape[i] < 0;  // a manifest may say what an open side is fed
    if (!dim.is_int64() || (!open && dim.get_int64() != shape[i])) return false;
  }
  return true;
}

TEST(Zoo, every_installed_graph_loads_and_takes_what_its_manifest_says) {
  const auto library = kSource / "third_party/onnxruntime/lib/libonnxruntime.so.1";
  if (!fs::exists(library)) GTEST_SKIP() << "no ONNX Runtime: script/setup";
  runtime::Executors executors({.io_threads = 1, .compute_threads = 2, .blocking_threads = 1});
  observe::Metrics metrics;
  inference::Engine engine({.library = library}, executors, metrics);
  int loaded = 0;
  for (const auto& row : shipped().manifests()) {
    if (row.steps || !shipped().installed(row)) continue;
    SCOPED_TRACE(row.id);
    for (const auto& [role, file] : row.graphs) {
      const auto info = engine.info_blocking(shipped().graph(row.id, role));
      ++loaded;
      const auto* inputs = row.inputs ? row.inputs->if_contains(role) : nullptr;
      if (inputs == nullptr || !inputs->is_object()) continue;
      for (const auto& [name, told] : inputs->get_object()) {
        const auto input =
            std::ranges::find(info.inputs, std::string_view(name), &inference::TensorSpec::name);
        ASSERT_NE(input, info.inputs.end()) << std::string_view(name);
        EXPECT_TRUE(fits(told, input->shape)) << std::string_view(name);
      }
    }
    engine.unload_all();
  }
  if (loaded == 0) GTEST_SKIP() << "no weights: annotateai models pull";
}

}  // namespace
}  // namespace aa::modelzoo
