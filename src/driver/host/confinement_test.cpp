#include "driver/host/confinement.hpp"

#include <cerrno>
#include <cstdlib>
#include <netinet/in.h>
#include <new>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

namespace aa::host {
namespace {

// Runs `work` in a child that confined itself; its exit code, or 128 + the signal.
int confined(int (*work)(), const Confinement& limits) {
  const pid_t child = fork();
  if (child == 0) {
    confine_this_process(limits);
    _exit(work());
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

constexpr Confinement kRoomy{.address_space_bytes = 1ULL << 46};

TEST(Confinement, leaves_neither_network_nor_programs) {
  const auto network = [] { return socket(AF_INET, SOCK_STREAM, 0) < 0 && errno == EPERM ? 0 : 1; };
  EXPECT_EQ(confined(network, kRoomy), 0);
  const auto program = [] {
    execl("/bin/true", "true", nullptr);
    return errno == EPERM ? 0 : 1;
  };
  EXPECT_EQ(confined(program, kRoomy), 0);
}

TEST(Confinement, ends_who_computes_for_too_long) {
  const auto spin = [] {
    for (volatile bool on = true; on;) {
    }
    return 0;
  };
  EXPECT_EQ(
      confined(spin, {.address_space_bytes = 1ULL << 46, .cpu_time = std::chrono::seconds(1)}),
      128 + SIGKILL);
}

TEST(Confinement, bounds_the_files_that_are_written) {
  const auto write_much = [] {
    FILE* file = std::tmpfile();
    std::string block(1 << 20, 'x');
    for (int i = 0; i < 64; ++i) {
      if (std::fwrite(block.data(), 1, block.size(), file) < block.size()) return 1;
    }
    return 0;
  };
  EXPECT_EQ(confined(write_much, kRoomy), 128 + SIGXFSZ);
}

}  // namespace
}  // namespace aa::host
