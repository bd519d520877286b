// Which statements the tests of a program have run, engine by engine.
//
// A dbtest file says once, at namespace scope:
//   const bool kCensus = fixture::require_statements(sql::kAll);
// and the program fails at its end when a statement never ran on an engine that was tested. A
// filtered run is not judged. Thread rule: called from the test's own thread.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "driver/db/database.hpp"

namespace aa::fixture {

bool require_statements(std::span<const db::Statement> statements);
void count_statements(db::Engine engine, const std::vector<std::string>& executed);

}  // namespace aa::fixture
