// Editors on a server, at a total rate of operations; what they were told is checked at the end.
//
// usage: bench_live PORT SEATS [NAME=VALUE...]
//   SEATS is the file of `annotateai admin seed-load`. Names: pid (of the server, for memory and
//   processor time), rooms, editors (fewer than the file has), rate (operations/s, 100), cursors (a
//   second and editor, 0.1), seconds (10), warm_up (2), seed (1), ledger (file of what was
//   acknowledged).
// Prints JSON, see load_check.cpp; exit code 1 when anything was lost, doubled or different.
#include <charconv>
#include <cstdio>
#include <exception>
#include <string_view>

#include "bench/live/load_run.hpp"

namespace {

using aa::live::LoadOptions;

bool take(LoadOptions& options, std::string_view name, const std::string& value) {
  if (name == "pid") return (options.server_pid = std::stoi(value)) > 0;
  if (name == "rooms") return (options.rooms = std::stoul(value)) > 0;
  if (name == "editors") return (options.editors = std::stoul(value)) > 0;
  if (name == "rate") return (options.rate = std::stod(value)) > 0;
  if (name == "cursors") return (options.cursor_rate = std::stod(value)) >= 0;
  if (name == "seconds") return (options.seconds = std::stod(value)) > 0;
  if (name == "warm_up") return (options.warm_up = std::stod(value)) >= 0;
  if (name == "seed") return (options.seed = std::stoull(value)) > 0;
  if (name == "ledger") return !(options.ledger = value).empty();
  return false;
}

bool read_options(int argc, char** argv, LoadOptions& options) {
  if (argc < 3) return false;
  options.port = static_cast<std::uint16_t>(std::stoi(argv[1]));
  options.seats = argv[2];
  for (int i = 3; i < argc; ++i) {
    const std::string_view word = argv[i];
    const auto equals = word.find('=');
    if (equals == std::string_view::npos) return false;
    if (!take(options, word.substr(0, equals), std::string(word.substr(equals + 1)))) return false;
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    LoadOptions options;
    if (!read_options(argc, argv, options)) {
      std::fputs("usage: bench_live PORT SEATS [NAME=VALUE...]\n", stderr);
      return 2;
    }
    aa::live::LoadRun run(options);
    run.connect_all();
    run.run();
    const bool quiet = run.quiesce(30);
    const auto problems = run.check();
    std::puts(run.report(problems, quiet).c_str());
    return quiet && problems.empty() ? 0 : 1;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "bench_live: %s\n", e.what());
    return 2;
  }
}
