#include "driver/host/child_process.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "base/error.hpp"

namespace aa::host {
namespace {

constexpr std::chrono::milliseconds kLook{10};
constexpr int kSignalBase = 128;

// As C wants them: a null at the end. They last as long as `words`.
std::vector<char*> pointers_to(const std::vector<std::string>& words) {
  std::vector<char*> out;
  for (const auto& word : words) out.push_back(const_cast<char*>(word.c_str()));
  out.push_back(nullptr);
  return out;
}

// The attributes of posix_spawn, freed when they die.
class Spawning {
 public:
  explicit Spawning(const Command& command) : said_((command.folder / ".stderr").string()) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawnattr_init(&attributes_);
    posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions_, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions_, STDERR_FILENO, said_.c_str(),
                                     O_WRONLY | O_CREAT | O_TRUNC, 0600);
    posix_spawn_file_actions_addchdir_np(&actions_, command.folder.c_str());
    // Signals that this program ignores or blocks are none of the child's business.
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes_, &none);
    sigset_t usual;
    sigemptyset(&usual);
    sigaddset(&usual, SIGPIPE);
    sigaddset(&usual, SIGINT);
    sigaddset(&usual, SIGTERM);
    posix_spawnattr_setsigdefault(&attributes_, &usual);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setflags(
        &attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~Spawning() {
    posix_spawnattr_destroy(&attributes_);
    posix_spawn_file_actions_destroy(&actions_);
  }
  Spawning(const Spawning&) = delete;
  Spawning& operator=(const Spawning&) = delete;

  pid_t start(const Command& command) {
    auto arguments = pointers_to(command.words);
    static const std::vector<std::string> kEmpty;
    auto environment = pointers_to(command.environment ? *command.environment : kEmpty);
    pid_t child = -1;
    const int failure =
        posix_spawnp(&child, arguments[0], &actions_, &attributes_, arguments.data(),
                     command.environment ? environment.data() : environ);
    if (failure != 0) {
      throw unavailable("program_missing",
                        command.words[0] + " cannot be started: " + std::strerror(failure) + ".");
    }
    return child;
  }
  std::string last_said() const {
    std::ifstream in(said_, std::ios::binary | std::ios::ate);
    const auto size = static_cast<std::size_t>(std::max<std::streamoff>(in.tellg(), 0));
    std::string out(std::min(size, kSaidMax), '\0');
    in.seekg(static_cast<std::streamoff>(size - out.size()));
    in.read(out.data(), static_cast<std::streamsize>(out.size()));
    return out;
  }

 private:
  std::string said_;
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

int code_of(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : kSignalBase + WTERMSIG(status);
}

}  // namespace

Exit run_to_end(const Command& command) {
  Spawning spawning(command);
  const pid_t child = spawning.start(command);
  const auto end = std::chrono::steady_clock::now() + command.time_max;
  for (;;) {
    int status = 0;
    const pid_t ended = ::waitpid(child, &status, WNOHANG);
    if (ended == child) return {code_of(status), spawning.last_said()};
    if (ended < 0 && errno != EINTR) throw internal_error("waitpid failed");
    if (std::chrono::steady_clock::now() >= end) {
      ::kill(-child, SIGKILL);
      ::waitpid(child, &status, 0);
      throw Error(ErrorCode::deadline_exceeded, "program_timeout",
                  command.words[0] + " took longer than " +
                      std::to_string(command.time_max.count() / 1000) + " s and was ended.");
    }
    std::this_thread::sleep_for(kLook);
  }
}

}  // namespace aa::host
