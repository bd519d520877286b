// multipart/form-data from a body that comes in pieces of every size (case 113).
#include <cstring>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "core/runtime/executors.hpp"
#include "driver/http/detail/multipart_parser.hpp"
#include "driver/http/message.hpp"

namespace aa::http {
namespace {

class Pieces final : public BodySource {
 public:
  Pieces(std::string text, std::size_t piece) : text_(std::move(text)), piece_(piece) {}
  Task<std::size_t> read(std::span<std::byte> buffer) override {
    const auto count = std::min({buffer.size(), piece_, text_.size() - used_});
    std::memcpy(buffer.data(), text_.data() + used_, count);
    used_ += count;
    co_return count;
  }

 private:
  std::string text_;
  std::size_t piece_;
  std::size_t used_ = 0;
};

struct ReadPart {
  Part part;
  std::string text;
};

Task<std::vector<ReadPart>> read_all(std::shared_ptr<Request> request) {
  MultipartReader reader(*request);
  std::vector<ReadPart> parts;
  for (;;) {
    auto part = co_await reader.next();
    if (!part) co_return parts;
    auto text = co_await reader.read_text(10 << 20);
    parts.push_back({std::move(*part), std::move(text)});
  }
}

std::shared_ptr<Request> make_request(std::string body, std::size_t piece,
                                      std::string type = "multipart/form-data; boundary=XX") {
  auto request = std::make_shared<Request>();
  request->headers.add("Content-Type", std::move(type));
  request->body = std::make_shared<Pieces>(std::move(body), piece);
  return request;
}

std::vector<ReadPart> parse(std::string body, std::size_t piece = 1 << 20,
                            std::string type = "multipart/form-data; boundary=XX") {
  runtime::Executors executors({.io_threads = 1, .compute_threads = 1, .blocking_threads = 1});
  return block_on(executors, read_all(make_request(std::move(body), piece, std::move(type))));
}

std::string slug_of(std::string body, std::string type = "multipart/form-data; boundary=XX") {
  try {
    parse(std::move(body), 1 << 20, std::move(type));
  } catch (const Error& e) {
    return e.slug();
  }
  return "";
}

std::string part(std::string_view disposition, std::string_view body) {
  return "--XX\r\nContent-Disposition: form-data; " + std::string(disposition) + "\r\n\r\n" +
         std::string(body) + "\r\n";
}

TEST(Multipart, parts_are_the_same_in_pieces_of_any_size) {
  const std::string tricky = "\r\n--X\r\n--\r\r\n--XY\r\n-";
  const std::string body = "preamble\r\n" + part("name=a", "1") + part("name=\"b c\"", "") +
                           "--XX  \r\nContent-Type: image/png\r\n"
                           "Content-Disposition: form-data; name=f; filename=\"x.png\"\r\n\r\n" +
                           tricky + "\r\n--XX--\r\nepilogue";
  for (std::size_t piece = 1; piece < 60; ++piece) {
    SCOPED_TRACE(piece);
    const auto parts = parse(body, piece);
    ASSERT_EQ(parts.size(), 3U);
    EXPECT_EQ(parts[0].part.name, "a");
    EXPECT_EQ(parts[0].part.content_type, "text/plain");
    EXPECT_EQ(parts[0].part.filename, std::nullopt);
    EXPECT_EQ(parts[0].text, "1");
    EXPECT_EQ(parts[1].part.name, "b c");
    EXPECT_EQ(parts[1].text, "");
    EXPECT_EQ(parts[2].part.filename, "x.png");
    EXPECT_EQ(parts[2].part.content_type, "image/png");
    EXPECT_EQ(parts[2].text, tricky);
  }
}

Task<std::vector<std::string>> names_only(std::shared_ptr<Request> request) {
  MultipartReader reader(*request);
  std::vector<std::string> names;
  for (;;) {
    const auto part = co_await reader.next();
    if (!part) co_return names;
    names.push_back(part->name);
  }
}

TEST(Multipart, unread_parts_are_skipped) {
  runtime::Executors executors({.io_threads = 1, .compute_threads = 1, .blocking_threads = 1});
  const auto body = part("name=a", std::string(200'000, 'x')) + part("name=b", "") + "--XX--";
  const auto names = block_on(executors, names_only(make_request(body, 1000)));
  EXPECT_EQ(names, (std::vector<std::string>{"a", "b"}));
}

TEST(Multipart, names_are_read_as_browsers_write_them) {
  const std::pair<std::string, std::string> cases[] = {
      {"filename=\"a.png\"", "a.png"},
      {"filename=a.png", "a.png"},
      {"filename=\"a \\\"b\\\".png\"", "a \"b\".png"},
      {"filename=\"a %22b%22 %0D%0A%41.png\"", "a \"b\" \r\n%41.png"},
      {"filename=\"C:\\dir\\x.png\"", "C:\\dir\\x.png"},
      {"filename=\"a;b=c\"", "a;b=c"},
      {"filename=\"h\xC3\xA9.png\"", "h\xC3\xA9.png"},
      {"filename=\"\xFF.png\"", "\xEF\xBF\xBD.png"},
      {"filename=\"x\"; filename*=UTF-8''h%C3%A9%20b.png", "h\xC3\xA9 b.png"},
      {"filename*=utf-8'en'a%2Fb; filename=x", "a/b"},
      {"filename*=UTF-8''%FF", "\xEF\xBF\xBD"},
      {"filename*=latin1''%E9; filename=\"plain\"", "plain"},
      {"filename*=UTF-8''%zz; filename=\"plain\"", "plain"},
      {"filename=\"\"", ""},
  };
  for (const auto& [field, expected] : cases) {
    SCOPED_TRACE(field);
    const auto parts = parse(part("name=f; " + field, "x") + "--XX--");
    ASSERT_EQ(parts.size(), 1U);
    EXPECT_EQ(parts[0].part.filename, expected);
    EXPECT_EQ(parts[0].part.content_type, "application/octet-stream");
  }
}

TEST(Multipart113, bad_boundaries_are_refused) {
  const std::string body = part("name=a", "1") + "--XX--";
  const std::string form = "multipart/form-data";
  for (const auto& type :
       {form, form + "; boundary=", form + "; boundary=" + std::string(71, 'b'),
        form + "; boundary=" + std::string(1000, 'b'), form + "; boundary=\"a\"b",
        form + "; boundary=\"a", form + "; boundary=a{b", form + "; boundary=\"a \"",
        form + "; boundary=XX; boundary=YY", std::string("multipart/mixed; boundary=XX"),
        std::string("text/plain; boundary=XX"), std::string()}) {
    EXPECT_EQ(slug_of(body, type), "malformed_multipart") << type;
  }
  EXPECT_EQ(slug_of(body, form + "; charset=utf-8; Boundary=\"XX\""), "");
  const std::string longest(70, 'b');
  const auto long_body =
      "--" + longest + "\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--" + longest + "--";
  EXPECT_EQ(slug_of(long_body, form + ";boundary=" + longest), "");
}

TEST(Multipart113, bad_bodies_are_refused) {
  const std::string good = part("name=a", "1");
  const std::pair<std::string, std::string> cases[] = {
      {"empty", ""},
      {"no boundary", "hello"},
      {"only another boundary", "--YY\r\n\r\n--YY--"},
      {"missing end", good},
      {"cut in the data", "--XX\r\nContent-Disposition: form-data; name=a\r\n\r\n12"},
      {"cut in the head", "--XX\r\nContent-Disp"},
      {"cut in the boundary", good + "--X"},
      {"cut behind the boundary", good + "--XX"},
      {"one dash at the end", good + "--XX-"},
      {"text behind the boundary", good + "--XXz\r\n"},
      {"bare LF", "--XX\nContent-Disposition: form-data; name=a\n\n1\n--XX--"},
      {"endless preamble", std::string(1 << 20, 'p')},
      {"no head", "--XX\r\n\r\nx\r\n--XX--"},
      {"no name", part("x=a", "1") + "--XX--"},
      {"no disposition", "--XX\r\nContent-Type: a/b\r\n\r\nx\r\n--XX--"},
      {"attachment", "--XX\r\nContent-Disposition: attachment; name=a\r\n\r\nx\r\n--XX--"},
      {"two dispositions",
       "--XX\r\nContent-Disposition: form-data; name=a\r\n"
       "Content-Disposition: form-data; name=b\r\n\r\nx\r\n--XX--"},
      {"name twice", part("name=a; name=b", "1") + "--XX--"},
      {"open quote", part("name=\"a", "1") + "--XX--"},
      {"behind quote", part("name=\"a\"b", "1") + "--XX--"},
      {"control", part("name=a\x01", "1") + "--XX--"},
      {"no colon", "--XX\r\nnonsense\r\n\r\nx\r\n--XX--"},
      {"base64",
       "--XX\r\nContent-Disposition: form-data; name=a\r\n"
       "Content-Transfer-Encoding: base64\r\n\r\nx\r\n--XX--"},
      {"nested",
       "--XX\r\nContent-Disposition: form-data; name=a\r\n"
       "Content-Type: multipart/mixed; boundary=YY\r\n\r\nx\r\n--XX--"},
      {"1 MB head", "--XX\r\nX: " + std::string(1 << 20, 'h') + "\r\n\r\nx\r\n--XX--"},
  };
  for (const auto& [name, body] : cases) {
    EXPECT_EQ(slug_of(body), "malformed_multipart") << name;
  }
}

TEST(Multipart113, the_number_of_parts_is_bounded) {
  std::string body;
  for (std::size_t i = 0; i < kParts; ++i) body += part("name=a", "");
  EXPECT_EQ(slug_of(body + "--XX--"), "");
  EXPECT_EQ(slug_of(body + part("name=a", "") + "--XX--"), "malformed_multipart");
}

Task<std::string> read_small(std::shared_ptr<Request> request) {
  MultipartReader reader(*request);
  co_await reader.next();
  co_return co_await reader.read_text(3);
}

TEST(Multipart, a_field_beyond_its_limit_is_too_large) {
  runtime::Executors executors({.io_threads = 1, .compute_threads = 1, .blocking_threads = 1});
  EXPECT_EQ(block_on(executors, read_small(make_request(part("name=a", "123") + "--XX--", 5))),
            "123");
  try {
    block_on(executors, read_small(make_request(part("name=a", "1234") + "--XX--", 5)));
    ADD_FAILURE();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::too_large);
  }
}

}  // namespace
}  // namespace aa::http
