#include "driver/db/database.hpp"

#include <algorithm>
#include <iterator>

namespace aa::db {

namespace {

// A pipeline that is much longer could stand still: PostgreSQL would wait for somebody to read what
// it answered, and nobody would before all is sent.
constexpr std::size_t kEndingsMax = 32;

}  // namespace

Task<Rows> Database::write(Scope scope, const Statement& statement, Args args) {
  const Statement kept = statement;
  auto transaction = co_await begin(scope);
  Rows rows = co_await transaction->exec(kept, std::move(args));
  co_await transaction->commit();
  co_return rows;
}

Task<> Transaction::write_last(std::shared_ptr<Ending> ending) {
  if (endings_.size() >= kEndingsMax) co_await write_endings();
  endings_.push_back(std::move(ending));
}

Task<> Transaction::write_endings() {
  while (!endings_.empty()) {
    const auto endings = std::exchange(endings_, {});
    for (const auto& ending : endings) co_await ending->write(*this);
  }
}

Task<> Transaction::commit() {
  std::vector<Step> steps;
  bool in_one_go = true;
  for (const auto& ending : endings_) {
    auto more = ending->steps();
    in_one_go = in_one_go && !more.empty();
    std::ranges::move(more, std::back_inserter(steps));
  }
  bool committed = false;
  if (in_one_go) committed = co_await finish(std::move(steps));
  if (!committed) {
    co_await write_endings();
    std::vector<Step> none;
    co_await finish(std::move(none));
  }
  endings_.clear();
  for (const auto& tell : std::exchange(tell_, {})) tell();
}

bool is_retryable(const Error& error) {
  return error.code() == ErrorCode::conflict &&
         (error.slug() == "serialization_failed" || error.slug() == "deadlock_detected" ||
          error.slug() == "transaction_undone");
}

}  // namespace aa::db
