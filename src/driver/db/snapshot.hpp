// A consistent copy of a whole database while others write to it, as files, and back.
//
//   SQLite       database.sqlite            by the online backup API: one read transaction
//   PostgreSQL   TABLE.copy, tables.json    COPY in one REPEATABLE READ transaction, text format
//
// Thread rule: blocks; for commands. Errors: conflict "database_not_empty"; invalid_argument
// "snapshot_damaged"; precondition_failed "schema_newer", "schema_altered"; those of the engines.
#pragma once

#include <filesystem>

#include "base/secret.hpp"
#include "driver/db/database.hpp"

namespace aa::db {

Engine engine_of(const Secret& url);
// Of an SQLite database; empty for PostgreSQL.
std::filesystem::path file_of(const Secret& url);

// Into a folder that is there and empty.
void write_snapshot(const Secret& url, const std::filesystem::path& folder);
// Throws when there is anything in the database.
void require_empty(const Secret& url);
// Makes the schema that the snapshot was taken of and fills it: all or nothing.
void read_snapshot(const Secret& url, const std::filesystem::path& folder);

}  // namespace aa::db
