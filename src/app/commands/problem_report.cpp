#include "app/commands/problem_report.hpp"

#include <cstdio>

#include "app/commands/commands.hpp"

namespace aa::app {

int report_problems(const formats::Problems& problems) {
  for (const auto& [where, detail] : problems.kept()) {
    std::fprintf(stderr, "skipped %s: %s\n", where.c_str(), detail.c_str());
  }
  const auto unnamed = problems.total() - problems.kept().size();
  if (unnamed > 0) std::fprintf(stderr, "skipped %zu more\n", unnamed);
  return problems.total() == 0 ? 0 : kSomeSkipped;
}

}  // namespace aa::app
