// Targets, heads, chunks and UTF-8 apart from any socket, and all readers under seeded mutations.
#include <random>

#include <gtest/gtest.h>

#include "base/utf8.hpp"
#include "driver/http/detail/chunk_decoder.hpp"
#include "driver/http/detail/request_head.hpp"
#include "driver/http/detail/request_target.hpp"
#include "driver/http/detail/wire_fuzz.hpp"
#include "driver/http/test_support/websocket_client.hpp"

namespace aa::http {
namespace {

Target target_of(std::string_view raw) {
  auto parsed = parse_target(raw);
  if (const auto* refusal = std::get_if<Refusal>(&parsed)) {
    ADD_FAILURE() << raw << ": " << refusal->detail;
    return {};
  }
  return std::get<Target>(parsed);
}

TEST(ParseTarget, decodes_path_and_query_once) {
  const auto target = target_of("/a%20b/%C3%A9/%252e?x=1%262&y=a+b&z&%C3%A9=%2B&=v");
  EXPECT_EQ(target.path, "/a b/\xC3\xA9/%2e");
  const decltype(target.query) expected = {
      {"x", "1&2"}, {"y", "a b"}, {"z", ""}, {"\xC3\xA9", "+"}, {"", "v"}};
  EXPECT_EQ(target.query, expected);
}

TEST(ParseTarget, takes_what_only_looks_odd) {
  EXPECT_EQ(target_of("/...").path, "/...");
  EXPECT_EQ(target_of("/..;/x").path, "/..;/x");
  EXPECT_EQ(target_of("//x//").path, "//x//");
  EXPECT_EQ(target_of("/a?b?c=/../").query[0].first, "b?c");
  EXPECT_TRUE(target_of("/?&&").query.empty());
}

TEST(ParseTarget, refuses_too_many_keys) {
  std::string raw = "/?";
  for (int i = 0; i < 101; ++i) raw += "k" + std::to_string(i) + "&";
  EXPECT_TRUE(std::holds_alternative<Refusal>(parse_target(raw)));
}

TEST(ParseHead, reads_what_a_browser_sends) {
  const auto parsed = parse_head(
      "POST /api?x=1 HTTP/1.1\r\nHost: [::1]:8080\r\nContent-Length: 12\r\nAccept:  a/b \r\n"
      "Cookie: a=b\r\ncookie: c=d\r\nExpect: 100-Continue\r\n\r\n",
      {});
  const auto* head = std::get_if<Head>(&parsed);
  ASSERT_NE(head, nullptr);
  EXPECT_EQ(head->method, "POST");
  EXPECT_EQ(head->raw_target, "/api?x=1");
  EXPECT_EQ(head->framing, Framing::length);
  EXPECT_EQ(head->length, 12U);
  EXPECT_TRUE(head->keep_alive);
  EXPECT_TRUE(head->expect_continue);
  EXPECT_EQ(head->headers.get("accept"), "a/b");
  EXPECT_EQ(head->headers.count("cookie"), 2U);
}

TEST(HeadScanner, finds_the_end_in_any_pieces) {
  const std::string head = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  HeadScanner scanner;
  for (std::size_t i = 0; i < head.size(); ++i) {
    const auto progress = scanner.scan(std::string_view(head).substr(0, i));
    EXPECT_EQ(progress.end, 0U);
    EXPECT_FALSE(progress.refusal);
  }
  EXPECT_EQ(scanner.scan(head + "more").end, head.size());
  HeadScanner behind_an_empty_line;
  const auto progress = behind_an_empty_line.scan("\r\n" + head);
  EXPECT_EQ(progress.begin, 2U);
  EXPECT_EQ(progress.end, head.size() + 2);
}

TEST(ChunkDecoder, stops_where_the_body_ends) {
  ChunkDecoder decoder;
  std::array<std::byte, 64> out;
  const std::string_view input = "2;x=\"y\"\r\nab\r\n0003\r\ncde\r\n000\r\nT: v\r\n\r\nGET /";
  const auto step = decoder.decode(input, out);
  EXPECT_TRUE(decoder.done());
  EXPECT_EQ(std::string_view(reinterpret_cast<char*>(out.data()), step.produced), "abcde");
  EXPECT_EQ(input.substr(step.consumed), "GET /");
}

// Changes, drops, doubles and splices bytes; prints the seed of a failure.
std::string mutated(std::string text, std::string_view dictionary, std::mt19937_64& random) {
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  for (auto i = 1 + below(4); i > 0 && !text.empty(); --i) {
    const auto at = below(text.size());
    switch (below(4)) {
      case 0:
        text[at] = static_cast<char>(below(256));
        break;
      case 1:
        text.erase(at, 1 + below(4));
        break;
      case 2:
        text.insert(at, 1, dictionary[below(dictionary.size())]);
        break;
      default:
        text.insert(below(text.size()), text.substr(at, 1 + below(20)));
        break;
    }
  }
  return text;
}

void mutate_and_run(std::string_view good, std::string_view dictionary,
                    void (*run)(std::string_view)) {
  run(good);
  for (std::uint64_t seed = 0; seed < 20'000; ++seed) {
    std::mt19937_64 random(seed);
    const auto bytes = mutated(std::string(good), dictionary, random);
    try {
      run(bytes);
    } catch (const std::exception& e) {
      FAIL() << "seed " << seed << ": " << e.what();
    }
  }
}

TEST(Mutations, of_targets) {
  mutate_and_run("/a/%2e%2E/b%20c?x=1&y=%41+b#", "/.%\\&=?+\x00\xff;", fuzz_target);
}
TEST(Mutations, of_heads) {
  mutate_and_run("GET /a?b=c HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nX: y\r\n\r\nabc",
                 "\r\n\t :,", fuzz_request_head);
}
TEST(Mutations, of_chunks) {
  mutate_and_run("4;a=b\r\nabcd\r\n1A\r\nabcdefghijklmnopqrstuvwxyz\r\n0\r\nT: u\r\n\r\n",
                 "\r\n0;fF ", fuzz_chunks);
}
TEST(Mutations, of_frames_153) {
  mutate_and_run(test::client_text("hello") + test::client_frame(0x01, "frag") +
                     test::client_frame(0x89, "ping") + test::client_frame(0x80, "\xc3\xa9") +
                     test::client_frame(0x88, "\x03\xe8"),
                 std::string_view("\x00\x01\x80\x81\x88\xfe\xff", 7), fuzz_websocket);
}
TEST(Mutations, of_multiparts_113) {
  mutate_and_run(
      "\x05--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nv\r\n--XX\r\n"
      "Content-Disposition: form-data; name=f; filename*=UTF-8''%41; filename=\"b\\\"\"\r\n"
      "Content-Type: image/png\r\n\r\n\r\n--X\r\n--XX--\r\n",
      "\r\n-X\";=%", fuzz_multipart);
}

}  // namespace
}  // namespace aa::http
