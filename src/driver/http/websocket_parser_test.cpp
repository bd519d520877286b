// Frames as clients send them, right and wrong (RFC 6455 section 5).
#include "driver/http/detail/websocket_parser.hpp"

#include <gtest/gtest.h>

#include "driver/http/test_support/websocket_client.hpp"

namespace aa::http {
namespace {

using test::client_frame;
using test::client_text;
using Kind = WebSocketParser::Kind;
using namespace std::string_literals;

// Everything that is found, given `piece` bytes at a time.
std::vector<WebSocketParser::Found> read(std::string_view bytes, std::size_t piece = 1 << 20) {
  WebSocketParser parser(1000, 5);
  std::vector<WebSocketParser::Found> out;
  while (!bytes.empty()) {
    auto part = bytes.substr(0, piece);
    bytes.remove_prefix(part.size());
    for (;;) {
      auto found = parser.next(part);
      if (found.kind == Kind::more) break;
      out.push_back(std::move(found));
      if (out.back().kind == Kind::failed || out.back().kind == Kind::close) return out;
    }
  }
  return out;
}

TEST(WebSocketParser, puts_fragments_together_around_control_frames) {
  const auto bytes = client_frame(0x01, "one ") + client_frame(0x89, "p") + client_frame(0x00, "") +
                     client_frame(0x8A, "") + client_frame(0x80, "two") + client_text("three");
  for (const std::size_t piece : {1, 2, 3, 5, 1000}) {
    SCOPED_TRACE(piece);
    const auto found = read(bytes, piece);
    ASSERT_EQ(found.size(), 4U);
    EXPECT_EQ(found[0].kind, Kind::ping);
    EXPECT_EQ(found[0].payload, "p");
    EXPECT_EQ(found[1].kind, Kind::pong);
    EXPECT_EQ(found[2].kind, Kind::text);
    EXPECT_EQ(found[2].payload, "one two");
    EXPECT_EQ(found[3].payload, "three");
  }
}

TEST(WebSocketParser, says_whether_a_message_is_under_way) {
  WebSocketParser parser(1000, 5);
  const auto feed = [&](std::string_view bytes) { return parser.next(bytes).kind; };
  EXPECT_FALSE(parser.in_message());
  EXPECT_EQ(feed("\x81"), Kind::more);
  EXPECT_TRUE(parser.in_message());
  EXPECT_EQ(feed(client_text("abc").substr(1)), Kind::text);
  EXPECT_FALSE(parser.in_message());
  EXPECT_EQ(feed(client_frame(0x01, "abc")), Kind::more);
  EXPECT_TRUE(parser.in_message());
  EXPECT_EQ(feed(client_frame(0x89, "")), Kind::ping);
  EXPECT_TRUE(parser.in_message());
  EXPECT_EQ(feed(client_frame(0x80, "")), Kind::text);
  EXPECT_FALSE(parser.in_message());
}

TEST(WebSocketParser, takes_utf8_whose_characters_are_cut_by_fragments) {
  const auto found = read(client_frame(0x01, "\xf0\x9f") + client_frame(0x80, "\x98\x80"));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].payload, "\xf0\x9f\x98\x80");
}

TEST(WebSocketParser, reads_close_frames) {
  EXPECT_EQ(read(client_frame(0x88, ""))[0].code, 1005);
  for (const int code :
       {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 4999}) {
    const std::string payload{static_cast<char>(code >> 8), static_cast<char>(code & 255)};
    const auto found = read(client_frame(0x88, payload + "why"));
    EXPECT_EQ(found[0].kind, Kind::close) << code;
    EXPECT_EQ(found[0].code, code);
  }
}

struct Wrong {
  const char* what;
  std::string bytes;
  int code;
};

// A header of `size` bytes of length written big-endian.
std::string announced(std::uint8_t first, std::uint64_t length, int size) {
  std::string out{static_cast<char>(first), static_cast<char>(size == 2 ? 0xFE : 0xFF)};
  for (int i = size - 1; i >= 0; --i) out += static_cast<char>(length >> (8 * i) & 0xFF);
  return out + "mask";
}

std::vector<Wrong> wrongs() {
  std::vector<Wrong> out = {
      {"unmasked", "\x81\x02hi", 1002},
      {"bit 1 (compressed)", client_frame(0xC1, "hi"), 1002},
      {"bit 2", client_frame(0xA1, "hi"), 1002},
      {"bit 3", client_frame(0x91, "hi"), 1002},
      {"binary", client_frame(0x82, "hi"), 1003},
      {"binary between fragments", client_frame(0x01, "a") + client_frame(0x82, "hi"), 1002},
      {"text between fragments", client_frame(0x01, "a") + client_text("b"), 1002},
      {"continuation of nothing", client_frame(0x80, "hi"), 1002},
      {"long ping", client_frame(0x89, std::string(126, 'x')), 1002},
      {"fragmented ping", client_frame(0x09, "x"), 1002},
      {"fragmented close", client_frame(0x08, ""), 1002},
      {"16-bit length of 125", announced(0x81, 125, 2), 1002},
      {"64-bit length of 65535", announced(0x81, 65535, 8), 1002},
      {"64-bit length with the high bit", announced(0x81, 1ULL << 63, 8), 1002},
      {"64-bit length of all bits", announced(0x81, ~0ULL, 8), 1002},
      {"17 MiB announced", announced(0x81, 17 << 20, 8), 1009},
      {"just too large", client_text(std::string(1001, 'x')), 1009},
      {"too large in sum", client_frame(0x01, std::string(999, 'x')) + client_frame(0x80, "xx"),
       1009},
      {"bad byte", client_text("a\xff"), 1007},
      {"overlong", client_text("\xc0\x80"), 1007},
      {"surrogate", client_text("\xed\xa0\x80"), 1007},
      {"cut character", client_text("\xf0\x9f\x98"), 1007},
      {"bad between fragments", client_frame(0x01, "\xc3") + client_frame(0x80, "a"), 1007},
      {"close of one byte", client_frame(0x88, "\x03"), 1002},
      {"close with a bad reason", client_frame(0x88, "\x03\xe8\xff"), 1007},
  };
  for (const int opcode : {3, 4, 5, 6, 7, 11, 12, 13, 14, 15}) {
    out.push_back({"opcode", client_frame(static_cast<std::uint8_t>(0x80 | opcode), ""), 1002});
  }
  for (const int code : {0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535}) {
    const std::string payload{static_cast<char>(code >> 8), static_cast<char>(code & 255)};
    out.push_back({"close code", client_frame(0x88, payload), 1002});
  }
  std::string fragments = client_frame(0x01, "");
  for (int i = 0; i < 5; ++i) fragments += client_frame(0x00, "");
  out.push_back({"too many fragments", fragments, 1009});
  return out;
}

TEST(WebSocketParser, refuses_what_the_rfc_forbids_153) {
  for (const auto& [what, bytes, code] : wrongs()) {
    SCOPED_TRACE(what);
    for (const std::size_t piece : {1, 1 << 20}) {
      const auto found = read(bytes, static_cast<std::size_t>(piece));
      ASSERT_FALSE(found.empty());
      EXPECT_EQ(found.back().kind, Kind::failed);
      EXPECT_EQ(found.back().code, code);
    }
  }
}

TEST(WebSocketParser, refuses_at_the_first_byte_that_shows_it) {
  WebSocketParser parser(1000, 5);
  std::string_view start("\x83\x80");
  EXPECT_EQ(parser.next(start).kind, Kind::failed);
  WebSocketParser other(1000, 5);
  std::string_view length("\x81\xFE\xFF\xFFmask");
  EXPECT_EQ(other.next(length).code, 1009);
}

}  // namespace
}  // namespace aa::http
