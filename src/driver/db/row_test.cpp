#include "driver/db/row.hpp"

#include <limits>

#include <gtest/gtest.h>

#include "driver/db/database.hpp"
#include "driver/db/statements.hpp"

namespace aa::db {
namespace {

enum class Colour { red, blue };
BOOST_DESCRIBE_ENUM(Colour, red, blue)

struct Thing {
  std::int64_t id;
  std::string name;
  std::optional<double> size;
  bool active;
  Colour colour;
  Timestamp made_at;
};
BOOST_DESCRIBE_STRUCT(Thing, (), (id, name, size, active, colour, made_at))

Row row_of(std::vector<std::string> names, std::vector<Value> values) {
  return {std::make_shared<const std::vector<std::string>>(std::move(names)), std::move(values)};
}

TEST(Row, becomes_a_described_struct) {
  const Row row = row_of({"made_at", "id", "name", "size", "active", "colour"},
                         {std::int64_t{77}, std::int64_t{5}, "x", {}, std::int64_t{1}, "blue"});
  const auto thing = row.as<Thing>();
  EXPECT_EQ(thing.id, 5);
  EXPECT_EQ(thing.name, "x");
  EXPECT_EQ(thing.size, std::nullopt);
  EXPECT_TRUE(thing.active);
  EXPECT_EQ(thing.colour, Colour::blue);
  EXPECT_EQ(thing.made_at.micros, 77);
}

TEST(Row, a_column_of_another_type_is_a_defect) {
  const Row row = row_of({"a", "b", "c"}, {"text", std::int64_t{300}, 1.5});
  EXPECT_THROW(row.get<int>("a"), Error);
  EXPECT_THROW(row.get<std::string>("b"), Error);
  EXPECT_THROW(row.get<std::uint8_t>("b"), Error) << "300 does not fit";
  EXPECT_THROW(row.get<int>("c"), Error) << "1.5 is not whole";
  EXPECT_THROW(row.get<Colour>("a"), Error);
  EXPECT_THROW(row.get<int>("absent"), Error);
  EXPECT_EQ(row.get<double>("b"), 300);
}

TEST(Row, whole_doubles_are_integers) {
  const Row row = row_of({"sum", "huge"}, {42.0, 1e300});
  EXPECT_EQ(row.get<int>("sum"), 42);
  EXPECT_THROW(row.get<std::int64_t>("huge"), Error);
}

TEST(Rows, one_means_exactly_one) {
  EXPECT_THROW(Rows().one(), Error);
  EXPECT_THROW(Rows({row_of({}, {}), row_of({}, {})}, 0).one(), Error);
  EXPECT_NO_THROW(Rows({row_of({}, {})}, 0).one());
}

TEST(Args, keep_their_order_and_types) {
  const Args values =
      args(true, 7, 1.5, "text", Blob{1}, Timestamp{9}, std::optional<int>{}, Colour::red);
  ASSERT_EQ(values.size(), 8);
  EXPECT_EQ(values[0], Value(std::int64_t{1}));
  EXPECT_EQ(values[2], Value(1.5));
  EXPECT_EQ(values[3], Value(std::string("text")));
  EXPECT_EQ(values[5], Value(std::int64_t{9}));
  EXPECT_EQ(values[6], Value());
  EXPECT_EQ(values[7], Value(std::string("red")));
  EXPECT_THROW(args(std::numeric_limits<std::uint64_t>::max()), Error);
}

TEST(Args, what_cannot_be_stored_is_refused) {
  const auto fine = [](std::string text) {
    try {
      check_args(args(text));
      return true;
    } catch (const Error&) {
      return false;
    }
  };
  for (const char* good : {"", "a", "ä", "€", "\xF0\x9F\x90\x95", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_TRUE(fine(good)) << good;
  }
  for (const char* bad : {"\x80", "\xC0\x80", "\xC3", "\xE0\x80\x80", "\xED\xA0\x80",
                          "\xF0\x80\x80\x80", "\xF4\x90\x80\x80", "\xFF", "a\xE2\x82"}) {
    EXPECT_FALSE(fine(bad)) << bad;
  }
  EXPECT_FALSE(fine(std::string("a\0", 2)));
}

TEST(Statement, is_embedded_under_its_modules_name) {
  EXPECT_EQ(sql::ping.name, "db.ping");
  EXPECT_EQ(sql::ping.text(Engine::sqlite), sql::ping.text(Engine::postgres));
  EXPECT_EQ(sql::kAll.size(), 4);
}

TEST(Retry, only_for_what_was_undone_by_others) {
  EXPECT_TRUE(is_retryable(conflict("serialization_failed", "")));
  EXPECT_TRUE(is_retryable(conflict("transaction_undone", "")));
  EXPECT_FALSE(is_retryable(conflict("foreign_key_violated", "")));
  EXPECT_FALSE(is_retryable(unavailable("commit_unknown", "")));
}

}  // namespace
}  // namespace aa::db
