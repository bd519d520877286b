#pragma once

#include <functional>

#include "driver/db/database.hpp"

namespace aa::db {

// A transaction of what `work` does, committed; all of it again, a few times at most, when the
// engine undid it for another transaction's sake (is_retryable).
Task<> transact(Database& database, Scope scope, std::function<Task<>(Transaction&)> work);

}  // namespace aa::db
