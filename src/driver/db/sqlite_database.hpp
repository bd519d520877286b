// A Database on one SQLite file: a writer (sqlite_writer.hpp), a pool of readers that each read
// one snapshot per statement, and a thread that checkpoints beside them.
//
// Reads see what was committed when they begin; whoever awaited commit() reads its own writes.
// Scope is not enforced: statements name the organisation themselves.
#pragma once

#include <filesystem>

#include <boost/asio/thread_pool.hpp>

#include "core/runtime/executors.hpp"
#include "driver/db/sqlite_writer.hpp"

namespace aa::db {

class SqliteDatabase final : public Database {
 public:
  static constexpr std::size_t kReadsMax = 4'096;  // reads in flight and in the queue
  static constexpr int kCheckpointPages = 4'000;   // 16 MiB of WAL: then a checkpoint

  SqliteDatabase(const std::filesystem::path& file, unsigned readers, SqliteLimits limits,
                 observe::Metrics& metrics);
  ~SqliteDatabase() override;

  Engine engine() const override { return Engine::sqlite; }
  Task<Rows> query(Scope scope, const Statement& statement, Args args) override;
  Task<std::unique_ptr<Transaction>> begin(Scope scope) override;
  Task<Rows> write(Scope scope, const Statement& statement, Args args) override;
  Task<bool> run(Scope scope, std::vector<Step> steps) override;
  Task<> ping() override;
  std::vector<std::string> executed() const override { return log_.executed(); }

 private:
  class Reading;
  Rows read(const Statement& statement, const Args& args);
  void checkpoint_when_due(int pages);
  void checkpoint(int pages);

  const SqliteLimits limits_;
  StatementLog log_;
  std::shared_ptr<SqliteWriter> writer_;
  std::mutex readers_mutex_;
  std::vector<std::unique_ptr<SqliteConnection>> readers_;
  std::atomic<std::size_t> reads_{0};
  SqliteConnection checkpointer_;
  std::atomic<bool> checkpointing_{false};
  std::atomic<int> checkpoint_pages_{kCheckpointPages};
  boost::asio::thread_pool reader_threads_;
  boost::asio::thread_pool checkpoint_thread_{1};
};

}  // namespace aa::db
