#include "service/modelzoo/model_bench.hpp"

#include <algorithm>
#include <fstream>
#include <unistd.h>

#include "kernel/decode/sam.hpp"

namespace aa::modelzoo {
namespace {

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

// Loads a graph, runs `once` until it is warm and `runs` times for the medians.
template <class Once>
BenchRow measured(BenchParts parts, const std::string& id, const std::string& role,
                  std::size_t runs, Once once) {
  BenchRow row{.model = id, .role = role};
  const auto path = parts.catalogue.graph(id, role);
  const auto before = resident_bytes();
  const auto from = parts.clock.steady();
  parts.engine.info_blocking(path);
  row.load = milliseconds(parts.clock.steady() - from);
  once();
  row.memory = std::max<std::int64_t>(resident_bytes() - before, 0);
  std::vector<double> totals;
  std::vector<double> prepares;
  std::vector<double> inferences;
  std::vector<double> decodes;
  for (std::size_t i = 0; i < runs; ++i) {
    const Timing timing = once();
    prepares.push_back(timing.prepare);
    inferences.push_back(timing.run);
    decodes.push_back(timing.decode);
    totals.push_back(timing.prepare + timing.run + timing.decode);
  }
  row.total = median(std::move(totals));
  row.prepare = median(std::move(prepares));
  row.run = median(std::move(inferences));
  row.decode = median(std::move(decodes));
  return row;
}

Timing encode_once(BenchParts parts, const std::filesystem::path& path, const Pixels& image) {
  Timing out;
  const auto from = parts.clock.steady();
  const auto info = parts.engine.info_blocking(path);
  auto tensor = inference::Tensor::of_floats(info.inputs.at(0).name,
                                             {1, 3, decode::sam::kSide, decode::sam::kSide});
  const auto prepared = decode::sam::prepare_image(image->view());
  std::ranges::copy(prepared.values, tensor.floats().begin());
  out.prepare = milliseconds(parts.clock.steady() - from);
  std::vector<inference::Tensor> inputs;
  inputs.push_back(std::move(tensor));
  out.run = milliseconds(parts.engine.run_blocking(path, std::move(inputs)).timing.run);
  return out;
}

Timing segment_once(BenchParts parts, const std::string& id, const Pixels& image) {
  const PixelSource source = [image]() -> Task<Pixels> { co_return image; };
  decode::sam::Prompt prompt;
  const double width = image->width();
  const double height = image->height();
  prompt.box = geometry::Rect{width / 4, height / 4, width * 3 / 4, height * 3 / 4};
  SegmentOptions options{id, inference::Lane::interactive, {}};
  const auto outcome = runtime::block_on(
      parts.executors, parts.vision.segment({std::nullopt, "bench"}, source, image->width(),
                                            image->height(), {prompt}, std::move(options)));
  return outcome.timing;
}

}  // namespace

std::vector<BenchRow> bench_model(BenchParts parts, const std::string& id, Pixels image,
                                  std::size_t runs) {
  const auto& manifest = parts.catalogue.manifest(id);
  std::vector<BenchRow> out;
  if (manifest.graphs.contains("detector")) {
    const auto once = [&] {
      return runtime::block_on(parts.executors,
                               parts.vision.detect(image, {id, 0.35, inference::Lane::interactive}))
          .timing;
    };
    out.push_back(measured(parts, id, "detector", runs, once));
  }
  if (manifest.graphs.contains("encoder")) {
    const auto path = parts.catalogue.graph(id, "encoder");
    const auto once = [&] { return encode_once(parts, path, image); };
    out.push_back(measured(parts, id, "encoder", runs, once));
  }
  if (manifest.graphs.contains("decoder")) {
    const auto once = [&] { return segment_once(parts, id, image); };
    out.push_back(measured(parts, id, "decoder", runs, once));
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
