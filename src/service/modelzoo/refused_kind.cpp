#include "service/modelzoo/refused_kind.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <span>

#include "base/error.hpp"

namespace aa::modelzoo {
namespace {

constexpr std::size_t kPickleProtocolMax = 5;

bool is_pickle(std::string_view head) {
  const bool bare = head.size() > 2 && head[0] == '\x80' && head[1] >= 2 &&
                    static_cast<unsigned char>(head[1]) <= kPickleProtocolMax;
  const bool old_torch = head.starts_with("(lp") || head.starts_with("(dp");
  return bare || old_torch;
}

bool is_zip_with(std::string_view head, std::string_view entry) {
  return head.starts_with("PK\x03\x04") && head.find(entry) != std::string_view::npos;
}

bool is_torch_zip(std::string_view head) {
  return is_zip_with(head, "data.pkl") || is_zip_with(head, "/code/__torch__");
}

bool is_keras(std::string_view head) {
  return head.starts_with("\x89HDF\r\n\x1a\n") || is_zip_with(head, "model.weights.h5");
}

bool is_numpy(std::string_view head) {
  return head.starts_with("\x93NUMPY") || is_zip_with(head, ".npy");
}

bool is_program(std::string_view head) {
  using namespace std::string_view_literals;
  return head.starts_with(
             "\x7f"
             "ELF") ||
         head.starts_with("MZ\x90"sv) || head.starts_with("\xcf\xfa\xed\xfe"sv) ||
         head.starts_with("#!");
}

bool never(std::string_view) { return false; }

struct Refusal {
  std::span<const std::string_view> extensions;
  bool (*by_content)(std::string_view head);
  std::string_view slug;
  std::string_view reason;   // after the file's name
  std::string_view command;  // NAME stands for the file's name
};

constexpr std::array<std::string_view, 5> kTorch = {".pt", ".pth", ".ckpt", ".torchscript", ".ptl"};
constexpr std::array<std::string_view, 3> kPickles = {".pkl", ".pickle", ".joblib"};
constexpr std::array<std::string_view, 4> kKeras = {".h5", ".hdf5", ".keras", ".lambda"};
constexpr std::array<std::string_view, 2> kNumpy = {".npy", ".npz"};
constexpr std::array<std::string_view, 1> kTensorFlow = {".pb"};
constexpr std::array<std::string_view, 3> kWeightsAlone = {".safetensors", ".caffemodel",
                                                           ".msgpack"};
constexpr std::array<std::string_view, 3> kCompiled = {".engine", ".plan", ".trt"};
constexpr std::array<std::string_view, 6> kPrograms = {".so",  ".dll", ".dylib",
                                                       ".exe", ".py",  ".sh"};

constexpr std::string_view kTorchCommand =
    "yolo export model=NAME format=onnx for YOLO models, torch.onnx.export(model, example, "
    "\"model.onnx\") for others";

constexpr Refusal kRefusals[] = {
    {kTorch, is_torch_zip, "pickle_refused",
     "is a pickle (PyTorch, TorchScript): loading one runs whatever its author put in",
     kTorchCommand},
    {kPickles, is_pickle, "pickle_refused",
     "is a pickle (Python, joblib): loading one runs whatever its author put in",
     "yolo export model=NAME format=onnx for YOLO models, torch.onnx.export(model, example, "
     "\"model.onnx\") for PyTorch, skl2onnx.to_onnx(model, example) for scikit-learn"},
    {kKeras, is_keras, "code_refused",
     "is a Keras file: its Lambda layers are Python code, which loading it would run",
     "python -m tf2onnx.convert --keras NAME --output model.onnx"},
    {kNumpy, is_numpy, "pickle_refused",
     "is a NumPy file: it holds arrays, no graph, and object arrays in it are pickles",
     kTorchCommand},
    {kTensorFlow, never, "not_a_graph", "is a TensorFlow graph, which is not taken as it is",
     "python -m tf2onnx.convert --saved-model FOLDER --output model.onnx"},
    {kWeightsAlone, never, "not_a_graph", "holds weights without the graph that uses them",
     kTorchCommand},
    {kCompiled, never, "not_a_graph", "was compiled for one graphics card",
     "yolo export model=MODEL.pt format=onnx, from what it was compiled from"},
    {kPrograms, is_program, "program_refused", "is a program, no model",
     "nothing: bring the model's ONNX file"},
};

std::string lower_extension(const std::string& name) {
  std::string out = std::filesystem::path(name).extension().string();
  std::ranges::transform(out, out.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

std::string command_for(const Refusal& refusal, const std::string& name) {
  std::string out(refusal.command);
  const auto at = out.find("NAME");
  return at == std::string::npos ? out : out.replace(at, 4, name);
}

}  // namespace

void refuse_bad_kind(const std::string& name, std::string_view head) {
  const auto extension = lower_extension(name);
  for (const auto& refusal : kRefusals) {
    const bool named = std::ranges::find(refusal.extensions, extension) != refusal.extensions.end();
    if (!named && !refusal.by_content(head)) continue;
    throw Error(ErrorCode::unsupported, std::string(refusal.slug),
                name + " " + std::string(refusal.reason) +
                    ". Where you trust it, export it to ONNX and import that: " +
                    command_for(refusal, name) + ".");
  }
}

}  // namespace aa::modelzoo
