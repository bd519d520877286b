// PostgreSQL's SQLSTATEs (appendix A of its manual) as aa::Error; slugs as in sqlite_error.hpp.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include <libpq-fe.h>

#include "base/error.hpp"

namespace aa::db {

// Unique index -> "<table>_<columns>", read from the catalogue when the database is opened: with
// row-level security the server tells only the index's name.
using UniqueNames = std::unordered_map<std::string, std::string>;

Error postgres_error(const PGresult* result, std::string_view statement, const UniqueNames& names);
Error database_away(std::string cause);

}  // namespace aa::db
