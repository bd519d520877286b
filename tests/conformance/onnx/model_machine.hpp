// What the tools of the conformance tests share: images from files, and an engine that runs graphs.
//
// Images are binary PPM (P6, 8 bits), so that both sides of a comparison read the same pixels.
// ONNX Runtime is ONNXRUNTIME_LIBRARY or found as the server finds it.
// Thread rule: used by one thread. Errors: as the engine's; not_found, malformed "bad_ppm".
#pragma once

#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "driver/inference/engine.hpp"
#include "kernel/decode/tensor_view.hpp"
#include "kernel/raster/image.hpp"

namespace aa::conformance {

inline raster::Image read_ppm(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw not_found("file " + path);
  std::string magic;
  int width = 0;
  int height = 0;
  int level_max = 0;
  file >> magic >> width >> height >> level_max;
  file.get();
  if (!file || magic != "P6" || level_max != 255) throw malformed("bad_ppm", path + " is no PPM.");
  raster::Image image(width, height, 3);
  file.read(reinterpret_cast<char*>(image.data()), static_cast<std::streamsize>(image.bytes()));
  if (!file) throw malformed("bad_ppm", path + " ends early.");
  return image;
}

struct Machine {
  runtime::Executors executors;
  observe::Metrics metrics;
  inference::Engine engine;

  Machine() : engine({.library = library()}, executors, metrics) {}
  static std::filesystem::path library() {
    const char* path = std::getenv("ONNXRUNTIME_LIBRARY");
    return path != nullptr ? path : "";
  }
  inference::RunResult run(const std::string& model, std::vector<inference::Tensor> inputs) {
    return runtime::block_on(executors,
                             engine.run(model, std::move(inputs), inference::Lane::interactive));
  }
  inference::ModelInfo info(const std::string& model) {
    return runtime::block_on(executors, engine.info(model));
  }
  decode::GraphSignature signature(const std::string& model) {
    return decode::signature_of(info(model));
  }
};

}  // namespace aa::conformance
