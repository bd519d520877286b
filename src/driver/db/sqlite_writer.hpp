// The one thread that writes to an SQLite file, and its group commit.
//
// Transactions are admitted one at a time, first come first served. Each is a SAVEPOINT inside a
// shared outer transaction: commit() releases the savepoint and then waits for the COMMIT (and so
// the fsync) that it shares with its neighbours. That COMMIT comes when nobody is waiting to
// write, or when the group is kGroupMax strong or old enough: kGroupAge, or as long as the last
// COMMIT took, so that on a slow disk as much time goes to work as to waiting. A transaction that
// fails undoes its savepoint only. When the COMMIT fails, or SQLite undoes the outer transaction by
// itself (disk full, I/O error, interrupted write), every transaction of the group fails.
//
// After a failed fsync nothing is known about the file, so the writer refuses work from then on.
//
// Thread rule: the public calls from any coroutine; the rest runs on the writer's thread.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "driver/db/sqlite_connection.hpp"
#include "driver/db/statement_log.hpp"
#include "driver/db/wakeup.hpp"

namespace aa::db {

struct SqliteLimits {
  std::chrono::milliseconds statement_timeout{5'000};
  std::chrono::milliseconds acquire_timeout{2'000};
  // A transaction between two statements: longer, and it is undone.
  std::chrono::milliseconds idle_timeout{10'000};
};

class SqliteWriter {
 public:
  using Ticket = std::uint64_t;
  static constexpr std::size_t kGroupMax = 1'024;
  static constexpr std::chrono::milliseconds kGroupAge{5};
  static constexpr std::chrono::milliseconds kGroupAgeMax{50};
  static constexpr std::size_t kWaitingMax = 10'000;

  // `on_growth(pages)` hears the size of the WAL after each commit.
  SqliteWriter(const std::filesystem::path& file, SqliteLimits limits, StatementLog& log,
               std::function<void(int pages)> on_growth);
  ~SqliteWriter();  // stop()
  SqliteWriter(const SqliteWriter&) = delete;
  SqliteWriter& operator=(const SqliteWriter&) = delete;

  Ticket next_ticket() { return tickets_.fetch_add(1) + 1; }
  // The first exec() of a ticket waits to be admitted: Error(unavailable) after acquire_timeout.
  Task<Rows> exec(Ticket ticket, Statement statement, Args args);
  // `open`: exec() ran. False when a step did not touch its one row: the steps are undone, and the
  // transaction goes on.
  Task<bool> commit(Ticket ticket, bool open, std::vector<Step> steps);
  void rollback(Ticket ticket);  // does not wait
  Task<Rows> write(Statement statement, Args args);
  Task<bool> run(std::vector<Step> steps);  // see Database::run()
  Task<> check();                           // throws when the writer refuses work
  // Between two groups: checkpoints what little is left and has the WAL begin again from its start.
  // `done` hears, on the writer's thread, whether it could: readers may still need the old one.
  void restart_log(std::function<void(bool)> done);
  // Ends the open group durably, undoes what is unfinished, fails who waits. Blocks; idempotent.
  void stop();

 private:
  using Clock = std::chrono::steady_clock;
  enum class Kind { exec, commit, whole };
  struct Request : Wakeup {
    Kind kind;
    Ticket ticket = 0;
    std::vector<Step> steps;
    Clock::time_point give_up;
    Rows rows;  // of the last step
    bool refused = false;
    std::exception_ptr error;
  };
  using Held = std::shared_ptr<Request>;
  struct Active {
    Ticket ticket;
    Clock::time_point give_up;
  };

  Task<Rows> submit(Held request);
  Held request_of(Kind kind, Ticket ticket, std::vector<Step> steps) const;
  void run_steps(Request& request);
  void receive(const Held& request);
  void continue_active(const Held& request);
  void pump();
  void admit(const Held& request);
  void run(const Held& request);
  bool run_last_steps(const Held& request);
  void fail_run(const Held& request);
  void finish_active(const Held& request);
  void undo_active(const Error& reason);
  void fail(const Held& request, const Error& error);
  void fail_undone(const Held& request, const Error& error);
  void settle_later();
  void commit_group();
  void restart_log_now();
  void lose_group(const Error& error);
  void roll_back_outer();
  void open_outer();
  bool group_is_due() const;
  void arm_timer();
  void on_timer();
  void shut();

  SqliteConnection connection_;
  const SqliteLimits limits_;
  StatementLog& log_;
  std::function<void(int)> on_growth_;
  std::atomic<Ticket> tickets_{0};

  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard_;
  boost::asio::steady_timer timer_;
  std::optional<Active> active_;
  std::deque<Held> waiting_;
  std::vector<Held> group_;  // released, not yet durable
  Clock::time_point group_began_;
  Clock::duration commit_took_{};
  bool outer_open_ = false;
  bool settling_ = false;
  Clock::time_point armed_until_ = Clock::time_point::max();
  bool shut_ = false;
  std::map<Ticket, Error> ended_;  // undone, and its owner does not know yet
  std::optional<Error> refusal_;
  int wal_pages_ = 0;
  std::function<void(bool)> on_restart_;  // asked for, not done yet
  std::thread thread_;
};

}  // namespace aa::db
