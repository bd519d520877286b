// annotateai: one program, many commands.
#include <algorithm>
#include <array>
#include <cstdio>
#include <exception>
#include <iostream>
#include <span>
#include <string>
#include <vector>

#include "app/commands/commands.hpp"
#include "base/error.hpp"

namespace {

constexpr const char* kUsage = R"(usage: annotateai COMMAND [arguments]

  serve      REST API, web UI and workers
             --data DIR --listen HOST:PORT [--roles LIST] [--config FILE] ...
  annotate   label images from the shell, no server
             PATH... --out FILE --format coco [--detector ID] [--segmenter ID] [--min-score S]
  convert    one dataset format into another: coco, yolo, yolo-seg
             --from FORMAT PATH --to FORMAT OUT [--images DIR]
  eval       how well predictions find the objects of a truth
             --format coco --truth FILE --predictions FILE [--json]
  models     list | pull [ID...] [--all [--accept-agpl]] | verify [ID...]
             import FILE [--id ID] [--family F] [--labels FILE] [--name N] [--licence L]
                         [--decoder FILE] [--outputs NODE,...] [--cut NODE=NAME:DIMS]
             bench [ID...] [--image FILE] [--runs N]
  admin      create-user | backup | restore | rotate-keys | verify-audit |
             seed-demo | seed-load | seed-assets | configuration-page

Exit codes: 0 all good, 1 failed, 2 wrong arguments, 3 done but for what was skipped.
All of it: docs/command-line.md; settings, taken by every command: docs/configuration.md
)";

constexpr int kBadArguments = 2;

struct Command {
  std::string_view name;
  int (*run)(std::span<const std::string> arguments);
};

constexpr std::array kCommands = {
    Command{"serve", aa::app::serve},     Command{"annotate", aa::app::annotate},
    Command{"convert", aa::app::convert}, Command{"eval", aa::app::evaluate},
    Command{"models", aa::app::models},   Command{"admin", aa::app::admin}};

int run(std::span<const std::string> words) {
  const std::string name = words.empty() ? "" : words[0];
  const auto command = std::ranges::find(kCommands, std::string_view(name), &Command::name);
  if (command != kCommands.end()) return command->run(words.subspan(1));
  const bool asked = name == "help" || name == "--help" || name == "-h";
  if (!asked && !name.empty()) std::cerr << "annotateai: there is no command " << name << "\n\n";
  (asked ? std::cout : std::cerr) << kUsage;
  return asked ? 0 : kBadArguments;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  try {
    return run(words);
  } catch (const aa::Error& error) {
    std::cerr << "annotateai: " << error.message() << "\n";
    for (const auto& [pointer, detail] : error.details()) {
      std::cerr << "  " << pointer << ": " << detail << "\n";
    }
    if (!error.cause().empty()) std::cerr << "  (" << error.cause() << ")\n";
    const bool usage = error.slug() == "bad_argument" || error.slug() == "bad_setting";
    if (usage) std::cerr << "annotateai help lists the commands and their arguments.\n";
    return usage ? kBadArguments : 1;
  } catch (const std::exception& error) {
    std::cerr << "annotateai: " << error.what() << "\n";
    return 1;
  }
}
