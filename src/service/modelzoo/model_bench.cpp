#include "service/modelzoo/model_bench.hpp"

#include <algorithm>
#include <fstream>
#include <thread>
#include <unistd.h>

#include "kernel/decode/sam.hpp"
#include "service/modelzoo/sample_inputs.hpp"

namespace aa::modelzoo {
namespace {

using inference::Lane;
using inference::Tensor;

constexpr std::chrono::seconds kMeasureTime{3};
constexpr std::int64_t kBatches[] = {1, 2, 4, 8};

double milliseconds(std::chrono::nanoseconds time) {
  return std::chrono::duration<double, std::milli>(time).count();
}

std::int64_t resident_bytes() {
  std::ifstream in("/proc/self/statm");
  std::int64_t pages = 0;
  std::int64_t resident = 0;
  in >> pages >> resident;
  return resident * ::sysconf(_SC_PAGESIZE);
}

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::ranges::sort(values);
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

// Calls until `runs` are done or the time is over; how many they were.
template <class F>
std::size_t repeat(const Clock& clock, std::size_t runs, F once) {
  std::size_t done = 0;
  const auto begin = clock.steady();
  while (done < runs && (done == 0 || clock.steady() - begin < kMeasureTime)) {
    once();
    ++done;
  }
  return done;
}

double throughput(BenchParts parts, const std::filesystem::path& path,
                  const std::vector<Tensor>& inputs, std::int64_t batch, std::size_t runs) {
  parts.engine.run_blocking(path, inputs, Lane::bulk);
  std::atomic<std::size_t> done = 0;
  const auto begin = parts.clock.steady();
  {
    std::vector<std::jthread> threads;
    for (unsigned t = 0; t < parts.executors.compute_threads(); ++t) {
      threads.emplace_back([&] {
        const auto once = [&] { parts.engine.run_blocking(path, inputs, Lane::bulk); };
        try {
          done += repeat(parts.clock, runs, once);
        } catch (const Error&) {  // told by the runs before
        }
      });
    }
  }
  const double seconds = milliseconds(parts.clock.steady() - begin) / 1e3;
  return static_cast<double>(done) * static_cast<double>(batch) / seconds;
}

double outside(double total, double run) {
  return total > 0 ? std::clamp(1 - run / total, 0.0, 1.0) : 0;
}

// One image from pixels to answer, where that is one graph's work; else nothing, and the engine
// stands alone.
std::optional<Timing> whole_answer(BenchParts parts, const Manifest& manifest,
                                   const std::string& role, const Pixels& image) {
  if (manifest.graphs.size() == 1) {
    return runtime::block_on(parts.executors, parts.analyzer.analyze(image, {.model = manifest.id}))
        .timing;
  }
  if (role != "decoder" || manifest.task != "promptable_segmentation") return std::nullopt;
  const PixelSource source = [image]() -> Task<Pixels> { co_return image; };
  decode::sam::Prompt prompt;
  const double width = image->width();
  const double height = image->height();
  prompt.box = geometry::Rect{width / 4, height / 4, width * 3 / 4, height * 3 / 4};
  SegmentOptions options{manifest.id, Lane::interactive, {}};
  return runtime::block_on(parts.executors,
                           parts.vision.segment({std::nullopt, "bench"}, source, image->width(),
                                                image->height(), {prompt}, std::move(options)))
      .timing;
}

double outside_share(BenchParts parts, const Manifest& manifest, const std::string& role,
                     const Pixels& image, std::size_t runs) {
  std::vector<double> shares;
  if (!whole_answer(parts, manifest, role, image)) return -1;
  repeat(parts.clock, runs, [&] {
    const auto timing = *whole_answer(parts, manifest, role, image);
    shares.push_back(
        outside(timing.prepare + timing.queue + timing.run + timing.decode, timing.run));
  });
  return median(std::move(shares));
}

BenchmarkRow measure(BenchParts parts, const std::filesystem::path& path, const InputShapes& shapes,
                     std::int64_t batch, std::size_t runs) {
  BenchmarkRow row{.batch = batch};
  parts.engine.unload(path);
  const auto before = resident_bytes();
  const auto from = parts.clock.steady();
  const auto info = parts.engine.info_blocking(path);
  row.load_ms = milliseconds(parts.clock.steady() - from);
  const auto inputs = sample_inputs(info, shapes, batch);
  parts.engine.run_blocking(path, inputs);
  row.memory_bytes = std::max<std::int64_t>(resident_bytes() - before, 0);
  std::vector<double> run;
  std::vector<double> total;
  repeat(parts.clock, runs, [&] {
    auto copy = inputs;
    const auto begin = parts.clock.steady();
    const auto result = runtime::block_on(
        parts.executors, parts.engine.run(path, std::move(copy), Lane::interactive));
    total.push_back(milliseconds(parts.clock.steady() - begin));
    run.push_back(milliseconds(result.timing.run));
  });
  row.latency_ms = median(std::move(total));
  row.outside_share = outside(row.latency_ms, median(std::move(run)));
  row.per_second = throughput(parts, path, inputs, batch, runs);
  return row;
}

}  // namespace

Benchmark bench_model(BenchParts parts, const std::string& id, Pixels image, std::size_t runs) {
  const auto& manifest = parts.catalogue.manifest(id);
  Benchmark out{.model = public_id(id),
                .model_version = parts.catalogue.card(id).version,
                .measured_at = parts.clock.now(),
                .machine = machine_name()};
  for (const auto& [role, file] : manifest.graphs) {
    const auto path = parts.catalogue.graph(id, role);
    const auto shapes = input_shapes(manifest, role);
    const bool free = parts.engine.info_blocking(path).batches;
    for (const auto batch : kBatches) {
      if (batch > 1 && !free) break;
      auto row = measure(parts, path, shapes, batch, runs);
      row.role = role;
      const double share = batch == 1 ? outside_share(parts, manifest, role, image, runs) : -1;
      if (share >= 0) row.outside_share = share;
      out.rows.push_back(std::move(row));
    }
    parts.engine.unload(path);
  }
  return out;
}

Pixels gradient_image(int width, int height) {
  auto image = std::make_shared<raster::Image>(width, height, 3);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      std::uint8_t* pixel = image->data() + (static_cast<std::size_t>(y) * width + x) * 3;
      pixel[0] = static_cast<std::uint8_t>(255 * x / width);
      pixel[1] = static_cast<std::uint8_t>(255 * y / height);
      pixel[2] = static_cast<std::uint8_t>(255 * (x + y) / (width + height));
    }
  }
  return image;
}

}  // namespace aa::modelzoo
