#include "driver/db/statement_log.hpp"

namespace aa::db {

void StatementLog::record(std::string_view statement, std::chrono::nanoseconds duration) {
  {
    const std::lock_guard lock(mutex_);
    if (executed_.find(statement) == executed_.end()) executed_.emplace(statement);
  }
  metrics_.observe_seconds("annotateai_db_statement_seconds", "Time a statement ran.",
                           {{"statement", std::string(statement)}}, duration);
}

void StatementLog::record_commit(std::size_t transactions) {
  metrics_.add("annotateai_db_commits_total", "Commits made durable.", {});
  metrics_.add("annotateai_db_transactions_total", "Transactions committed.", {},
               static_cast<double>(transactions));
}

void StatementLog::record_connections(std::size_t open, std::size_t idle) {
  metrics_.set("annotateai_db_connections", "Connections of the pool.", {{"state", "open"}},
               static_cast<double>(open));
  metrics_.set("annotateai_db_connections", "Connections of the pool.", {{"state", "idle"}},
               static_cast<double>(idle));
}

std::vector<std::string> StatementLog::executed() const {
  const std::lock_guard lock(mutex_);
  return {executed_.begin(), executed_.end()};
}

}  // namespace aa::db
