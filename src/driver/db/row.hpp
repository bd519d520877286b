// Values that go into statements and come out of them, and rows as structs by description.
#pragma once

#include <cmath>
#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <boost/describe.hpp>
#include <boost/mp11.hpp>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/id.hpp"
#include "base/json.hpp"

namespace aa::db {

using Blob = std::vector<std::uint8_t>;
using Value = std::variant<std::monostate, std::int64_t, double, std::string, Blob>;
using Args = std::vector<Value>;

// ---- into statements --------------------------------------------------------------------------

inline Value to_value(std::monostate) { return {}; }
inline Value to_value(bool value) { return std::int64_t{value}; }
template <std::integral T>
Value to_value(T value) {
  if (!std::in_range<std::int64_t>(value)) {
    throw invalid("integer_too_large", "A number is too large to be stored.");
  }
  return static_cast<std::int64_t>(value);
}
inline Value to_value(double value) { return value; }
inline Value to_value(std::string value) { return value; }
inline Value to_value(std::string_view value) { return std::string(value); }
inline Value to_value(const char* value) { return std::string(value); }
inline Value to_value(Blob value) { return value; }
inline Value to_value(Timestamp value) { return value.micros; }
inline Value to_value(const Uuid& id) { return id.str(); }
template <class Tag>
Value to_value(const Id<Tag>& id) {
  return id.str();
}
inline Value to_value(const json::Object& object) { return json::write(object); }
template <class T>
requires boost::describe::has_describe_enumerators<T>::value Value to_value(T value) {
  return std::string(boost::describe::enum_to_string(value, ""));
}
template <class T>
Value to_value(const std::optional<T>& value) {
  return value ? to_value(*value) : Value{};
}

// args(project.id, name, now): in the order of $1, $2, ...
template <class... T>
Args args(const T&... values) {
  Args out;
  out.reserve(sizeof...(values));
  (out.push_back(to_value(values)), ...);
  return out;
}

// Both engines refuse what only one of them could store: U+0000 and bad UTF-8 in text, NaN.
void check_args(const Args& args);

// ---- out of statements ------------------------------------------------------------------------

[[noreturn]] void throw_column(std::string_view column, std::string_view expected);

template <class T>
struct Column;  // from_value for one C++ type

// An integer, also when the engine computed it as a double (PostgreSQL's sum(bigint) is numeric).
inline std::int64_t whole_number(const Value& value, std::string_view column) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return *number;
  const auto* real = std::get_if<double>(&value);
  if (real != nullptr && std::abs(*real) <= 9007199254740992.0 && std::trunc(*real) == *real) {
    return static_cast<std::int64_t>(*real);
  }
  throw_column(column, "an integer");
}

template <std::integral T>
struct Column<T> {
  static T from(const Value& value, std::string_view column) {
    const std::int64_t number = whole_number(value, column);
    if constexpr (std::is_same_v<T, bool>) {
      return number != 0;
    } else {
      if (!std::in_range<T>(number)) throw_column(column, "an integer that fits its type");
      return static_cast<T>(number);
    }
  }
};
template <>
struct Column<double> {
  static double from(const Value& value, std::string_view column) {
    if (const auto* number = std::get_if<double>(&value)) return *number;
    if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
    throw_column(column, "a number");
  }
};
template <>
struct Column<std::string> {
  static std::string from(const Value& value, std::string_view column) {
    if (const auto* text = std::get_if<std::string>(&value)) return *text;
    throw_column(column, "text");
  }
};
template <>
struct Column<Blob> {
  static Blob from(const Value& value, std::string_view column) {
    if (const auto* blob = std::get_if<Blob>(&value)) return *blob;
    throw_column(column, "bytes");
  }
};
template <>
struct Column<Timestamp> {
  static Timestamp from(const Value& value, std::string_view column) {
    return {Column<std::int64_t>::from(value, column)};
  }
};
template <class Tag>
struct Column<Id<Tag>> {
  static Id<Tag> from(const Value& value, std::string_view column) {
    const auto id = Id<Tag>::parse(Column<std::string>::from(value, column));
    if (!id) throw_column(column, "a UUID");
    return *id;
  }
};
template <>
struct Column<json::Object> {
  static json::Object from(const Value& value, std::string_view column) {
    return json::parse(Column<std::string>::from(value, column)).as_object();
  }
};
template <class T>
requires boost::describe::has_describe_enumerators<T>::value struct Column<T> {
  static T from(const Value& value, std::string_view column) {
    T out{};
    const std::string text = Column<std::string>::from(value, column);
    if (!boost::describe::enum_from_string(text.c_str(), out)) throw_column(column, "a known name");
    return out;
  }
};
template <class T>
struct Column<std::optional<T>> {
  static std::optional<T> from(const Value& value, std::string_view column) {
    if (std::holds_alternative<std::monostate>(value)) return std::nullopt;
    return Column<T>::from(value, column);
  }
};

using ColumnNames = std::shared_ptr<const std::vector<std::string>>;

class Row {
 public:
  Row(ColumnNames columns, std::vector<Value> values)
      : columns_(std::move(columns)), values_(std::move(values)) {}

  const std::vector<std::string>& columns() const { return *columns_; }
  const Value& at(std::size_t index) const { return values_.at(index); }
  const Value& at(std::string_view column) const;
  template <class T>
  T get(std::string_view column) const {
    return Column<T>::from(at(column), column);
  }
  template <class T>
  T get(std::size_t index) const {
    return Column<T>::from(at(index), columns_->at(index));
  }

  // A described struct: each member from the column of its name; a missing column is a defect.
  template <class T>
  T as() const {
    T out{};
    boost::mp11::mp_for_each<boost::describe::describe_members<
        T, boost::describe::mod_public | boost::describe::mod_inherited>>([&](auto d) {
      using Member = std::remove_cvref_t<decltype(out.*d.pointer)>;
      out.*d.pointer = Column<Member>::from(at(std::string_view(d.name)), d.name);
    });
    return out;
  }

 private:
  ColumnNames columns_;
  std::vector<Value> values_;
};

class Rows {
 public:
  Rows() = default;
  Rows(std::vector<Row> rows, std::int64_t affected)
      : rows_(std::move(rows)), affected_(affected) {}

  bool empty() const { return rows_.empty(); }
  std::size_t size() const { return rows_.size(); }
  const Row& operator[](std::size_t index) const { return rows_.at(index); }
  const Row& one() const;  // throws Error(internal) when there is not exactly one
  auto begin() const { return rows_.begin(); }
  auto end() const { return rows_.end(); }
  std::int64_t affected() const { return affected_; }  // rows changed by a write

  template <class T>
  std::vector<T> as() const {
    std::vector<T> out;
    out.reserve(rows_.size());
    for (const auto& row : rows_) out.push_back(row.as<T>());
    return out;
  }
  template <class T>
  std::optional<T> first() const {
    if (rows_.empty()) return std::nullopt;
    return rows_.front().as<T>();
  }

 private:
  std::vector<Row> rows_;
  std::int64_t affected_ = 0;
};

}  // namespace aa::db
