#include "driver/db/postgres_session.hpp"

#include <array>

#include "driver/db/postgres_error.hpp"

namespace aa::db {

PostgresSession::PostgresSession(const Secret& url) {
  const std::string text(url.reveal());
  const std::array<const char*, 4> keys = {"connect_timeout", "dbname", "client_encoding", nullptr};
  const std::array<const char*, 4> values = {"10", text.c_str(), "UTF8", nullptr};
  connection_.reset(PQconnectdbParams(keys.data(), values.data(), 1));
  if (PQstatus(connection_.get()) != CONNECTION_OK) {
    throw Error(ErrorCode::unavailable, "database_not_opened",
                "Cannot connect to PostgreSQL. Check the database URL and that the server runs.")
        .with_cause(PQerrorMessage(connection_.get()));
  }
  PQsetNoticeReceiver(
      connection_.get(), [](void*, const PGresult*) {}, nullptr);
  script("set bytea_output = 'hex'", "connect");
}

Rows PostgresSession::script(std::string_view text, std::string_view what) {
  const Result result(PQexec(connection_.get(), std::string(text).c_str()));
  return rows(result, what);
}

Rows PostgresSession::run(const Statement& statement, const Args& args) {
  const PostgresParameters parameters(args);
  const Result result(PQexecParams(connection_.get(), std::string(statement.postgres).c_str(),
                                   parameters.count(), nullptr, parameters.values(),
                                   parameters.lengths(), parameters.formats(), 0));
  return rows(result, statement.name);
}

void PostgresSession::expect(const Result& result, ExecStatusType wanted,
                             std::string_view what) const {
  if (PQresultStatus(result.get()) != wanted) throw postgres_error(result.get(), what, {});
}

Rows PostgresSession::rows(const Result& result, std::string_view what) {
  const auto status = PQresultStatus(result.get());
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) return postgres_rows(result.get());
  throw postgres_error(result.get(), what, {});
}

}  // namespace aa::db
