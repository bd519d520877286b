#include "driver/db/postgres_connection.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>

namespace aa::db {
namespace {

using runtime::Task;

constexpr Statement kSession{
    "db.session", "",
    "select set_config('statement_timeout', $1, false),"
    " set_config('idle_in_transaction_session_timeout', $2, false),"
    " set_config('bytea_output', 'hex', false), set_config('extra_float_digits', '1', false),"
    " set_config('standard_conforming_strings', 'on', false)"};

PGconn* start_connecting(const PostgresSettings& settings) {
  const std::string url(settings.url.reveal());
  const std::array<const char*, 7> keys = {"fallback_application_name",
                                           "keepalives_idle",
                                           "keepalives_interval",
                                           "tcp_user_timeout",
                                           "dbname",
                                           "client_encoding",
                                           nullptr};
  const std::array<const char*, 7> values = {"annotateai", "30",   "10",   "10000",
                                             url.c_str(),  "UTF8", nullptr};
  return PQconnectStartParams(keys.data(), values.data(), 1);
}

}  // namespace

PostgresConnection::PostgresConnection(std::shared_ptr<const PostgresSettings> settings,
                                       runtime::Executors& executors)
    : settings_(std::move(settings)),
      strand_(boost::asio::make_strand(executors.io())),
      wire_(std::make_shared<Wire>(strand_)) {}

PostgresConnection::~PostgresConnection() {
  boost::asio::post(strand_, [wire = std::move(wire_)] { wire->timer.cancel(); });
}

Task<std::unique_ptr<PostgresConnection>> PostgresConnection::connect(
    std::shared_ptr<const PostgresSettings> settings, runtime::Executors& executors) {
  auto connection = std::make_unique<PostgresConnection>(settings, executors);
  auto start = [settings] { return start_connecting(*settings); };
  connection->wire_->handle = co_await runtime::run_on(executors.blocking(), std::move(start));
  if (connection->wire_->handle == nullptr) throw internal_error("no memory for a connection");
  co_await boost::asio::co_spawn(connection->strand_, connection->shake_hands(),
                                 boost::asio::use_awaitable);
  std::vector<Command> commands(1);
  commands[0] = {kSession, args(std::to_string(settings->statement_timeout.count()),
                                std::to_string(settings->idle_timeout.count()))};
  co_await connection->run(std::move(commands));
  co_return connection;
}

Task<bool> PostgresConnection::shake_hands() {
  start_timer(settings_->connect_timeout);
  PGconn* handle = wire_->handle;
  PQsetNoticeReceiver(
      handle, [](void*, const PGresult*) {}, nullptr);
  PostgresPollingStatusType state = PGRES_POLLING_WRITING;
  while (PQstatus(handle) != CONNECTION_BAD && state != PGRES_POLLING_OK &&
         state != PGRES_POLLING_FAILED) {
    watch_socket();  // another one when the next of several addresses is tried
    co_await wait_for(state == PGRES_POLLING_READING ? Wait::wait_read : Wait::wait_write);
    wire_->socket.close();
    state = PQconnectPoll(handle);
  }
  wire_->timer.cancel();
  if (PQstatus(handle) != CONNECTION_OK) lose(last_words());
  if (PQsetnonblocking(handle, 1) != 0 || PQenterPipelineMode(handle) != 1) lose(last_words());
  watch_socket();
  co_return true;
}

void PostgresConnection::watch_socket() {
  const int copy = ::fcntl(PQsocket(wire_->handle), F_DUPFD_CLOEXEC, 0);
  if (copy < 0) lose(std::strerror(errno));
  boost::system::error_code code;
  wire_->socket.assign(copy, code);
  if (code) {
    ::close(copy);
    lose(code.message());
  }
}

void PostgresConnection::start_timer(std::chrono::milliseconds limit) {
  wire_->timed_out = false;
  wire_->timer.expires_after(limit);
  // The handler of the last conversation may already be on its way.
  wire_->timer.async_wait([wire = wire_, wait = ++wire_->waits](const auto& code) {
    if (code || wait != wire->waits) return;
    wire->timed_out = true;
    if (wire->socket.is_open()) wire->socket.cancel();
  });
}

void PostgresConnection::lose(const std::string& cause) const {
  if (wire_->timed_out) {
    throw Error(ErrorCode::deadline_exceeded, "database_timeout", "The database did not answer.")
        .with_cause(cause);
  }
  throw database_away(cause);
}

Task<> PostgresConnection::wait_for(Wait what) {
  boost::system::error_code code;
  if (!wire_->timed_out) {
    co_await wire_->socket.async_wait(
        what, boost::asio::redirect_error(boost::asio::use_awaitable, code));
  }
  if (wire_->timed_out) lose("no answer in time");
  if (code) throw boost::system::system_error(code);
}

Task<> PostgresConnection::flush() {
  for (;;) {
    const int state = PQflush(wire_->handle);
    if (state == 0) co_return;
    if (state < 0) lose(last_words());
    co_await wait_for(Wait::wait_write);
  }
}

Task<Result> PostgresConnection::next_result() {
  while (PQisBusy(wire_->handle) != 0) {
    co_await wait_for(Wait::wait_read);
    // On failure libpq makes a result of what the server said before it hung up.
    if (PQconsumeInput(wire_->handle) != 1) break;
  }
  co_return Result(PQgetResult(wire_->handle));
}

std::string PostgresConnection::prepare(const std::string& text, std::size_t command,
                                        std::vector<Sent>& sent) {
  const auto known = prepared_.find(text);
  if (known != prepared_.end()) return known->second;
  std::string name = "s" + std::to_string(++names_);
  if (PQsendPrepare(wire_->handle, name.c_str(), text.c_str(), 0, nullptr) != 1) {
    lose(last_words());
  }
  sent.push_back({command, name});
  return name;
}

std::vector<PostgresConnection::Sent> PostgresConnection::send(
    const std::vector<Command>& commands) {
  std::vector<Sent> sent;
  for (std::size_t i = 0; i < commands.size(); ++i) {
    const PostgresParameters parameters(commands[i].args);
    const std::string name = prepare(std::string(commands[i].statement.postgres), i, sent);
    if (PQsendQueryPrepared(wire_->handle, name.c_str(), parameters.count(), parameters.values(),
                            parameters.lengths(), parameters.formats(), 0) != 1) {
      lose(last_words());
    }
    sent.push_back({i, ""});
  }
  if (PQpipelineSync(wire_->handle) != 1) lose(last_words());
  return sent;
}

void PostgresConnection::accept(const Sent& sent, const Command& command, const PGresult* result,
                                std::vector<Rows>& rows, std::optional<Error>& failure) {
  switch (PQresultStatus(result)) {
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
      if (sent.prepares.empty()) {
        rows[sent.command] = postgres_rows(result);
      } else {
        prepared_.emplace(command.statement.postgres, sent.prepares);
      }
      return;
    case PGRES_PIPELINE_ABORTED:
      return;
    default:
      if (!failure) {
        failure = postgres_error(result, command.statement.name, settings_->unique_names);
      }
  }
}

Task<std::vector<Rows>> PostgresConnection::read_results(std::vector<Command> commands,
                                                         std::vector<Sent> sent) {
  std::vector<Rows> rows(commands.size());
  std::optional<Error> failure;
  const auto open = [this] { return PQstatus(wire_->handle) == CONNECTION_OK; };
  for (const Sent& one : sent) {
    if (!open()) break;
    for (Result result = co_await next_result(); result; result = co_await next_result()) {
      accept(one, commands[one.command], result.get(), rows, failure);
      if (!open()) break;
    }
  }
  bool whole = false;
  if (open()) {
    const Result end = co_await next_result();
    whole = PQresultStatus(end.get()) == PGRES_PIPELINE_SYNC;
  }
  if (!whole && !failure) lose(last_words());
  broken_ = !whole;
  if (failure) throw *failure;
  co_return rows;
}

Task<std::vector<Rows>> PostgresConnection::converse(std::vector<Command> commands) {
  start_timer(settings_->statement_timeout + settings_->answer_grace);
  std::vector<Sent> sent = send(commands);
  co_await flush();
  auto rows = co_await read_results(std::move(commands), std::move(sent));
  wire_->timer.cancel();
  co_return rows;
}

Task<std::vector<Rows>> PostgresConnection::run(std::vector<Command> commands) {
  if (broken_) throw database_away("the connection is broken");
  for (const Command& command : commands) check_args(command.args);
  broken_ = true;
  try {
    co_return co_await boost::asio::co_spawn(strand_, converse(std::move(commands)),
                                             boost::asio::use_awaitable);
  } catch (const boost::system::system_error& error) {
    if (error.code() != boost::asio::error::operation_aborted) throw database_away(error.what());
    throw Error(ErrorCode::cancelled, "cancelled", "The request was given up.");
  }
}

bool PostgresConnection::is_open() const {
  char byte = 0;
  const auto got = ::recv(PQsocket(wire_->handle), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

}  // namespace aa::db
