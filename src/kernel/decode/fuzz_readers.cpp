#include "kernel/decode/fuzz_readers.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "base/error.hpp"
#include "kernel/decode/reader.hpp"

namespace aa::decode {
namespace {

constexpr std::int64_t kElementsMax = 1 << 20;
constexpr int kImageWidth = 90;
constexpr int kImageHeight = 60;

class Bytes {
 public:
  Bytes(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}
  std::uint8_t next() { return at_ < size_ ? data_[at_++] : 0; }
  template <class T, std::size_t N>
  T one_of(const std::array<T, N>& list) {
    return list[next() % N];
  }

 private:
  const std::uint8_t* data_;
  std::size_t size_;
  std::size_t at_ = 0;
};

struct FuzzedModel {
  const ReaderRow* row = nullptr;  // null: to be recognised
  GraphSignature signature;
  std::vector<std::vector<std::int64_t>> shapes;  // of the outputs as they come
  std::vector<std::vector<float>> values;
};

// Sides that mean something to some family: cells of the strides at 64 x 64 are 64, 16 and 4.
constexpr std::array<std::int64_t, 40> kSides = {
    1,   2,   3,   4,   5,   6,   7,    8,    10,  16, 17,  20,  32,  37,
    38,  40,  48,  56,  57,  64,  68,   80,   84,  85, 112, 117, 128, 252,
    256, 300, 384, 512, 896, 468, 1404, 2016, 195, -1, 0,   5376};
constexpr std::array<std::int64_t, 8> kInputSides = {64, 32, 128, 192, 256, 96, -1, 224};
constexpr std::array<std::string_view, 16> kNames = {
    "output0", "boxes",   "scores",          "labels",     "dets",   "logits",
    "masks",   "simcc_x", "simcc_y",         "pred_boxes", "protos", "embedding",
    "depth",   "output",  "iou_predictions", "identity"};
constexpr std::array<std::string_view, 7> kTasks = {"",    "detect",   "segment", "pose",
                                                    "obb", "classify", "other"};
constexpr std::array<std::string_view, 6> kKeypoints = {"",       "[17, 3]",      "[4, 2]",
                                                        "[0, 3]", "[1000000, 3]", "[17, 3"};

std::vector<std::int64_t> shape_from(Bytes& bytes) {
  std::vector<std::int64_t> out(bytes.next() % 6);
  for (auto& side : out) side = bytes.one_of(kSides);
  return out;
}

// Numbers that follow from three bytes, so that a mutation changes many.
std::vector<float> values_from(Bytes& bytes, std::size_t count) {
  constexpr std::array<float, 8> kScales = {1, 0.01F, 64, 1'000, 1e30F, -1, 0, 8};
  const float scale = bytes.one_of(kScales);
  const std::uint32_t step = bytes.next() * 2'654'435U + 12'345U;
  std::uint32_t state = bytes.next() * 40'503U + 7U;
  const std::uint8_t special = bytes.next();
  std::vector<float> out(count);
  for (auto& value : out) {
    state = state * 1'664'525U + step;
    value = static_cast<float>(state >> 8) / static_cast<float>(1U << 24) * scale;
  }
  if (count > 0 && special == 255) out[state % count] = std::numeric_limits<float>::quiet_NaN();
  if (count > 0 && special == 254) out[state % count] = std::numeric_limits<float>::infinity();
  return out;
}

void add_metadata(Bytes& bytes, GraphSignature& signature) {
  signature.metadata.emplace_back("task", bytes.one_of(kTasks));
  signature.metadata.emplace_back("kpt_shape", bytes.one_of(kKeypoints));
  const int labels = bytes.next() % 90;
  std::string names;
  for (int i = 0; i < labels; ++i) {
    names += (i == 0 ? "{" : ", ") + std::to_string(i) + ": 'c" + std::to_string(i) + "'";
  }
  if (labels > 0) signature.metadata.emplace_back("names", names + "}");
}

std::int64_t elements_of(const std::vector<std::int64_t>& shape) {
  std::int64_t count = 1;
  for (const auto side : shape) {
    if (side < 0) return 0;
    if (side > 0 && count > kElementsMax / side) return kElementsMax + 1;
    count *= side;
  }
  return count;
}

void add_output(Bytes& bytes, FuzzedModel& model) {
  auto shape = shape_from(bytes);
  const std::string name(bytes.one_of(kNames));
  model.signature.outputs.push_back({name, shape});
  // A free side gets a size; now and then another comes than was promised.
  for (auto& side : shape) {
    if (side < 0) side = bytes.one_of(kSides);
  }
  const auto change = bytes.next();
  if (change >= 250 && !shape.empty()) shape[change % shape.size()] = bytes.one_of(kSides);
  const auto count = elements_of(shape);
  const auto wrong = bytes.next() == 255 ? 1 : 0;
  model.values.push_back(
      values_from(bytes, count > kElementsMax ? 0 : static_cast<std::size_t>(count + wrong)));
  model.shapes.push_back(std::move(shape));
}

FuzzedModel model_from(Bytes& bytes) {
  FuzzedModel model;
  const auto rows = readers();
  const std::size_t chosen = bytes.next() % (rows.size() + 1);
  if (chosen < rows.size()) model.row = rows[chosen];
  const auto width = bytes.one_of(kInputSides);
  const auto height = bytes.one_of(kInputSides);
  constexpr std::array<std::int64_t, 4> kChannels = {3, 1, 4, 2};
  const auto channels = bytes.one_of(kChannels);
  const auto flags = bytes.next();
  if ((flags & 1) == 0) {
    model.signature.inputs.push_back({"images", {1, channels, height, width}});
  } else {
    model.signature.inputs.push_back({"images", {-1, height, width, channels}});
  }
  if ((flags & 2) != 0) model.signature.inputs.push_back({"orig_target_sizes", {1, 2}});
  add_metadata(bytes, model.signature);
  const int outputs = bytes.next() % 5;
  for (int i = 0; i < outputs; ++i) add_output(bytes, model);
  return model;
}

void require(bool holds, const char* what) {
  if (!holds) throw std::logic_error(what);
}

void check_shape_of(const Finding& finding) {
  if (const auto* mask = std::get_if<document::MaskShape>(&finding.shape)) {
    raster::check(mask->rle);
    require(mask->rle.width == kImageWidth && mask->rle.height == kImageHeight,
            "a mask is as large as the image");
  }
  json::Reader reader;
  document::check_shape(reader, finding.shape);
  require(!reader.failed(), "a shape is one that can be stored");
}

void check_reading(const Reading& reading, const ReadOptions& options) {
  require(reading.findings.size() <= options.findings_max, "not more findings than asked for");
  for (const auto& finding : reading.findings) {
    require(std::isfinite(finding.score), "a score is a number");
    require(!finding.class_name.empty(), "a finding has a name");
    check_shape_of(finding);
  }
  for (const float value : reading.embedding) require(std::isfinite(value), "features are numbers");
  if (!reading.map) return;
  require(reading.map->values.size() == static_cast<std::size_t>(reading.map->width) *
                                            static_cast<std::size_t>(reading.map->height),
          "a map has a number for each place");
}

}  // namespace

void fuzz_readers(const std::uint8_t* data, std::size_t size) {
  Bytes bytes(data, size);
  const auto model = model_from(bytes);
  try {
    const auto spec = model.row != nullptr ? model_of_family(model.row->family, model.signature)
                                           : recognise_model(model.signature);
    if (!spec) return;
    const auto sized = spec->input.sized_for(kImageWidth, kImageHeight);
    const auto frame = plan_frame(kImageWidth, kImageHeight, sized);
    std::vector<TensorView> outputs;
    for (std::size_t i = 0; i < model.shapes.size(); ++i) {
      outputs.push_back({model.signature.outputs[i].name, model.shapes[i], model.values[i]});
    }
    ReadOptions options;
    options.score_min = 0.05;
    check_reading(read_model(outputs, *spec, frame, options), options);
  } catch (const Error&) {
  }
}

}  // namespace aa::decode
