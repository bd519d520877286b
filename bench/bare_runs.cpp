// Baselines for script/bench: models run by ONNX Runtime and JPEGs decoded by libjpeg with nothing
// of ours around them. Reads commands from stdin, answers each with one line of JSON.
//
//   load NAME FILE            a session that uses all cores for one run (left alone, ONNX Runtime
//                             may take one thread on a virtual machine)
//   run NAME COUNT [H W]      milliseconds of each run; H W: what orig_im_size tells the model.
//                             Free sizes are those that `annotateai models bench` takes
//   decode THREADS LIST       decodes every file that LIST names: {"cpu_s", "wall_s", "files"}
//   bulk NAME THREADS COUNT   COUNT runs, one core each: {"cpu_s", "wall_s", "files"}
//
// usage: bench_bare LIBRARY
#include <atomic>
#include <chrono>
#include <cstdio>
#include <dlfcn.h>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <random>
#include <sstream>
#include <stdexcept>
#include <string>
#include <sys/resource.h>
#include <thread>
#include <vector>

// jpeglib.h needs FILE and size_t declared before it.
#include <jpeglib.h>

#include <fmt/format.h>
#include <fmt/ranges.h>
#define ORT_API_MANUAL_INIT
#include <onnxruntime/onnxruntime_cxx_api.h>

namespace {

using Clock = std::chrono::steady_clock;

double milliseconds_since(Clock::time_point from) {
  return std::chrono::duration<double, std::milli>(Clock::now() - from).count();
}

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

void start_runtime(const char* library) {
  void* handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) throw std::runtime_error(dlerror());
  using GetApiBase = const OrtApiBase*(ORT_API_CALL*)();
  const auto get = reinterpret_cast<GetApiBase>(dlsym(handle, "OrtGetApiBase"));
  if (get == nullptr) throw std::runtime_error("OrtGetApiBase is missing");
  Ort::InitApi(get()->GetApi(ORT_API_VERSION));
}

// Inputs of a model: noise for pixels and embeddings, one click for a mask decoder, zeros for what
// is not float32.
struct Feed {
  std::vector<std::string> names;
  std::vector<ONNXTensorElementDataType> types;
  std::vector<std::vector<float>> values;  // of 8 bytes per element where the type is another
  std::vector<std::vector<std::int64_t>> shapes;
};

constexpr std::int64_t kFreeSide = 320;

std::vector<float> values_for(const std::string& name, std::size_t count, float height,
                              float width) {
  if (name == "orig_im_size") return {height, width};
  if (name == "point_coords") return {512, 384, 0, 0};
  if (name == "point_labels") return {1, -1};
  std::vector<float> out(count);
  if (name == "mask_input" || name == "has_mask_input") return out;
  std::mt19937 random(7);
  std::uniform_real_distribution<float> noise(-1, 1);
  for (auto& value : out) value = noise(random);
  return out;
}

Feed feed_for(const Ort::Session& session, float height, float width) {
  Feed feed;
  Ort::AllocatorWithDefaultOptions allocator;
  for (std::size_t i = 0; i < session.GetInputCount(); ++i) {
    const std::string name = session.GetInputNameAllocated(i, allocator).get();
    const auto type = session.GetInputTypeInfo(i);
    auto shape = type.GetTensorTypeAndShapeInfo().GetShape();
    for (auto& dim : shape) {
      const bool first = &dim == &shape[0];
      if (dim >= 0) continue;
      dim = first ? 1 : shape.size() == 4 ? kFreeSide : name.starts_with("point_") ? 2 : 1;
    }
    std::size_t count = 1;
    for (const auto dim : shape) count *= static_cast<std::size_t>(dim);
    feed.names.push_back(name);
    feed.types.push_back(type.GetTensorTypeAndShapeInfo().GetElementType());
    const bool floats = feed.types.back() == ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT;
    feed.values.push_back(floats ? values_for(name, count, height, width)
                                 : std::vector<float>(2 * count));
    feed.shapes.push_back(std::move(shape));
  }
  return feed;
}

class Model {
 public:
  Model(const Ort::Env& env, const std::string& file, int threads)
      : session_(env, file.c_str(), options(threads)) {
    Ort::AllocatorWithDefaultOptions allocator;
    for (std::size_t i = 0; i < session_.GetOutputCount(); ++i) {
      outputs_.emplace_back(session_.GetOutputNameAllocated(i, allocator).get());
    }
  }

  double run(Feed& feed) {
    const auto memory = Ort::MemoryInfo::CreateCpu(OrtArenaAllocator, OrtMemTypeDefault);
    std::vector<Ort::Value> inputs;
    std::vector<const char*> names;
    std::vector<const char*> outputs;
    for (std::size_t i = 0; i < feed.names.size(); ++i) {
      names.push_back(feed.names[i].c_str());
      inputs.push_back(Ort::Value::CreateTensor(
          memory, feed.values[i].data(), feed.values[i].size() * sizeof(float),
          feed.shapes[i].data(), feed.shapes[i].size(), feed.types[i]));
    }
    for (const auto& name : outputs_) outputs.push_back(name.c_str());
    const auto from = Clock::now();
    session_.Run(Ort::RunOptions{}, names.data(), inputs.data(), inputs.size(), outputs.data(),
                 outputs.size());
    return milliseconds_since(from);
  }
  const Ort::Session& session() const { return session_; }

 private:
  static Ort::SessionOptions options(int threads) {
    Ort::SessionOptions out;
    out.SetIntraOpNumThreads(threads);
    // Otherwise its threads burn a core for tens of milliseconds after a run, while ours runs.
    out.AddConfigEntry("session.force_spinning_stop", "1");
    return out;
  }
  Ort::Session session_;
  std::vector<std::string> outputs_;
};

void decode_jpeg(const std::string& file, std::vector<std::uint8_t>& pixels) {
  jpeg_decompress_struct decoder{};
  jpeg_error_mgr errors{};
  decoder.err = jpeg_std_error(&errors);
  jpeg_create_decompress(&decoder);
  jpeg_mem_src(&decoder, reinterpret_cast<const unsigned char*>(file.data()), file.size());
  jpeg_read_header(&decoder, TRUE);
  decoder.out_color_space = JCS_RGB;
  jpeg_start_decompress(&decoder);
  const std::size_t stride = std::size_t{decoder.output_width} * 3;
  pixels.resize(stride * decoder.output_height);
  while (decoder.output_scanline < decoder.output_height) {
    auto* row = pixels.data() + stride * decoder.output_scanline;
    jpeg_read_scanlines(&decoder, &row, 1);
  }
  jpeg_finish_decompress(&decoder);
  jpeg_destroy_decompress(&decoder);
}

std::string on_threads(int threads, std::size_t count,
                       const std::function<void(int, std::size_t)>& work) {
  const double cpu = cpu_seconds();
  const auto from = Clock::now();
  std::atomic<std::size_t> next{0};
  std::vector<std::thread> pool;
  for (int t = 0; t < threads; ++t) {
    pool.emplace_back([&, t] {
      for (std::size_t i = next++; i < count; i = next++) work(t, i);
    });
  }
  for (auto& thread : pool) thread.join();
  return fmt::format(R"({{"cpu_s":{:.4f},"wall_s":{:.4f},"files":{}}})", cpu_seconds() - cpu,
                     milliseconds_since(from) / 1e3, count);
}

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + path);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

class Commands {
 public:
  explicit Commands(const char* library)
      : env_((start_runtime(library), Ort::Env(ORT_LOGGING_LEVEL_ERROR, "bare"))) {}

  std::string answer(const std::string& line) {
    std::istringstream words(line);
    std::string verb;
    words >> verb;
    if (verb == "load") return load(words);
    if (verb == "run") return run(words);
    if (verb == "decode") return decode(words);
    if (verb == "bulk") return bulk(words);
    throw std::runtime_error("no command " + verb);
  }

 private:
  std::string load(std::istringstream& words) {
    std::string name;
    std::string file;
    words >> name >> file;
    files_[name] = file;
    const auto threads = static_cast<int>(std::thread::hardware_concurrency());
    models_[name] = std::make_unique<Model>(env_, file, threads);
    return "true";
  }

  std::string run(std::istringstream& words) {
    std::string name;
    int count = 0;
    float height = 480;
    float width = 640;
    words >> name >> count >> height >> width;
    auto& model = *models_.at(name);
    auto feed = feed_for(model.session(), height, width);
    std::vector<double> out;
    for (int i = 0; i < count; ++i) out.push_back(model.run(feed));
    return fmt::format("[{:.3f}]", fmt::join(out, ","));
  }

  std::string decode(std::istringstream& words) {
    int threads = 1;
    std::string list;
    words >> threads >> list;
    std::vector<std::string> files;
    std::ifstream in(list);
    for (std::string path; std::getline(in, path);) files.push_back(path);
    std::vector<std::vector<std::uint8_t>> pixels(static_cast<std::size_t>(threads));
    return on_threads(threads, files.size(), [&](int t, std::size_t i) {
      decode_jpeg(read_file(files[i]), pixels[static_cast<std::size_t>(t)]);
    });
  }

  std::string bulk(std::istringstream& words) {
    std::string name;
    int threads = 1;
    std::size_t count = 0;
    words >> name >> threads >> count;
    std::vector<std::unique_ptr<Model>> models;
    std::vector<Feed> feeds;
    for (int t = 0; t < threads; ++t) {
      models.push_back(std::make_unique<Model>(env_, files_.at(name), 1));
      feeds.push_back(feed_for(models.back()->session(), 480, 640));
      models.back()->run(feeds.back());
    }
    return on_threads(threads, count, [&](int t, std::size_t) {
      models[static_cast<std::size_t>(t)]->run(feeds[static_cast<std::size_t>(t)]);
    });
  }

  Ort::Env env_;
  std::map<std::string, std::string> files_;
  std::map<std::string, std::unique_ptr<Model>> models_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: bench_bare LIBRARY\n", stderr);
    return 2;
  }
  try {
    Commands commands(argv[1]);
    for (std::string line; std::getline(std::cin, line);) {
      std::cout << commands.answer(line) << std::endl;
    }
  } catch (const std::exception& e) {
    std::fprintf(stderr, "bench_bare: %s\n", e.what());
    return 1;
  }
  return 0;
}
