#include "driver/db/open.hpp"

#include "driver/db/migrate.hpp"
#include "driver/db/sqlite_database.hpp"

namespace aa::db {
namespace {

constexpr std::string_view kSqlite = "sqlite:";

std::unique_ptr<Database> open_sqlite(const Settings& settings, observe::Metrics& metrics,
                                      const std::vector<Migration>& migrations) {
  const std::filesystem::path file(settings.url.reveal().substr(kSqlite.size()));
  migrate_sqlite(file, migrations);
  const SqliteLimits limits{.statement_timeout = settings.statement_timeout,
                            .acquire_timeout = settings.acquire_timeout};
  return std::make_unique<SqliteDatabase>(file, settings.readers, limits, metrics);
}

}  // namespace

std::unique_ptr<Database> open_with(const Settings& settings, runtime::Executors&,
                                    observe::Metrics& metrics,
                                    const std::vector<Migration>& migrations) {
  if (settings.url.reveal().starts_with(kSqlite)) {
    return open_sqlite(settings, metrics, migrations);
  }
  throw invalid("database_url_invalid", "The database URL must begin with sqlite:.");
}

std::unique_ptr<Database> open(const Settings& settings, runtime::Executors& executors,
                               observe::Metrics& metrics) {
  return open_with(settings, executors, metrics, all_migrations());
}

}  // namespace aa::db
