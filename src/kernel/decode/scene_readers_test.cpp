#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "kernel/decode/reader.hpp"

namespace aa::decode {
namespace {

using Shape = std::vector<std::int64_t>;

struct Output {
  std::string name;
  Shape shape;
  std::vector<float> values;
  Output(std::string called, Shape sides, float fill = 0)
      : name(std::move(called)), shape(std::move(sides)) {
    std::size_t count = 1;
    for (const auto side : shape) count *= static_cast<std::size_t>(side);
    values.assign(count, fill);
  }
  TensorView view() const { return {name, shape, values}; }
};

GraphSignature signature(Shape input, std::vector<Port> outputs) {
  return {{{"x", std::move(input)}}, std::move(outputs), {}};
}

Reading read(const ModelSpec& spec, const std::vector<Output>& outputs, int width, int height,
             const std::optional<Region>& region = std::nullopt, const ReadOptions& options = {}) {
  const auto input = region ? spec.input.sized_for(region->width, region->height)
                            : spec.input.sized_for(width, height);
  std::vector<TensorView> views;
  for (const auto& output : outputs) views.push_back(output.view());
  return read_model(views, spec, plan_frame(width, height, input, region), options);
}

std::string slug_of(const std::function<void()>& body) {
  try {
    body();
  } catch (const Error& error) {
    return std::string(error.slug());
  }
  return "";
}

const std::string& text_of(const Finding& found) {
  return std::get<std::string>(found.attributes.at(0).value);
}

// --- text -------------------------------------------------------------------------------------

ModelSpec text_detector() {
  return recognise_model(signature({-1, 3, -1, -1}, {{"sigmoid_0.tmp_0", {-1, 1, -1, -1}}}))
      .value();
}

void paint(Output& map, int x0, int y0, int x1, int y1, float value) {
  const auto width = static_cast<int>(map.shape[3]);
  for (int y = y0; y < y1; ++y) {
    for (int x = x0; x < x1; ++x) map.values[static_cast<std::size_t>(y * width + x)] = value;
  }
}

TEST(TextDetector, IsRecognisedAndSizedToMultiples) {
  const auto spec = text_detector();
  EXPECT_EQ(spec.reader->family, "ppocr_det");
  const auto sized = spec.input.sized_for(1920, 1080);
  EXPECT_EQ(sized.width, 960);
  EXPECT_EQ(sized.height, 544);  // 540 is nearest to 17 * 32
  EXPECT_TRUE(sized.bgr);
}

TEST(TextDetector, ARectangleGrowsByAreaOverPerimeter) {
  const auto spec = text_detector();
  Output map("sigmoid_0.tmp_0", {1, 1, 64, 128});
  paint(map, 20, 30, 81, 41, 0.9F);  // middles of pixels 60 apart across, 10 down
  const auto reading = read(spec, {map}, 128, 64);
  ASSERT_EQ(reading.findings.size(), 1);
  const auto& found = reading.findings[0];
  EXPECT_EQ(found.class_name, "text");
  EXPECT_NEAR(found.score, 0.9, 1e-5);
  // Each side moves by 1.5 * 600 / 140 = 6.428571.
  const auto bounds = document::shape_bounds(found.shape).value();
  EXPECT_NEAR(bounds.x0, 20.5 - 6.428571, 1e-5);
  EXPECT_NEAR(bounds.y0, 30.5 - 6.428571, 1e-5);
  EXPECT_NEAR(bounds.x1, 80.5 + 6.428571, 1e-5);
  EXPECT_NEAR(bounds.y1, 40.5 + 6.428571, 1e-5);
  ASSERT_TRUE(found.region);
  EXPECT_NEAR(found.region->rotation, 0, 1e-9);
  EXPECT_NEAR(found.region->width, 60 + 2 * 6.428571, 1e-5);
}

TEST(TextDetector, ALineThatRunsDownIsReadTurned) {
  const auto spec = text_detector();
  Output map("sigmoid_0.tmp_0", {1, 1, 128, 64});
  paint(map, 26, 20, 37, 101, 0.8F);
  const auto reading = read(spec, {map}, 64, 128);
  ASSERT_EQ(reading.findings.size(), 1);
  const auto& region = *reading.findings[0].region;
  EXPECT_NEAR(region.rotation, 90, 1e-9);
  EXPECT_GT(region.width, region.height);
}

TEST(TextDetector, ASlantedLineHasASlantedQuadrangle) {
  const auto spec = text_detector();
  Output map("sigmoid_0.tmp_0", {1, 1, 128, 128});
  for (int i = 0; i < 60; ++i) paint(map, 20 + i, 30 + i / 2, 28 + i, 42 + i / 2, 0.9F);
  const auto reading = read(spec, {map}, 128, 128);
  ASSERT_EQ(reading.findings.size(), 1);
  EXPECT_NEAR(reading.findings[0].region->rotation, 26.57, 1.5);
}

TEST(TextDetector, SmallFaintAndEmptyAreNothing) {
  const auto spec = text_detector();
  Output map("sigmoid_0.tmp_0", {1, 1, 64, 64});
  paint(map, 2, 2, 5, 30, 0.9F);     // 2 wide between middles
  paint(map, 20, 20, 50, 40, 0.5F);  // below 0.6
  EXPECT_TRUE(read(spec, {map}, 64, 64).findings.empty());
}

TEST(TextDetector, NoiseIsSurvivedAndWrongShapesRefused) {
  const auto spec = text_detector();
  Output noise("sigmoid_0.tmp_0", {1, 1, 960, 960});
  for (std::size_t i = 0; i < noise.values.size(); ++i) noise.values[i] = i % 3 == 0 ? 1 : 0;
  EXPECT_LE(read(spec, {noise}, 960, 960).findings.size(), ReadOptions{}.findings_max);
  const Output other("sigmoid_0.tmp_0", {1, 1, 32, 64});
  const Output planes("sigmoid_0.tmp_0", {1, 2, 64, 64});
  EXPECT_EQ(slug_of([&] { read(spec, {other}, 64, 64); }), "model_output");
  EXPECT_EQ(slug_of([&] { read(spec, {planes}, 64, 64); }), "model_output");
  auto wrong = spec;
  wrong.parameters = {{"unclip", "much"}};
  const Output map("sigmoid_0.tmp_0", {1, 1, 64, 64});
  EXPECT_EQ(slug_of([&] { read(wrong, {map}, 64, 64); }), "bad_parameters");
}

TEST(TextDetector, MoreLinesThanAPictureHoldsAreRefused) {
  const auto spec = text_detector();
  Output map("sigmoid_0.tmp_0", {1, 1, 960, 960});
  for (int y = 0; y < 960; y += 6) {
    for (int x = 0; x < 960; x += 6) paint(map, x, y, x + 5, y + 5, 1);
  }
  EXPECT_EQ(slug_of([&] { read(spec, {map}, 960, 960); }), "model_output");
}

ModelSpec text_reader(std::vector<std::string> labels) {
  auto spec = recognise_model(signature({-1, 3, 48, -1}, {{"softmax_11.tmp_0", {-1, -1, 5}}}));
  spec->labels = std::move(labels);
  return std::move(*spec);
}

TEST(TextReader, KeepsTheLikeliestWithoutBlanksAndRepetitions) {
  const auto spec = text_reader({"a", "é", "字"});
  EXPECT_EQ(spec.reader->family, "ppocr_rec");
  EXPECT_EQ(spec.input.sized_for(200, 50).width, 192);
  Output out("softmax_11.tmp_0", {1, 8, 5});
  const int best[] = {1, 1, 0, 1, 4, 2, 3, 3};  // a a _ a space é 字 字
  for (std::size_t t = 0; t < 8; ++t) {
    out.values[t * 5 + static_cast<std::size_t>(best[t])] = t == 5 ? 0.5F : 1.0F;
  }
  const auto reading = read(spec, {out}, 200, 50);
  ASSERT_EQ(reading.findings.size(), 1);
  EXPECT_EQ(text_of(reading.findings[0]), "aa é字");
  EXPECT_NEAR(reading.findings[0].score, 4.5 / 5, 1e-6);
}

TEST(TextReader, OnlyBlanksAreNoText) {
  const auto spec = text_reader({"a", "b", "c"});
  Output out("softmax_11.tmp_0", {1, 4, 5});
  for (std::size_t t = 0; t < 4; ++t) out.values[t * 5] = 1;
  EXPECT_TRUE(read(spec, {out}, 200, 50).findings.empty());
}

TEST(TextReader, LabelsThatDoNotFitAndHostileLengthsAreRefused) {
  const auto spec = text_reader({"a"});
  EXPECT_EQ(slug_of([&] { read(spec, {Output("s", {1, 4, 5})}, 200, 50); }), "model_output");
  const auto fits = text_reader({"a", "b", "c"});
  EXPECT_EQ(slug_of([&] { read(fits, {Output("s", {1, 10'000, 5})}, 200, 50); }), "model_output");
  EXPECT_EQ(slug_of([&] { read(fits, {Output("s", {2, 4, 5})}, 200, 50); }), "model_output");
  EXPECT_EQ(slug_of([&] { read(fits, {}, 200, 50); }), "model_output");
}

TEST(TextOrientation, IsAnAttribute) {
  const auto spec = recognise_model(signature({-1, 3, -1, -1}, {{"softmax_0.tmp_0", {-1, 2}}}));
  ASSERT_TRUE(spec);
  EXPECT_EQ(spec->reader->family, "ppocr_cls");
  EXPECT_EQ(spec->input.sized_for(1000, 50).width, 192);
  EXPECT_EQ(spec->input.sized_for(100, 50).width, 96);
  Output out("softmax_0.tmp_0", {1, 2});
  out.values = {0.1F, 0.9F};
  const auto reading = read(*spec, {out}, 100, 50);
  ASSERT_EQ(reading.findings.size(), 1);
  EXPECT_EQ(reading.findings[0].class_name, "180");
  EXPECT_EQ(std::get<double>(reading.findings[0].attributes.at(0).value), 180);
  EXPECT_NEAR(reading.findings[0].score, 0.9, 1e-6);
  const auto turned = read(*spec, {out}, 100, 50, Region{{40, 20}, 30, 10, 15});
  const auto& region = turned.findings.at(0).region.value();
  EXPECT_NEAR(region.center.x, 40, 1e-9);
  EXPECT_NEAR(region.width, 30, 1e-9);
  EXPECT_NEAR(region.height, 10, 1e-9);
  EXPECT_NEAR(region.rotation, 195, 1e-9);
}

// --- lines ------------------------------------------------------------------------------------

ModelSpec line_detector() {
  return recognise_model(
             signature({1, 64, 64, 4}, {{"offsets", {1, 32, 32, 4}}, {"scores", {1, 32, 32, 1}}}))
      .value();
}

TEST(LineDetector, AddsOffsetsToPeaksAndMapsToTheImage) {
  const auto spec = line_detector();
  EXPECT_EQ(spec.reader->family, "mlsd");
  Output scores("scores", {1, 32, 32, 1});
  Output offsets("offsets", {1, 32, 32, 4});
  const std::size_t cell = 10 * 32 + 16;
  scores.values[cell] = 0.7F;
  const float to[] = {-12, -2, 12, 2};
  std::copy(std::begin(to), std::end(to), offsets.values.begin() + cell * 4);
  scores.values[5] = 0.9F;  // a line of length 0
  const auto reading = read(spec, {offsets, scores}, 128, 64);
  ASSERT_EQ(reading.findings.size(), 1);
  EXPECT_EQ(reading.findings[0].class_name, "line");
  const auto& line = std::get<document::Polyline>(reading.findings[0].shape);
  ASSERT_EQ(line.points.size(), 2);
  EXPECT_EQ(line.keys.size(), 2);
  EXPECT_NEAR(line.points[0].x, (16 - 12) * 2 * 2, 1e-9);
  EXPECT_NEAR(line.points[0].y, (10 - 2) * 2, 1e-9);
  EXPECT_NEAR(line.points[1].x, (16 + 12) * 2 * 2, 1e-9);
  EXPECT_NEAR(line.points[1].y, (10 + 2) * 2, 1e-9);
}

TEST(LineDetector, MissingAndUnequalOutputsAndFloodsAreRefused) {
  const auto spec = line_detector();
  const Output scores("scores", {1, 32, 32, 1}, 1);
  EXPECT_EQ(slug_of([&] { read(spec, {scores}, 64, 64); }), "model_output");
  EXPECT_EQ(slug_of([&] {
              read(spec, {scores, Output("offsets", {1, 16, 16, 4})}, 64, 64);
            }),
            "model_output");
  const Output many("scores", {1, 128, 128, 1}, 1);
  Output far("offsets", {1, 128, 128, 4});
  for (std::size_t i = 0; i < far.values.size(); i += 4) far.values[i] = 50;
  EXPECT_EQ(slug_of([&] { read(spec, {many, far}, 64, 64); }), "model_output");
}

// --- masks, classes, depth --------------------------------------------------------------------

ModelSpec salient() {
  return recognise_model(
             signature({1, 3, 32, 32}, {{"output", {1, 1, 32, 32}}, {"1890", {1, 1, 32, 32}}}))
      .value();
}

TEST(Salient, TheMaskHasTheImagesSize) {
  const auto spec = salient();
  EXPECT_EQ(spec.reader->family, "isnet");
  Output map("output", {1, 1, 32, 32});
  paint(map, 8, 8, 24, 24, 1);
  const auto reading = read(spec, {map, Output("1890", {1, 1, 32, 32}, 1)}, 64, 64);
  ASSERT_EQ(reading.findings.size(), 1);
  EXPECT_EQ(reading.findings[0].class_name, "object");
  EXPECT_NEAR(reading.findings[0].score, 1, 1e-6);
  const auto& rle = std::get<document::MaskShape>(reading.findings[0].shape).rle;
  EXPECT_EQ(rle.width, 64);
  // Half of a border lies at the middle between the cells' middles: 16 to 48, but the corners,
  // where both blends are 3/4 and give 9/16, stay in and those with 3/4 * 1/4 go.
  EXPECT_EQ(raster::bounds(rle), (geometry::Rect{16, 16, 48, 48}));
  EXPECT_EQ(raster::area(rle), 32 * 32);
  ASSERT_TRUE(reading.map);
  EXPECT_EQ(reading.map->width, 32);
  EXPECT_EQ(reading.map->values[8 * 32 + 8], 1);
}

TEST(Salient, LogitsAreToldFromProbabilitiesAndPolygonsGivenOnRequest) {
  auto spec = salient();
  spec.parameters = {{"shape", "polygon"}};
  Output map("output", {1, 1, 32, 32}, -5);
  paint(map, 8, 8, 24, 24, 5);
  const auto reading = read(spec, {map}, 32, 32);
  ASSERT_EQ(reading.findings.size(), 1);
  EXPECT_NEAR(reading.findings[0].score, 1 / (1 + std::exp(-5.0)), 1e-5);
  const auto& polygon = std::get<document::Polygon>(reading.findings[0].shape);
  ASSERT_EQ(polygon.parts.size(), 1);
  EXPECT_EQ(*document::shape_bounds(reading.findings[0].shape), (geometry::Rect{8, 8, 24, 24}));
  EXPECT_NEAR(reading.map->values[0], 1 / (1 + std::exp(5.0)), 1e-6);
}

TEST(Salient, ARegionsMaskLiesInTheRegionOnly) {
  const auto spec = salient();
  const Output map("output", {1, 1, 32, 32}, 1);
  const Region region{{50, 20}, 20, 10, 0};
  const auto reading = read(spec, {map}, 100, 40, region);
  ASSERT_EQ(reading.findings.size(), 1);
  const auto& rle = std::get<document::MaskShape>(reading.findings[0].shape).rle;
  EXPECT_EQ(raster::bounds(rle), (geometry::Rect{40, 15, 60, 25}));
  EXPECT_FALSE(reading.map);
}

TEST(Salient, NothingAboveTheThresholdIsNoFinding) {
  const auto reading = read(salient(), {Output("output", {1, 1, 32, 32}, 0.2F)}, 64, 64);
  EXPECT_TRUE(reading.findings.empty());
  EXPECT_TRUE(reading.map);
  EXPECT_EQ(slug_of([&] {
              read(salient(), {Output("output", {1, 3, 32, 32})}, 64, 64);
            }),
            "model_output");
}

TEST(Classifier, TellsProbabilitiesFromLogits) {
  auto spec = recognise_model(signature({1, 224, 224, 3}, {{"Identity", {1, 3}}}));
  ASSERT_TRUE(spec);
  EXPECT_EQ(spec->reader->family, "classifier");
  spec->labels = {"cat", "dog", "owl"};
  Output out("Identity", {1, 3});
  out.values = {0.1F, 0.6F, 0.3F};
  auto reading = read(*spec, {out}, 10, 10);
  ASSERT_EQ(reading.findings.size(), 2);
  EXPECT_EQ(reading.findings[0].class_name, "dog");
  EXPECT_NEAR(reading.findings[0].score, 0.6, 1e-6);
  EXPECT_EQ(reading.findings[1].class_name, "owl");
  out.values = {2, 4, -1};
  reading = read(*spec, {out}, 10, 10);
  ASSERT_EQ(reading.findings.size(), 1);
  EXPECT_NEAR(reading.findings[0].score, 1 / (1 + std::exp(-2.0) + std::exp(-5.0)), 1e-6);
}

TEST(Classifier, VectorsOfFeaturesAndMillionsOfClassesAreNone) {
  EXPECT_FALSE(recognise_model(signature({1, 3, 224, 224}, {{"embedding", {1, 500}}})));
  const auto spec = recognise_model(signature({1, 3, 224, 224}, {{"logits", {1, 1000}}}));
  ASSERT_TRUE(spec);
  EXPECT_EQ(slug_of([&] {
              read(*spec, {Output("logits", {1, 10'000'000})}, 9, 9);
            }),
            "model_output");
  EXPECT_EQ(slug_of([&] { read(*spec, {Output("logits", {1, 10, 10})}, 9, 9); }), "model_output");
}

TEST(Embedder, GivesAVectorOfLengthOne) {
  const auto spec =
      model_of_family("embedder", signature({1, 3, 32, 32}, {{"features", {1, 2, 1, 1}}}));
  ASSERT_TRUE(spec);
  Output out("features", {1, 2, 1, 1});
  out.values = {3, -4};
  const auto reading = read(*spec, {out}, 10, 10);
  ASSERT_EQ(reading.embedding.size(), 2);
  EXPECT_FLOAT_EQ(reading.embedding[0], 0.6F);
  EXPECT_FLOAT_EQ(reading.embedding[1], -0.8F);
  out.values = {0, 0};
  EXPECT_EQ(slug_of([&] { read(*spec, {out}, 10, 10); }), "model_output");
}

TEST(Depth, IsAMapWithoutPadding) {
  auto spec = recognise_model(signature({1, 3, 32, 32}, {{"predicted_depth", {1, 16, 16}}}));
  ASSERT_TRUE(spec);
  EXPECT_EQ(spec->reader->family, "depth");
  spec->input.fit = Fit::top_left;
  Output out("predicted_depth", {1, 16, 16});
  std::iota(out.values.begin(), out.values.end(), 0.0F);
  const auto reading = read(*spec, {out}, 64, 32);
  ASSERT_TRUE(reading.map);
  EXPECT_EQ(reading.map->width, 16);
  EXPECT_EQ(reading.map->height, 8);
  EXPECT_EQ(reading.map->values.back(), 127);
  EXPECT_TRUE(reading.findings.empty());
}

TEST(Segmentation, EveryClassHasItsMaskInBothLayouts) {
  for (const bool planes : {true, false}) {
    const Shape shape = planes ? Shape{1, 3, 8, 8} : Shape{1, 8, 8, 3};
    auto spec = recognise_model(signature({1, 3, 32, 32}, {{"logits", shape}}));
    ASSERT_TRUE(spec);
    EXPECT_EQ(spec->reader->family, "segmentation");
    spec->labels = {"background", "road", "sky"};
    Output out("logits", shape);
    for (std::size_t cell = 0; cell < 64; ++cell) {  // the upper half is sky, road at the right
      const std::size_t k = cell < 32 ? 2 : cell % 8 < 4 ? 0 : 1;
      out.values[planes ? k * 64 + cell : cell * 3 + k] = 10;
    }
    const auto reading = read(*spec, {out}, 64, 64);
    ASSERT_EQ(reading.findings.size(), 2);
    const auto& sky =
        reading.findings[0].class_index == 2 ? reading.findings[0] : reading.findings[1];
    EXPECT_EQ(sky.class_name, "sky");
    const auto& rle = std::get<document::MaskShape>(sky.shape).rle;
    // Under the border, where road and background halve what sky leaves (9/16), sky has 7/16: two
    // pixels to each side of their meeting.
    EXPECT_EQ(raster::area(rle), 64 * 32 + 4);
    EXPECT_NEAR(sky.score, 1 / (1 + 2 * std::exp(-10.0)), 1e-5);
  }
}

TEST(Segmentation, NumbersOfClassesAreTaken) {
  const auto spec = model_of_family(
      "segmentation", signature({1, 3, 32, 32}, {{"argmax", {1, 16, 16}}}), {{"background", 0}});
  ASSERT_TRUE(spec);
  Output out("argmax", {1, 16, 16});
  for (std::size_t i = 0; i < 128; ++i) out.values[i] = 7;
  const auto reading = read(*spec, {out}, 32, 32);
  ASSERT_EQ(reading.findings.size(), 1);
  EXPECT_EQ(reading.findings[0].class_name, "class 7");
  EXPECT_EQ(raster::area(std::get<document::MaskShape>(reading.findings[0].shape).rle), 32 * 16);
  out.values[3] = 0.5F;
  EXPECT_EQ(slug_of([&] { read(*spec, {out}, 32, 32); }), "model_output");
  out.values[3] = 1e30F;
  EXPECT_EQ(slug_of([&] { read(*spec, {out}, 32, 32); }), "model_output");
}

}  // namespace
}  // namespace aa::decode
