#include "driver/db/postgres_database.hpp"

#include "driver/db/constraint_error.hpp"
#include "driver/db/statements.hpp"

namespace aa::db {
namespace {

using Clock = std::chrono::steady_clock;

constexpr Statement kBegin{"db.begin", "", "begin"};
constexpr Statement kCommit{"db.commit", "", "commit"};
constexpr Statement kSaveLast{"db.savepoint", "", "savepoint last"};
constexpr Statement kUndoLast{"db.undo", "", "rollback to savepoint last"};
constexpr Statement kScope{
    "db.scope", "",
    "select set_config('aa.organization', $1, true), set_config('aa.system', $2, true),"
    " set_config('role', $3, true)"};
// Only read: without BEGIN, everything up to the pipeline's end is one transaction.
constexpr Statement kReadScope{
    "db.read_scope", "",
    "select set_config('aa.organization', $1, true), set_config('aa.system', $2, true),"
    " set_config('role', $3, true), set_config('transaction_read_only', 'on', true)"};

Args scope_args(const Scope& scope, const std::string& role) {
  const auto& organization = scope.organization();
  return args(organization ? organization->str() : "", organization ? "" : "on", role);
}

// COMMIT was sent and no answer came: the change may or may not be there.
Error commit_unknown(const Error& error) {
  return unavailable("commit_unknown",
                     "The connection to the database broke while saving. Look whether the change "
                     "is there before you repeat it.")
      .with_cause(error.what());
}

// Nobody can look at the count of rows before the next statement is on its way, so a count other
// than one must be an error of the statement's own: dividing by zero.
std::string touching_one(const Statement& statement) {
  return "with touched as (" + std::string(statement.postgres) +
         " returning 1) select 1 / (count(*) = 1)::int from touched";
}

// Adds the steps to `commands`, which point into `texts`.
void add_steps(std::vector<Step> steps, std::vector<std::string>& texts,
               std::vector<Command>& commands) {
  texts.reserve(steps.size());
  for (Step& step : steps) {
    check_args(step.args);
    if (step.touches_one)
      step.statement.postgres = texts.emplace_back(touching_one(step.statement));
    commands.push_back({step.statement, std::move(step.args)});
  }
}

class PostgresTransaction final : public Transaction {
 public:
  PostgresTransaction(PostgresPool::Lease lease, Scope scope, std::string role,
                      std::shared_ptr<StatementLog> log)
      : lease_(std::move(lease)), scope_(scope), role_(std::move(role)), log_(std::move(log)) {}

  Task<Rows> exec(const Statement& statement, Args args) override {
    check_args(args);
    if (state_ == State::failed) throw transaction_failed();
    if (state_ == State::done) throw internal_error("this transaction is already committed");
    std::vector<Command> commands;
    if (state_ == State::fresh) {
      commands.push_back({kBegin, {}});
      commands.push_back({kScope, scope_args(scope_, role_)});
    }
    commands.push_back({statement, std::move(args)});
    state_ = State::failed;  // until the answer is in
    const auto began = Clock::now();
    auto rows = co_await lease_->run(std::move(commands));
    log_->record(statement.name, Clock::now() - began);
    state_ = State::open;
    co_return std::move(rows.back());
  }

 private:
  enum class State { fresh, open, failed, done };

  Task<bool> finish(std::vector<Step> steps) override {
    if (state_ == State::failed) throw transaction_failed();
    if (state_ == State::done) throw internal_error("this transaction is already committed");
    if (state_ == State::open || !steps.empty()) {
      const bool done = co_await send_last(std::move(steps));
      if (!done) {
        co_await undo_last();
        co_return false;
      }
      log_->record_commit(1);
    }
    state_ = State::done;
    lease_.give_back();
    co_return true;
  }

  Task<bool> send_last(std::vector<Step> steps) {
    std::vector<Command> commands;
    if (state_ == State::fresh) {
      commands.push_back({kBegin, {}});
      commands.push_back({kScope, scope_args(scope_, role_)});
    }
    if (!steps.empty()) commands.push_back({kSaveLast, {}});
    std::vector<std::string_view> names;
    for (const Step& step : steps) names.push_back(step.statement.name);
    std::vector<std::string> texts;
    add_steps(std::move(steps), texts, commands);
    commands.push_back({kCommit, {}});
    state_ = State::failed;  // until the answer is in
    const auto began = Clock::now();
    try {
      co_await lease_->run(std::move(commands));
    } catch (const Error& error) {
      if (lease_->broken() && error.slug() != "transaction_expired") throw commit_unknown(error);
      if (lease_->broken() || texts.empty() || error.slug() != "division_by_zero") throw;
      co_return false;
    }
    for (const auto name : names) log_->record(name, Clock::now() - began);
    co_return true;
  }

  Task<> undo_last() {
    std::vector<Command> commands(1);
    commands[0].statement = kUndoLast;
    co_await lease_->run(std::move(commands));
    state_ = State::open;
  }

  PostgresPool::Lease lease_;
  const Scope scope_;
  const std::string role_;
  const std::shared_ptr<StatementLog> log_;
  State state_ = State::fresh;
};

}  // namespace

PostgresDatabase::PostgresDatabase(std::shared_ptr<const PostgresSettings> settings,
                                   std::size_t connections,
                                   std::chrono::milliseconds acquire_timeout, std::string role,
                                   runtime::Executors& executors, observe::Metrics& metrics)
    : log_(std::make_shared<StatementLog>(metrics)),
      pool_(std::make_shared<PostgresPool>(std::move(settings), connections, acquire_timeout,
                                           executors, log_)),
      role_(role.empty() ? "none" : std::move(role)) {}

PostgresDatabase::~PostgresDatabase() { pool_->close(); }

// Nothing, when a connection that had been idle turned out to be dead: reading again is harmless.
Task<std::optional<Rows>> PostgresDatabase::try_query(Scope scope, Statement statement, Args args,
                                                      bool last) {
  auto lease = co_await pool_->acquire();
  std::vector<Command> commands;
  commands.push_back({kReadScope, scope_args(scope, role_)});
  commands.push_back({statement, std::move(args)});
  const auto began = Clock::now();
  try {
    auto rows = co_await lease->run(std::move(commands));
    log_->record(statement.name, Clock::now() - began);
    co_return std::move(rows.back());
  } catch (const Error& error) {
    const bool worn = lease->broken() && error.code() == ErrorCode::unavailable && !lease.fresh();
    if (last || !worn) throw;
  }
  co_return std::nullopt;
}

Task<Rows> PostgresDatabase::query(Scope scope, const Statement& statement, Args args) {
  const Statement kept = statement;
  check_args(args);
  auto rows = co_await try_query(scope, kept, args, false);
  if (!rows) rows = co_await try_query(scope, kept, std::move(args), true);
  co_return std::move(*rows);
}

Task<std::unique_ptr<Transaction>> PostgresDatabase::begin(Scope scope) {
  auto lease = co_await pool_->acquire();
  co_return std::make_unique<PostgresTransaction>(std::move(lease), scope, role_, log_);
}

Task<Rows> PostgresDatabase::write(Scope scope, const Statement& statement, Args args) {
  const Statement kept = statement;
  check_args(args);
  auto lease = co_await pool_->acquire();
  std::vector<Command> commands;
  commands.push_back({kBegin, {}});
  commands.push_back({kScope, scope_args(scope, role_)});
  commands.push_back({kept, std::move(args)});
  commands.push_back({kCommit, {}});
  const auto began = Clock::now();
  std::vector<Rows> rows;
  try {
    rows = co_await lease->run(std::move(commands));
  } catch (const Error& error) {
    if (lease->broken()) throw commit_unknown(error);
    throw;
  }
  log_->record(kept.name, Clock::now() - began);
  log_->record_commit(1);
  co_return std::move(rows[2]);
}

Task<bool> PostgresDatabase::run(Scope scope, std::vector<Step> steps) {
  std::vector<std::string_view> names;
  for (const Step& step : steps) names.push_back(step.statement.name);
  std::vector<std::string> texts;
  std::vector<Command> commands;
  commands.push_back({kBegin, {}});
  commands.push_back({kScope, scope_args(scope, role_)});
  add_steps(std::move(steps), texts, commands);
  commands.push_back({kCommit, {}});
  auto lease = co_await pool_->acquire();
  const auto began = Clock::now();
  try {
    co_await lease->run(std::move(commands));
  } catch (const Error& error) {
    if (lease->broken()) throw commit_unknown(error);
    if (!texts.empty() && error.slug() == "division_by_zero") co_return false;
    throw;
  }
  for (const auto name : names) log_->record(name, Clock::now() - began);
  log_->record_commit(1);
  co_return true;
}

Task<> PostgresDatabase::ping() { co_await query(Scope::system(), sql::ping, Args()); }

}  // namespace aa::db
