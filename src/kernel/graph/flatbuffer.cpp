#include "kernel/graph/flatbuffer.hpp"

#include "base/error.hpp"

namespace aa::graph {
namespace {

constexpr std::size_t kOffsetSize = 4;
constexpr std::size_t kVtableHead = 4;  // its own size and the table's, two bytes each

}  // namespace

void FlatTable::fail(std::size_t at, std::string_view what) {
  throw malformed("malformed_flatbuffer", "The file is damaged at byte " + std::to_string(at) +
                                              ": " + std::string(what) + ".");
}

FlatTable FlatTable::root(std::span<const std::byte> file, std::string_view identifier) {
  const std::size_t head = kOffsetSize + identifier.size();
  if (file.size() < head ||
      std::memcmp(file.data() + kOffsetSize, identifier.data(), identifier.size()) != 0) {
    fail(kOffsetSize, "it is no " + std::string(identifier) + " file");
  }
  std::uint32_t offset = 0;
  std::memcpy(&offset, file.data(), sizeof offset);
  return {file, offset};
}

FlatTable::FlatTable(std::span<const std::byte> file, std::size_t position)
    : file_(file), position_(position) {
  const auto back = static_cast<std::int64_t>(load<std::int32_t>(position));
  const std::int64_t vtable = static_cast<std::int64_t>(position) - back;
  if (vtable < 0) fail(position, "a table lies before the file");
  vtable_ = static_cast<std::size_t>(vtable);
  vtable_size_ = load<std::uint16_t>(vtable_);
  size_ = load<std::uint16_t>(vtable_ + 2);
  if (vtable_size_ < kVtableHead || vtable_size_ > file_.size() - vtable_) {
    fail(vtable_, "a table's layout reaches outside the file");
  }
  if (size_ < kOffsetSize || size_ > file_.size() - position_) {
    fail(position_, "a table reaches outside the file");
  }
}

std::size_t FlatTable::slot(unsigned field, std::size_t size) const {
  const std::size_t entry = kVtableHead + 2 * static_cast<std::size_t>(field);
  if (entry + 2 > vtable_size_) return 0;
  const std::size_t offset = load<std::uint16_t>(vtable_ + entry);
  if (offset == 0) return 0;
  if (offset < kOffsetSize || offset + size > size_) {
    fail(vtable_ + entry, "a field lies outside its table");
  }
  return position_ + offset;
}

std::size_t FlatTable::follow(std::size_t at) const {
  const std::size_t offset = load<std::uint32_t>(at);
  if (offset < kOffsetSize || offset > file_.size() - at) fail(at, "an offset leads nowhere");
  return at + offset;
}

std::span<const std::byte> FlatTable::elements(unsigned field, std::size_t size) const {
  const std::size_t at = slot(field, kOffsetSize);
  if (at == 0) return {};
  const std::size_t start = follow(at);
  const std::size_t count = load<std::uint32_t>(start);
  if (count > (file_.size() - start - kOffsetSize) / size) {
    fail(start, "a list reaches outside the file");
  }
  return file_.subspan(start + kOffsetSize, count * size);
}

std::optional<FlatTable> FlatTable::table(unsigned field) const {
  const std::size_t at = slot(field, kOffsetSize);
  if (at == 0) return std::nullopt;
  return FlatTable(file_, follow(at));
}

FlatTables FlatTable::tables(unsigned field, std::size_t count_max) const {
  const auto raw = elements(field, kOffsetSize);
  FlatTables out;
  if (raw.empty()) return out;
  out.owner_ = *this;
  out.first_ = static_cast<std::size_t>(raw.data() - file_.data());
  out.count_ = raw.size() / kOffsetSize;
  if (out.count_ > count_max) fail(out.first_, "a list is too long");
  return out;
}

std::string_view FlatTable::text(unsigned field, std::size_t size_max) const {
  const auto raw = elements(field, 1);
  if (raw.size() > size_max) fail(position_, "a name is too long");
  return {reinterpret_cast<const char*>(raw.data()), raw.size()};
}

FlatTable FlatTables::operator[](std::size_t index) const {
  return {owner_->file_, owner_->follow(first_ + index * kOffsetSize)};
}

}  // namespace aa::graph
