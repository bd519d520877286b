#include "driver/db/sqlite_writer.hpp"

#include "core/observe/log.hpp"
#include "driver/db/constraint_error.hpp"
#include "driver/db/sqlite_error.hpp"

namespace aa::db {
namespace {

constexpr Statement kOpen{"db.begin", "BEGIN IMMEDIATE", ""};
constexpr Statement kCommit{"db.commit", "COMMIT", ""};
constexpr Statement kSave{"db.savepoint", "SAVEPOINT one", ""};
constexpr Statement kRelease{"db.release", "RELEASE one", ""};
constexpr Statement kUndo{"db.undo", "ROLLBACK TO one", ""};
constexpr Statement kSaveLast{"db.savepoint", "SAVEPOINT last", ""};
constexpr Statement kReleaseLast{"db.release", "RELEASE last", ""};
constexpr Statement kUndoLast{"db.undo", "ROLLBACK TO last", ""};

// How long writers wait for readers so that the WAL can begin again.
constexpr int kRestartWaitMs = 20;

// COMMIT cannot be done by half, so no clock runs against it.
constexpr std::chrono::hours kNoLimit{24};

Error busy() {
  return unavailable("database_busy", "The database is busy. Try again in a moment.")
      .with_retry_after(std::chrono::seconds(1));
}

Error undone(std::string cause) {
  return conflict("transaction_undone", "The change was undone together with another one.")
      .with_cause(std::move(cause));
}

// What is being handled, whatever it is: nothing may end the writer's thread.
Error current_error() {
  try {
    throw;
  } catch (const Error& error) {
    return error;
  } catch (const std::exception& error) {
    return internal_error(std::string("writer: ") + error.what());
  }
}

Error closing() { return unavailable("shutting_down", "The server is shutting down."); }

}  // namespace

SqliteWriter::SqliteWriter(const std::filesystem::path& file, SqliteLimits limits,
                           StatementLog& log, std::function<void(int)> on_growth)
    : connection_(file, SqliteConnection::Mode::write),
      limits_(limits),
      log_(log),
      on_growth_(std::move(on_growth)),
      guard_(boost::asio::make_work_guard(context_)),
      timer_(context_) {
  const auto hook = [](void* self, sqlite3*, const char*, int pages) {
    static_cast<SqliteWriter*>(self)->wal_pages_ = pages;
    return SQLITE_OK;
  };
  sqlite3_wal_hook(connection_.handle(), hook, this);
  thread_ = std::thread([this] { context_.run(); });
}

SqliteWriter::~SqliteWriter() { stop(); }

void SqliteWriter::stop() {
  if (!thread_.joinable()) return;
  boost::asio::post(context_, [this] { shut(); });
  guard_.reset();
  thread_.join();
}

void SqliteWriter::shut() {
  shut_ = true;
  if (active_) undo_active(closing());
  for (const auto& request : std::exchange(waiting_, {})) fail(request, closing());
  if (outer_open_) commit_group();
  timer_.cancel();
}

SqliteWriter::Held SqliteWriter::request_of(Kind kind, Ticket ticket,
                                            std::vector<Step> steps) const {
  auto request = std::make_shared<Request>();
  request->kind = kind;
  request->ticket = ticket;
  request->steps = std::move(steps);
  request->give_up = Clock::now() + limits_.acquire_timeout;
  return request;
}

Task<Rows> SqliteWriter::exec(Ticket ticket, Statement statement, Args args) {
  std::vector<Step> steps;
  steps.emplace_back(statement, std::move(args));
  co_return co_await submit(request_of(Kind::exec, ticket, std::move(steps)));
}

Task<bool> SqliteWriter::commit(Ticket ticket, bool open, std::vector<Step> steps) {
  auto request = request_of(open ? Kind::commit : Kind::whole, ticket, std::move(steps));
  co_await submit(request);
  co_return !request->refused;
}

Task<Rows> SqliteWriter::write(Statement statement, Args args) {
  std::vector<Step> steps;
  steps.emplace_back(statement, std::move(args));
  co_return co_await submit(request_of(Kind::whole, next_ticket(), std::move(steps)));
}

Task<bool> SqliteWriter::run(std::vector<Step> steps) {
  auto request = request_of(Kind::whole, next_ticket(), std::move(steps));
  co_await submit(request);
  co_return !request->refused;
}

Task<Rows> SqliteWriter::submit(Held request) {
  for (const Step& step : request->steps) check_args(step.args);
  auto arm = [this, request] {
    boost::asio::post(context_, [this, request] { receive(request); });
  };
  co_await Wakeup::sleep(request, std::move(arm));
  if (request->error) std::rethrow_exception(request->error);
  co_return std::move(request->rows);
}

Task<> SqliteWriter::check() {
  auto look = [this] {
    if (shut_) throw closing();
    if (refusal_) throw *refusal_;
  };
  co_await runtime::run_on(context_.get_executor(), std::move(look));
}

void SqliteWriter::rollback(Ticket ticket) {
  boost::asio::post(context_, [this, ticket] {
    ended_.erase(ticket);
    if (!active_ || active_->ticket != ticket) return;
    undo_active(transaction_failed());
    ended_.erase(ticket);
    pump();
  });
}

// ---- on the writer's thread -------------------------------------------------------------------

void SqliteWriter::receive(const Held& request) {
  if (shut_) return fail(request, closing());
  if (refusal_) return fail(request, *refusal_);
  const auto ended = ended_.find(request->ticket);
  if (ended != ended_.end()) return fail(request, ended->second);
  if (active_ && active_->ticket == request->ticket) return continue_active(request);
  if (request->kind == Kind::commit) return fail(request, transaction_failed());
  if (waiting_.size() >= kWaitingMax) return fail(request, busy());
  waiting_.push_back(request);
  pump();
}

void SqliteWriter::continue_active(const Held& request) {
  if (request->kind == Kind::commit) {
    if (run_last_steps(request)) finish_active(request);
  } else {
    run(request);
  }
  pump();
}

void SqliteWriter::pump() {
  while (!active_ && !waiting_.empty()) {
    if (group_is_due()) commit_group();
    const Held request = std::move(waiting_.front());
    waiting_.pop_front();
    admit(request);
  }
  if (!active_ && outer_open_) settle_later();
  arm_timer();
}

void SqliteWriter::admit(const Held& request) {
  if (refusal_) return fail(request, *refusal_);
  if (Clock::now() > request->give_up) return fail(request, busy());
  try {
    open_outer();
    connection_.run(kSave, {}, kNoLimit);
  } catch (...) {
    return fail(request, current_error());
  }
  active_ = Active{request->ticket, {}};
  run(request);
}

void SqliteWriter::open_outer() {
  if (outer_open_) return;
  connection_.run(kOpen, {}, kNoLimit);
  outer_open_ = true;
}

void SqliteWriter::run_steps(Request& request) {
  for (const Step& step : request.steps) {
    const auto began = Clock::now();
    request.rows = connection_.run(step.statement, step.args, limits_.statement_timeout);
    log_.record(step.statement.name, Clock::now() - began);
    request.refused = step.touches_one && request.rows.affected() != 1;
    if (request.refused) return;
  }
}

void SqliteWriter::run(const Held& request) {
  try {
    run_steps(*request);
  } catch (...) {
    return fail_run(request);
  }
  if (request->refused) {
    undo_active(transaction_failed());
    ended_.erase(request->ticket);
    return request->wake();
  }
  if (request->kind == Kind::whole) return finish_active(request);
  active_->give_up = Clock::now() + limits_.idle_timeout;
  request->wake();
}

// The statement that is being handled failed.
void SqliteWriter::fail_run(const Held& request) {
  const Error error = current_error();
  const bool group_lost = !connection_.in_transaction();
  fail_undone(request, error);
  if (group_lost) lose_group(error);
}

// True when the transaction may be ended.
bool SqliteWriter::run_last_steps(const Held& request) {
  if (request->steps.empty()) return true;
  try {
    connection_.run(kSaveLast, {}, kNoLimit);
    run_steps(*request);
    if (request->refused) connection_.run(kUndoLast, {}, kNoLimit);
    connection_.run(kReleaseLast, {}, kNoLimit);
  } catch (...) {
    fail_run(request);
    return false;
  }
  if (!request->refused) return true;
  active_->give_up = Clock::now() + limits_.idle_timeout;
  request->wake();
  return false;
}

// A constraint that is checked late must fail its own transaction, not the whole group.
void SqliteWriter::finish_active(const Held& request) {
  if (connection_.has_open_foreign_keys()) {
    return fail_undone(request, foreign_key_violated("deferred, found at commit"));
  }
  try {
    connection_.run(kRelease, {}, kNoLimit);
  } catch (...) {
    return fail_undone(request, current_error());
  }
  active_.reset();
  if (group_.empty()) group_began_ = Clock::now();
  group_.push_back(request);
}

void SqliteWriter::fail_undone(const Held& request, const Error& error) {
  undo_active(transaction_failed());
  if (request->kind == Kind::whole) ended_.erase(request->ticket);
  fail(request, error);
}

void SqliteWriter::undo_active(const Error& reason) {
  ended_.insert_or_assign(active_->ticket, reason);
  active_.reset();
  if (!connection_.in_transaction()) return;
  try {
    connection_.run(kUndo, {}, kNoLimit);
    connection_.run(kRelease, {}, kNoLimit);
  } catch (...) {
    const Error error = current_error();
    roll_back_outer();
    lose_group(error);
  }
}

void SqliteWriter::roll_back_outer() {
  try {
    if (connection_.in_transaction()) connection_.script("ROLLBACK", "db.rollback");
  } catch (const Error& error) {
    refusal_ = unavailable("database_damaged", "The database cannot go on. Restart the server.");
    observe::error("db_rollback_failed", {{"cause", error.what()}});
  }
}

void SqliteWriter::fail(const Held& request, const Error& error) {
  request->error = std::make_exception_ptr(error);
  request->wake();
}

bool SqliteWriter::group_is_due() const {
  if (group_.empty()) return false;
  const auto age = std::clamp<Clock::duration>(commit_took_, kGroupAge, kGroupAgeMax);
  return group_.size() >= kGroupMax || Clock::now() - group_began_ >= age;
}

// Requests that were posted meanwhile stand before this in the queue, so they join the group.
void SqliteWriter::settle_later() {
  if (std::exchange(settling_, true)) return;
  boost::asio::post(context_, [this] {
    settling_ = false;
    if (!active_ && outer_open_) commit_group();
  });
}

void SqliteWriter::commit_group() {
  const auto began = Clock::now();
  try {
    connection_.run(kCommit, {}, kNoLimit);
  } catch (...) {
    const Error error = current_error();
    if (is_sync_failure(connection_.last_code())) {
      refusal_ = unavailable("database_damaged",
                             "The disk did not store data. Check it, then restart the server.");
      observe::error("db_sync_failed", {{"cause", error.what()}});
    }
    roll_back_outer();
    return lose_group(error);
  }
  outer_open_ = false;
  commit_took_ = Clock::now() - began;
  const auto group = std::exchange(group_, {});
  if (!group.empty()) log_.record_commit(group.size());
  for (const auto& request : group) request->wake();
  on_growth_(wal_pages_);
  if (on_restart_) restart_log_now();
}

void SqliteWriter::restart_log(std::function<void(bool)> done) {
  boost::asio::post(context_, [this, done = std::move(done)]() mutable {
    on_restart_ = std::move(done);
    if (!outer_open_) restart_log_now();
  });
}

void SqliteWriter::restart_log_now() {
  const auto done = std::exchange(on_restart_, {});
  auto* handle = connection_.handle();
  sqlite3_busy_timeout(handle, kRestartWaitMs);
  const int code =
      sqlite3_wal_checkpoint_v2(handle, nullptr, SQLITE_CHECKPOINT_RESTART, nullptr, nullptr);
  sqlite3_busy_timeout(handle, static_cast<int>(SqliteConnection::kBusyTimeout.count()));
  done(code == SQLITE_OK);
}

// Damage by one transaction must not look like the fault of its neighbours; a full disk or a
// failing one is everybody's.
void SqliteWriter::lose_group(const Error& error) {
  outer_open_ = false;
  const bool shared = error.code() == ErrorCode::out_of_space ||
                      error.code() == ErrorCode::internal || error.code() == ErrorCode::unavailable;
  const Error told = shared ? error : undone(error.what());
  for (const auto& request : std::exchange(group_, {})) fail(request, told);
}

void SqliteWriter::arm_timer() {
  auto next = Clock::time_point::max();
  if (active_) next = active_->give_up;
  if (!waiting_.empty()) next = std::min(next, waiting_.front()->give_up);
  if (next >= armed_until_) return;  // it will look again when it fires
  armed_until_ = next;
  timer_.expires_at(next);
  timer_.async_wait([this](const boost::system::error_code& code) {
    if (!code) on_timer();
  });
}

void SqliteWriter::on_timer() {
  armed_until_ = Clock::time_point::max();
  if (shut_) return;
  const auto now = Clock::now();
  if (active_ && active_->give_up <= now) {
    observe::warn("db_transaction_idle", {{"limit_ms", limits_.idle_timeout.count()}});
    undo_active(Error(ErrorCode::deadline_exceeded, "transaction_expired",
                      "The change was not finished in time and was undone."));
  }
  while (!waiting_.empty() && waiting_.front()->give_up <= now) {
    const Held request = std::move(waiting_.front());
    waiting_.pop_front();
    fail(request, busy());
  }
  pump();
}

}  // namespace aa::db
