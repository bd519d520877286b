// At most `size` connections, lent one at a time, opened when needed.
//
// Who finds none waits its turn for `acquire_timeout`, then gets Error(unavailable) with
// retry_after. A broken connection is dropped and its place given to the next in line; a
// connection that comes back in a transaction is rolled back first.
//
// Thread rule: any coroutine on the io executor.
#pragma once

#include <deque>
#include <mutex>

#include "driver/db/postgres_connection.hpp"
#include "driver/db/statement_log.hpp"
#include "driver/db/wakeup.hpp"

namespace aa::db {

class PostgresPool : public std::enable_shared_from_this<PostgresPool> {
 public:
  static constexpr std::size_t kWaitingMax = 4'096;

  // A connection on loan; gives it back when it dies.
  class Lease {
   public:
    Lease() = default;
    Lease(std::shared_ptr<PostgresPool> pool, std::unique_ptr<PostgresConnection> connection,
          bool fresh)
        : pool_(std::move(pool)), connection_(std::move(connection)), fresh_(fresh) {}
    ~Lease() { give_back(); }
    Lease(Lease&&) noexcept = default;
    Lease& operator=(Lease&& other) noexcept;

    PostgresConnection* operator->() const { return connection_.get(); }
    // Opened for this loan, so a failure is not an old connection's.
    bool fresh() const { return fresh_; }
    void give_back();

   private:
    std::shared_ptr<PostgresPool> pool_;
    std::unique_ptr<PostgresConnection> connection_;
    bool fresh_ = false;
  };

  PostgresPool(std::shared_ptr<const PostgresSettings> settings, std::size_t size,
               std::chrono::milliseconds acquire_timeout, runtime::Executors& executors,
               std::shared_ptr<StatementLog> log);

  runtime::Task<Lease> acquire();
  // Closes what is idle; connections on loan are closed as they come back.
  void close();

 private:
  struct Waiter : Wakeup {
    explicit Waiter(runtime::Executor executor) : timer(executor) {}
    boost::asio::steady_timer timer;
    std::unique_ptr<PostgresConnection> connection;
    bool may_open = false;
  };
  using Held = std::shared_ptr<Waiter>;

  bool serve(Waiter& waiter, std::vector<std::unique_ptr<PostgresConnection>>& dead);
  void line_up(const Held& waiter);
  void give_up(const Held& waiter);
  runtime::Task<Lease> open_one();
  void take_back(std::unique_ptr<PostgresConnection> connection);
  void hand_on(std::unique_ptr<PostgresConnection> connection);
  void free_place();
  void note() { log_->record_connections(open_, idle_.size()); }
  static runtime::Task<> clean(std::shared_ptr<PostgresPool> pool,
                               std::unique_ptr<PostgresConnection> connection);

  const std::shared_ptr<const PostgresSettings> settings_;
  const std::size_t size_;
  const std::chrono::milliseconds acquire_timeout_;
  runtime::Executors& executors_;
  const std::shared_ptr<StatementLog> log_;

  std::mutex mutex_;
  std::vector<std::unique_ptr<PostgresConnection>> idle_;
  std::deque<Held> waiting_;
  std::size_t open_ = 0;  // idle, on loan, or being opened
  bool closed_ = false;
};

}  // namespace aa::db
