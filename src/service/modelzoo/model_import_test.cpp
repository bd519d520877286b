#include "service/modelzoo/model_import.hpp"

#include <gtest/gtest.h>

#include "driver/blob/temporary_folder.hpp"
#include "driver/host/atomic_file.hpp"
#include "kernel/graph/onnx_model.hpp"
#include "kernel/graph/tflite_writer.hpp"
#include "service/modelzoo/foreign_model.hpp"
#include "service/modelzoo/label_file.hpp"
#include "service/modelzoo/vision.hpp"

// ONNX Runtime keeps a few hundred bytes of static state until the process ends.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:libonnxruntime"; }

namespace aa::modelzoo {
namespace {

namespace fs = std::filesystem;

fs::path runtime_library() {
  return fs::path(AA_SOURCE_FOLDER) / "third_party/onnxruntime/lib/libonnxruntime.so.1";
}

constexpr std::int64_t kSide = 64;
constexpr std::int64_t kCells = 8 * 8 + 4 * 4 + 2 * 2;  // strides 8, 16, 32

// A YOLOX of two classes that finds one thing, whatever it is shown: class 1, 32 x 32 pixels, in
// the cell of stride 32 at the top left.
std::string yolox_graph(const std::map<std::string, std::string>& metadata = {},
                        std::int64_t columns = 7) {
  std::vector<float> rows(static_cast<std::size_t>(kCells * columns));
  float* found = rows.data() + (kCells - 4) * columns;
  const float values[] = {0.5F, 0.5F, 0, 0, 0.9F, 0.1F, 1};
  std::copy_n(values, std::min<std::int64_t>(columns, 7), found);
  graph::OnnxGraph onnx;
  onnx.name = "test";
  onnx.inputs = {{"images", graph::DType::float32, {1, 3, kSide, kSide}}};
  onnx.outputs = {{"output", graph::DType::float32, {1, kCells, columns}}};
  onnx.initializers = {
      {"rows", std::make_shared<graph::Tensor>(graph::float_tensor({1, kCells, columns}, rows))},
      {"zero", std::make_shared<graph::Tensor>(graph::float_scalar(0))}};
  onnx.nodes = {{"ReduceMean", {"images"}, {"mean"}, {{"keepdims", std::int64_t{0}}}},
                {"Mul", {"mean", "zero"}, {"nothing"}, {}},
                {"Add", {"rows", "nothing"}, {"output"}, {}}};
  onnx.metadata = metadata;
  return graph::write_onnx(onnx);
}

class ImportTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(runtime_library())) GTEST_SKIP() << "no ONNX Runtime: script/setup";
    fs::create_directories(files_.path());
  }
  fs::path file(const std::string& name, std::string_view bytes) {
    host::write_file(files_.path() / name, bytes);
    return files_.path() / name;
  }
  Catalogue catalogue() const { return Catalogue(shipped_.path(), own_.path()); }
  ImportedModel import(const ImportRequest& request) {
    auto now = catalogue();
    const Probe probe = [this](const fs::path& folder, const ProbeRequest& asked) {
      return probe_model(folder, asked, {engine_, executors_, clock_});
    };
    return Importer(now, probe).import(request);
  }
  std::string slug(const ImportRequest& request) {
    try {
      import(request);
    } catch (const Error& error) {
      message_ = error.message();
      return error.slug();
    }
    return "";
  }
  bool nothing_kept() const { return fs::is_empty(own_.path()); }

  blob::TemporaryFolder shipped_;
  blob::TemporaryFolder own_;
  blob::TemporaryFolder files_;
  runtime::Executors executors_{{.io_threads = 1, .compute_threads = 1, .blocking_threads = 1}};
  observe::Metrics metrics_;
  SystemClock clock_;
  inference::Engine engine_{{.library = runtime_library()}, executors_, metrics_};
  std::string message_;
};

TEST_F(ImportTest, an_onnx_detector_is_recognised_kept_and_can_be_used) {
  const auto path = file("Cats & Dogs v2.onnx", yolox_graph());
  const auto model = import({.file = path, .labels = file("labels.txt", "cat\ndog\n")});
  EXPECT_EQ(model.id, "cats-dogs-v2");
  EXPECT_EQ(model.family, "yolox");
  const auto now = catalogue();
  const auto card = now.card("cats-dogs-v2");
  EXPECT_EQ(card.state, ModelState::ready);
  EXPECT_EQ(card.labels, (std::vector<std::string>{"cat", "dog"}));
  EXPECT_EQ(card.licence, "NOASSERTION");
  EXPECT_TRUE(now.verify("cats-dogs-v2").empty());
  EmbeddingCache embeddings(executors_, 0, {});
  Vision vision(now, engine_, embeddings, executors_, clock_);
  auto image = std::make_shared<const raster::Image>(kSide, kSide, 3);
  const auto found = runtime::block_on(
      executors_, vision.detect(image, {"cats-dogs-v2", 0.5, inference::Lane::bulk}));
  ASSERT_EQ(found.objects.size(), 1U);
  EXPECT_EQ(found.objects[0].class_name, "dog");
  EXPECT_EQ(slug({.file = path, .labels = files_.path() / "labels.txt"}), "model_exists");
}

TEST_F(ImportTest, names_come_from_the_metadata_unless_given) {
  const auto path = file("m.onnx", yolox_graph({{"names", "{0: 'hen', 1: \"egg\"}"}}));
  EXPECT_EQ(import({.file = path}).labels, (std::vector<std::string>{"hen", "egg"}));
  const auto named = import({.file = path,
                             .id = "renamed",
                             .name = "Poultry",
                             .licence = "MIT",
                             .labels = file("l.json", R"(["Huhn", "Ei"])")});
  EXPECT_EQ(named.labels, (std::vector<std::string>{"Huhn", "Ei"}));
  EXPECT_EQ(catalogue().card("renamed").name, "Poultry");
  EXPECT_EQ(catalogue().card("renamed").licence, "MIT");
}

TEST_F(ImportTest, labels_must_be_as_many_as_classes) {
  const auto path = file("m.onnx", yolox_graph());
  EXPECT_EQ(slug({.file = path}), "bad_labels");
  EXPECT_NE(message_.find("--labels"), std::string::npos);
  EXPECT_EQ(slug({.file = path, .labels = file("three.txt", "a\nb\nc\n")}), "bad_labels");
  EXPECT_NE(message_.find("2 classes, but there are 3"), std::string::npos) << message_;
  EXPECT_EQ(slug({.file = path, .labels = file("bad.json", R"([1, 2])")}), "bad_labels");
  EXPECT_EQ(slug({.file = path, .labels = files_.path() / "absent.txt"}), "not_found");
  EXPECT_TRUE(nothing_kept());
}

TEST_F(ImportTest, a_family_is_told_or_given_and_must_fit) {
  const auto path = file("m.onnx", yolox_graph({}, 3));
  EXPECT_EQ(slug({.file = path}), "unknown_family");
  EXPECT_NE(message_.find("images [1, 3, 64, 64]"), std::string::npos) << message_;
  const auto good = file("good.onnx", yolox_graph());
  EXPECT_EQ(slug({.file = good, .family = "yolov8"}), "unknown_family");
  EXPECT_EQ(slug({.file = good, .family = "nonsense"}), "unknown_family");
  EXPECT_NE(message_.find("yolox, yolov5"), std::string::npos) << message_;
  EXPECT_TRUE(nothing_kept());
}

// A graph that answers its inputs' mean, whatever is asked for.
std::string constant_graph(const std::vector<graph::TensorInfo>& inputs, const std::string& output,
                           graph::Dims dims) {
  std::size_t count = 1;
  for (const auto dim : dims) count *= static_cast<std::size_t>(dim);
  graph::OnnxGraph onnx;
  onnx.name = "test";
  onnx.inputs = inputs;
  onnx.outputs = {{output, graph::DType::float32, dims}};
  onnx.initializers = {{"values", std::make_shared<graph::Tensor>(
                                      graph::float_tensor(dims, std::vector<float>(count, -1)))}};
  std::string sum = "values";
  for (const auto& input : inputs) {
    onnx.nodes.push_back(
        {"ReduceMean", {input.name}, {"m" + input.name}, {{"keepdims", std::int64_t{0}}}});
    const bool last = &input == &inputs.back();
    const std::string next = last ? output : "s" + input.name;
    onnx.nodes.push_back({"Add", {sum, "m" + input.name}, {next}, {}});
    sum = next;
  }
  return graph::write_onnx(onnx);
}

TEST_F(ImportTest, a_sam_comes_in_two_halves) {
  using graph::DType;
  const auto encoder =
      file("enc.onnx", constant_graph({{"image", DType::float32, {1, 3, 1024, 1024}}}, "embedding",
                                      {1, 256, 64, 64}));
  EXPECT_EQ(slug({.file = encoder}), "unknown_family");
  EXPECT_NE(message_.find("--decoder"), std::string::npos) << message_;
  EXPECT_EQ(slug({.file = encoder, .decoder = encoder}), "unknown_family");
  EXPECT_NE(message_.find("no decoder of a SAM"), std::string::npos) << message_;
  EXPECT_EQ(slug({.file = file("d.onnx", yolox_graph()), .decoder = encoder}), "unknown_family");
  EXPECT_EQ(slug({.file = encoder, .decoder = files_.path() / "absent.onnx"}), "not_found");
  EXPECT_TRUE(nothing_kept());
}

TEST_F(ImportTest, pickles_are_refused_by_name_and_by_content) {
  for (const char* name : {"best.pt", "m.PTH", "m.pkl", "m.joblib"}) {
    EXPECT_EQ(slug({.file = file(name, yolox_graph())}), "pickle_refused") << name;
    EXPECT_NE(message_.find("format=onnx"), std::string::npos);
  }
  EXPECT_EQ(slug({.file = file("m.onnx", std::string_view("\x80\x02}q\x00.", 6))}),
            "pickle_refused");
  EXPECT_EQ(slug({.file = file("n.onnx", "PK\x03\x04....archive/data.pkl...")}), "pickle_refused");
  EXPECT_TRUE(nothing_kept());
}

TEST_F(ImportTest, a_tflite_file_is_turned_into_onnx_whatever_its_name) {
  graph::TinyTflite model;
  const auto x = model.feed({1, 2});
  model.outputs = {model.add({.dims = {1, 2}})};
  model.operators = {{.code = 28, .inputs = {x}, .outputs = model.outputs}};  // TANH
  for (const char* name : {"m.tflite", "m.bin"}) {
    const auto onnx = onnx_of(file(name, model.bytes()), {});
    EXPECT_NE(onnx.find("Tanh"), std::string::npos);
  }
  model.operators[0].code = 119;  // WHILE
  EXPECT_EQ(slug({.file = file("loop.tflite", model.bytes())}), "not_a_model");
  EXPECT_NE(message_.find("Operator 119"), std::string::npos) << message_;
  EXPECT_EQ(slug({.file = file("cut.tflite", model.bytes().substr(0, 90))}), "not_a_model");
}

TEST_F(ImportTest, what_is_no_model_leaves_nothing) {
  fs::create_directories(files_.path() / "empty");
  EXPECT_EQ(slug({.file = file("t.onnx", "just text")}), "not_a_model");
  EXPECT_EQ(slug({.file = file("e.onnx", "")}), "not_a_model");
  EXPECT_EQ(slug({.file = file("cut.onnx", yolox_graph().substr(0, 900))}), "not_a_model");
  EXPECT_EQ(slug({.file = file("m.json", "{}")}), "not_a_model");
  EXPECT_EQ(slug({.file = file("n.json", "not JSON")}), "not_a_model");
  EXPECT_EQ(slug({.file = file("up.json", R"({"weightsManifest": [{"paths": ["../../x"]}]})")}),
            "not_a_model");
  EXPECT_EQ(slug({.file = files_.path() / "empty"}), "not_a_model");
  EXPECT_EQ(slug({.file = files_.path() / "absent.onnx"}), "not_found");
  EXPECT_EQ(slug({.file = file("g.onnx", yolox_graph()), .id = "../x"}), "bad_id");
  EXPECT_TRUE(nothing_kept());
}

TEST(LabelFile, takes_each_of_its_forms) {
  const blob::TemporaryFolder folder;
  const std::pair<const char*, const char*> forms[] = {
      {"a.json", R"(["cat", "dog"])"},
      {"b.json", R"({"name": "x", "labels": [{"id": 1, "name": "cat"}, {"name": "dog"}]})"},
      {"c.txt", "cat\r\n\ndog"},
      {"d.yaml", "nc: 2\nnames: [cat, dog]\n"}};
  for (const auto& [name, text] : forms) {
    host::write_file(folder.path() / name, text);
    EXPECT_EQ(read_label_file(folder.path() / name), (std::vector<std::string>{"cat", "dog"}))
        << name;
  }
  for (const char* text : {"{}", "[]", "[1]", R"({"labels": 5})", "[{}]", "[[]]", "nope"}) {
    host::write_file(folder.path() / "bad.json", text);
    EXPECT_THROW(read_label_file(folder.path() / "bad.json"), Error) << text;
  }
}

}  // namespace
}  // namespace aa::modelzoo
