// Errors for broken constraints, the same from both engines (see sqlite_error.hpp for the slugs).
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"

namespace aa::db {

Error unique_violated(std::string_view thing, std::string cause);  // "users_email"
Error check_violated(std::string_view constraint, std::string cause);
Error required_missing(std::string_view table, std::string_view column, std::string cause);
Error foreign_key_violated(std::string cause);
Error statement_timed_out(std::string_view statement);
Error database_full(std::string cause);
Error transaction_failed();  // used after one of its statements failed

}  // namespace aa::db
