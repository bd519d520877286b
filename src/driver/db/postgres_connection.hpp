// One connection to PostgreSQL over libpq, non-blocking, always in pipeline mode.
//
// run() sends any number of commands and reads all their results in one round trip. Statements
// are prepared once per connection, in the same round trip as their first use. A network failure,
// a missed deadline or a cancellation in the middle leaves the connection broken(): drop it.
//
// Thread rule: one coroutine at a time, from any executor; the connection's work runs on a strand
// of the io executor. Name resolution runs on the blocking executor.
// Errors: postgres_error.hpp; deadline_exceeded when the server does not answer.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <libpq-fe.h>

#include "base/secret.hpp"
#include "core/runtime/executors.hpp"
#include "driver/db/database.hpp"
#include "driver/db/postgres_error.hpp"
#include "driver/db/postgres_values.hpp"

namespace aa::db {

struct PostgresSettings {
  Secret url;
  std::chrono::milliseconds connect_timeout{2'000};
  std::chrono::milliseconds statement_timeout{5'000};
  // A transaction between two statements: longer, and the server undoes it.
  std::chrono::milliseconds idle_timeout{10'000};
  // The server ends a statement by itself; this much later we give the connection up.
  std::chrono::milliseconds answer_grace{3'000};
  UniqueNames unique_names;
};

struct Command {
  Statement statement;
  Args args;
};

class PostgresConnection {
 public:
  static runtime::Task<std::unique_ptr<PostgresConnection>> connect(
      std::shared_ptr<const PostgresSettings> settings, runtime::Executors& executors);
  PostgresConnection(std::shared_ptr<const PostgresSettings> settings,
                     runtime::Executors& executors);
  ~PostgresConnection();
  PostgresConnection(const PostgresConnection&) = delete;
  PostgresConnection& operator=(const PostgresConnection&) = delete;

  // Results in the order of the commands. After the first that fails the others are skipped, and
  // its error is thrown.
  runtime::Task<std::vector<Rows>> run(std::vector<Command> commands);

  bool broken() const { return broken_; }
  bool in_transaction() const { return PQtransactionStatus(wire_->handle) != PQTRANS_IDLE; }
  // False when the server has hung up meanwhile. Does not block.
  bool is_open() const;

 private:
  // Everything that handlers on the strand touch; they keep it alive.
  struct Wire {
    explicit Wire(const boost::asio::strand<runtime::Executor>& strand)
        : socket(strand), timer(strand) {}
    ~Wire() { PQfinish(handle); }
    Wire(const Wire&) = delete;
    Wire& operator=(const Wire&) = delete;

    PGconn* handle = nullptr;
    // A duplicate of libpq's, which closes its own whenever it likes.
    boost::asio::posix::stream_descriptor socket;
    boost::asio::steady_timer timer;
    bool timed_out = false;
    std::uint64_t waits = 0;
  };
  // One message to the server, the command that it belongs to, and the name that it prepares.
  struct Sent {
    std::size_t command;
    std::string prepares;
  };
  using Wait = boost::asio::posix::descriptor_base::wait_type;

  runtime::Task<bool> shake_hands();
  runtime::Task<std::vector<Rows>> converse(std::vector<Command> commands);
  runtime::Task<> wait_for(Wait what);
  runtime::Task<> flush();
  runtime::Task<Result> next_result();
  runtime::Task<std::vector<Rows>> read_results(std::vector<Command> commands,
                                                std::vector<Sent> sent);
  std::vector<Sent> send(const std::vector<Command>& commands);
  std::string prepare(const std::string& text, std::size_t command, std::vector<Sent>& sent);
  void accept(const Sent& sent, const Command& command, const PGresult* result,
              std::vector<Rows>& rows, std::optional<Error>& failure);
  void watch_socket();
  void start_timer(std::chrono::milliseconds limit);
  [[noreturn]] void lose(const std::string& cause) const;
  std::string last_words() const { return PQerrorMessage(wire_->handle); }

  std::shared_ptr<const PostgresSettings> settings_;
  boost::asio::strand<runtime::Executor> strand_;
  std::shared_ptr<Wire> wire_;
  std::unordered_map<std::string, std::string> prepared_;  // text -> name on the server
  std::uint64_t names_ = 0;
  // True from the first byte sent until the last result is read: whatever ends a conversation
  // early leaves half an answer behind.
  bool broken_ = false;
};

}  // namespace aa::db
