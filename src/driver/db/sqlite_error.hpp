// SQLite's result codes as aa::Error.
//
// Slugs name the constraint the same way on both engines:
//   unique       already_exists    <table>_<columns joined by _>_exists; <index>_exists when the
//                                  index is over an expression
//   check        invalid_argument  <constraint>_violated, so CHECK constraints need names
//   not null     invalid_argument  <table>_<column>_required
//   foreign key  conflict          foreign_key_violated (SQLite does not tell which)
#pragma once

#include <string_view>

#include <sqlite3.h>

#include "base/error.hpp"

namespace aa::db {

// `extended` is an extended result code, `words` SQLite's message, `what` the statement's name.
Error sqlite_error(int extended, std::string_view words, std::string_view what);

// fsync failed: what the file holds is unknown, so nothing more may be acknowledged.
bool is_sync_failure(int extended);

}  // namespace aa::db
