// Decoding and thumbnails of real photos beside a bare libjpeg-turbo loop over the same files.
#include <cstdio>
#include <cstdlib>
// jpeglib.h needs FILE and size_t declared before it.
#include <filesystem>
#include <fstream>
#include <jpeglib.h>
#include <vector>

#include <benchmark/benchmark.h>

#include "driver/media/image_codec.hpp"

namespace aa::media {
namespace {

std::vector<std::string> photos() {
  std::vector<std::string> files;
  const char* data = std::getenv("ANNOTATEAI_TEST_DATA");
  if (data == nullptr) return files;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(data) + "/photos")) {
    if (entry.path().extension() != ".jpg") continue;
    std::ifstream in(entry.path(), std::ios::binary);
    files.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  return files;
}

void run(benchmark::State& state, const auto& work) {
  const auto files = photos();
  if (files.empty()) {
    state.SkipWithError("ANNOTATEAI_TEST_DATA names no photos");
    return;
  }
  for (auto _ : state) {
    for (const auto& file : files) work(file);
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * files.size()));
}

void bare_libjpeg(benchmark::State& state) {
  std::vector<std::uint8_t> row;
  run(state, [&](const std::string& file) {
    jpeg_decompress_struct decoder{};
    jpeg_error_mgr errors{};
    decoder.err = jpeg_std_error(&errors);
    jpeg_create_decompress(&decoder);
    jpeg_mem_src(&decoder, reinterpret_cast<const unsigned char*>(file.data()), file.size());
    jpeg_read_header(&decoder, TRUE);
    decoder.out_color_space = JCS_RGB;
    jpeg_start_decompress(&decoder);
    row.resize(std::size_t{decoder.output_width} * 3);
    auto* at = row.data();
    while (decoder.output_scanline < decoder.output_height) jpeg_read_scanlines(&decoder, &at, 1);
    jpeg_finish_decompress(&decoder);
    jpeg_destroy_decompress(&decoder);
  });
}
BENCHMARK(bare_libjpeg)->Unit(benchmark::kMillisecond);

void decode_whole(benchmark::State& state) {
  run(state, [](const std::string& file) {
    benchmark::DoNotOptimize(decode(std::as_bytes(std::span(file))));
  });
}
BENCHMARK(decode_whole)->Unit(benchmark::kMillisecond);

// As an upload does: one decode, two thumbnails, encoded.
void decode_and_thumbnail(benchmark::State& state) {
  run(state, [](const std::string& file) {
    const auto image = decode(std::as_bytes(std::span(file)));
    const auto large = thumbnail(image, 1024);
    benchmark::DoNotOptimize(encode_jpeg(large));
    benchmark::DoNotOptimize(encode_jpeg(thumbnail(large, 256)));
  });
}
BENCHMARK(decode_and_thumbnail)->Unit(benchmark::kMillisecond);

void small_thumbnail(benchmark::State& state) {
  run(state, [](const std::string& file) {
    DecodeOptions options;
    options.min_long_side = 256;
    const auto image = decode(std::as_bytes(std::span(file)), options);
    benchmark::DoNotOptimize(encode_jpeg(thumbnail(image, 256)));
  });
}
BENCHMARK(small_thumbnail)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace aa::media

BENCHMARK_MAIN();
