#include "base/json.hpp"

#include <cmath>
#include <random>

#include <gtest/gtest.h>

namespace aa::json {
namespace {

enum class Colour { red, green };
BOOST_DESCRIBE_ENUM(Colour, red, green)

struct Inner {
  double x = 0;
  std::vector<int> list;
};
BOOST_DESCRIBE_STRUCT(Inner, (), (x, list))

struct Outer {
  std::string name;
  Colour colour = Colour::red;
  std::optional<Inner> inner;
  int count = 7;
  Object extra;
};
BOOST_DESCRIBE_STRUCT(Outer, (), (name, colour, inner, count, extra))
constexpr auto field_rules(const Outer*) {
  return std::array{Field{.name = "name", .min_length = 1, .max_length = 5},
                    Field{.name = "count", .min = 0, .max = 10, .optional = true},
                    Field{.name = "extra", .optional = true}};
}

std::vector<ErrorDetail> problems(std::string_view text) {
  try {
    read<Outer>(parse(text));
  } catch (const Error& e) {
    return e.details();
  }
  return {};
}

std::string pointers(std::string_view text) {
  std::string out;
  for (const auto& [pointer, detail] : problems(text)) out += pointer + ";";
  return out;
}

TEST(Json, reads_and_writes_back_the_same_text) {
  const std::string text =
      R"({"name":"a\"\u0001b","colour":"green","inner":{"x":0.1,"list":[1,2]},"count":3,)"
      R"("extra":{"k":[1.5,null,true,-9]}})";
  EXPECT_EQ(write(read<Outer>(parse(text))), text);
}

TEST(Json, leaves_out_empty_optionals_and_keeps_defaults) {
  const auto outer = read<Outer>(parse(R"({"name":"n","colour":"red"})"));
  EXPECT_EQ(outer.count, 7);
  EXPECT_EQ(write(outer), R"({"name":"n","colour":"red","count":7,"extra":{}})");
}

TEST(Json, names_every_problem_with_its_pointer) {
  EXPECT_EQ(pointers(R"({"name":"","colour":"blue","inner":{"x":"1","list":[1,"2",3.5]},"no":1})"),
            "/name;/colour;/inner/x;/inner/list/1;/inner/list/2;/no;");
  EXPECT_EQ(pointers(R"({})"), "/name;/colour;");
  EXPECT_EQ(pointers(R"([])"), ";");
  EXPECT_EQ(pointers(R"({"name":"n","colour":"red","a/b~c":1})"), "/a~1b~0c;");
}

TEST(Json, refuses_numbers_that_are_not_finite) {
  EXPECT_EQ(pointers(R"({"name":"n","colour":"red","inner":{"x":1e309,"list":[]}})"), "/inner/x;");
  EXPECT_EQ(pointers(R"({"name":"n","colour":"red","extra":{"deep":[1e309]}})"), "/extra/deep/0;");
  const std::string digits(400'000, '9');
  EXPECT_EQ(pointers(R"({"name":"n","colour":"red","inner":{"x":)" + digits + R"(,"list":[]}})"),
            "/inner/x;");
}

TEST(Json, refuses_nul_and_range) {
  EXPECT_EQ(pointers(R"({"name":"a\u0000","colour":"red"})"), "/name;");
  EXPECT_EQ(pointers(R"({"name":"a","colour":"red","count":11})"), "/count;");
  EXPECT_EQ(pointers(R"({"name":"a","colour":"red","count":1.5})"), "/count;");
}

TEST(Json, malformed_text_is_malformed) {
  for (const char* text : {"", "{", "{\"a\":NaN}", "[1]]", "{\"a\":Infinity}", "// c\n1"}) {
    try {
      parse(text);
      ADD_FAILURE() << text;
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), ErrorCode::malformed) << text;
    }
  }
  EXPECT_THROW(parse(std::string(40, '[') + std::string(40, ']')), Error);
}

TEST(Json, schema_lists_members_rules_and_references) {
  Schemas schemas;
  const auto reference = schema<Outer>(schemas);
  EXPECT_EQ(reference.at("$ref").as_string(), "#/components/schemas/Outer");
  const auto& outer = schemas.named.at("Outer");
  EXPECT_EQ(outer.at("properties").at("name").at("maxLength").to_number<int>(), 5);
  EXPECT_EQ(outer.at("required").as_array().size(), 2U);
  EXPECT_TRUE(schemas.named.contains("Inner"));
}

TEST(Json, numbers_have_the_shortest_form) {
  std::string out;
  for (const double n : {0.1, 1.0, 1e21, -2.5, 100.0, 1.0 / 3}) {
    append_number(out, n);
    out += ' ';
  }
  EXPECT_EQ(out, "0.1 1 1e+21 -2.5 100 0.3333333333333333 ");
}

TEST(Json, NumbersAreReadToTheLastBit) {
  std::mt19937_64 random(11);
  for (int i = 0; i < 20'000; ++i) {
    double number =
        std::ldexp(static_cast<double>(random() >> 11), static_cast<int>(random() % 200) - 150);
    if (i % 2 == 0) number = -number;
    std::string text;
    append_number(text, number);
    ASSERT_EQ(parse(text).to_number<double>(), number) << text;
    ASSERT_EQ(to_text(parse("[" + text + "]")), "[" + text + "]");
  }
  EXPECT_EQ(to_text(parse("[-0,0,1e400,12345678901234567890]")),
            "[-0,0,null,12345678901234567890]");
}

}  // namespace
}  // namespace aa::json
