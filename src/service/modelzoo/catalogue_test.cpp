#include "service/modelzoo/catalogue.hpp"

#include <fstream>
#include <unistd.h>

#include <gtest/gtest.h>

#include "base/hash.hpp"
#include "kernel/graph/tflite_writer.hpp"

namespace aa::modelzoo {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kManifest = R"({
  "id": "ID", "name": "Name of ID", "task": "TASK", "family": "FAMILY", "licence": "Apache-2.0",
  "default": DEFAULT,
  "files": [{"file": "model.onnx", "source": {"url": "https://example.org/m"},
             "sha256": "HASH", "size": 7}],
  "graphs": {"detector": "model.onnx"}, "labels": "labels/two.json"})";

class CatalogueTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("aa_catalogue_" + std::to_string(::getpid()));
    fs::create_directories(folder_ / "labels");
    write("labels/two.json", R"(["cat", "dog"])");
  }
  void TearDown() override { fs::remove_all(folder_); }

  void write(const std::string& name, std::string_view text) {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name) << text;
  }
  void add(const std::string& id, const std::string& family = "yolov8", bool is_default = false,
           const std::string& task = "detection") {
    std::string text(kManifest);
    const std::pair<std::string, std::string> values[] = {
        {"TASK", task},
        {"FAMILY", family},
        {"HASH", to_hex(sha256("weights"))},
        {"DEFAULT", is_default ? "true" : "false"},
        {"ID", id}};
    for (const auto& [name, value] : values) {
      for (auto at = text.find(name); at != std::string::npos; at = text.find(name)) {
        text.replace(at, name.size(), value);
      }
    }
    write(id + ".json", text);
  }
  void install(const std::string& id, std::string_view bytes = "weights") {
    write("weights/" + id + "/model.onnx", bytes);
  }
  static std::string read(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  template <class F>
  static Error error_of(F work) {
    try {
      work();
    } catch (const Error& error) {
      return error;
    }
    return internal_error("none");
  }

  fs::path folder_;
};

TEST_F(CatalogueTest, a_card_says_what_the_manifest_does_and_whether_weights_are_there) {
  add("b-net");
  add("a-net");
  const Catalogue catalogue(folder_);
  const auto cards = catalogue.cards();
  ASSERT_EQ(cards.size(), 2U);
  EXPECT_EQ(cards[0].id, "a-net") << "by id";
  EXPECT_EQ(cards[0].name, "Name of a-net");
  EXPECT_EQ(cards[0].licence, "Apache-2.0");
  EXPECT_EQ(cards[0].size_bytes, 7);
  EXPECT_EQ(cards[0].labels, (std::vector<std::string>{"cat", "dog"}));
  EXPECT_EQ(cards[0].version.size(), 12U);
  EXPECT_EQ(cards[0].state, ModelState::not_installed);
  install("a-net");
  EXPECT_EQ(catalogue.card("a-net").state, ModelState::ready) << "seen without a restart";
}

TEST_F(CatalogueTest, the_graph_of_an_absent_model_says_how_to_get_it) {
  add("a-net");
  const Catalogue catalogue(folder_);
  const auto error = error_of([&] { catalogue.graph("a-net", "detector"); });
  EXPECT_EQ(error.slug(), "model_not_installed");
  EXPECT_NE(error.message().find("models pull a-net"), std::string::npos);
  install("a-net");
  EXPECT_EQ(catalogue.graph("a-net", "detector"), folder_ / "weights/a-net/model.onnx");
  EXPECT_EQ(error_of([&] { catalogue.graph("a-net", "encoder"); }).slug(), "wrong_model");
  EXPECT_EQ(error_of([&] { catalogue.graph("no-net", "detector"); }).slug(), "not_found");
}

TEST_F(CatalogueTest, only_installed_models_are_picked_and_the_default_first) {
  add("a-net");
  add("b-net", "yolov8", true);
  add("c-net");
  add("s-net", "sam", true, "promptable_segmentation");
  const Catalogue catalogue(folder_);
  EXPECT_EQ(catalogue.pick("detection"), std::nullopt);
  install("c-net");
  EXPECT_EQ(catalogue.pick("detection"), "c-net");
  install("a-net");
  install("b-net");
  EXPECT_EQ(catalogue.pick("detection"), "b-net");
  EXPECT_TRUE(catalogue.card("b-net").is_default);
  EXPECT_FALSE(catalogue.card("a-net").is_default) << "one default for a task";
  EXPECT_FALSE(catalogue.card("s-net").is_default) << "it is not installed";
  add("a-yolox", "yolox");
  install("a-yolox");
  EXPECT_EQ(Catalogue(folder_).pick("detection"), "b-net") << "one's own is taken when named";
  EXPECT_EQ(catalogue.pick("promptable_segmentation"), std::nullopt);
  install("s-net");
  EXPECT_EQ(catalogue.pick("promptable_segmentation"), "s-net");
}

TEST_F(CatalogueTest, weights_are_compared_with_their_digest) {
  add("a-net");
  const Catalogue catalogue(folder_);
  EXPECT_EQ(catalogue.verify("a-net"), (std::vector<std::string>{"model.onnx: missing"}));
  install("a-net", "weightz");
  EXPECT_EQ(catalogue.verify("a-net"),
            (std::vector<std::string>{"model.onnx: differs from its SHA-256"}));
  install("a-net");
  EXPECT_TRUE(catalogue.verify("a-net").empty());
}

TEST_F(CatalogueTest, a_bad_manifest_is_named_with_its_place) {
  write("broken.json", R"({"id": "x", "name": 5})");
  auto error = error_of([&] { Catalogue{folder_}; });
  EXPECT_EQ(error.slug(), "bad_manifest");
  EXPECT_NE(error.message().find("broken.json"), std::string::npos);
  EXPECT_EQ(error.details().at(0).pointer, "/name");
  write("broken.json", "{");
  EXPECT_EQ(error_of([&] { Catalogue{folder_}; }).slug(), "bad_manifest");
}

TEST_F(CatalogueTest, the_users_own_models_stand_beside_the_shipped_ones) {
  add("a-net");
  const fs::path own = folder_ / "own";
  fs::create_directories(own / "labels");
  fs::copy_file(folder_ / "a-net.json", own / "b-net.json");
  std::string text = read(own / "b-net.json");
  for (auto at = text.find("a-net"); at != std::string::npos; at = text.find("a-net")) {
    text.replace(at, 5, "b-net");
  }
  std::ofstream(own / "b-net.json") << text;
  std::ofstream(own / "labels/two.json") << R"(["hen", "egg"])";
  fs::create_directories(own / "weights/b-net");
  std::ofstream(own / "weights/b-net/model.onnx") << "weights";
  const Catalogue catalogue(folder_, own);
  EXPECT_EQ(catalogue.card("a-net").labels, (std::vector<std::string>{"cat", "dog"}));
  EXPECT_EQ(catalogue.card("b-net").labels, (std::vector<std::string>{"hen", "egg"}));
  EXPECT_EQ(catalogue.card("b-net").state, ModelState::ready);
  EXPECT_EQ(catalogue.graph("b-net", "detector"), own / "weights/b-net/model.onnx");
  EXPECT_EQ(Catalogue(folder_, folder_).cards().size(), 1U) << "one folder is read once";
  fs::copy_file(folder_ / "a-net.json", own / "a-net.json");
  const auto error = error_of([&] { Catalogue(folder_, own); });
  EXPECT_EQ(error.slug(), "bad_manifest");
  EXPECT_NE(error.message().find("\"a-net\""), std::string::npos) << error.message();
}

TEST_F(CatalogueTest, a_graph_is_turned_again_when_what_it_came_from_changed) {
  const std::string model =
      R"({"modelTopology": {"node": [
          {"name": "x", "op": "Placeholder", "attr": {"dtype": {"type": "DT_FLOAT"},
           "shape": {"shape": {"dim": [{"size": "1"}, {"size": "2"}]}}}},
          {"name": "y", "op": "Relu", "input": ["x"], "attr": {"T": {"type": "DT_FLOAT"}}},
          {"name": "z", "op": "Neg", "input": ["x"], "attr": {"T": {"type": "DT_FLOAT"}}}]},
          "weightsManifest": []})";
  const auto manifest = [&](const std::string& output) {
    return R"({"id": "net", "name": "N", "task": "detection", "family": "ssd", "licence": "MIT",
      "files": [{"file": "model.json", "source": {}, "size": )" +
           std::to_string(model.size()) + R"(, "sha256": ")" + to_hex(sha256(model)) +
           R"("}], "converter": {"kind": "tfjs", "model": "model.json", "to": "model.onnx",
      "outputs": [")" +
           output + R"("]}, "graphs": {"detector": "model.onnx"}})";
  };
  write("net.json", manifest("y"));
  write("weights/net/model.json", model);
  EXPECT_TRUE(Catalogue(folder_).convert("net"));
  EXPECT_FALSE(Catalogue(folder_).convert("net")) << "it is there";
  const auto first = read(folder_ / "weights/net/model.onnx");
  EXPECT_NE(first.find("Relu"), std::string::npos);
  write("net.json", manifest("z"));
  EXPECT_TRUE(Catalogue(folder_).convert("net"));
  EXPECT_NE(read(folder_ / "weights/net/model.onnx").find("Neg"), std::string::npos);
}

TEST_F(CatalogueTest, a_tflite_graph_is_turned_too) {
  graph::TinyTflite model;
  const auto x = model.feed({1, 2});
  model.outputs = {model.add({.dims = {1, 2}})};
  model.operators = {{.code = 28, .inputs = {x}, .outputs = model.outputs}};  // TANH
  const auto bytes = model.bytes();
  write("net.json",
        R"({"id": "net", "name": "N", "task": "detection", "family": "ssd", "licence": "MIT",
      "files": [{"file": "model.tflite", "source": {}, "size": )" +
            std::to_string(bytes.size()) + R"(, "sha256": ")" + to_hex(sha256(bytes)) +
            R"("}], "converter": {"kind": "tflite", "model": "model.tflite", "to": "model.onnx"},
      "graphs": {"model": "model.onnx"}})");
  write("weights/net/model.tflite", bytes);
  EXPECT_EQ(Catalogue(folder_).graph("net", "model"), folder_ / "weights/net/model.onnx");
  EXPECT_NE(read(folder_ / "weights/net/model.onnx").find("Tanh"), std::string::npos);
}

TEST_F(CatalogueTest, an_empty_or_absent_folder_is_an_empty_catalogue) {
  EXPECT_TRUE(Catalogue(folder_).cards().empty());
  EXPECT_TRUE(Catalogue(folder_ / "nowhere").cards().empty());
}

TEST_F(CatalogueTest, steps_of_pipelines_are_checked) {
  write("one.json", R"({"id": "one", "name": "One", "task": "detection", "family": "pipeline",
    "licence": "MIT", "steps": [{"model": "nobody"}]})");
  EXPECT_THROW(Catalogue{folder_}, Error);
  write("one.json", R"({"id": "one", "name": "One", "task": "detection", "family": "pipeline",
    "licence": "MIT", "steps": [{"model": "one"}]})");
  EXPECT_THROW(Catalogue{folder_}, Error);
}

}  // namespace
}  // namespace aa::modelzoo
