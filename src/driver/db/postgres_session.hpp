// A blocking connection for the time before serving and for commands: migrations, snapshots.
// Thread rule: one thread at a time. Errors: unavailable "database_not_opened"; postgres_error.hpp.
#pragma once

#include <memory>
#include <string_view>

#include <libpq-fe.h>

#include "base/secret.hpp"
#include "driver/db/database.hpp"
#include "driver/db/postgres_values.hpp"

namespace aa::db {

class PostgresSession {
 public:
  explicit PostgresSession(const Secret& url);

  // Any number of statements without arguments; the rows of the last.
  Rows script(std::string_view text, std::string_view what);
  Rows run(const Statement& statement, const Args& args);
  PGconn* handle() const { return connection_.get(); }
  // Throws what the result says, unless it is one of these.
  void expect(const Result& result, ExecStatusType wanted, std::string_view what) const;

 private:
  struct Finisher {
    void operator()(PGconn* connection) const { PQfinish(connection); }
  };
  Rows rows(const Result& result, std::string_view what);
  std::unique_ptr<PGconn, Finisher> connection_;
};

}  // namespace aa::db
