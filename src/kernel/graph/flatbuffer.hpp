// FlatBuffers, read in place from untrusted bytes: tables, vectors and text behind checked offsets.
//
// Source: flatbuffers.dev/internals. Little-endian; nothing is aligned or copied but numbers. A
// reader follows an offset only when its caller names a field, so depth is that of the caller's
// schema. Counts are bounded by the bytes they would fill, and by what the caller allows.
// Errors: Error(malformed, "malformed_flatbuffer") with the byte offset. Thread rule: views on the
// caller's bytes, freely copied.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace aa::graph {

class FlatTables;

class FlatTable {
 public:
  // Of a whole file; `identifier` is its four letters at byte 4.
  static FlatTable root(std::span<const std::byte> file, std::string_view identifier);

  template <class T>
  T number(unsigned field, T otherwise) const {
    const std::size_t at = slot(field, sizeof(T));
    return at == 0 ? otherwise : load<T>(at);
  }
  bool flag(unsigned field) const { return number<std::uint8_t>(field, 0) != 0; }
  std::optional<FlatTable> table(unsigned field) const;
  FlatTables tables(unsigned field, std::size_t count_max) const;
  std::string_view text(unsigned field, std::size_t size_max) const;  // "" where absent
  std::span<const std::byte> bytes(unsigned field) const { return elements(field, 1); }
  template <class T>
  std::vector<T> numbers(unsigned field, std::size_t count_max) const {
    const auto raw = elements(field, sizeof(T));
    if (raw.size() / sizeof(T) > count_max) fail(position_, "a list is too long");
    std::vector<T> out(raw.size() / sizeof(T));
    if (!raw.empty()) std::memcpy(out.data(), raw.data(), raw.size());
    return out;
  }

 private:
  friend class FlatTables;
  FlatTable(std::span<const std::byte> file, std::size_t position);

  template <class T>
  T load(std::size_t at) const {
    if (at > file_.size() || file_.size() - at < sizeof(T)) fail(at, "the file ends");
    T value;
    std::memcpy(&value, file_.data() + at, sizeof(T));
    return value;
  }
  std::size_t slot(unsigned field, std::size_t size) const;  // 0 where absent
  std::size_t follow(std::size_t at) const;
  std::span<const std::byte> elements(unsigned field, std::size_t size) const;
  [[noreturn]] static void fail(std::size_t at, std::string_view what);

  std::span<const std::byte> file_;
  std::size_t position_ = 0;
  std::size_t size_ = 0;
  std::size_t vtable_ = 0;
  std::size_t vtable_size_ = 0;
};

class FlatTables {
 public:
  FlatTables() = default;
  std::size_t size() const { return count_; }
  FlatTable operator[](std::size_t index) const;

 private:
  friend class FlatTable;
  std::optional<FlatTable> owner_;
  std::size_t first_ = 0;
  std::size_t count_ = 0;
};

}  // namespace aa::graph
