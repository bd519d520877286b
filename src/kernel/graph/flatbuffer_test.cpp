#include "kernel/graph/flatbuffer.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "kernel/graph/tflite_writer.hpp"

namespace aa::graph {
namespace {

std::span<const std::byte> view(const std::string& bytes) {
  return std::as_bytes(std::span(bytes));
}

std::string sample() {
  return FlatWriter().file(
      flat_table({{0, 7},
                  {2, flat_text("name")},
                  {3, flat_list(std::vector<std::int32_t>{1, -2, 3})},
                  {5, flat_tables({flat_table({{1, 2.5F}}), flat_table({})})}}),
      "TEST");
}

TEST(Flatbuffer, reads_fields_lists_and_tables) {
  const std::string bytes = sample();
  const FlatTable root = FlatTable::root(view(bytes), "TEST");
  EXPECT_EQ(root.number<std::int32_t>(0, 0), 7);
  EXPECT_EQ(root.number<std::int32_t>(1, 42), 42) << "absent";
  EXPECT_EQ(root.number<std::int32_t>(99, 43), 43) << "beyond the layout";
  EXPECT_EQ(root.text(2, 10), "name");
  EXPECT_EQ(root.numbers<std::int32_t>(3, 3), (std::vector<std::int32_t>{1, -2, 3}));
  EXPECT_TRUE(root.bytes(4).empty());
  EXPECT_FALSE(root.table(4).has_value());
  const FlatTables list = root.tables(5, 2);
  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(list[0].number<float>(1, 0), 2.5F);
  EXPECT_EQ(list[1].number<float>(1, 0), 0.0F);
}

TEST(Flatbuffer, holds_its_callers_limits) {
  const std::string bytes = sample();
  const FlatTable root = FlatTable::root(view(bytes), "TEST");
  EXPECT_THROW(root.numbers<std::int32_t>(3, 2), Error);
  EXPECT_THROW(root.tables(5, 1), Error);
  EXPECT_THROW(root.text(2, 3), Error);
}

TEST(Flatbuffer, wants_its_identifier) {
  EXPECT_THROW(FlatTable::root(view(sample()), "TFL3"), Error);
  EXPECT_THROW(FlatTable::root(view("short"), "TEST"), Error);
}

// The offset at byte 0 leads to the root; there the layout's distance, then the fields.
template <class T>
std::string with(std::size_t at, T value) {
  std::string bytes = sample();
  std::memcpy(bytes.data() + at, &value, sizeof value);
  return bytes;
}

std::string refusal(const std::string& bytes) {
  try {
    const FlatTable root = FlatTable::root(view(bytes), "TEST");
    root.number<std::int32_t>(0, 0);
    root.text(2, 100);
    root.numbers<std::int32_t>(3, 100);
    const FlatTables list = root.tables(5, 100);
    for (std::size_t i = 0; i < list.size(); ++i) list[i].number<float>(1, 0);
  } catch (const Error& error) {
    EXPECT_EQ(error.slug(), "malformed_flatbuffer");
    return error.message();
  }
  return "was taken";
}

TEST(Flatbuffer, says_where_an_offset_goes_wrong) {
  const std::string whole = sample();
  std::uint32_t root = 0;
  std::memcpy(&root, whole.data(), sizeof root);
  std::int32_t back = 0;
  std::memcpy(&back, whole.data() + root, sizeof back);
  const std::size_t vtable = root - static_cast<std::size_t>(back);
  const auto says = [](const std::string& bytes, const std::string& what) {
    const std::string message = refusal(bytes);
    EXPECT_NE(message.find(what), std::string::npos) << message;
  };
  says(with(0, std::uint32_t{0xfffffff0}), "the file ends");
  says(with(root, std::int32_t{0x7fffffff}), "before the file");
  says(with(root, std::int32_t{-0x7fffffff}), "the file ends");
  says(with(vtable, std::uint16_t{2}), "layout");
  says(with(vtable, std::uint16_t{0xffff}), "layout");
  says(with(vtable + 2, std::uint16_t{0xffff}), "table reaches outside");
  says(with(vtable + 4, std::uint16_t{0xfff0}), "field lies outside");
  says(with(vtable + 4, std::uint16_t{1}), "field lies outside");
  says(with(root + 12, std::uint32_t{0}), "leads nowhere");
  says(with(root + 12, std::uint32_t{0xffffffff}), "leads nowhere");
  const std::size_t text = whole.find("name");
  says(with(text - 4, std::uint32_t{0xffffffff}), "list reaches outside");
}

}  // namespace
}  // namespace aa::graph
