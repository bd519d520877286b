#include "driver/http/message.hpp"

#include <gtest/gtest.h>

namespace aa::http {
namespace {

using namespace std::string_literals;

TEST(Headers, are_found_in_any_case_and_keep_repeats) {
  Headers headers;
  headers.add("Set-Cookie", "a");
  headers.add("set-cookie", "b");
  EXPECT_EQ(headers.get("SET-COOKIE"), "a");
  EXPECT_EQ(headers.count("Set-cookie"), 2U);
  headers.set("SET-Cookie", "c");
  EXPECT_EQ(headers.count("set-cookie"), 1U);
  EXPECT_EQ(headers.get("set-cookie"), "c");
  EXPECT_EQ(headers.get("cookie"), std::nullopt);
}

struct RangeCase {
  std::string header;
  std::uint64_t size;
  RangeKind kind;
  std::uint64_t first = 0;
  std::uint64_t last = 0;
};

TEST(ParseRange, one_range_of_bytes) {
  using enum RangeKind;
  const RangeCase cases[] = {
      {"bytes=0-0", 10, satisfiable, 0, 0},
      {"bytes=2-5", 10, satisfiable, 2, 5},
      {"Bytes = 2-5", 10, none},
      {"BYTES=2-5", 10, satisfiable, 2, 5},
      {"bytes=5-", 10, satisfiable, 5, 9},
      {"bytes=5-99", 10, satisfiable, 5, 9},
      {"bytes=-3", 10, satisfiable, 7, 9},
      {"bytes=-99", 10, satisfiable, 0, 9},
      {"bytes=-0", 10, unsatisfiable},
      {"bytes=10-", 10, unsatisfiable},
      {"bytes=0-", 0, unsatisfiable},
      {"bytes=-1", 0, unsatisfiable},
      {"bytes=5-2", 10, none},
      {"bytes=0-1,3-4", 10, none},
      {"bytes=", 10, none},
      {"bytes=-", 10, none},
      {"bytes=a-b", 10, none},
      {"bytes=1-2x", 10, none},
      {"bytes=+1-2", 10, none},
      {"bytes=0-18446744073709551616", 10, none},
      {"bytes=0-18446744073709551615", 10, satisfiable, 0, 9},
      {"items=0-1", 10, none},
      {"", 10, none},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.header);
    const auto [kind, range] = parse_range(c.header, c.size);
    EXPECT_EQ(kind, c.kind);
    EXPECT_EQ(range.first, c.first);
    EXPECT_EQ(range.last, c.last);
  }
}

TEST(Percent, decodes_once_and_refuses_broken_escapes) {
  EXPECT_EQ(percent_decode("a%20b%2F%c3%A9"), "a b/\xC3\xA9");
  EXPECT_EQ(percent_decode("%252e"), "%2e");
  EXPECT_EQ(percent_decode("%00"), "\0"s);
  EXPECT_EQ(percent_decode("a+b"), "a+b");
  for (const auto* bad : {"%", "%1", "a%g1", "%1g", "%%", "100%"}) {
    EXPECT_EQ(percent_decode(bad), std::nullopt) << bad;
  }
}

TEST(Percent, what_is_encoded_decodes_to_the_same) {
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  const auto encoded = percent_encode(all);
  EXPECT_EQ(percent_decode(encoded), all);
  EXPECT_EQ(encoded.find_first_not_of(
                "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~%"),
            std::string::npos);
}

// Case 112: names that would leave the header, the folder, or the direction of reading.
TEST(ContentDisposition112, hostile_names_become_harmless) {
  const std::pair<std::string, std::string> cases[] = {
      {"a.png", "attachment; filename=\"a.png\""},
      {"../../x", "attachment; filename=\".._.._x\""},
      {"C:\\x", "attachment; filename=\"C:_x\""},
      {"a\r\nX: y", "attachment; filename=\"a__X: y\""},
      {"a\"b", "attachment; filename=\"a_b\"; filename*=UTF-8''a%22b"},
      {"a%41", "attachment; filename=\"a_41\"; filename*=UTF-8''a%2541"},
      {"h\xC3\xA9.png", "attachment; filename=\"h_.png\"; filename*=UTF-8''h%C3%A9.png"},
      {"\xFF", "attachment; filename=\"_\"; filename*=UTF-8''%EF%BF%BD"},
      {"a\u202Egpj.exe", "attachment; filename=\"a_gpj.exe\""},
      {"..", "attachment; filename=\"file\""},
      {"", "attachment; filename=\"file\""},
      {"a\0b"s, "attachment; filename=\"a_b\""},
  };
  for (const auto& [name, expected] : cases) {
    EXPECT_EQ(content_disposition("attachment", name), expected);
  }
}

TEST(Request, query_values_by_key) {
  Request request;
  request.query = {{"a", "1"}, {"b", ""}};
  EXPECT_EQ(request.query_value("a"), "1");
  EXPECT_EQ(request.query_value("b"), "");
  EXPECT_EQ(request.query_value("c"), std::nullopt);
}

}  // namespace
}  // namespace aa::http
