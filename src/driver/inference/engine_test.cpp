#include "driver/inference/engine.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <future>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <gtest/gtest.h>

#include "base/error.hpp"

// ONNX Runtime keeps a few hundred bytes of static state until the process ends.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:libonnxruntime"; }

namespace aa::inference {
namespace {

namespace fs = std::filesystem;
using boost::asio::experimental::awaitable_operators::operator||;

const fs::path kSource = AA_SOURCE_DIR;

fs::path library() { return kSource / "third_party/onnxruntime/lib/libonnxruntime.so.1"; }

// YOLOX-Nano from the test data or from the fetched weights.
fs::path detector() {
  const char* data = std::getenv("ANNOTATEAI_TEST_DATA");
  if (data != nullptr && fs::exists(fs::path(data) / "models/yolox_nano.onnx")) {
    return fs::path(data) / "models/yolox_nano.onnx";
  }
  return kSource / "models/weights/yolox-nano/model.onnx";
}

class EngineTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(library())) GTEST_SKIP() << "no library; run script/fetch_onnxruntime";
    if (!fs::exists(detector())) GTEST_SKIP() << "no YOLOX-Nano; run annotateai models pull";
  }
  template <class T>
  T wait(Task<T> task) {
    return runtime::block_on(executors, std::move(task));
  }
  static std::vector<Tensor> image(float level = 114) {
    std::vector<Tensor> inputs;
    inputs.push_back(Tensor::of_floats("images", {1, 3, 416, 416}));
    std::ranges::fill(inputs[0].floats(), level);
    return inputs;
  }
  template <class F>
  static std::string slug_of(F&& work) {
    try {
      work();
    } catch (const Error& e) {
      return e.slug();
    }
    return "no error";
  }
  fs::path write(const std::string& name, const std::string& text) {
    const auto path = fs::path(::testing::TempDir()) / name;
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }

  runtime::Executors executors{{.io_threads = 2, .compute_threads = 2, .blocking_threads = 1}};
  observe::Metrics metrics;
  Engine engine{{.library = library()}, executors, metrics};
};

TEST_F(EngineTest, describes_the_model) {
  const auto info = wait(engine.info(detector()));
  ASSERT_EQ(info.inputs.size(), 1U);
  EXPECT_EQ(info.inputs[0].name, "images");
  EXPECT_EQ(info.inputs[0].shape, (std::vector<std::int64_t>{1, 3, 416, 416}));
  EXPECT_EQ(info.outputs[0].shape, (std::vector<std::int64_t>{1, 3549, 85}));
}

TEST_F(EngineTest, both_lanes_and_the_blocking_twin_agree) {
  const auto a = wait(engine.run(detector(), image(), Lane::interactive));
  const auto b = wait(engine.run(detector(), image(), Lane::bulk));
  const auto c = engine.run_blocking(detector(), image());
  const auto first = a.outputs.at(0).floats();
  ASSERT_EQ(first.size(), 3549U * 85);
  for (std::size_t i = 0; i < first.size(); ++i) {
    ASSERT_NEAR(first[i], b.outputs[0].floats()[i], 1e-3);
    ASSERT_NEAR(first[i], c.outputs[0].floats()[i], 1e-3);
  }
  EXPECT_GT(a.timing.run.count(), 0);
  const auto text = metrics.text();
  EXPECT_NE(text.find("annotateai_inference_runs_total{"), std::string::npos);
  EXPECT_NE(text.find("outcome=\"ok\""), std::string::npos);
}

TEST_F(EngineTest, many_runs_at_once_all_finish) {
  std::vector<std::future<RunResult>> runs;
  for (int i = 0; i < 40; ++i) {
    const auto lane = i % 4 == 0 ? Lane::interactive : Lane::bulk;
    runs.push_back(boost::asio::co_spawn(executors.io(),
                                         engine.run(detector(), image(static_cast<float>(i)), lane),
                                         boost::asio::use_future));
  }
  for (auto& run : runs) EXPECT_EQ(run.get().outputs.size(), 1U);
}

TEST_F(EngineTest, wrong_inputs_are_named) {
  auto inputs = image();
  inputs[0].shape = {1, 3, 416, 415};
  EXPECT_EQ(slug_of([&] { engine.run_blocking(detector(), inputs); }), "model_input");
  inputs[0] = Tensor::of_floats("other", {1, 3, 416, 416});
  EXPECT_EQ(slug_of([&] { engine.run_blocking(detector(), inputs); }), "model_input");
  inputs = image();
  inputs[0].bytes.pop_back();
  EXPECT_EQ(slug_of([&] { engine.run_blocking(detector(), inputs); }), "model_input");
  inputs = image();
  inputs[0].type = ElementType::int32;
  EXPECT_EQ(slug_of([&] { engine.run_blocking(detector(), inputs); }), "model_input");
  inputs = image();
  inputs.push_back(Tensor::of_floats("more", {1}));
  EXPECT_EQ(slug_of([&] { wait(engine.run(detector(), inputs, Lane::bulk)); }), "model_input");
}

TEST_F(EngineTest, files_that_are_no_models_are_refused) {
  std::string real;
  {
    std::ifstream file(detector(), std::ios::binary);
    real.assign(std::istreambuf_iterator<char>(file), {});
  }
  const std::vector<std::pair<fs::path, std::string>> cases = {
      {write("text.onnx", "this is not a model at all, only some text"), "model_invalid"},
      {write("empty.onnx", ""), "model_invalid"},
      {write("half.onnx", real.substr(0, real.size() / 2)), "model_invalid"},
      {fs::path(::testing::TempDir()), "not_found"},
      {"/nowhere/model.onnx", "not_found"},
  };
  for (const auto& [path, slug] : cases) {
    EXPECT_EQ(slug_of([&] { wait(engine.info(path)); }), slug) << path;
    EXPECT_EQ(slug_of([&] { engine.info_blocking(path); }), slug) << path;
  }
  EXPECT_EQ(engine.loaded_bytes(), 0U);
  EXPECT_EQ(wait(engine.info(detector())).outputs.size(), 1U);
}

TEST_F(EngineTest, the_budget_unloads_the_oldest) {
  const auto copy = fs::path(::testing::TempDir()) / "copy.onnx";
  fs::copy_file(detector(), copy, fs::copy_options::overwrite_existing);
  const auto budget = fs::file_size(copy) * 3;
  Engine small({.library = library(), .memory_budget_bytes = budget}, executors, metrics);
  small.info_blocking(detector());
  const auto one = small.loaded_bytes();
  EXPECT_EQ(one, fs::file_size(copy) * 2);
  small.info_blocking(copy);
  EXPECT_EQ(small.loaded_bytes(), one);
  small.unload_all();
  EXPECT_EQ(small.loaded_bytes(), 0U);
}

Task<std::string> run_until(Engine& engine, fs::path model, std::vector<Tensor> inputs,
                            std::chrono::milliseconds limit) {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, limit);
  auto won = co_await (engine.run(std::move(model), std::move(inputs), Lane::bulk) ||
                       timer.async_wait(boost::asio::use_awaitable));
  co_return won.index() == 0 ? "ran" : "cancelled";
}

TEST_F(EngineTest, a_cancelled_wait_leaves_the_queue) {
  wait(engine.info(detector(), Lane::bulk));
  std::vector<std::future<RunResult>> runs;
  for (int i = 0; i < 60; ++i) {
    runs.push_back(boost::asio::co_spawn(
        executors.io(), engine.run(detector(), image(), Lane::bulk), boost::asio::use_future));
  }
  using std::chrono::milliseconds;
  EXPECT_EQ(wait(run_until(engine, detector(), image(), milliseconds(1))), "cancelled");
  EXPECT_NE(runs.back().wait_for(milliseconds(0)), std::future_status::ready);
  for (auto& run : runs) run.get();
}

TEST_F(EngineTest, waiting_runs_end_when_the_engine_does) {
  std::vector<std::future<RunResult>> runs;
  {
    Engine brief({.library = library()}, executors, metrics);
    for (int i = 0; i < 20; ++i) {
      runs.push_back(boost::asio::co_spawn(
          executors.io(), brief.run(detector(), image(), Lane::bulk), boost::asio::use_future));
    }
    while (runs.front().wait_for(std::chrono::milliseconds(1)) != std::future_status::ready) {
    }
  }
  std::size_t cancelled = 0;
  for (auto& run : runs) {
    cancelled += slug_of([&] { run.get(); }) == "cancelled" ? 1 : 0;
  }
  EXPECT_GT(cancelled, 0U);
}

TEST_F(EngineTest, a_full_queue_is_said) {
  Engine narrow({.library = library(), .queue_max = 1}, executors, metrics);
  std::vector<std::future<RunResult>> runs;
  for (int i = 0; i < 50; ++i) {
    runs.push_back(boost::asio::co_spawn(
        executors.io(), narrow.run(detector(), image(), Lane::bulk), boost::asio::use_future));
  }
  std::size_t busy = 0;
  for (auto& run : runs) busy += slug_of([&] { run.get(); }) == "inference_busy" ? 1 : 0;
  EXPECT_GT(busy, 0U);
  EXPECT_LT(busy, runs.size());
}

TEST(Engine, says_where_it_looked_for_the_library) {
  runtime::Executors executors({.io_threads = 1, .compute_threads = 1, .blocking_threads = 1});
  observe::Metrics metrics;
  Engine engine({.library = "/nowhere/libonnxruntime.so.1"}, executors, metrics);
  const auto file = fs::path(::testing::TempDir()) / "some.onnx";
  std::ofstream(file) << "sixteen bytes or more";
  try {
    engine.info_blocking(file);
    ADD_FAILURE();
  } catch (const Error& e) {
    EXPECT_EQ(e.slug(), "runtime_missing");
    EXPECT_NE(e.message().find("/nowhere"), std::string::npos);
  }
}

}  // namespace
}  // namespace aa::inference
