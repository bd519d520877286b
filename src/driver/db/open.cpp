#include "driver/db/open.hpp"

#include "driver/db/migrate.hpp"
#include "driver/db/postgres_database.hpp"
#include "driver/db/sqlite_database.hpp"

namespace aa::db {
namespace {

constexpr std::string_view kSqlite = "sqlite:";

std::unique_ptr<Database> open_sqlite(const Settings& settings, observe::Metrics& metrics,
                                      const std::vector<Migration>& migrations) {
  const std::filesystem::path file(settings.url.reveal().substr(kSqlite.size()));
  migrate_sqlite(file, migrations);
  const SqliteLimits limits{.statement_timeout = settings.statement_timeout,
                            .acquire_timeout = settings.acquire_timeout,
                            .idle_timeout = settings.idle_timeout};
  return std::make_unique<SqliteDatabase>(file, settings.readers, limits, metrics);
}

std::unique_ptr<Database> open_postgres(const Settings& settings, runtime::Executors& executors,
                                        observe::Metrics& metrics,
                                        const std::vector<Migration>& migrations) {
  auto postgres = std::make_shared<PostgresSettings>();
  postgres->url = settings.url;
  postgres->statement_timeout = settings.statement_timeout;
  postgres->idle_timeout = settings.idle_timeout;
  postgres->unique_names = migrate_postgres(settings.url, migrations);
  return std::make_unique<PostgresDatabase>(std::move(postgres), settings.connections,
                                            settings.acquire_timeout, settings.role, executors,
                                            metrics);
}

}  // namespace

std::unique_ptr<Database> open_with(const Settings& settings, runtime::Executors& executors,
                                    observe::Metrics& metrics,
                                    const std::vector<Migration>& migrations) {
  const std::string_view url = settings.url.reveal();
  if (url.starts_with(kSqlite)) return open_sqlite(settings, metrics, migrations);
  if (url.starts_with("postgres://") || url.starts_with("postgresql://")) {
    return open_postgres(settings, executors, metrics, migrations);
  }
  throw invalid("database_url_invalid",
                "The database URL must look like sqlite:/path/to/file.db or "
                "postgres://user:password@host/name.");
}

std::unique_ptr<Database> open(const Settings& settings, runtime::Executors& executors,
                               observe::Metrics& metrics) {
  return open_with(settings, executors, metrics, all_migrations());
}

}  // namespace aa::db
