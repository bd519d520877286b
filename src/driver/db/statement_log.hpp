// Which statements ran and how long they took: annotateai_db_statement_seconds{statement}.
//
// Thread rule: any thread.
#pragma once

#include <chrono>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/observe/metrics.hpp"

namespace aa::db {

class StatementLog {
 public:
  explicit StatementLog(observe::Metrics& metrics) : metrics_(metrics) {}

  void record(std::string_view statement, std::chrono::nanoseconds duration);
  // One durable commit that carried `transactions` transactions.
  void record_commit(std::size_t transactions);
  void record_connections(std::size_t open, std::size_t idle);
  std::vector<std::string> executed() const;

 private:
  observe::Metrics& metrics_;
  mutable std::mutex mutex_;
  std::set<std::string, std::less<>> executed_;
};

}  // namespace aa::db
