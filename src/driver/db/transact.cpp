#include "driver/db/transact.hpp"

namespace aa::db {
namespace {

constexpr int kTries = 5;

// Why the engine undid it, if it did.
Task<std::optional<Error>> try_once(Database& database, Scope scope,
                                    const std::function<Task<>(Transaction&)>& work) {
  std::optional<Error> undone;
  try {
    auto transaction = co_await database.begin(scope);
    co_await work(*transaction);
    co_await transaction->commit();
  } catch (const Error& error) {
    if (!is_retryable(error)) throw;
    undone = error;
  }
  co_return undone;
}

}  // namespace

Task<> transact(Database& database, Scope scope, std::function<Task<>(Transaction&)> work) {
  for (int i = 1;; ++i) {
    const auto undone = co_await try_once(database, scope, work);
    if (!undone) co_return;
    if (i == kTries) throw *undone;
  }
}

}  // namespace aa::db
