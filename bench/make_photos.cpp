// Distinct photos out of real ones: seeded crops, resized, stored as JPEG.
//
// usage: bench_photos OUT COUNT MIN_WIDTH MAX_WIDTH [HEIGHT] SOURCE...
//   Without HEIGHT each crop has a shape of its own; with it all are MAX_WIDTH x HEIGHT.
#include <atomic>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <thread>

#include <fmt/format.h>

#include "base/error.hpp"
#include "driver/media/image_codec.hpp"

namespace {

namespace fs = std::filesystem;
using aa::raster::Image;

constexpr int kQuality = 88;

struct Job {
  fs::path out;
  int count = 0;
  int width_min = 0;
  int width_max = 0;
  int height = 0;  // 0: follows from the crop
  std::vector<Image> sources;
};

Image read_photo(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  return aa::media::decode(std::as_bytes(std::span(bytes)));
}

std::string crop_number(const Job& job, int number) {
  std::mt19937 random(static_cast<unsigned>(number));
  const auto pick = [&](int from, int to) {
    return std::uniform_int_distribution<int>(from, std::max(from, to))(random);
  };
  const auto& source = job.sources[static_cast<std::size_t>(number) % job.sources.size()];
  const int width = pick(job.width_min, job.width_max);
  const double aspect = job.height > 0 ? static_cast<double>(job.height) / width
                                       : std::uniform_real_distribution<>(0.6, 0.8)(random);
  const double fit = std::min(1.0, source.height() / (source.width() * aspect));
  const double share = std::uniform_real_distribution<>(0.6, 1.0)(random) * fit;
  const int crop_width = static_cast<int>(source.width() * share);
  const int crop_height =
      std::min(source.height(), static_cast<int>(source.width() * share * aspect));
  const auto part =
      source.view().crop(pick(0, source.width() - crop_width),
                         pick(0, source.height() - crop_height), crop_width, crop_height);
  const int height = job.height > 0 ? job.height : static_cast<int>(width * aspect);
  const auto photo = aa::media::resize(part, static_cast<std::uint32_t>(width),
                                       static_cast<std::uint32_t>(height));
  return aa::media::encode_jpeg(photo, kQuality);
}

void make_all(const Job& job) {
  std::atomic<int> next{0};
  std::vector<std::jthread> pool;
  for (unsigned t = 0; t < std::thread::hardware_concurrency(); ++t) {
    pool.emplace_back([&] {
      for (int i = next++; i < job.count; i = next++) {
        const auto bytes = crop_number(job, i);
        std::ofstream(job.out / fmt::format("photo_{:05}.jpg", i), std::ios::binary) << bytes;
      }
    });
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 6) {
    fmt::print(stderr, "usage: bench_photos OUT COUNT MIN_WIDTH MAX_WIDTH [HEIGHT] SOURCE...\n");
    return 2;
  }
  try {
    Job job{argv[1], std::stoi(argv[2]), std::stoi(argv[3]), std::stoi(argv[4]), 0, {}};
    int first = 5;
    const std::string_view word = argv[5];
    if (std::from_chars(word.data(), word.data() + word.size(), job.height).ptr ==
        word.data() + word.size()) {
      ++first;
    }
    for (int i = first; i < argc; ++i) job.sources.push_back(read_photo(argv[i]));
    fs::create_directories(job.out);
    make_all(job);
  } catch (const std::exception& e) {
    fmt::print(stderr, "bench_photos: {}\n", e.what());
    return 1;
  }
  return 0;
}
