// People on bad networks against one or more servers on one database; everything is checked at the
// end, document by document.
//
// usage: convergence_editors PORT[,PORT...] SEATS [NAME=VALUE...]
//   SEATS: JSON lines {"email", "token", "asset_id", "project_id"}. Names: seed (of the first room,
//   1; each room has the next), rooms, people_min (2), people_max (20), gestures (30 each; 0: until
//   the standard input ends), rate (gestures a second of all), think (seconds), cuts (chances in
//   300 for each of three mishaps), patience (seconds to settle in the end).
// Prints JSON, see editors_check.cpp; exit code 1 when anything was lost, doubled or different.
#include <cstdio>
#include <exception>
#include <poll.h>
#include <sstream>
#include <unistd.h>

#include "tests/convergence/editors.hpp"

namespace {

using aa::live::EditorsOptions;

bool take(EditorsOptions& options, std::string_view name, const std::string& value) {
  if (name == "seed") return (options.seed = std::stoull(value)) > 0;
  if (name == "rooms") return (options.rooms = std::stoul(value)) > 0;
  if (name == "people_min") return (options.people_min = std::stoul(value)) > 0;
  if (name == "people_max") return (options.people_max = std::stoul(value)) > 0;
  if (name == "rate") return (options.rate = std::stod(value)) > 0;
  if (name == "think") return (options.think = std::stod(value)) > 0;
  if (name == "patience") return (options.patience = std::stod(value)) > 0;
  if (name == "gestures") options.gestures = std::stoul(value);
  if (name == "cuts") options.cuts = std::stoull(value);
  return name == "gestures" || name == "cuts";
}

bool read_options(int argc, char** argv, EditorsOptions& options) {
  if (argc < 3) return false;
  std::istringstream ports(argv[1]);
  for (std::string port; std::getline(ports, port, ',');) {
    options.ports.push_back(static_cast<std::uint16_t>(std::stoi(port)));
  }
  options.seats = argv[2];
  for (int i = 3; i < argc; ++i) {
    const std::string_view word = argv[i];
    const auto equals = word.find('=');
    if (equals == std::string_view::npos) return false;
    if (!take(options, word.substr(0, equals), std::string(word.substr(equals + 1)))) return false;
  }
  return !options.ports.empty();
}

bool input_ended() {
  pollfd input{STDIN_FILENO, POLLIN, 0};
  char byte = 0;
  return ::poll(&input, 1, 0) > 0 && ::read(STDIN_FILENO, &byte, 1) <= 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    EditorsOptions options;
    if (!read_options(argc, argv, options)) {
      std::fputs("usage: convergence_editors PORT[,PORT...] SEATS [NAME=VALUE...]\n", stderr);
      return 2;
    }
    const bool endless = options.gestures == 0;
    aa::live::Editors editors(options);
    editors.run([&] { return endless && input_ended(); });
    const bool settled = editors.settle();
    auto problems = editors.check();
    if (!settled) problems.insert(problems.begin(), "did not settle");
    std::puts(editors.report(problems).c_str());
    return problems.empty() ? 0 : 1;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "convergence_editors: %s\n", e.what());
    return 2;
  }
}
