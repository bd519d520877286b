// What pre- and post-processing cost beside the bare run, on YOLOX-Nano and MobileSAM.
//
//   inference_bench DETECTOR ENCODER DECODER [--benchmark_...]
//
// The photo is made up (detail and noise); only its size matters here. "bare" rows feed the same
// tensor again; the share of the rest is (whole - bare) / bare.
#include <cmath>
#include <cstdlib>
#include <random>

#include <benchmark/benchmark.h>

#include "driver/inference/engine.hpp"
#include "kernel/decode/families.hpp"
#include "kernel/decode/sam.hpp"

namespace {

using namespace aa;
using inference::Tensor;

struct Machine {
  runtime::Executors executors;
  observe::Metrics metrics;
  inference::Engine engine;
  static std::filesystem::path library() {
    const char* path = std::getenv("ONNXRUNTIME_LIBRARY");
    return path != nullptr ? path : "";
  }
  Machine() : engine({.library = library()}, executors, metrics) {}
};

raster::Image photo(int width, int height) {
  raster::Image image(width, height, 3);
  std::mt19937 random(1);
  for (std::size_t i = 0; i < image.bytes(); ++i) {
    image.data()[i] = static_cast<std::uint8_t>((i / 7) % 200 + random() % 40);
  }
  return image;
}

decode::DetectorSpec yolox() {
  decode::DetectorSpec spec{.family = decode::Family::yolox, .input_name = "images"};
  spec.input = {.width = 416, .height = 416, .bgr = true};
  return spec;
}

void prepare_yolox(benchmark::State& state) {
  const auto image = photo(static_cast<int>(state.range(0)), static_cast<int>(state.range(1)));
  const auto spec = yolox();
  std::vector<float> out(spec.input.elements());
  for (auto _ : state) benchmark::DoNotOptimize(prepare_detector_input(image, spec, out));
}
BENCHMARK(prepare_yolox)->Args({640, 480})->Args({4000, 3000})->Unit(benchmark::kMillisecond);

void prepare_sam(benchmark::State& state) {
  const auto image = photo(static_cast<int>(state.range(0)), static_cast<int>(state.range(1)));
  for (auto _ : state) benchmark::DoNotOptimize(decode::sam::prepare_image(image));
}
BENCHMARK(prepare_sam)->Args({800, 534})->Args({4000, 3000})->Unit(benchmark::kMillisecond);

// A disc with a rough edge, as decoders give them.
void read_mask(benchmark::State& state) {
  const int width = static_cast<int>(state.range(0));
  const int height = static_cast<int>(state.range(1));
  const auto frame = decode::sam::frame_of(width, height);
  auto masks = Tensor::of_floats("masks", {1, 1, height, width});
  auto scores = Tensor::of_floats("iou_predictions", {1, 1});
  std::mt19937 random(2);
  std::uniform_real_distribution<float> rough(-3, 3);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const auto away = std::hypot(x - width / 2, y - height / 2);
      masks.floats()[static_cast<std::size_t>(y * width + x)] =
          static_cast<float>(height) / 3 - static_cast<float>(away) + rough(random);
    }
  }
  const std::vector<Tensor> outputs = {masks, scores};
  const auto views = decode::views_of(outputs);
  for (auto _ : state) benchmark::DoNotOptimize(decode::sam::read_masks(views, frame));
}
BENCHMARK(read_mask)->Args({800, 534})->Args({4000, 3000})->Unit(benchmark::kMillisecond);

void detect(benchmark::State& state, const std::string& model, bool whole, inference::Lane lane) {
  Machine machine;
  const auto image = photo(640, 480);
  const auto spec = yolox();
  auto tensor = Tensor::of_floats(spec.input_name, spec.input_shape());
  auto box = prepare_detector_input(image, spec, tensor.floats());
  machine.engine.run_blocking(model, {tensor}, lane);
  std::vector<Tensor> inputs = {tensor};
  for (auto _ : state) {
    if (whole) box = prepare_detector_input(image, spec, inputs[0].floats());
    const auto result = machine.engine.run_blocking(model, inputs, lane);
    if (!whole) continue;
    const auto views = decode::views_of(result.outputs);
    benchmark::DoNotOptimize(decode_detections(views, spec, box, {.score_min = 0.05}));
  }
}

void encode(benchmark::State& state, const std::string& encoder, bool whole) {
  Machine machine;
  const auto image = photo(800, 534);
  auto tensor = Tensor::of_floats("input", {1, 3, 1024, 1024});
  std::ranges::copy(decode::sam::prepare_image(image).values, tensor.floats().begin());
  std::vector<Tensor> inputs = {tensor};
  machine.engine.run_blocking(encoder, inputs);
  for (auto _ : state) {
    if (whole) {
      std::ranges::copy(decode::sam::prepare_image(image).values, inputs[0].floats().begin());
    }
    benchmark::DoNotOptimize(machine.engine.run_blocking(encoder, inputs));
  }
}

std::vector<Tensor> prompt_tensors(const decode::sam::PromptInputs& given) {
  std::vector<Tensor> inputs;
  const auto add = [&](const char* name, std::vector<std::int64_t> shape, const auto& values) {
    auto& tensor = inputs.emplace_back(Tensor::of_floats(name, std::move(shape)));
    std::ranges::copy(values, tensor.floats().begin());
  };
  add("image_embeddings", {1, 256, 64, 64}, std::vector<float>());
  add("point_coords", {1, given.count(), 2}, given.point_coords);
  add("point_labels", {1, given.count()}, given.point_labels);
  add("mask_input", {1, 1, 256, 256}, given.mask_input);
  add("has_mask_input", {1}, given.has_mask);
  add("orig_im_size", {2}, given.image_size);
  return inputs;
}

void click(benchmark::State& state, const std::string& decoder, bool whole) {
  Machine machine;
  const auto frame = decode::sam::frame_of(800, 534);
  const decode::sam::Prompt prompt{.points = {{{390, 300}, true}}};
  const auto inputs = prompt_tensors(prepare_prompt(prompt, frame));
  machine.engine.run_blocking(decoder, inputs);
  for (auto _ : state) {
    const auto result = machine.engine.run_blocking(decoder, inputs);
    if (!whole) continue;
    const auto views = decode::views_of(result.outputs);
    benchmark::DoNotOptimize(decode::sam::read_masks(views, frame));
  }
}

template <class F>
void add_bench(const char* name, F body) {
  benchmark::RegisterBenchmark(name, body)->Unit(benchmark::kMillisecond)->UseRealTime();
}

}  // namespace

int main(int count, char** words) {
  benchmark::Initialize(&count, words);
  if (count > 1) {
    const std::string model = words[1];
    using inference::Lane;
    add_bench("detect_bare", [=](auto& s) { detect(s, model, false, Lane::interactive); });
    add_bench("detect_whole", [=](auto& s) { detect(s, model, true, Lane::interactive); });
    add_bench("detect_bare_one_thread", [=](auto& s) { detect(s, model, false, Lane::bulk); });
    add_bench("detect_whole_one_thread", [=](auto& s) { detect(s, model, true, Lane::bulk); });
  }
  if (count > 3) {
    const std::string encoder = words[2];
    const std::string decoder = words[3];
    add_bench("encode_bare", [=](auto& s) { encode(s, encoder, false); });
    add_bench("encode_whole", [=](auto& s) { encode(s, encoder, true); });
    add_bench("click_bare", [=](auto& s) { click(s, decoder, false); });
    add_bench("click_whole", [=](auto& s) { click(s, decoder, true); });
  }
  benchmark::RunSpecifiedBenchmarks();
}
