#include "service/modelzoo/benchmarks.hpp"

#include <fstream>
#include <thread>

#include "driver/host/atomic_file.hpp"

namespace aa::modelzoo {
namespace {

constexpr std::uint64_t kFileBytesMax = 1 << 20;

std::filesystem::path file_of(const std::filesystem::path& own, const std::string& model) {
  return own / "benchmarks" / (model + ".json");
}

}  // namespace

std::string machine_name() {
  std::ifstream in("/proc/cpuinfo");
  std::string name = "unknown processor";
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with("model name")) continue;
    name = line.substr(std::min(line.size(), line.find(':') + 2));
    break;
  }
  return name + ", " + std::to_string(std::thread::hardware_concurrency()) + " cores";
}

std::optional<Benchmark> load_benchmark(const std::filesystem::path& own, const std::string& model,
                                        const std::string& version) {
  try {
    const auto text = host::read_file(file_of(own, model), kFileBytesMax);
    auto out = json::read<Benchmark>(json::parse(text));
    if (out.model_version == version) return out;
  } catch (const Error&) {
  }
  return std::nullopt;
}

void save_benchmark(const std::filesystem::path& own, const Benchmark& benchmark) {
  host::write_file(file_of(own, benchmark.model), json::write(benchmark) + "\n", host::Durable::no);
}

}  // namespace aa::modelzoo
