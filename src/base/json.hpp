// Describe once: JSON reader, writer and OpenAPI 3.1 schema from one Boost.Describe description.
//
// A struct that crosses a border is described next to its definition:
//
//   struct CreateProject { std::string name; std::vector<LabelInput> labels; };
//   BOOST_DESCRIBE_STRUCT(CreateProject, (), (name, labels))
//   constexpr auto field_rules(const CreateProject*) {
//     return std::array{json::Field{.name = "name", .min_length = 1, .max_length = 200}};
//   }
//
// Reading is strict: unknown members, wrong types, non-finite numbers (Boost.JSON 1.81 takes 1e309
// for infinity), NUL in strings and limits all become problems with an RFC 6901
// pointer; all problems of a document are reported together, at most limits::kJsonProblems.
// std::optional members may be absent or null and are left out when empty; a rule with
// `optional = true` lets any member be absent and keep its initial value. Numbers are written in
// the shortest form that reads back to the same double.
//
// Other types join by specialising Codec<T>. Thread rule: values; readers and writers are local.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <boost/describe.hpp>
#include <boost/json.hpp>
#include <boost/mp11.hpp>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/id.hpp"
#include "base/limits.hpp"

namespace aa::json {

using Value = boost::json::value;
using Object = boost::json::object;
using Array = boost::json::array;

// Throws Error(malformed, "malformed_json") with the byte offset.
Value parse(std::string_view text, std::size_t depth = limits::kJsonDepth);

// What a member must satisfy beyond its type.
struct Field {
  std::string_view name;
  double min = -std::numeric_limits<double>::infinity();
  double max = std::numeric_limits<double>::infinity();
  std::size_t min_length = 0;  // of a string, in bytes
  std::size_t max_length = limits::kJsonTextLength;
  std::size_t min_items = 0;
  std::size_t max_items = limits::kJsonItems;
  bool optional = false;
  std::string_view format = {};  // OpenAPI format
  std::string_view doc = {};
};

inline constexpr Field kNoRule{};

template <class T>
concept HasFieldRules = requires(const T* t) {
  field_rules(t);
};

template <class T>
constexpr Field rule_of(std::string_view member) {
  if constexpr (HasFieldRules<T>) {
    for (const Field& field : field_rules(static_cast<const T*>(nullptr))) {
      if (field.name == member) return field;
    }
  }
  return kNoRule;
}

// Walks a document, keeping the pointer of where it is and the problems found.
class Reader {
 public:
  void problem(std::string detail);
  void enter(std::string_view key);
  void enter(std::size_t index);
  void leave();
  bool failed() const { return !problems_.empty(); }
  // Throws Error(invalid_argument, slug) when there were problems.
  void finish(std::string_view slug = "invalid_body") const;

  bool read_number(const Value& value, const Field& rule, double& out);
  bool read_integer(const Value& value, const Field& rule, std::int64_t min, std::uint64_t max,
                    std::int64_t& out);
  bool read_string(const Value& value, const Field& rule, std::string& out);
  const Object* read_object(const Value& value);
  const Array* read_array(const Value& value, const Field& rule);

 private:
  std::string pointer_;
  std::vector<std::size_t> lengths_;
  std::vector<ErrorDetail> problems_;
};

void append_string(std::string& out, std::string_view text);
void append_number(std::string& out, double number);  // non-finite numbers are a defect: null
void append_integer(std::string& out, std::int64_t number);
void append_value(std::string& out, const Value& value);
std::string to_text(const Value& value);

// Named schemas of a description, as OpenAPI's components/schemas.
struct Schemas {
  std::map<std::string, Value> named;
};

template <class T>
std::string type_name() {
  const std::string_view text = __PRETTY_FUNCTION__;
  const auto first = text.find("T = ") + 4;
  auto name = std::string(text.substr(first, text.find_first_of(";]", first) - first));
  const auto colons = name.rfind("::");
  return colons == std::string::npos ? name : name.substr(colons + 2);
}

template <class T, class Enable = void>
struct Codec;

template <class T>
void read_into(Reader& reader, const Value& value, const Field& rule, T& out) {
  Codec<T>::read(reader, value, rule, out);
}
template <class T>
void append(std::string& out, const T& value) {
  Codec<T>::write(out, value);
}

// Whole documents.
template <class T>
T read(const Value& value, std::string_view slug = "invalid_body") {
  Reader reader;
  T out{};
  read_into(reader, value, kNoRule, out);
  reader.finish(slug);
  return out;
}
template <class T>
std::string write(const T& value) {
  std::string out;
  append(out, value);
  return out;
}
template <class T>
Value schema(Schemas& schemas, const Field& rule = kNoRule) {
  return Codec<T>::schema(schemas, rule);
}

// ---- codecs -----------------------------------------------------------------------------------

template <>
struct Codec<bool> {
  static void read(Reader& reader, const Value& value, const Field&, bool& out) {
    if (const auto* b = value.if_bool())
      out = *b;
    else
      reader.problem("must be true or false");
  }
  static void write(std::string& out, bool value) { out += value ? "true" : "false"; }
  static Value schema(Schemas&, const Field&) { return {{"type", "boolean"}}; }
};

template <std::integral T>
struct Codec<T, std::enable_if_t<!std::is_same_v<T, bool>>> {
  static void read(Reader& reader, const Value& value, const Field& rule, T& out) {
    std::int64_t number = 0;
    constexpr auto kMax = std::min<std::uint64_t>(
        static_cast<std::uint64_t>(std::numeric_limits<T>::max()),
        static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()));
    constexpr auto kMin =
        std::is_signed_v<T> ? static_cast<std::int64_t>(std::numeric_limits<T>::min()) : 0;
    if (reader.read_integer(value, rule, kMin, kMax, number)) out = static_cast<T>(number);
  }
  static void write(std::string& out, T value) {
    append_integer(out, static_cast<std::int64_t>(value));
  }
  static Value schema(Schemas&, const Field& rule);
};

template <std::floating_point T>
struct Codec<T> {
  static void read(Reader& reader, const Value& value, const Field& rule, T& out) {
    double number = 0;
    if (reader.read_number(value, rule, number)) out = static_cast<T>(number);
  }
  static void write(std::string& out, T value) { append_number(out, value); }
  static Value schema(Schemas&, const Field& rule);
};

template <>
struct Codec<std::string> {
  static void read(Reader& reader, const Value& value, const Field& rule, std::string& out) {
    reader.read_string(value, rule, out);
  }
  static void write(std::string& out, const std::string& value) { append_string(out, value); }
  static Value schema(Schemas&, const Field& rule);
};

template <class T>
struct Codec<std::optional<T>> {
  static void read(Reader& reader, const Value& value, const Field& rule, std::optional<T>& out) {
    if (value.is_null()) {
      out.reset();
      return;
    }
    read_into(reader, value, rule, out.emplace());
  }
  static void write(std::string& out, const std::optional<T>& value) {
    if (value)
      append(out, *value);
    else
      out += "null";
  }
  static Value schema(Schemas& schemas, const Field& rule) {
    return Codec<T>::schema(schemas, rule);
  }
};

template <class T>
struct Codec<std::vector<T>> {
  static void read(Reader& reader, const Value& value, const Field& rule, std::vector<T>& out) {
    const Array* array = reader.read_array(value, rule);
    if (array == nullptr) return;
    out.reserve(array->size());
    for (std::size_t i = 0; i < array->size(); ++i) {
      reader.enter(i);
      read_into(reader, (*array)[i], kNoRule, out.emplace_back());
      reader.leave();
    }
  }
  static void write(std::string& out, const std::vector<T>& value) {
    out += '[';
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (i > 0) out += ',';
      append(out, value[i]);
    }
    out += ']';
  }
  static Value schema(Schemas& schemas, const Field&) {
    return {{"type", "array"}, {"items", Codec<T>::schema(schemas, kNoRule)}};
  }
};

template <class T, std::size_t N>
struct Codec<std::array<T, N>> {
  static void read(Reader& reader, const Value& value, const Field& rule, std::array<T, N>& out) {
    const Array* array = reader.read_array(value, rule);
    if (array == nullptr) return;
    if (array->size() != N) {
      reader.problem("must have exactly " + std::to_string(N) + " elements");
      return;
    }
    for (std::size_t i = 0; i < N; ++i) {
      reader.enter(i);
      read_into(reader, (*array)[i], kNoRule, out[i]);
      reader.leave();
    }
  }
  static void write(std::string& out, const std::array<T, N>& value) {
    out += '[';
    for (std::size_t i = 0; i < N; ++i) {
      if (i > 0) out += ',';
      append(out, value[i]);
    }
    out += ']';
  }
  static Value schema(Schemas& schemas, const Field&) {
    return {{"type", "array"},
            {"items", Codec<T>::schema(schemas, kNoRule)},
            {"minItems", N},
            {"maxItems", N}};
  }
};

template <class T>
struct Codec<std::map<std::string, T>> {
  static void read(Reader& reader, const Value& value, const Field& rule,
                   std::map<std::string, T>& out) {
    const Object* object = reader.read_object(value);
    if (object == nullptr) return;
    if (object->size() > rule.max_items) {
      reader.problem("has more than " + std::to_string(rule.max_items) + " members");
      return;
    }
    for (const auto& [key, member] : *object) {
      reader.enter(key);
      read_into(reader, member, kNoRule, out[std::string(key)]);
      reader.leave();
    }
  }
  static void write(std::string& out, const std::map<std::string, T>& value) {
    out += '{';
    for (bool first = true; const auto& [key, member] : value) {
      if (!std::exchange(first, false)) out += ',';
      append_string(out, key);
      out += ':';
      append(out, member);
    }
    out += '}';
  }
  static Value schema(Schemas& schemas, const Field&) {
    return {{"type", "object"}, {"additionalProperties", Codec<T>::schema(schemas, kNoRule)}};
  }
};

// JSON kept as it is (attributes, unknown COCO members); numbers are still checked to be finite.
template <>
struct Codec<Value> {
  static void read(Reader& reader, const Value& value, const Field& rule, Value& out);
  static void write(std::string& out, const Value& value) { append_value(out, value); }
  static Value schema(Schemas&, const Field&) { return Object{}; }
};
template <>
struct Codec<Object> {
  static void read(Reader& reader, const Value& value, const Field& rule, Object& out);
  static void write(std::string& out, const Object& value);
  static Value schema(Schemas&, const Field&) { return {{"type", "object"}}; }
};

template <class Tag>
struct Codec<Id<Tag>> {
  static void read(Reader& reader, const Value& value, const Field&, Id<Tag>& out) {
    const auto* text = value.if_string();
    const auto id = text ? Id<Tag>::parse(*text) : std::nullopt;
    if (id)
      out = *id;
    else
      reader.problem("must be a UUID");
  }
  static void write(std::string& out, const Id<Tag>& value) { append_string(out, value.str()); }
  static Value schema(Schemas&, const Field&) { return {{"type", "string"}, {"format", "uuid"}}; }
};

template <>
struct Codec<Timestamp> {
  static void read(Reader& reader, const Value& value, const Field&, Timestamp& out) {
    const auto* text = value.if_string();
    const auto time = text ? Timestamp::parse(*text) : std::nullopt;
    if (time)
      out = *time;
    else
      reader.problem("must be an RFC 3339 time");
  }
  static void write(std::string& out, const Timestamp& value) { append_string(out, value.str()); }
  static Value schema(Schemas&, const Field&) {
    return {{"type", "string"}, {"format", "date-time"}};
  }
};

template <class T>
struct Codec<T, std::enable_if_t<boost::describe::has_describe_enumerators<T>::value>> {
  static void read(Reader& reader, const Value& value, const Field&, T& out) {
    const auto* text = value.if_string();
    if (text != nullptr && boost::describe::enum_from_string(std::string(*text).c_str(), out)) {
      return;
    }
    reader.problem("must be one of " + names());
  }
  static void write(std::string& out, const T& value) {
    append_string(out, boost::describe::enum_to_string(value, ""));
  }
  static Value schema(Schemas&, const Field&) {
    Array values;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<T>>(
        [&](auto d) { values.emplace_back(d.name); });
    return {{"type", "string"}, {"enum", std::move(values)}};
  }

 private:
  static std::string names() {
    std::string out;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<T>>([&](auto d) {
      if (!out.empty()) out += ", ";
      out += d.name;
    });
    return out;
  }
};

template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};

template <class T>
using Members = boost::describe::describe_members<T, boost::describe::mod_public |
                                                         boost::describe::mod_inherited>;

template <class T>
struct Codec<
    T, std::enable_if_t<boost::describe::has_describe_members<T>::value && !std::is_union_v<T>>> {
  static void read(Reader& reader, const Value& value, const Field&, T& out) {
    const Object* object = reader.read_object(value);
    if (object == nullptr) return;
    std::size_t known = 0;
    boost::mp11::mp_for_each<Members<T>>([&](auto d) {
      const Field rule = rule_of<T>(d.name);
      using Member = std::remove_cvref_t<decltype(out.*d.pointer)>;
      const Value* member = object->if_contains(d.name);
      known += member != nullptr ? 1 : 0;
      reader.enter(std::string_view(d.name));
      if (member != nullptr)
        read_into(reader, *member, rule, out.*d.pointer);
      else if (!IsOptional<Member>::value && !rule.optional)
        reader.problem("is required");
      reader.leave();
    });
    if (known != object->size()) report_unknown(reader, *object);
  }
  static void write(std::string& out, const T& value) {
    out += '{';
    bool first = true;
    boost::mp11::mp_for_each<Members<T>>([&](auto d) {
      const auto& member = value.*d.pointer;
      if constexpr (IsOptional<std::remove_cvref_t<decltype(member)>>::value) {
        if (!member) return;
      }
      if (!std::exchange(first, false)) out += ',';
      append_string(out, d.name);
      out += ':';
      append(out, member);
    });
    out += '}';
  }
  static Value schema(Schemas& schemas, const Field&) {
    const std::string name = type_name<T>();
    Value reference = {{"$ref", "#/components/schemas/" + name}};
    if (schemas.named.contains(name)) return reference;
    schemas.named[name] = nullptr;  // ends recursion
    Object properties;
    Array required;
    boost::mp11::mp_for_each<Members<T>>([&](auto d) {
      using Member = std::remove_cvref_t<decltype(std::declval<T>().*d.pointer)>;
      const Field rule = rule_of<T>(d.name);
      properties[d.name] = Codec<Member>::schema(schemas, rule);
      if (!IsOptional<Member>::value && !rule.optional) required.emplace_back(d.name);
    });
    schemas.named[name] = {{"type", "object"},
                           {"properties", std::move(properties)},
                           {"required", std::move(required)},
                           {"additionalProperties", false}};
    return reference;
  }

 private:
  static void report_unknown(Reader& reader, const Object& object) {
    for (const auto& member : object) {
      const boost::json::string_view key = member.key();  // clang 14 captures no binding
      bool known = false;
      boost::mp11::mp_for_each<Members<T>>([&](auto d) { known |= key == d.name; });
      if (known) continue;
      reader.enter(std::string_view(key));
      reader.problem("is not a known member");
      reader.leave();
    }
  }
};

void add_number_rule(Object& schema, const Field& rule);
void add_string_rule(Object& schema, const Field& rule);

template <std::integral T>
Value Codec<T, std::enable_if_t<!std::is_same_v<T, bool>>>::schema(Schemas&, const Field& rule) {
  Object out{{"type", "integer"}};
  add_number_rule(out, rule);
  return out;
}
template <std::floating_point T>
Value Codec<T>::schema(Schemas&, const Field& rule) {
  Object out{{"type", "number"}};
  add_number_rule(out, rule);
  return out;
}
inline Value Codec<std::string>::schema(Schemas&, const Field& rule) {
  Object out{{"type", "string"}};
  add_string_rule(out, rule);
  return out;
}

}  // namespace aa::json
