// Opens a database by URL and brings its schema up to date.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "base/secret.hpp"
#include "core/observe/metrics.hpp"
#include "core/runtime/executors.hpp"
#include "driver/db/database.hpp"

namespace aa::db {

struct Settings {
  // "sqlite:/path/to/file.db" or "postgres://user:password@host/name".
  Secret url;
  unsigned readers = 4;       // SQLite reader connections
  unsigned connections = 16;  // PostgreSQL pool
  std::string role;           // PostgreSQL: what statements run as; empty: who logged in
  std::chrono::milliseconds statement_timeout{5'000};
  std::chrono::milliseconds acquire_timeout{2'000};  // then Error(unavailable)
  std::chrono::milliseconds idle_timeout{10'000};    // a transaction between two statements
};

// One forward step of the schema, embedded from migrations/{sqlite,postgres}/NNNN_what.sql.
struct Migration {
  int number;
  std::string_view name;
  std::string_view sqlite;
  std::string_view postgres;
};
const std::vector<Migration>& all_migrations();

// Opens, applies missing migrations (each in a transaction; two processes at once are serialised)
// and refuses a schema newer than this program. Blocks; called from main() before serving.
std::unique_ptr<Database> open(const Settings& settings, runtime::Executors& executors,
                               observe::Metrics& metrics);
// The same with another schema, for tests of the drivers themselves.
std::unique_ptr<Database> open_with(const Settings& settings, runtime::Executors& executors,
                                    observe::Metrics& metrics,
                                    const std::vector<Migration>& migrations);

}  // namespace aa::db
