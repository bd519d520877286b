// One program run to its end as a child: no shell, no input, in a folder, within a time.
//
// The child leads a process group of its own; when its time is over, the whole group is killed.
// What it says (stdout and stderr) goes to files in the folder, of which the last lines are kept.
// Thread rule: any thread; blocks. Errors: unavailable "program_missing" when it cannot be started,
// deadline_exceeded "program_timeout", naming the program.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace aa::host {

struct Command {
  std::vector<std::string> words;  // the program, looked for in PATH, and its arguments
  std::filesystem::path folder;    // where it runs
  std::chrono::milliseconds time_max{60'000};
  // "NAME=value", instead of this program's own.
  std::optional<std::vector<std::string>> environment;
};

struct Exit {
  int code = 0;           // 128 + n when signal n ended it
  std::string last_said;  // at most kSaidMax bytes of the end of stderr
};

inline constexpr std::size_t kSaidMax = 2'000;

Exit run_to_end(const Command& command);

}  // namespace aa::host
