#include "driver/http/static_files.hpp"

#include <fstream>
#include <unistd.h>
#include <zlib.h>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "driver/http/compress.hpp"

namespace aa::http {
namespace {

namespace fs = std::filesystem;

class StaticFolder : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("aa_static_" + std::to_string(::getpid()));
    write("index.html", "<!doctype html>");
    write("assets/app-1a2B3c4D.js", "plain");
    write("assets/app-1a2B3c4D.js.br", "brotli");
    write("assets/app-1a2B3c4D.js.gz", "gzip");
    write("assets/logo.svg", "<svg/>");
    write("archive.gz", "an archive of its own");
    write(".env", "secret");
    write(".git/config", "secret");
    fs::create_symlink("/etc/passwd", folder_ / "link");
  }
  void TearDown() override { fs::remove_all(folder_); }
  void write(const fs::path& name, std::string_view text) const {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name) << text;
  }

  fs::path folder_;
};

Request request_for(std::string path,
                    std::vector<std::pair<std::string, std::string>> headers = {}) {
  Request request;
  request.method = "GET";
  request.path = std::move(path);
  for (auto& [name, value] : headers) request.headers.add(name, value);
  return request;
}

std::string body_of(const Response& response) {
  const auto* bytes = std::get_if<std::shared_ptr<const std::string>>(&response.body);
  return bytes == nullptr ? "" : **bytes;
}

TEST_F(StaticFolder, serves_files_with_their_headers) {
  const StaticFiles files(folder_);
  EXPECT_EQ(files.count(), 4U);
  const auto index = files.serve(request_for("/"));
  ASSERT_TRUE(index);
  EXPECT_EQ(body_of(*index), "<!doctype html>");
  EXPECT_EQ(index->headers.get("content-type"), "text/html; charset=utf-8");
  EXPECT_EQ(index->headers.get("cache-control"), "no-cache");
  const auto app = files.serve(request_for("/assets/app-1a2B3c4D.js"));
  EXPECT_EQ(app->headers.get("cache-control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(app->headers.get("vary"), "Accept-Encoding");
  EXPECT_EQ(files.serve(request_for("/assets/logo.svg"))->headers.get("cache-control"), "no-cache");
  EXPECT_EQ(body_of(*files.serve(request_for("/archive.gz"))), "an archive of its own");
  EXPECT_EQ(body_of(*files.serve(request_for("/some/page"), "/index.html")), "<!doctype html>");
}

TEST_F(StaticFolder, nothing_hidden_linked_or_outside_is_served_138) {
  const StaticFiles files(folder_);
  for (const std::string path :
       {"/.env", "/.git/config", "/link", "/../etc/passwd", "/assets", "/assets/", "//index.html",
        "/assets/../index.html", "/index.html/", "/assets/app-1a2B3c4D.js.br", "/INDEX.HTML", ""}) {
    EXPECT_FALSE(files.serve(request_for(path))) << path;
  }
}

TEST_F(StaticFolder, sends_what_the_client_can_unpack) {
  const StaticFiles files(folder_);
  const auto with = [&](const std::string& accepted) {
    const auto response =
        files.serve(request_for("/assets/app-1a2B3c4D.js", {{"Accept-Encoding", accepted}}));
    EXPECT_EQ(response->headers.get("content-encoding").value_or("plain"),
              body_of(*response) == "brotli" ? "br" : body_of(*response));
    return body_of(*response);
  };
  EXPECT_EQ(with("gzip, deflate, br"), "brotli");
  EXPECT_EQ(with("gzip"), "gzip");
  EXPECT_EQ(with("br;q=0, gzip;q=0.5"), "gzip");
  EXPECT_EQ(with("identity"), "plain");
  EXPECT_EQ(with("*;q=0"), "plain");
}

TEST_F(StaticFolder, etags_differ_by_variant_and_answer_304) {
  const StaticFiles files(folder_);
  const auto plain = files.serve(request_for("/assets/app-1a2B3c4D.js"));
  const auto packed =
      files.serve(request_for("/assets/app-1a2B3c4D.js", {{"Accept-Encoding", "gzip"}}));
  const std::string etag(*plain->headers.get("etag"));
  EXPECT_NE(etag, *packed->headers.get("etag"));
  const auto again =
      files.serve(request_for("/assets/app-1a2B3c4D.js", {{"If-None-Match", "\"x\", W/" + etag}}));
  EXPECT_EQ(again->status, 304);
  EXPECT_EQ(body_of(*again), "");
  EXPECT_EQ(again->headers.get("etag"), etag);
  auto post = request_for("/");
  post.method = "POST";
  EXPECT_EQ(files.serve(post)->status, 405);
}

TEST_F(StaticFolder, a_missing_folder_is_named) {
  try {
    const StaticFiles files(folder_ / "absent");
    ADD_FAILURE();
  } catch (const Error& e) {
    EXPECT_EQ(e.slug(), "bad_static_folder");
    EXPECT_NE(e.message().find("absent"), std::string::npos);
  }
}

std::string gunzip(std::string_view bytes, std::size_t size) {
  std::string out(size, '\0');
  z_stream stream{};
  inflateInit2(&stream, 15 + 16);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  inflateEnd(&stream);
  return out;
}

TEST(MaybeGzip, packs_text_for_those_who_take_it) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "{\"id\":" + std::to_string(i * 7919) + "}";
  const auto request = request_for("/", {{"Accept-Encoding", "gzip"}});
  auto response = Response::text(200, "application/problem+json; charset=utf-8", text);
  response.headers.add("Vary", "Origin");
  maybe_gzip(request, response);
  EXPECT_EQ(response.headers.get("content-encoding"), "gzip");
  EXPECT_EQ(response.headers.get("vary"), "Origin, Accept-Encoding");
  const auto& packed = std::get<std::string>(response.body);
  EXPECT_LT(packed.size(), text.size() / 2);
  EXPECT_EQ(gunzip(packed, text.size()), text);
}

TEST(MaybeGzip, leaves_alone_what_would_not_gain_or_may_not) {
  const std::string text(5000, 'a');
  const auto takes = request_for("/", {{"Accept-Encoding", "gzip"}});
  const auto packs = [&](const Request& request, Response response) {
    maybe_gzip(request, response);
    return response.headers.get("content-encoding").value_or("") == "gzip";
  };
  EXPECT_TRUE(packs(takes, Response::text(200, "text/plain", text)));
  EXPECT_FALSE(packs(request_for("/"), Response::text(200, "text/plain", text)));
  EXPECT_FALSE(packs(takes, Response::text(200, "text/plain", std::string(1024, 'a'))));
  EXPECT_FALSE(packs(takes, Response::text(200, "image/png", text)));
  EXPECT_FALSE(packs(takes, Response::text(200, "text/event-stream", text)));
  EXPECT_FALSE(packs(takes, Response::text(206, "text/plain", text)));
  auto cookie = Response::text(200, "text/plain", text);
  cookie.headers.add("Set-Cookie", "a=b");
  EXPECT_FALSE(packs(takes, std::move(cookie)));
  auto refused = Response::text(200, "text/plain", text);
  maybe_gzip(request_for("/", {{"Accept-Encoding", "gzip;q=0"}}), refused);
  EXPECT_EQ(refused.headers.get("vary"), "Accept-Encoding");
  EXPECT_EQ(refused.headers.get("content-encoding"), std::nullopt);
}

}  // namespace
}  // namespace aa::http
