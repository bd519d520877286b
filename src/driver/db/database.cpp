#include "driver/db/database.hpp"

namespace aa::db {

Task<Rows> Database::write(Scope scope, const Statement& statement, Args args) {
  const Statement kept = statement;
  auto transaction = co_await begin(scope);
  Rows rows = co_await transaction->exec(kept, std::move(args));
  co_await transaction->commit();
  co_return rows;
}

void Transaction::tell_committed() {
  for (const auto& tell : std::exchange(tell_, {})) tell();
}

bool is_retryable(const Error& error) {
  return error.code() == ErrorCode::conflict &&
         (error.slug() == "serialization_failed" || error.slug() == "deadlock_detected" ||
          error.slug() == "transaction_undone");
}

}  // namespace aa::db
