#include "driver/db/sqlite_database.hpp"

#include "core/observe/log.hpp"
#include "driver/db/statements.hpp"

namespace aa::db {
namespace {

Error overloaded() {
  return unavailable("database_busy", "The database is busy. Try again in a moment.")
      .with_retry_after(std::chrono::seconds(1));
}

class SqliteTransaction final : public Transaction {
 public:
  explicit SqliteTransaction(std::shared_ptr<SqliteWriter> writer)
      : writer_(std::move(writer)), ticket_(writer_->next_ticket()) {}
  ~SqliteTransaction() override {
    if (used_ && !committed_) writer_->rollback(ticket_);
  }
  SqliteTransaction(const SqliteTransaction&) = delete;
  SqliteTransaction& operator=(const SqliteTransaction&) = delete;

  Task<Rows> exec(const Statement& statement, Args args) override {
    if (committed_) throw internal_error("this transaction is already committed");
    check_args(args);
    used_ = true;
    co_return co_await writer_->exec(ticket_, statement, std::move(args));
  }

 private:
  Task<bool> finish(std::vector<Step> steps) override {
    if (committed_) throw internal_error("this transaction is already committed");
    if (used_ || !steps.empty()) {
      const bool open = std::exchange(used_, true);
      const bool done = co_await writer_->commit(ticket_, open, std::move(steps));
      if (!done) co_return false;
    }
    committed_ = true;
    co_return true;
  }

  std::shared_ptr<SqliteWriter> writer_;
  const SqliteWriter::Ticket ticket_;
  bool used_ = false;
  bool committed_ = false;
};

}  // namespace

// One of the readers, lent to one thread of their pool (there are as many of both).
class SqliteDatabase::Reading {
 public:
  explicit Reading(SqliteDatabase& database) : database_(database) {
    const std::lock_guard lock(database_.readers_mutex_);
    connection_ = std::move(database_.readers_.back());
    database_.readers_.pop_back();
  }
  ~Reading() {
    const std::lock_guard lock(database_.readers_mutex_);
    database_.readers_.push_back(std::move(connection_));
  }
  Reading(const Reading&) = delete;
  Reading& operator=(const Reading&) = delete;
  SqliteConnection& operator*() { return *connection_; }

 private:
  SqliteDatabase& database_;
  std::unique_ptr<SqliteConnection> connection_;
};

SqliteDatabase::SqliteDatabase(const std::filesystem::path& file, unsigned readers,
                               SqliteLimits limits, observe::Metrics& metrics)
    : limits_(limits),
      log_(metrics),
      writer_(std::make_shared<SqliteWriter>(file, limits, log_,
                                             [this](int pages) { checkpoint_when_due(pages); })),
      checkpointer_(file, SqliteConnection::Mode::write),
      reader_threads_(std::max(1U, readers)) {
  for (unsigned i = 0; i < std::max(1U, readers); ++i) {
    readers_.push_back(std::make_unique<SqliteConnection>(file, SqliteConnection::Mode::read));
  }
}

SqliteDatabase::~SqliteDatabase() {
  reader_threads_.join();
  writer_->stop();
  checkpoint_thread_.join();
}

Rows SqliteDatabase::read(const Statement& statement, const Args& args) {
  Reading connection(*this);
  const auto began = std::chrono::steady_clock::now();
  Rows rows = (*connection).run(statement, args, limits_.statement_timeout);
  log_.record(statement.name, std::chrono::steady_clock::now() - began);
  return rows;
}

Task<Rows> SqliteDatabase::query(Scope, const Statement& statement, Args args) {
  check_args(args);
  if (reads_.fetch_add(1) >= kReadsMax) {
    reads_.fetch_sub(1);
    throw overloaded();
  }
  const auto give_up = std::chrono::steady_clock::now() + limits_.acquire_timeout;
  auto work = [this, statement, args = std::move(args), give_up] {
    const auto leave = [](std::atomic<std::size_t>* reads) { reads->fetch_sub(1); };
    const std::unique_ptr<std::atomic<std::size_t>, decltype(leave)> leaving(&reads_, leave);
    if (std::chrono::steady_clock::now() > give_up) throw overloaded();
    return read(statement, args);
  };
  co_return co_await runtime::run_on(reader_threads_.get_executor(), std::move(work));
}

Task<std::unique_ptr<Transaction>> SqliteDatabase::begin(Scope) {
  co_return std::make_unique<SqliteTransaction>(writer_);
}

Task<Rows> SqliteDatabase::write(Scope, const Statement& statement, Args args) {
  co_return co_await writer_->write(statement, std::move(args));
}

Task<bool> SqliteDatabase::run(Scope, std::vector<Step> steps) {
  co_return co_await writer_->run(std::move(steps));
}

Task<> SqliteDatabase::ping() {
  co_await writer_->check();
  co_await query(Scope::system(), sql::ping, Args());
}

// The bulk of a checkpoint runs beside the writer. While it runs the WAL grows, and SQLite begins a
// WAL again only when all of it is checkpointed: so the writer does the little that is left,
// between two groups. Without that the WAL would grow until everybody has to wait for all of it.
void SqliteDatabase::checkpoint_when_due(int pages) {
  if (pages < checkpoint_pages_ || checkpointing_.exchange(true)) return;
  boost::asio::post(checkpoint_thread_, [this, pages] { checkpoint(pages); });
}

void SqliteDatabase::checkpoint(int pages) {
  const int code = sqlite3_wal_checkpoint_v2(checkpointer_.handle(), nullptr,
                                             SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  if (code != SQLITE_OK && (code & 0xFF) != SQLITE_BUSY) {
    observe::warn("db_checkpoint_failed", {{"code", code}});
  }
  writer_->restart_log([this, pages](bool restarted) {
    checkpoint_pages_ = restarted ? kCheckpointPages : pages + kCheckpointPages / 4;
    checkpointing_ = false;
  });
}

}  // namespace aa::db
