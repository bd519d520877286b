#include "driver/db/postgres_pool.hpp"

#include <algorithm>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

namespace aa::db {
namespace {

using runtime::Task;

constexpr Statement kRollback{"db.rollback", "", "rollback"};

Error exhausted() {
  return unavailable("database_busy", "The database is busy. Try again in a moment.")
      .with_retry_after(std::chrono::seconds(1));
}

}  // namespace

PostgresPool::Lease& PostgresPool::Lease::operator=(Lease&& other) noexcept {
  give_back();
  pool_ = std::move(other.pool_);
  connection_ = std::move(other.connection_);
  fresh_ = other.fresh_;
  return *this;
}

void PostgresPool::Lease::give_back() {
  if (connection_) pool_->take_back(std::move(connection_));
  pool_.reset();
}

PostgresPool::PostgresPool(std::shared_ptr<const PostgresSettings> settings, std::size_t size,
                           std::chrono::milliseconds acquire_timeout, runtime::Executors& executors,
                           std::shared_ptr<StatementLog> log)
    : settings_(std::move(settings)),
      size_(std::max<std::size_t>(1, size)),
      acquire_timeout_(acquire_timeout),
      executors_(executors),
      log_(std::move(log)) {}

Task<PostgresPool::Lease> PostgresPool::acquire() {
  auto waiter = std::make_shared<Waiter>(executors_.io());
  auto arm = [self = shared_from_this(), waiter] { self->line_up(waiter); };
  std::vector<std::unique_ptr<PostgresConnection>> dead;
  bool served = false;
  {
    const std::lock_guard lock(mutex_);
    served = serve(*waiter, dead);
  }
  dead.clear();
  if (!served) co_await Wakeup::sleep(waiter, std::move(arm));
  if (waiter->connection) co_return Lease(shared_from_this(), std::move(waiter->connection), false);
  if (!waiter->may_open) throw exhausted();
  co_return co_await open_one();
}

// Under the mutex: gives `waiter` a live connection or the right to open one, if there is any.
bool PostgresPool::serve(Waiter& waiter, std::vector<std::unique_ptr<PostgresConnection>>& dead) {
  while (!idle_.empty()) {
    auto connection = std::move(idle_.back());
    idle_.pop_back();
    if (connection->is_open()) {
      waiter.connection = std::move(connection);
      return true;
    }
    dead.push_back(std::move(connection));
    --open_;
  }
  if (open_ >= size_ || closed_) return false;
  ++open_;
  note();
  waiter.may_open = true;
  return true;
}

void PostgresPool::line_up(const Held& waiter) {
  std::vector<std::unique_ptr<PostgresConnection>> dead;
  const std::lock_guard lock(mutex_);
  if (closed_ || waiting_.size() >= kWaitingMax || serve(*waiter, dead)) return waiter->wake();
  waiting_.push_back(waiter);
  waiter->timer.expires_after(acquire_timeout_);
  waiter->timer.async_wait([self = shared_from_this(), waiter](const auto& code) {
    if (!code) self->give_up(waiter);
  });
}

void PostgresPool::give_up(const Held& waiter) {
  const std::lock_guard lock(mutex_);
  const auto place = std::find(waiting_.begin(), waiting_.end(), waiter);
  if (place == waiting_.end()) return;
  waiting_.erase(place);
  waiter->wake();
}

Task<PostgresPool::Lease> PostgresPool::open_one() {
  // Whatever ends this early (also a cancellation), the place is given on.
  const auto leave = [](PostgresPool* pool) { pool->free_place(); };
  std::unique_ptr<PostgresPool, decltype(leave)> place(this, leave);
  auto connection = co_await PostgresConnection::connect(settings_, executors_);
  place.release();
  co_return Lease(shared_from_this(), std::move(connection), true);
}

void PostgresPool::take_back(std::unique_ptr<PostgresConnection> connection) {
  if (connection->broken()) {
    connection.reset();
    return free_place();
  }
  if (!connection->in_transaction()) return hand_on(std::move(connection));
  boost::asio::co_spawn(executors_.io(), clean(shared_from_this(), std::move(connection)),
                        boost::asio::detached);
}

Task<> PostgresPool::clean(std::shared_ptr<PostgresPool> pool,
                           std::unique_ptr<PostgresConnection> connection) {
  std::vector<Command> commands(1);
  commands[0].statement = kRollback;
  bool fine = true;
  try {
    co_await connection->run(std::move(commands));
  } catch (const Error&) {
    fine = false;
  }
  if (fine && !connection->in_transaction()) {
    pool->hand_on(std::move(connection));
  } else {
    connection.reset();
    pool->free_place();
  }
}

void PostgresPool::hand_on(std::unique_ptr<PostgresConnection> connection) {
  const std::lock_guard lock(mutex_);
  if (closed_) {
    --open_;
    return;
  }
  if (waiting_.empty()) {
    idle_.push_back(std::move(connection));
    return;
  }
  const Held waiter = std::move(waiting_.front());
  waiting_.pop_front();
  waiter->connection = std::move(connection);
  waiter->timer.cancel();
  waiter->wake();
}

void PostgresPool::free_place() {
  const std::lock_guard lock(mutex_);
  if (waiting_.empty() || closed_) {
    --open_;
    note();
    return;
  }
  const Held waiter = std::move(waiting_.front());
  waiting_.pop_front();
  waiter->may_open = true;
  waiter->timer.cancel();
  waiter->wake();
}

void PostgresPool::close() {
  std::vector<std::unique_ptr<PostgresConnection>> idle;
  const std::lock_guard lock(mutex_);
  closed_ = true;
  idle.swap(idle_);
  open_ -= idle.size();
  for (const Held& waiter : std::exchange(waiting_, {})) {
    waiter->timer.cancel();
    waiter->wake();
  }
}

}  // namespace aa::db
