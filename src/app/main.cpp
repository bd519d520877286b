// annotateai: one program, many commands.
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
  models     list | convert ID... | verify [ID...]
  admin      create-user | verify-audit | configuration-page

All settings of serve: docs/configuration.md
)";

int run(const std::string& command, std::span<const std::string> arguments) {
  if (command == "serve") return aa::app::serve(arguments);
  if (command == "annotate") return aa::app::annotate(arguments);
  if (command == "models") return aa::app::models(arguments);
  if (command == "admin") return aa::app::admin(arguments);
  const bool asked = command == "help" || command == "--help" || command == "-h";
  (asked ? std::cout : std::cerr) << kUsage;
  return asked ? 0 : 2;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  try {
    if (arguments.empty()) return run("", {});
    return run(arguments[0], std::span(arguments).subspan(1));
  } catch (const aa::Error& error) {
    std::cerr << "annotateai: " << error.message() << "\n";
    for (const auto& [pointer, detail] : error.details()) {
      std::cerr << "  " << pointer << ": " << detail << "\n";
    }
    if (!error.cause().empty()) std::cerr << "  (" << error.cause() << ")\n";
    return 1;
  } catch (const std::exception& error) {
    std::cerr << "annotateai: " << error.what() << "\n";
    return 1;
  }
}
