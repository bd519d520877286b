#include "service/modelzoo/model_bench.hpp"

#include <fstream>
#include <unistd.h>

#include <gtest/gtest.h>

#include "service/modelzoo/sample_inputs.hpp"

namespace aa::modelzoo {
namespace {

namespace fs = std::filesystem;

const fs::path kSource = AA_SOURCE_FOLDER;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

class ModelBenchTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(library)) GTEST_SKIP() << "no library; run script/fetch_onnxruntime";
    if (!catalogue.installed(catalogue.manifest("yolox-nano"))) {
      GTEST_SKIP() << "no YOLOX-Nano; run annotateai models pull";
    }
  }
  static double resident_mib() {
    std::ifstream in("/proc/self/statm");
    double pages = 0;
    double resident = 0;
    in >> pages >> resident;
    return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / (1 << 20);
  }
  // Runs every graph of every installed model once and unloads them all; MiB held afterwards.
  double load_and_unload_all() {
    std::size_t graphs = 0;
    double most = 0;
    for (const auto& manifest : catalogue.manifests()) {
      if (!catalogue.installed(manifest)) continue;
      for (const auto& [role, file] : manifest.graphs) {
        const auto path = catalogue.graph(manifest.id, role);
        const auto inputs = sample_inputs(engine.info_blocking(path), input_shapes(manifest, role));
        engine.run_blocking(path, inputs);
        most = std::max(most, resident_mib());
        ++graphs;
      }
    }
    engine.unload_all();
    std::printf("%zu graphs: %.0f MiB at most, %.0f MiB after unloading\n", graphs, most,
                resident_mib());
    return resident_mib();
  }

  fs::path library = kSource / "third_party/onnxruntime/lib/libonnxruntime.so.1";
  runtime::Executors executors{{.io_threads = 1, .compute_threads = 2, .blocking_threads = 1}};
  observe::Metrics metrics;
  SystemClock clock;
  inference::Engine engine{{.library = library}, executors, metrics};
  Catalogue catalogue{kSource / "models"};
  EmbeddingCache embeddings{executors, 0, {}};
  Vision vision{catalogue, engine, embeddings, executors, clock};
  Analyzer analyzer{catalogue, engine, vision, executors, clock};
};

TEST_F(ModelBenchTest, memory_comes_back_when_all_models_were_loaded_twice) {
  const double first = load_and_unload_all();
  const double second = load_and_unload_all();
  EXPECT_EQ(engine.loaded_bytes(), 0U);
  if (kSanitized) return;
  EXPECT_LE(second, 1.1 * first);
}

TEST_F(ModelBenchTest, measures_each_graph_and_keeps_it) {
  const auto measured = bench_model({catalogue, engine, vision, analyzer, executors, clock},
                                    "yolox-nano", gradient_image(320, 240), 2);
  ASSERT_EQ(measured.rows.size(), 1U);
  EXPECT_EQ(measured.rows[0].role, "detector");
  EXPECT_GT(measured.rows[0].latency_ms, 0);
  EXPECT_GT(measured.rows[0].per_second, 0);
  EXPECT_GT(measured.rows[0].outside_share, 0);
  EXPECT_LT(measured.rows[0].outside_share, 1);
  const auto own = fs::path(::testing::TempDir()) / "bench-own";
  fs::remove_all(own);
  EXPECT_FALSE(load_benchmark(own, "yolox-nano", measured.model_version));
  save_benchmark(own, measured);
  const auto read = load_benchmark(own, "yolox-nano", measured.model_version);
  ASSERT_TRUE(read);
  EXPECT_EQ(json::write(*read), json::write(measured));
  EXPECT_FALSE(load_benchmark(own, "yolox-nano", "another"));
  std::ofstream(own / "benchmarks/yolox-nano.json") << "{}";
  EXPECT_FALSE(load_benchmark(own, "yolox-nano", measured.model_version));
}

TEST(SampleInputs, free_sizes_are_told_by_the_manifest_or_by_rank) {
  inference::ModelInfo info;
  info.inputs.push_back({"x", inference::ElementType::float32, {-1, 3, -1, -1}});
  info.inputs.push_back({"y", inference::ElementType::int64, {-1, 77}});
  const auto inputs = sample_inputs(info, {{"x", {1, 3, 48, -1}}}, 4);
  EXPECT_EQ(inputs.at(0).shape, (std::vector<std::int64_t>{4, 3, 48, 320}));
  EXPECT_EQ(inputs.at(1).shape, (std::vector<std::int64_t>{4, 77}));
  EXPECT_EQ(inputs.at(1).bytes.size(), 4U * 77 * 8);
}

}  // namespace
}  // namespace aa::modelzoo
