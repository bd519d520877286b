#include <filesystem>

#include <gtest/gtest.h>

#include "driver/blob/temporary_folder.hpp"
#include "driver/host/atomic_file.hpp"
#include "service/modelzoo/model_probe.hpp"

namespace aa::modelzoo {
namespace {

namespace fs = std::filesystem;

// Children that end as a model can make them end; the real one runs in the tests of the server.
class ChildProbeTest : public testing::Test {
 protected:
  Error end_of(const std::string& script) {
    const auto program = folder_.path() / "child";
    host::write_file(program, "#!/bin/sh\n" + script + "\n");
    fs::permissions(program, fs::perms::owner_all);
    const auto model = folder_.path() / "model";
    fs::create_directories(model);
    try {
      child_probe({.program = program, .flags = {}, .time_max = std::chrono::seconds(10)})(model,
                                                                                           {});
    } catch (const Error& error) {
      return error;
    }
    return Error(ErrorCode::internal, "none", "the child was believed");
  }

  blob::TemporaryFolder folder_{blob::TemporaryFolder::Place::disk};
};

TEST_F(ChildProbeTest, EveryEndIsToldAsWhatItWas) {
  EXPECT_NE(end_of("exit 3").message().find("code 3"), std::string::npos);
  EXPECT_EQ(end_of("kill -9 $$").slug(), "probe_crashed");
  EXPECT_NE(end_of("kill -9 $$").message().find("memory"), std::string::npos);
  EXPECT_NE(end_of("kill -11 $$").message().find("signal 11"), std::string::npos);
  EXPECT_EQ(end_of("kill -24 $$").slug(), "probe_timeout");
}

TEST_F(ChildProbeTest, WhatTheChildRefusesIsRefused) {
  const std::string failure =
      R"({"failure":{"code":0,"slug":"unknown_family","message":"It is none."}})";
  const auto error =
      end_of("test \"$1 $2\" = 'models probe' && echo '" + failure + "' > \"$3/report.json\"");
  EXPECT_EQ(error.slug(), "unknown_family");
  EXPECT_EQ(error.message(), "It is none.");
  EXPECT_EQ(end_of("echo '{}' > \"$3/report.json\"").slug(), "probe_crashed");
}

TEST_F(ChildProbeTest, MemoryGrowsWithTheFiles) {
  const auto none = probe_memory(folder_.path());
  host::write_file(folder_.path() / "model.onnx", std::string(1000, 'x'));
  EXPECT_EQ(probe_memory(folder_.path()), none + 4000);
}

}  // namespace
}  // namespace aa::modelzoo
