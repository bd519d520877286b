// Clicks against bulk work, and batches, on real sessions: YOLOX-Nano, and a graph made here whose
// axis 0 is free.
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <future>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "driver/inference/engine.hpp"
#include "driver/inference/run_queue.hpp"
#include "kernel/graph/onnx_model.hpp"

namespace aa::inference {
namespace {

namespace fs = std::filesystem;

const fs::path kSource = AA_SOURCE_DIR;
constexpr std::int64_t kWidth = 512;

fs::path library() { return kSource / "third_party/onnxruntime/lib/libonnxruntime.so.1"; }
fs::path detector() { return kSource / "models/weights/yolox-nano/model.onnx"; }

graph::OnnxInitializer weights(const std::string& name, float level) {
  auto tensor = std::make_shared<graph::Tensor>();
  tensor->dims = {kWidth, kWidth};
  std::vector<float> values(static_cast<std::size_t>(kWidth * kWidth), level);
  for (std::size_t i = 0; i < values.size(); i += 7) values[i] = -level;
  tensor->bytes.resize(values.size() * sizeof(float));
  std::memcpy(tensor->bytes.data(), values.data(), tensor->bytes.size());
  return {name, std::move(tensor)};
}

// y = x W W ...; with `mixing`, y = x + the mean over axis 0, which makes batches wrong.
fs::path layers(const std::string& name, int count, bool mixing) {
  graph::OnnxGraph out;
  out.name = name;
  out.inputs.push_back({"x", graph::DType::float32, {graph::kUnknownDim, kWidth}});
  out.initializers.push_back(weights("w", 0.01F));
  std::string last = "x";
  for (int i = 0; i < count; ++i) {
    const auto next = "h" + std::to_string(i);
    out.nodes.push_back({"MatMul", {last, "w"}, {next}, {}});
    last = next;
  }
  if (mixing) {
    out.nodes.push_back({"ReduceMean", {"x"}, {"mean"}, {{"axes", std::vector<std::int64_t>{0}}}});
    out.nodes.push_back({"Add", {"x", "mean"}, {"mixed"}, {}});
    last = "mixed";
  }
  out.nodes.push_back({"Identity", {last}, {"y"}, {}});
  out.outputs.push_back({"y", graph::DType::float32, {graph::kUnknownDim, kWidth}});
  const auto path = fs::path(::testing::TempDir()) / (name + ".onnx");
  std::ofstream(path, std::ios::binary) << graph::write_onnx(out);
  return path;
}

std::vector<Tensor> row(float level) {
  std::vector<Tensor> out;
  out.push_back(Tensor::of_floats("x", {1, kWidth}));
  std::ranges::fill(out[0].floats(), level);
  return out;
}

class PreemptionTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(library())) GTEST_SKIP() << "no library; run script/fetch_onnxruntime";
  }
  static std::vector<Tensor> image() {
    std::vector<Tensor> inputs;
    inputs.push_back(Tensor::of_floats("images", {1, 3, 416, 416}));
    std::ranges::fill(inputs[0].floats(), 114.0F);
    return inputs;
  }
  std::future<RunResult> submit(const fs::path& model, std::vector<Tensor> inputs, Lane lane) {
    return boost::asio::co_spawn(executors.io(), engine.run(model, std::move(inputs), lane),
                                 boost::asio::use_future);
  }
  double counted(const std::string& name) const {
    double total = 0;
    const auto text = metrics.text();
    for (std::size_t at = text.find("\n" + name + "{"); at != std::string::npos;
         at = text.find("\n" + name + "{", at + 1)) {
      total += std::strtod(text.c_str() + text.find("} ", at) + 2, nullptr);
    }
    return total;
  }

  runtime::Executors executors{{.io_threads = 2, .compute_threads = 2, .blocking_threads = 1}};
  observe::Metrics metrics;
  Engine engine{{.library = library()}, executors, metrics};
};

TEST_F(PreemptionTest, bulk_runs_that_were_ended_for_clicks_give_their_results) {
  if (!fs::exists(detector())) GTEST_SKIP() << "no YOLOX-Nano; run annotateai models pull";
  const auto alone = submit(detector(), image(), Lane::bulk).get();
  submit(detector(), image(), Lane::interactive).get();
  std::vector<std::future<RunResult>> bulk;
  for (int i = 0; i < 30; ++i) bulk.push_back(submit(detector(), image(), Lane::bulk));
  int clicks = 0;
  while (bulk.back().wait_for(std::chrono::milliseconds(3)) != std::future_status::ready) {
    submit(detector(), image(), Lane::interactive).get();
    ++clicks;
  }
  for (auto& run : bulk) {
    const auto result = run.get();
    EXPECT_TRUE(std::ranges::equal(result.outputs.at(0).bytes, alone.outputs.at(0).bytes));
  }
  EXPECT_GT(clicks, 0);
  const double ended = counted("annotateai_inference_preemptions_total");
#if !defined(__SANITIZE_THREAD__)  // clicks come too slowly to meet a run
  EXPECT_GT(ended, 0);
#endif
  EXPECT_LE(ended, 30 * detail::kRedosMax);
}

TEST_F(PreemptionTest, waiting_runs_of_a_free_batch_are_joined_and_come_apart) {
  const auto model = layers("free", 8, false);
  EXPECT_TRUE(engine.info_blocking(model, Lane::bulk).batches);
  std::vector<std::future<RunResult>> runs;
  for (int i = 0; i < 120; ++i) {
    runs.push_back(submit(model, row(static_cast<float>(i + 1)), Lane::bulk));
  }
  std::size_t largest = 0;
  const auto unit = engine.run_blocking(model, row(1)).outputs.at(0).floats()[3];
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const auto result = runs[i].get();
    largest = std::max(largest, result.timing.batch);
    const auto y = result.outputs.at(0).floats();
    ASSERT_EQ(y.size(), static_cast<std::size_t>(kWidth));
    const float expected = unit * static_cast<float>(i + 1);
    EXPECT_NEAR(y[3], expected, 0.001F * std::abs(expected));
  }
  // One row at a time is bound by reading the weights, which a batch shares.
  EXPECT_GT(largest, 1U);
}

TEST_F(PreemptionTest, a_graph_whose_rows_are_not_apart_is_never_joined) {
  const auto model = layers("mixing", 1, true);
  EXPECT_TRUE(engine.info_blocking(model, Lane::bulk).batches);
  std::vector<std::future<RunResult>> runs;
  for (int i = 0; i < 60; ++i) {
    runs.push_back(submit(model, row(static_cast<float>(i + 1)), Lane::bulk));
  }
  const auto unit = engine.run_blocking(model, row(1)).outputs.at(0).floats()[3];
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const auto result = runs[i].get();
    EXPECT_EQ(result.timing.batch, 1U);
    const float expected = unit * static_cast<float>(i + 1);
    EXPECT_NEAR(result.outputs.at(0).floats()[3], expected, 0.001F * std::abs(expected));
  }
}

TEST_F(PreemptionTest, one_bad_input_of_a_batch_is_the_failure_of_one) {
  const auto model = layers("bad", 8, false);
  std::vector<std::future<RunResult>> runs;
  for (int i = 0; i < 40; ++i) {
    auto input = row(1);
    if (i == 20) input[0].bytes.pop_back();
    runs.push_back(submit(model, std::move(input), Lane::bulk));
  }
  for (int i = 0; i < 40; ++i) {
    if (i == 20) {
      EXPECT_THROW(runs[20].get(), Error);
    } else {
      EXPECT_EQ(runs[static_cast<std::size_t>(i)].get().outputs.size(), 1U);
    }
  }
}

}  // namespace
}  // namespace aa::inference
