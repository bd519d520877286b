#include "driver/inference/session.hpp"

#include <algorithm>
#include <cstring>
#include <malloc.h>

#include <fmt/format.h>

#include "core/observe/log.hpp"
#include "driver/inference/detail/mapped_file.hpp"
#include "driver/inference/providers.hpp"
#include "kernel/graph/onnx_inspect.hpp"

namespace aa::inference::detail {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kOutputBytesMax = 1ULL << 30;
constexpr std::size_t kRankMax = 16;

struct TypeRow {
  ONNXTensorElementDataType theirs;
  ElementType ours;
};
constexpr TypeRow kTypes[] = {
    {ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT, ElementType::float32},
    {ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64, ElementType::int64},
    {ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32, ElementType::int32},
    {ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8, ElementType::uint8},
    {ONNX_TENSOR_ELEMENT_DATA_TYPE_INT8, ElementType::int8},
    {ONNX_TENSOR_ELEMENT_DATA_TYPE_BOOL, ElementType::boolean},
    {ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT16, ElementType::float16},
};

ElementType type_of(ONNXTensorElementDataType type, const std::string& name) {
  for (const auto& row : kTypes) {
    if (row.theirs == type) return row.ours;
  }
  throw invalid("model_invalid",
                fmt::format("The model's tensor '{}' has element type {}, which is "
                            "not supported.",
                            name, static_cast<int>(type)));
}

ONNXTensorElementDataType type_of(ElementType type) {
  for (const auto& row : kTypes) {
    if (row.ours == type) return row.theirs;
  }
  return ONNX_TENSOR_ELEMENT_DATA_TYPE_UNDEFINED;
}

void must(const Runtime& runtime, OrtStatus* status) {
  runtime.check(status, ErrorCode::internal, "model_failed", "ONNX Runtime refused a request.");
}

Owned<OrtSessionOptions> make_options(const Runtime& ort, const SessionOptions& wanted) {
  Owned<OrtSessionOptions> options(ort->ReleaseSessionOptions);
  must(ort, ort->CreateSessionOptions(options.out()));
  must(ort, ort->SetIntraOpNumThreads(options.get(), static_cast<int>(wanted.threads)));
  must(ort, ort->SetInterOpNumThreads(options.get(), 1));
  must(ort, ort->SetSessionGraphOptimizationLevel(options.get(), ORT_ENABLE_ALL));
  const auto set = [&](const char* key, const char* value) {
    must(ort, ort->AddSessionConfigEntry(options.get(), key, value));
  };
  set("session.intra_op.allow_spinning", wanted.spin ? "1" : "0");
  set("session.force_spinning_stop", "1");
  return options;
}

// ONNX Runtime trusts what it reads; this does not (onnx_inspect.hpp).
void check_model(std::span<const std::byte> file, const std::string& name) {
  try {
    graph::require_safe(graph::inspect_onnx(file));
  } catch (const Error& e) {
    throw invalid("model_invalid",
                  fmt::format("'{}' is not an ONNX model that can be run: {}", name, e.message()))
        .with_cause(e.what());
  }
}

std::uint64_t heap_bytes() {
  const auto heap = mallinfo2();
  return heap.uordblks + heap.hblkhd;
}

std::string text_of(const std::vector<std::int64_t>& shape) {
  return fmt::format("[{}]", fmt::join(shape, ", "));
}

bool shape_fits(const std::vector<std::int64_t>& shape, const std::vector<std::int64_t>& wanted) {
  return std::ranges::equal(shape, wanted, [](std::int64_t size, std::int64_t spec) {
    return size >= 0 && (spec < 0 || size == spec);
  });
}

void check_input(const Tensor& tensor, const TensorSpec& spec) {
  const bool type_fits = tensor.type == spec.type ||
                         (tensor.type == ElementType::float32 && spec.type != ElementType::boolean);
  if (!type_fits || !shape_fits(tensor.shape, spec.shape)) {
    throw invalid("model_input", fmt::format("Input '{}' must be {} {}; it is {} {}.", spec.name,
                                             name_of(spec.type), text_of(spec.shape),
                                             name_of(tensor.type), text_of(tensor.shape)));
  }
  if (tensor.bytes.size() != tensor.elements() * size_of(tensor.type)) {
    throw invalid("model_input", fmt::format("Input '{}' {} has {} bytes.", spec.name,
                                             text_of(tensor.shape), tensor.bytes.size()));
  }
}

// What axis 0 of every port is called, and what the other free axes of the inputs are.
struct FreeAxes {
  std::vector<std::string> inputs;
  std::vector<std::string> others;
  bool all_free = true;

  // Exporters seldom call the outputs' axis what they call the inputs', so that it is free is all
  // that is asked of it here; that it follows the batch is seen when runs are joined.
  bool one_batch() const {
    if (!all_free || inputs.empty()) return false;
    const auto is_batch = [this](const std::string& name) { return name == inputs.front(); };
    if (inputs.size() > 1 && inputs.front().empty()) return false;
    return std::ranges::all_of(inputs, is_batch) &&
           (inputs.front().empty() || std::ranges::none_of(others, is_batch));
  }
};

void note_axes(const Runtime& ort, const OrtTensorTypeAndShapeInfo* tensor, const TensorSpec& spec,
               bool is_input, FreeAxes& axes) {
  const auto rank = spec.shape.size();
  axes.all_free = axes.all_free && rank > 0 && spec.shape[0] < 0;
  if (!is_input || rank == 0) return;
  std::vector<const char*> names(rank, nullptr);
  must(ort, ort->GetSymbolicDimensions(tensor, names.data(), rank));
  const auto text = [](const char* name) { return std::string(name != nullptr ? name : ""); };
  axes.inputs.push_back(text(names[0]));
  for (std::size_t i = 1; i < rank; ++i) axes.others.push_back(text(names[i]));
}

TensorSpec describe_port(const Runtime& ort, std::string name, OrtTypeInfo* raw, bool is_input,
                         FreeAxes& axes) {
  Owned<OrtTypeInfo> type(ort->ReleaseTypeInfo);
  *type.out() = raw;
  const OrtTensorTypeAndShapeInfo* tensor = nullptr;
  must(ort, ort->CastTypeInfoToTensorInfo(raw, &tensor));
  if (tensor == nullptr) {
    throw invalid("model_invalid", "The model's '" + name + "' is not a tensor.");
  }
  ONNXTensorElementDataType element = ONNX_TENSOR_ELEMENT_DATA_TYPE_UNDEFINED;
  must(ort, ort->GetTensorElementType(tensor, &element));
  std::size_t rank = 0;
  must(ort, ort->GetDimensionsCount(tensor, &rank));
  if (rank > kRankMax) throw invalid("model_invalid", "'" + name + "' has too many dimensions.");
  TensorSpec spec{.type = type_of(element, name), .shape = std::vector<std::int64_t>(rank)};
  must(ort, ort->GetDimensions(tensor, spec.shape.data(), rank));
  note_axes(ort, tensor, spec, is_input, axes);
  for (auto& size : spec.shape) size = std::max<std::int64_t>(size, -1);
  spec.name = std::move(name);
  return spec;
}

Tensor read_output(const Runtime& ort, OrtValue* value, const std::string& name) {
  Owned<OrtTensorTypeAndShapeInfo> shape(ort->ReleaseTensorTypeAndShapeInfo);
  must(ort, ort->GetTensorTypeAndShape(value, shape.out()));
  ONNXTensorElementDataType element = ONNX_TENSOR_ELEMENT_DATA_TYPE_UNDEFINED;
  must(ort, ort->GetTensorElementType(shape.get(), &element));
  std::size_t rank = 0;
  must(ort, ort->GetDimensionsCount(shape.get(), &rank));
  Tensor out{
      .name = name, .type = type_of(element, name), .shape = std::vector<std::int64_t>(rank)};
  must(ort, ort->GetDimensions(shape.get(), out.shape.data(), rank));
  const std::uint64_t bytes = out.elements() * size_of(out.type);
  if (bytes > kOutputBytesMax) {
    throw invalid("model_input", fmt::format("Output '{}' would have {} bytes; at most {}.", name,
                                             bytes, kOutputBytesMax));
  }
  void* data = nullptr;
  must(ort, ort->GetTensorMutableData(value, &data));
  out.bytes.resize(bytes);
  if (bytes > 0) std::memcpy(out.bytes.data(), data, bytes);
  return out;
}

}  // namespace

RunControl::RunControl(const Runtime& runtime)
    : runtime_(runtime), options_(runtime->ReleaseRunOptions) {
  must(runtime, runtime->CreateRunOptions(options_.out()));
}

void RunControl::terminate() {
  terminated_ = true;
  runtime_.take_message(runtime_->RunOptionsSetTerminate(options_.get()));
}

Session::Session(std::shared_ptr<const Runtime> runtime, const fs::path& file,
                 const SessionOptions& options)
    : runtime_(std::move(runtime)),
      session_((*runtime_)->ReleaseSession),
      memory_((*runtime_)->ReleaseMemoryInfo),
      label_(model_label(file)) {
  const Runtime& ort = *runtime_;
  const MappedFile mapped(file);
  const auto name = file.filename().string();
  check_model(mapped.bytes(), name);
  bytes_ = mapped.bytes().size() * 2;
  must(ort, ort->CreateCpuMemoryInfo(OrtArenaAllocator, OrtMemTypeDefault, memory_.out()));
  const bool accelerated = !only_cpu(options.providers) && create(mapped.bytes(), options, true);
  if (!accelerated) create(mapped.bytes(), options, false);
  describe();
}

// With providers a failure is logged and false, so that the CPU is tried; a driver that is missing
// is often noticed no earlier.
bool Session::create(std::span<const std::byte> file, const SessionOptions& options,
                     bool accelerated) {
  const Runtime& ort = *runtime_;
  const auto session_options = make_options(ort, options);
  std::vector<std::string> used;
  if (accelerated) used = append_providers(ort, session_options.get(), options.providers);
  if (accelerated && used.empty()) return false;
  auto* status = ort->CreateSessionFromArray(ort.env(), file.data(), file.size(),
                                             session_options.get(), session_.out());
  const auto names = fmt::format("{}", fmt::join(used, ","));
  if (accelerated && status != nullptr) {
    observe::warn("inference_provider", {{"model", label_},
                                         {"provider", names},
                                         {"used", false},
                                         {"fallback", "CPU"},
                                         {"reason", ort.take_message(status)}});
    return false;
  }
  ort.check(status, ErrorCode::invalid_argument, "model_invalid",
            "'" + label_ + "' is not an ONNX model that can be run.");
  observe::info("inference_provider",
                {{"model", label_}, {"provider", accelerated ? names + ",CPU" : "CPU"}});
  return true;
}

void Session::describe() {
  const Runtime& ort = *runtime_;
  OrtAllocator* allocator = nullptr;
  must(ort, ort->GetAllocatorWithDefaultOptions(&allocator));
  const auto take_text = [&](char* text) {
    std::string out = text;
    must(ort, ort->AllocatorFree(allocator, text));
    return out;
  };
  FreeAxes axes;
  const auto list = [&](auto count_of, auto name_at, auto type_at, std::vector<TensorSpec>& out) {
    std::size_t count = 0;
    must(ort, count_of(session_.get(), &count));
    for (std::size_t i = 0; i < count; ++i) {
      char* name = nullptr;
      OrtTypeInfo* type = nullptr;
      must(ort, name_at(session_.get(), i, allocator, &name));
      auto text = take_text(name);
      must(ort, type_at(session_.get(), i, &type));
      out.push_back(describe_port(ort, std::move(text), type, &out == &info_.inputs, axes));
    }
  };
  list(ort->SessionGetInputCount, ort->SessionGetInputName, ort->SessionGetInputTypeInfo,
       info_.inputs);
  list(ort->SessionGetOutputCount, ort->SessionGetOutputName, ort->SessionGetOutputTypeInfo,
       info_.outputs);
  info_.batches = axes.one_batch();
  Owned<OrtModelMetadata> metadata(ort->ReleaseModelMetadata);
  must(ort, ort->SessionGetModelMetadata(session_.get(), metadata.out()));
  char** keys = nullptr;
  std::int64_t count = 0;
  must(ort, ort->ModelMetadataGetCustomMetadataMapKeys(metadata.get(), allocator, &keys, &count));
  for (std::int64_t i = 0; i < count; ++i) {
    auto key = take_text(keys[i]);
    char* value = nullptr;
    must(ort,
         ort->ModelMetadataLookupCustomMetadataMap(metadata.get(), allocator, key.c_str(), &value));
    info_.metadata.emplace_back(std::move(key), value != nullptr ? take_text(value) : "");
  }
  if (keys != nullptr) must(ort, ort->AllocatorFree(allocator, keys));
}

void Session::check_inputs(const std::vector<Tensor>& inputs) const {
  for (const auto& spec : info_.inputs) {
    const auto found = std::ranges::find(inputs, spec.name, &Tensor::name);
    if (found == inputs.end()) {
      throw invalid("model_input", "Input '" + spec.name + "' of the model is missing.");
    }
    check_input(*found, spec);
  }
  if (inputs.size() != info_.inputs.size()) {
    throw invalid("model_input", fmt::format("The model takes {} inputs, not {}.",
                                             info_.inputs.size(), inputs.size()));
  }
}

namespace {

// The inputs as values of ONNX Runtime over our bytes. Those of another type than the model's are
// converted first and kept here.
struct Feed {
  std::vector<Tensor> made;
  std::vector<Owned<OrtValue>> owned;
  std::vector<const char*> names;
  std::vector<const OrtValue*> values;
};

void add(const Runtime& ort, const OrtMemoryInfo* memory, const Tensor& tensor, Feed& feed) {
  auto& value = feed.owned.emplace_back(ort->ReleaseValue);
  // ONNX Runtime takes a mutable pointer but does not write to inputs.
  auto* data = const_cast<std::byte*>(tensor.bytes.data());
  must(ort,
       ort->CreateTensorWithDataAsOrtValue(memory, data, tensor.bytes.size(), tensor.shape.data(),
                                           tensor.shape.size(), type_of(tensor.type), value.out()));
  feed.names.push_back(tensor.name.c_str());
  feed.values.push_back(value.get());
}

Feed feed_of(const Runtime& ort, const OrtMemoryInfo* memory, const std::vector<Tensor>& inputs,
             const ModelInfo& info) {
  Feed feed;
  feed.owned.reserve(inputs.size());
  feed.made.reserve(inputs.size());
  for (const auto& tensor : inputs) {
    const auto wanted = std::ranges::find(info.inputs, tensor.name, &TensorSpec::name)->type;
    const bool same = tensor.type == wanted;
    if (!same) feed.made.push_back(converted(tensor, wanted));
    add(ort, memory, same ? tensor : feed.made.back(), feed);
  }
  return feed;
}

}  // namespace

std::vector<Tensor> Session::run(const std::vector<Tensor>& inputs, RunControl& control) {
  const Runtime& ort = *runtime_;
  check_inputs(inputs);
  const Feed feed = feed_of(ort, memory_.get(), inputs, info_);
  std::vector<const char*> output_names;
  for (const auto& spec : info_.outputs) output_names.push_back(spec.name.c_str());
  std::vector<OrtValue*> raw(output_names.size(), nullptr);
  const bool first = first_run_.exchange(false);
  const auto heap_before = first ? heap_bytes() : 0;
  auto* status = ort->Run(session_.get(), control.options(), feed.names.data(), feed.values.data(),
                          feed.values.size(), output_names.data(), output_names.size(), raw.data());
  std::vector<Owned<OrtValue>> outputs;
  outputs.reserve(raw.size());
  for (auto* value : raw) *outputs.emplace_back(ort->ReleaseValue).out() = value;
  if (status != nullptr && control.terminated()) {
    ort.take_message(status);
    throw Error(ErrorCode::cancelled, "cancelled", "The run was cancelled.");
  }
  ort.check(status, ErrorCode::internal, "model_failed", "The model could not be run.");
  if (first) {
    const auto heap_after = heap_bytes();
    if (heap_after > heap_before) bytes_ += heap_after - heap_before;
  }
  std::vector<Tensor> out;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    auto tensor = read_output(ort, outputs[i].get(), info_.outputs[i].name);
    const bool half = tensor.type == ElementType::float16;
    out.push_back(half ? converted(std::move(tensor), ElementType::float32) : std::move(tensor));
  }
  return out;
}

std::string model_label(const fs::path& file) {
  return (file.parent_path().filename() / file.stem()).string().substr(0, 96);
}

void return_free_memory() { malloc_trim(0); }

}  // namespace aa::inference::detail
