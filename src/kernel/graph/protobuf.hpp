// Protocol Buffers wire format, the part that ONNX files use: a writer that builds nested messages
// in one buffer, and a reader that walks untrusted bytes in place without copying them.
//
// Source: protobuf.dev/programming-guides/encoding. Sizes in bytes. Groups (wire types 3 and 4)
// are refused. Errors: Error(malformed, "malformed_protobuf") with the byte offset.
// Thread rule: values; a writer or reader belongs to one thread.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace aa::graph {

enum class WireType : std::uint8_t { varint = 0, fixed64 = 1, bytes = 2, fixed32 = 5 };

class ProtoWriter {
 public:
  void integer(std::uint32_t field, std::int64_t value);
  void real(std::uint32_t field, float value);
  void bytes(std::uint32_t field, std::string_view value);
  // Everything `body` writes becomes the embedded message.
  template <class Body>
  void message(std::uint32_t field, Body&& body) {
    const std::size_t start = open(field);
    body(*this);
    close(start);
  }
  std::string take() { return std::move(out_); }

 private:
  void varint(std::uint64_t value);
  void tag(std::uint32_t field, WireType type);
  std::size_t open(std::uint32_t field);
  void close(std::size_t start);

  std::string out_;
};

// One field of a message. `number` holds varints and fixed values, `body` holds length-delimited
// ones and points into the reader's input.
struct ProtoField {
  std::uint32_t id = 0;
  WireType type{};
  std::uint64_t number = 0;
  std::string_view body;

  std::int64_t integer() const { return static_cast<std::int64_t>(number); }
};

class ProtoReader {
 public:
  explicit ProtoReader(std::string_view input) : input_(input) {}
  explicit ProtoReader(std::span<const std::byte> input)
      : input_(reinterpret_cast<const char*>(input.data()), input.size()) {}

  // False at the end of the message.
  bool next(ProtoField& field);
  // For packed repeated integers: reads bare varints until the end.
  bool next_varint(std::uint64_t& value);

 private:
  std::uint64_t varint();
  std::uint64_t fixed(std::size_t bytes);
  [[noreturn]] void fail(std::string_view what) const;

  std::string_view input_;
  std::size_t at_ = 0;
};

}  // namespace aa::graph
