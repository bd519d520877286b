#include "kernel/graph/protobuf.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace aa::graph {
namespace {

using namespace std::string_literals;

TEST(ProtoWriter, known_bytes) {  // the examples of protobuf.dev's encoding page
  ProtoWriter number;
  number.integer(1, 150);
  EXPECT_EQ(number.take(), "\x08\x96\x01"s);
  ProtoWriter text;
  text.bytes(2, "testing");
  EXPECT_EQ(text.take(), "\x12\x07testing"s);
  ProtoWriter outer;
  outer.message(3, [](ProtoWriter& inner) { inner.integer(1, 150); });
  EXPECT_EQ(outer.take(), "\x1a\x03\x08\x96\x01"s);
}

TEST(ProtoWriter, negative_numbers_and_reals) {
  ProtoWriter out;
  out.integer(1, -2);
  out.real(2, 1.0F);
  EXPECT_EQ(out.take(), "\x08\xfe\xff\xff\xff\xff\xff\xff\xff\xff\x01\x15\x00\x00\x80\x3f"s);
}

TEST(ProtoWriter, length_of_a_long_message_takes_two_bytes) {
  ProtoWriter out;
  out.message(1, [](ProtoWriter& inner) { inner.bytes(1, std::string(300, 'x')); });
  const std::string bytes = out.take();
  EXPECT_EQ(bytes.substr(0, 3), "\x0a\xaf\x02"s);  // 303 = 1 tag + 2 length + 300
  EXPECT_EQ(bytes.size(), 306U);
}

TEST(ProtoReader, reads_what_was_written) {
  ProtoWriter out;
  out.integer(1, -7);
  out.real(2, 0.5F);
  out.bytes(3, "abc");
  const std::string bytes = out.take();
  ProtoReader reader(bytes);
  ProtoField field;
  ASSERT_TRUE(reader.next(field));
  EXPECT_EQ(field.id, 1U);
  EXPECT_EQ(field.integer(), -7);
  ASSERT_TRUE(reader.next(field));
  EXPECT_EQ(std::bit_cast<float>(static_cast<std::uint32_t>(field.number)), 0.5F);
  ASSERT_TRUE(reader.next(field));
  EXPECT_EQ(field.body, "abc");
  EXPECT_FALSE(reader.next(field));
}

void expect_refused(const std::string& bytes) {
  ProtoReader reader(bytes);
  ProtoField field;
  try {
    while (reader.next(field)) {
    }
    FAIL() << "was read without complaint";
  } catch (const Error& error) {
    EXPECT_EQ(error.slug(), "malformed_protobuf");
  }
}

TEST(ProtoReader, refuses_damage) {
  expect_refused("\x08"s);                                              // no value
  expect_refused("\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"s);  // over 64 bits
  expect_refused("\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"s);      // bit 64 set
  expect_refused("\x0a\x05xyz"s);                                       // longer than the input
  expect_refused("\x0a\xff\xff\xff\xff\xff\xff\xff\xff\x7f"s);          // 9 petabytes
  expect_refused("\x0b"s);                                              // a group
  expect_refused("\x00\x00"s);                                          // field number 0
  expect_refused("\x0d\x00\x00"s);                                      // half a fixed32
}

}  // namespace
}  // namespace aa::graph
