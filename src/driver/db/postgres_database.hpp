// A Database on PostgreSQL: a pool of pipelined connections, every statement in its scope.
//
// The scope is set for the transaction only, by set_config(..., true) in the same round trip:
// tenant sets aa.organization, system sets aa.system to 'on'. Policies of the schema read them
// with current_setting('aa.organization', true). See docs/postgresql.md for the roles.
//
// query() is one round trip in an implicit read-only transaction; a transaction's first statement
// carries BEGIN and the scope; write() and run() are one round trip from BEGIN to COMMIT.
#pragma once

#include "driver/db/postgres_pool.hpp"

namespace aa::db {

class PostgresDatabase final : public Database {
 public:
  // `role`: what statements run as (SET LOCAL ROLE), empty for the role that logged in.
  PostgresDatabase(std::shared_ptr<const PostgresSettings> settings, std::size_t connections,
                   std::chrono::milliseconds acquire_timeout, std::string role,
                   runtime::Executors& executors, observe::Metrics& metrics);
  ~PostgresDatabase() override;

  Engine engine() const override { return Engine::postgres; }
  Task<Rows> query(Scope scope, const Statement& statement, Args args) override;
  Task<std::unique_ptr<Transaction>> begin(Scope scope) override;
  Task<Rows> write(Scope scope, const Statement& statement, Args args) override;
  Task<bool> run(Scope scope, std::vector<Step> steps) override;
  Task<> ping() override;
  std::vector<std::string> executed() const override { return log_->executed(); }

 private:
  Task<std::optional<Rows>> try_query(Scope scope, Statement statement, Args args, bool last);

  const std::shared_ptr<StatementLog> log_;
  const std::shared_ptr<PostgresPool> pool_;
  const std::string role_;
};

}  // namespace aa::db
