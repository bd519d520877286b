#include "kernel/graph/tfjs_weights.hpp"

#include <bit>
#include <cmath>
#include <cstring>

#include "kernel/graph/tf_graph.hpp"

namespace aa::graph {
namespace {

Error bad_weights(std::string_view name, std::string_view what) {
  return invalid("tfjs_bad_weights", "Weight '" + std::string(name) + "': " + std::string(what));
}

std::string_view text_of(const json::Object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  const auto* text = value != nullptr ? value->if_string() : nullptr;
  return text != nullptr ? std::string_view(*text) : std::string_view();
}

double number_of(const json::Object& object, std::string_view key, double otherwise,
                 std::string_view name) {
  const auto* value = object.if_contains(key);
  if (value == nullptr || !value->is_number()) return otherwise;
  const double number = value->to_number<double>();
  if (!std::isfinite(number)) throw bad_weights(name, "its scale or min is not finite.");
  return number;
}

DType dtype_of(const json::Object& weight, std::string_view name) {
  const std::string_view text = text_of(weight, "dtype");
  if (text == "float32") return DType::float32;
  if (text == "int32") return DType::int32;
  if (text == "bool") return DType::boolean;
  throw bad_weights(name,
                    "dtype '" + std::string(text) + "' is not taken; float32, int32 and bool are.");
}

void read_quantization(const json::Object& weight, std::string_view name, WeightEntry& entry) {
  const auto* value = weight.if_contains("quantization");
  const auto* object = value != nullptr ? value->if_object() : nullptr;
  if (object == nullptr) return;
  const std::string_view stored = text_of(*object, "dtype");
  if (stored == "float16" && entry.dtype == DType::float32)
    entry.stored = Stored::float16;
  else if (stored == "uint8")
    entry.stored = Stored::uint8;
  else if (stored == "uint16")
    entry.stored = Stored::uint16;
  else
    throw bad_weights(name, "quantisation '" + std::string(stored) + "' is not known.");
  entry.scale = number_of(*object, "scale", 1, name);
  entry.min = number_of(*object, "min", 0, name);
}

std::size_t stored_size(const WeightEntry& entry) {
  switch (entry.stored) {
    case Stored::plain:
      return element_size(entry.dtype);
    case Stored::uint8:
      return 1;
    case Stored::float16:
    case Stored::uint16:
      return 2;
  }
  return 1;
}

void add_weight(WeightIndex& index, const json::Value& value,
                std::span<const std::byte>& remaining) {
  const auto* weight = value.if_object();
  if (weight == nullptr) throw bad_model("Every weight of the manifest must be an object.");
  const std::string name(text_of(*weight, "name"));
  WeightEntry entry{.dtype = dtype_of(*weight, name)};
  const auto* shape = weight->if_contains("shape");
  if (shape == nullptr || !shape->is_array()) throw bad_weights(name, "it has no shape.");
  for (const json::Value& dim : shape->get_array()) {
    const auto* size = dim.if_int64();
    if (size == nullptr || *size < 0) throw bad_weights(name, "a dim is no positive integer.");
    entry.dims.push_back(*size);
  }
  read_quantization(*weight, name, entry);
  const std::size_t bytes =
      static_cast<std::size_t>(element_count(entry.dims)) * stored_size(entry);
  if (bytes > remaining.size()) {
    throw bad_weights(name, "the shards end before it; it needs " + std::to_string(bytes) +
                                " bytes and " + std::to_string(remaining.size()) + " are left.");
  }
  entry.bytes = remaining.first(bytes);
  remaining = remaining.subspan(bytes);
  if (!index.emplace(name, std::move(entry)).second) throw bad_weights(name, "it is there twice.");
}

template <class T>
T load(std::span<const std::byte> bytes, std::size_t index) {
  T value;
  std::memcpy(&value, bytes.data() + index * sizeof(T), sizeof(T));
  return value;
}

double stored_value(const WeightEntry& entry, std::size_t i) {
  if (entry.stored == Stored::float16) return from_float16(load<std::uint16_t>(entry.bytes, i));
  const double raw = entry.stored == Stored::uint8 ? load<std::uint8_t>(entry.bytes, i)
                                                   : load<std::uint16_t>(entry.bytes, i);
  const double value = raw * entry.scale + entry.min;
  // Math.round of JavaScript: half up.
  return entry.dtype == DType::float32 ? value : std::floor(value + 0.5);
}

}  // namespace

float from_float16(std::uint16_t half) {
  const std::uint32_t sign = (half & 0x8000U) << 16;
  const std::uint32_t exponent = (half >> 10) & 0x1fU;
  const std::uint32_t fraction = half & 0x3ffU;
  if (exponent == 0) {  // zero and subnormals: fraction * 2^-24
    const float magnitude = std::ldexp(static_cast<float>(fraction), -24);
    return sign != 0 ? -magnitude : magnitude;
  }
  const std::uint32_t wide = exponent == 31 ? 255U : exponent + 112U;
  return std::bit_cast<float>(sign | (wide << 23) | (fraction << 13));
}

std::vector<std::string> shard_names(const json::Value& model) {
  std::vector<std::string> out;
  const auto* object = model.if_object();
  const auto* manifest = object != nullptr ? object->if_contains("weightsManifest") : nullptr;
  if (manifest == nullptr || !manifest->is_array()) {
    throw bad_model("There is no weightsManifest; a graph model's model.json has one.");
  }
  for (const json::Value& group : manifest->get_array()) {
    const auto* fields = group.if_object();
    const auto* paths = fields != nullptr ? fields->if_contains("paths") : nullptr;
    if (paths == nullptr || !paths->is_array()) throw bad_model("A weight group names no files.");
    for (const json::Value& path : paths->get_array()) {
      if (!path.is_string()) throw bad_model("The name of a weights file is no text.");
      out.emplace_back(std::string_view(path.get_string()));
    }
  }
  return out;
}

WeightIndex index_weights(const json::Value& model, std::span<const std::byte> weights) {
  WeightIndex index;
  const auto* object = model.if_object();
  const auto* manifest = object != nullptr ? object->if_contains("weightsManifest") : nullptr;
  if (manifest == nullptr) return index;
  if (!manifest->is_array()) throw bad_model("weightsManifest must be an array.");
  for (const json::Value& group : manifest->get_array()) {
    const auto* fields = group.if_object();
    const auto* list = fields != nullptr ? fields->if_contains("weights") : nullptr;
    if (list == nullptr || !list->is_array()) throw bad_model("A weight group lists no weights.");
    for (const json::Value& weight : list->get_array()) add_weight(index, weight, weights);
  }
  return index;
}

Tensor decode_weight(const WeightEntry& entry) {
  if (entry.stored == Stored::plain) {
    Tensor out{.dtype = entry.dtype, .dims = entry.dims, .bytes = {}};
    out.bytes.assign(entry.bytes.begin(), entry.bytes.end());
    if (entry.dtype == DType::boolean) {
      for (std::byte& flag : out.bytes) flag = static_cast<std::byte>(flag != std::byte{0});
    }
    return out;
  }
  std::vector<double> values(static_cast<std::size_t>(element_count(entry.dims)));
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = stored_value(entry, i);
  return from_doubles(entry.dtype, entry.dims, values);
}

}  // namespace aa::graph
