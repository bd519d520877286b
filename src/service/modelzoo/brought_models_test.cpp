// Models as users bring them, from file to answer: tiny graphs of the exporters' inputs and outputs
// that compute from what they are fed, run by ONNX Runtime.
#include <cmath>

#include <gtest/gtest.h>

#include "base/hash.hpp"
#include "driver/blob/temporary_folder.hpp"
#include "driver/host/atomic_file.hpp"
#include "kernel/graph/onnx_model.hpp"
#include "service/modelzoo/analyze.hpp"
#include "service/modelzoo/image_text.hpp"

namespace aa::modelzoo {
namespace {

namespace fs = std::filesystem;
using graph::DType;
using graph::OnnxGraph;

fs::path runtime_library() {
  return fs::path(AA_SOURCE_FOLDER) / "third_party/onnxruntime/lib/libonnxruntime.so.1";
}

// Nodes that make constants and reductions, for graphs written by hand.
class GraphText {
 public:
  OnnxGraph graph;

  GraphText& input(std::string name, graph::Dims dims, DType type = DType::float32) {
    graph.inputs.push_back({std::move(name), type, std::move(dims)});
    return *this;
  }
  GraphText& output(std::string name, graph::Dims dims, DType type = DType::float32) {
    graph.outputs.push_back({std::move(name), type, std::move(dims)});
    return *this;
  }
  GraphText& floats(const std::string& name, graph::Dims dims, const std::vector<float>& values) {
    graph.initializers.push_back(
        {name, std::make_shared<graph::Tensor>(graph::float_tensor(std::move(dims), values))});
    return *this;
  }
  GraphText& ints(const std::string& name, const std::vector<std::int64_t>& values) {
    graph.initializers.push_back(
        {name, std::make_shared<graph::Tensor>(graph::ints_tensor(
                   DType::int64, {static_cast<std::int64_t>(values.size())}, values))});
    return *this;
  }
  GraphText& node(std::string op, std::vector<std::string> inputs, std::string output,
                  std::vector<graph::OnnxAttribute> attributes = {}) {
    graph.nodes.push_back(
        {std::move(op), std::move(inputs), {std::move(output)}, std::move(attributes)});
    return *this;
  }
  // The mean of all its numbers, [1].
  GraphText& mean(const std::string& of) {
    node("ReduceMean", {of}, of + "_mean", {{"keepdims", std::int64_t{0}}});
    return node("Reshape", {of + "_mean", "one"}, of + "_one");
  }
  std::string write() {
    graph.name = "test";
    ints("one", {1});
    return graph::write_onnx(graph);
  }
};

class BroughtModels : public testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(runtime_library())) GTEST_SKIP() << "no ONNX Runtime: script/setup";
  }
  void add(const std::string& task, const std::string& family,
           const std::map<std::string, std::string>& graphs, const std::string& more = "") {
    std::string files;
    std::string roles;
    for (const auto& [role, bytes] : graphs) {
      host::write_file(folder_.path() / "weights/mine" / (role + ".onnx"), bytes);
      const std::string comma = files.empty() ? "" : ",";
      files += comma + R"({"file":")" + role + R"(.onnx","source":{},"sha256":")" +
               to_hex(sha256(bytes)) + R"(","size":)" + std::to_string(bytes.size()) + "}";
      roles += comma + '"' + role + R"(":")" + role + R"(.onnx")";
    }
    host::write_file(folder_.path() / "mine.json",
                     R"({"id":"mine","name":"Mine","task":")" + task + R"(","family":")" + family +
                         R"(","licence":"MIT","files":[)" + files + R"(],"graphs":{)" + roles +
                         "}" + more + "}");
  }

  struct Machine {
    explicit Machine(const fs::path& folder, runtime::Executors& executors)
        : catalogue(folder),
          engine({.library = runtime_library(), .threads = 1}, executors, metrics),
          embeddings(executors, 64 << 20, {}),
          vision(catalogue, engine, embeddings, executors, clock),
          analyzer(catalogue, engine, vision, executors, clock) {}
    SystemClock clock;
    observe::Metrics metrics;
    Catalogue catalogue;
    inference::Engine engine;
    EmbeddingCache embeddings;
    Vision vision;
    Analyzer analyzer;
  };

  SegmentOutcome segment(Machine& machine, int width, int height, decode::sam::Prompt prompt) {
    const auto image = std::make_shared<const raster::Image>(width, height, 3);
    const PixelSource source = [image]() -> Task<Pixels> { co_return image; };
    SegmentOptions options{"mine", inference::Lane::interactive, {}};
    options.masks.masks_max = 3;
    return runtime::block_on(executors_,
                             machine.vision.segment({std::nullopt, "image"}, source, width, height,
                                                    {std::move(prompt)}, std::move(options)));
  }
  decode::Reading analyze(Machine& machine, int width, int height) {
    const auto image = std::make_shared<const raster::Image>(width, height, 3);
    return runtime::block_on(executors_, machine.analyzer.analyze(image, {.model = "mine"}))
        .reading;
  }

  blob::TemporaryFolder folder_{blob::TemporaryFolder::Place::memory};
  runtime::Executors executors_{{.io_threads = 1, .compute_threads = 1, .blocking_threads = 1}};
};

// Three masks, each a band of a third of the width, stretched over the image.
std::vector<float> bands() {
  std::vector<float> out(3 * 256 * 256, -1);
  for (std::size_t k = 0; k < 3; ++k) {
    for (std::size_t y = 0; y < 256; ++y) {
      for (std::size_t x = k * 64; x < (k + 1) * 64; ++x) out[(k * 256 + y) * 256 + x] = 1;
    }
  }
  return out;
}

// Three tensors of other constants; the decoder's scores are their means by the names it asks for.
TEST_F(BroughtModels, Sam2KeepsAllTensorsOfItsEncoder) {
  GraphText encoder;
  encoder.input("image", {1, 3, 1024, 1024})
      .floats("zero", {1}, {0})
      .mean("image")
      .node("Mul", {"image_one", "zero"}, "nothing");
  const std::vector<std::tuple<std::string, float, std::vector<std::int64_t>>> tensors = {
      {"high_res_feats_0", 0.5F, {1, 32, 256, 256}},
      {"high_res_feats_1", 0.25F, {1, 64, 128, 128}},
      {"image_embed", 0.75F, {1, 256, 64, 64}}};
  GraphText decoder;
  for (const auto& [name, value, shape] : tensors) {
    encoder.floats(name + "_value", {1}, {value})
        .ints(name + "_shape", shape)
        .node("Add", {name + "_value", "nothing"}, name + "_sum")
        .node("Expand", {name + "_sum", name + "_shape"}, name)
        .output(name, shape);
    decoder.input(name, shape).mean(name);
  }
  decoder.input("point_coords", {-1, -1, 2})
      .input("point_labels", {-1, -1})
      .input("mask_input", {-1, 1, 256, 256})
      .input("has_mask_input", {-1})
      .floats("bands", {1, 3, 256, 256}, bands())
      .floats("zero", {1}, {0})
      .mean("point_coords")
      .mean("mask_input")
      .node("Mul", {"point_coords_one", "zero"}, "no_points")
      .node("Mul", {"mask_input_one", "zero"}, "no_mask")
      .node("Add", {"no_points", "no_mask"}, "nothing")
      .node("Add", {"bands", "nothing"}, "masks")
      .node("Concat", {"high_res_feats_0_one", "high_res_feats_1_one", "image_embed_one"}, "means",
            {{"axis", std::int64_t{0}}})
      .ints("row", {1, 3})
      .node("Reshape", {"means", "row"}, "iou_predictions")
      .output("masks", {-1, 3, 256, 256})
      .output("iou_predictions", {-1, 3});
  add("promptable_segmentation", "sam2",
      {{"encoder", encoder.write()}, {"decoder", decoder.write()}});
  Machine machine(folder_.path(), executors_);
  for (const bool ready : {false, true}) {
    const auto outcome = segment(machine, 300, 90, {.points = {{{10, 10}, true}}});
    EXPECT_EQ(outcome.embedding_was_ready, ready);
    ASSERT_EQ(outcome.masks.size(), 3U);
    EXPECT_NEAR(outcome.masks[0].score, 0.75, 1e-6);  // image_embed: the third band
    EXPECT_EQ(outcome.masks[0].bounds, (geometry::Rect{150, 0, 225, 90}));
    EXPECT_NEAR(outcome.masks[1].score, 0.5, 1e-6);
    EXPECT_EQ(outcome.masks[1].bounds, (geometry::Rect{0, 0, 75, 90}));
  }
  // What was there already goes in as logits over the stretched image.
  decode::sam::Prompt again{.points = {{{10, 10}, true}}};
  again.previous_mask = raster::empty_rle(90, 300);
  EXPECT_EQ(segment(machine, 300, 90, again).masks.size(), 3U);
}

TEST_F(BroughtModels, EfficientSamTakesPointsInItsOwnShape) {
  GraphText encoder;
  encoder.input("batched_images", {-1, 3, -1, -1})
      .mean("batched_images")
      .ints("shape", {1, 256, 64, 64})
      .node("Expand", {"batched_images_one", "shape"}, "image_embeddings")
      .output("image_embeddings", {-1, 256, 64, 64});
  GraphText decoder;
  decoder.input("image_embeddings", {-1, 256, 64, 64})
      .input("batched_point_coords", {1, -1, -1, 2})
      .input("batched_point_labels", {1, -1, -1})
      .input("orig_im_size", {2}, DType::int64)
      .floats("bands", {1, 1, 3, 256, 256}, bands())
      .node("Cast", {"orig_im_size"}, "size", {{"to", std::int64_t{1}}})
      .mean("size")
      .mean("image_embeddings")
      .mean("batched_point_coords")
      .node("Mul", {"bands", "size_one"}, "output_masks")
      .node("Concat", {"image_embeddings_one", "size_one", "batched_point_coords_one"}, "all",
            {{"axis", std::int64_t{0}}})
      .ints("row", {1, 1, 3})
      .floats("scale", {1}, {1.0F / 1024})
      .node("Reshape", {"all", "row"}, "numbers")
      .node("Mul", {"numbers", "scale"}, "iou_predictions")
      .output("output_masks", {-1, -1, 3, 256, 256})
      .output("iou_predictions", {-1, -1, 3});
  add("promptable_segmentation", "efficient_sam",
      {{"encoder", encoder.write()}, {"decoder", decoder.write()}});
  Machine machine(folder_.path(), executors_);
  // The corner of the image is (1024, 1024) to the model, and the box's other corner the middle.
  const auto outcome = segment(machine, 200, 100, {.box = geometry::Rect{100, 50, 200, 100}});
  ASSERT_EQ(outcome.masks.size(), 3U);
  EXPECT_NEAR(outcome.masks[0].score, 1, 1e-6);     // orig_im_size is 1024 each way
  EXPECT_NEAR(outcome.masks[1].score, 0.75, 1e-6);  // mean of 512, 512, 1024, 1024
  EXPECT_NEAR(outcome.masks[2].score, 0, 1e-6);     // a black image
  EXPECT_EQ(outcome.masks[0].bounds, (geometry::Rect{50, 0, 100, 100}));
}

TEST_F(BroughtModels, DFineIsToldItsInputsSizeAndGivesWholeNumbers) {
  GraphText model;
  model.input("images", {-1, 3, 64, 128})
      .input("orig_target_sizes", {-1, 2}, DType::int64)
      .floats("shares", {1, 2, 4}, {0, 0, 0.5F, 0.5F, 0.5F, 0.25F, 1, 1})
      .floats("given", {1, 2}, {0.9F, 0.8F})
      .floats("zero", {1}, {0})
      .mean("images")
      .node("Mul", {"images_one", "zero"}, "nothing")
      .node("Cast", {"orig_target_sizes"}, "sizes", {{"to", std::int64_t{1}}})
      .node("Concat", {"sizes", "sizes"}, "four", {{"axis", std::int64_t{1}}})
      .node("Mul", {"shares", "four"}, "scaled")
      .node("Add", {"scaled", "nothing"}, "boxes")
      .node("Add", {"given", "nothing"}, "scores")
      .floats("kinds", {1, 2}, {1, 0})
      .node("Add", {"kinds", "nothing"}, "kinds_sum")
      .node("Cast", {"kinds_sum"}, "labels", {{"to", std::int64_t{7}}})
      .output("labels", {-1, 2}, DType::int64)
      .output("boxes", {-1, 2, 4})
      .output("scores", {-1, 2});
  model.graph.metadata = {{"names", "{0: 'cat', 1: 'dog'}"}};
  add("detection", "dfine", {{"detector", model.write()}});
  Machine machine(folder_.path(), executors_);
  const auto reading = analyze(machine, 256, 256);
  ASSERT_EQ(reading.findings.size(), 2U);
  EXPECT_EQ(reading.findings[0].class_name, "dog");
  EXPECT_EQ(std::get<document::Box>(reading.findings[0].shape).rect(),
            (geometry::Rect{0, 0, 128, 128}));
  EXPECT_EQ(std::get<document::Box>(reading.findings[1].shape).rect(),
            (geometry::Rect{128, 64, 256, 256}));
}

// [1, 38, 84] and prototypes of ones: one object in a 64 x 64 input.
TEST_F(BroughtModels, ASegmentingYoloGivesMasks) {
  std::vector<float> planes(38 * 84);
  const auto set = [&](std::size_t plane, float value) { planes[plane * 84 + 40] = value; };
  set(0, 32), set(1, 32), set(2, 32), set(3, 16), set(5, 0.9F), set(6, 1);
  GraphText model;
  model.input("images", {1, 3, 64, 64})
      .floats("planes", {1, 38, 84}, planes)
      .floats("ones", {1, 32, 16, 16}, std::vector<float>(32 * 256, 1))
      .floats("zero", {1}, {0})
      .mean("images")
      .node("Mul", {"images_one", "zero"}, "nothing")
      .node("Add", {"planes", "nothing"}, "output0")
      .node("Add", {"ones", "nothing"}, "output1")
      .output("output0", {1, 38, 84})
      .output("output1", {1, 32, 16, 16});
  model.graph.metadata = {{"task", "segment"}, {"names", "{0: 'cat', 1: 'dog'}"}};
  add("instance_segmentation", "yolo_segment", {{"model", model.write()}});
  Machine machine(folder_.path(), executors_);
  const auto reading = analyze(machine, 128, 128);
  ASSERT_EQ(reading.findings.size(), 1U);
  EXPECT_EQ(reading.findings[0].class_name, "dog");
  const auto& rle = std::get<document::MaskShape>(reading.findings[0].shape).rle;
  EXPECT_EQ(raster::bounds(rle), (geometry::Rect{32, 48, 96, 80}));
  EXPECT_EQ(raster::area(rle), 64U * 32U);
}

// A pair whose image is always (3, 4) and whose texts are (tokens that count, 4).
TEST_F(BroughtModels, APairJudgesLabelsByTheirNames) {
  GraphText image;
  image.input("pixel_values", {-1, 3, 224, 224})
      .floats("given", {1, 2}, {3, 4})
      .floats("zero", {1}, {0})
      .mean("pixel_values")
      .node("Mul", {"pixel_values_one", "zero"}, "nothing")
      .node("Add", {"given", "nothing"}, "image_embeds")
      .output("image_embeds", {-1, 2});
  GraphText text;
  text.input("input_ids", {-1, 77}, DType::int64)
      .input("attention_mask", {-1, 77}, DType::int64)
      .floats("length", {1}, {77})
      .floats("zero", {1}, {0})
      .floats("four", {1}, {4})
      .ints("row", {1, 2})
      .node("Cast", {"attention_mask"}, "mask", {{"to", std::int64_t{1}}})
      .node("Cast", {"input_ids"}, "ids", {{"to", std::int64_t{1}}})
      .mean("mask")
      .mean("ids")
      .node("Mul", {"mask_one", "length"}, "count")
      .node("Mul", {"ids_one", "zero"}, "nothing")
      .node("Add", {"four", "nothing"}, "second")
      .node("Concat", {"count", "second"}, "both", {{"axis", std::int64_t{0}}})
      .node("Reshape", {"both", "row"}, "text_embeds")
      .output("text_embeds", {-1, 2});
  add("image_text", "clip", {{"image", image.write()}, {"text", text.write()}});
  Machine machine(folder_.path(), executors_);
  ImageText& pairs = machine.analyzer.image_text();
  EXPECT_EQ(pairs.pick(), "mine");
  const auto lane = inference::Lane::interactive;
  const auto embed = [&] {
    return runtime::block_on(executors_, pairs.text_embedding("mine", "cat", lane));
  };
  EXPECT_THROW(embed(), Error);  // without a tokenizer
  host::write_file(folder_.path() / "weights/mine/bpe_simple_vocab_16e6.txt",
                   "#version: 0.2\nc a\nca t</w>\n");
  const auto cat = embed();  // start, cat, end: (3, 4) / 5
  ASSERT_EQ(cat.size(), 2U);
  EXPECT_NEAR(cat[0], 0.6, 1e-6);
  EXPECT_NEAR(cat[1], 0.8, 1e-6);
  const auto photo = std::make_shared<const raster::Image>(60, 40, 3);
  const ZeroShotRequest request{"mine", {"zzz", "cat"}, {"{}"}};
  const auto labels = runtime::block_on(executors_, pairs.zero_shot(photo, request, lane)).labels;
  ASSERT_EQ(labels.size(), 2U);
  EXPECT_EQ(labels[1].name, "cat");
  // zzz has five tokens: (5, 4), whose cosine with (3, 4) is 31 / (5 * sqrt(41)).
  const double other = 31 / (5 * std::sqrt(41.0));
  EXPECT_NEAR(labels[1].score, 1 / (1 + std::exp(100 * (other - 1))), 1e-4);
  EXPECT_NEAR(labels[0].score + labels[1].score, 1, 1e-5);
  EXPECT_THROW(runtime::block_on(executors_, pairs.zero_shot(photo, {"mine", {}}, lane)), Error);
  // As any model: features, and tags of the names given.
  AnalyzeOptions how{.model = "mine", .min_score = 0.2};
  EXPECT_EQ(runtime::block_on(executors_, machine.analyzer.analyze(photo, how)).reading.embedding,
            (std::vector<float>{0.6F, 0.8F}));
  how.labels = {"cat", std::string(40, 'z')};
  const auto reading = runtime::block_on(executors_, machine.analyzer.analyze(photo, how)).reading;
  ASSERT_EQ(reading.findings.size(), 1U);
  EXPECT_EQ(reading.findings[0].class_name, "cat");
}

// A class beyond the labels, as a hostile or mislabelled model gives it: refused, nothing read.
TEST_F(BroughtModels, AClassBeyondTheLabelsEndsTheRun) {
  std::vector<float> rows(300 * 6);
  const std::vector<float> row = {1, 1, 9, 9, 0.9F, 7};
  std::ranges::copy(row, rows.begin());
  GraphText model;
  model.input("images", {1, 3, 64, 64})
      .floats("rows", {1, 300, 6}, rows)
      .floats("zero", {1}, {0})
      .mean("images")
      .node("Mul", {"images_one", "zero"}, "nothing")
      .node("Add", {"rows", "nothing"}, "output0")
      .output("output0", {1, 300, 6});
  model.graph.metadata = {{"names", "{0: 'cat', 1: 'dog'}"}};
  add("detection", "yolo_rows", {{"detector", model.write()}});
  Machine machine(folder_.path(), executors_);
  EXPECT_THROW(analyze(machine, 64, 64), Error);
}

}  // namespace
}  // namespace aa::modelzoo
