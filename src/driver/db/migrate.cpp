#include "driver/db/migrate.hpp"

#include <algorithm>

#include "base/hash.hpp"
#include "core/observe/log.hpp"
#include "driver/db/sqlite_connection.hpp"
#include "driver/db/statements.hpp"

namespace aa::db {
namespace {

constexpr std::chrono::hours kNoLimit{1};

Error schema_newer(const std::string& step) {
  return {ErrorCode::precondition_failed, "schema_newer",
          "The database holds schema step " + step +
              ", which this program does not know: it was opened by a newer version. Start that "
              "version, or restore the backup made before the upgrade."};
}

Error schema_altered(const std::string& step) {
  return {ErrorCode::precondition_failed, "schema_altered",
          "Schema step " + step +
              " of the database differs from the one in this program. Start the version that "
              "made it, or restore a backup."};
}

void open_history(SqliteConnection& connection) {
  connection.script("PRAGMA busy_timeout = 60000; PRAGMA foreign_keys = OFF", "migrate");
  connection.run(sql::create_history, {}, kNoLimit);
}

std::vector<AppliedMigration> read_history(SqliteConnection& connection) {
  std::vector<AppliedMigration> out;
  for (const Row& row : connection.run(sql::select_history, {}, kNoLimit)) {
    out.push_back(
        {row.get<int>("number"), row.get<std::string>("name"), row.get<std::string>("checksum")});
  }
  return out;
}

void apply(SqliteConnection& connection, const Migration& migration) {
  connection.script(migration.sqlite, migration_label(migration.number, migration.name));
  // Foreign keys are off, so that a step may rebuild a table; what it leaves must hold.
  constexpr Statement kCheck{"db.foreign_key_check", "PRAGMA foreign_key_check", ""};
  const Rows broken = connection.run(kCheck, {}, kNoLimit);
  if (!broken.empty()) {
    throw migration_failed(migration, "rows of " + broken[0].get<std::string>(0) +
                                          " refer to rows that are not there");
  }
  connection.run(sql::insert_history,
                 args(migration.number, migration.name,
                      migration_checksum(migration, Engine::sqlite), SystemClock().now()),
                 kNoLimit);
}

// One step under the write lock; false when nothing is left to do.
bool apply_next(SqliteConnection& connection, const std::vector<Migration>& known) {
  connection.script("BEGIN IMMEDIATE", "migrate");
  const Migration* step = nullptr;
  try {
    const std::size_t done = check_history(read_history(connection), known, Engine::sqlite);
    if (done < known.size()) {
      step = &known[done];
      apply(connection, *step);
    }
    connection.script("COMMIT", "migrate");
  } catch (const Error& error) {
    if (connection.in_transaction()) connection.script("ROLLBACK", "migrate");
    if (step == nullptr || error.slug() == "migration_failed") throw;
    throw migration_failed(*step, error.what());
  }
  if (step != nullptr)
    observe::info("db_migrated", {{"step", migration_label(step->number, step->name)}});
  return step != nullptr;
}

}  // namespace

std::string migration_label(int number, std::string_view name) {
  std::string digits = std::to_string(number);
  if (digits.size() < 4) digits.insert(0, 4 - digits.size(), '0');
  return digits + "_" + std::string(name);
}

std::string migration_checksum(const Migration& migration, Engine engine) {
  return to_hex(sha256(engine == Engine::sqlite ? migration.sqlite : migration.postgres));
}

std::size_t check_history(const std::vector<AppliedMigration>& applied,
                          const std::vector<Migration>& known, Engine engine) {
  for (std::size_t i = 0; i < applied.size(); ++i) {
    const auto& [number, name, checksum] = applied[i];
    if (i >= known.size()) throw schema_newer(migration_label(number, name));
    const Migration& ours = known[i];
    if (number != ours.number || name != ours.name ||
        checksum != migration_checksum(ours, engine)) {
      throw schema_altered(migration_label(number, name));
    }
  }
  return applied.size();
}

Error migration_failed(const Migration& migration, std::string cause) {
  return Error(ErrorCode::internal, "migration_failed",
               "Schema step " + migration_label(migration.number, migration.name) +
                   " failed and left nothing behind.")
      .with_cause(std::move(cause));
}

void migrate_sqlite(const std::filesystem::path& file, const std::vector<Migration>& known) {
  SqliteConnection connection(file, SqliteConnection::Mode::write);
  open_history(connection);
  while (apply_next(connection, known)) {
  }
}

}  // namespace aa::db
