// Brings a schema up to date. History is kept in the table schema_migrations(number, name,
// checksum, applied_at); the checksum is the SHA-256 of the step's text.
//
// Each step runs in a transaction of its own. Concurrent starts are serialised: by the file's
// write lock on SQLite, by an advisory lock on PostgreSQL.
// Errors (precondition_failed): schema_newer, the database was made by a newer program;
// schema_altered, a step that was applied differs from the one in this program; schema_outdated, a
// step is missing and this role may not apply it.
// migration_failed (internal) names the step, which left nothing behind.
//
// Thread rule: blocks; called before serving.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "driver/db/open.hpp"
#include "driver/db/postgres_error.hpp"

namespace aa::db {

struct AppliedMigration {
  int number;
  std::string name;
  std::string checksum;
};

std::string migration_label(int number, std::string_view name);  // "0001_core"
std::string migration_checksum(const Migration& migration, Engine engine);

// How many of `known` are applied, after checking that the history is a beginning of `known`.
std::size_t check_history(const std::vector<AppliedMigration>& applied,
                          const std::vector<Migration>& known, Engine engine);

Error migration_failed(const Migration& migration, std::string cause);

void migrate_sqlite(const std::filesystem::path& file, const std::vector<Migration>& known);
// Also reads the names of unique indexes, and logs a warning when the role is one that row-level
// security does not bind. A role that may not change the schema is fine while nothing is missing.
UniqueNames migrate_postgres(const Secret& url, const std::vector<Migration>& known);

}  // namespace aa::db
