#include "kernel/graph/protobuf.hpp"

#include <array>

#include "base/error.hpp"

namespace aa::graph {

void ProtoWriter::varint(std::uint64_t value) {
  while (value >= 0x80) {
    out_ += static_cast<char>(value | 0x80);
    value >>= 7;
  }
  out_ += static_cast<char>(value);
}

void ProtoWriter::tag(std::uint32_t field, WireType type) {
  varint((std::uint64_t{field} << 3) | static_cast<std::uint64_t>(type));
}

void ProtoWriter::integer(std::uint32_t field, std::int64_t value) {
  tag(field, WireType::varint);
  varint(static_cast<std::uint64_t>(value));
}

void ProtoWriter::real(std::uint32_t field, float value) {
  tag(field, WireType::fixed32);
  const auto bits = std::bit_cast<std::uint32_t>(value);
  for (int shift = 0; shift < 32; shift += 8) out_ += static_cast<char>(bits >> shift);
}

void ProtoWriter::bytes(std::uint32_t field, std::string_view value) {
  tag(field, WireType::bytes);
  varint(value.size());
  out_ += value;
}

std::size_t ProtoWriter::open(std::uint32_t field) {
  tag(field, WireType::bytes);
  return out_.size();
}

// The length stands before the body but is known only after it, so the body moves once per level.
void ProtoWriter::close(std::size_t start) {
  std::array<char, 10> length{};
  std::size_t digits = 0;
  std::uint64_t size = out_.size() - start;
  for (; size >= 0x80; size >>= 7) length[digits++] = static_cast<char>(size | 0x80);
  length[digits++] = static_cast<char>(size);
  out_.insert(start, length.data(), digits);
}

bool ProtoReader::next(ProtoField& field) {
  if (at_ == input_.size()) return false;
  const std::uint64_t tag = varint();
  if ((tag >> 3) == 0 || (tag >> 3) > 0x1fffffff) fail("a field number out of range");
  field = {.id = static_cast<std::uint32_t>(tag >> 3), .type = static_cast<WireType>(tag & 7)};
  switch (field.type) {
    case WireType::varint:
      field.number = varint();
      return true;
    case WireType::fixed64:
      field.number = fixed(8);
      return true;
    case WireType::fixed32:
      field.number = fixed(4);
      return true;
    case WireType::bytes: {
      const std::uint64_t size = varint();
      if (size > input_.size() - at_) fail("a length that exceeds its message");
      field.body = input_.substr(at_, static_cast<std::size_t>(size));
      at_ += static_cast<std::size_t>(size);
      return true;
    }
  }
  fail("an unknown wire type");
}

bool ProtoReader::next_varint(std::uint64_t& value) {
  if (at_ == input_.size()) return false;
  value = varint();
  return true;
}

std::uint64_t ProtoReader::varint() {
  std::uint64_t value = 0;
  for (int shift = 0; shift < 70; shift += 7) {
    if (at_ == input_.size()) fail("a number cut short");
    const auto byte = static_cast<std::uint8_t>(input_[at_++]);
    if (shift == 63 && byte > 1) break;
    value |= std::uint64_t{byte & 0x7fU} << shift;
    if (byte < 0x80) return value;
  }
  fail("a number longer than 64 bits");
}

std::uint64_t ProtoReader::fixed(std::size_t bytes) {
  if (bytes > input_.size() - at_) fail("a number cut short");
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes; ++i) {
    value |= std::uint64_t{static_cast<std::uint8_t>(input_[at_ + i])} << (8 * i);
  }
  at_ += bytes;
  return value;
}

void ProtoReader::fail(std::string_view what) const {
  throw malformed("malformed_protobuf", "The model file is damaged: " + std::string(what) +
                                            " near byte " + std::to_string(at_) + ".");
}

}  // namespace aa::graph
