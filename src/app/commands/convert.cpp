#include <cstdio>

#include "app/arguments.hpp"
#include "app/commands/commands.hpp"
#include "app/commands/load_config.hpp"
#include "app/commands/problem_report.hpp"
#include "base/error.hpp"
#include "service/dataset/dataset_files.hpp"

namespace aa::app {

int convert(std::span<const std::string> words) {
  const Arguments arguments(words, {{"from"}, {"to"}, {"images"}});
  load_config(arguments.settings());
  const auto& from = dataset::format_row(arguments.needed("from"));
  const auto& to = dataset::format_row(arguments.needed("to"));
  if (arguments.words().size() != 2) {
    throw invalid("bad_argument",
                  "Name what is read and what is written: --from FORMAT PATH --to "
                  "FORMAT OUT.");
  }
  const auto& out = arguments.words()[1];
  const auto data = dataset::read_dataset(from.name, arguments.words()[0],
                                          {arguments.text("images").value_or("")});
  formats::Problems problems = data.problems;
  dataset::write_dataset(to.name, data, out, problems);
  if (!to.loses.empty()) {
    std::fprintf(stderr, "note: in %s, %s\n", std::string(to.name).c_str(),
                 std::string(to.loses).c_str());
  }
  const int code = report_problems(problems);
  std::printf("%zu images, %zu objects, %zu categories, %zu problems: %s\n", data.images.size(),
              data.annotations.size(), data.categories.size(), problems.total(), out.c_str());
  return code;
}

}  // namespace aa::app
