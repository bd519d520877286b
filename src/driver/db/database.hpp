// Databases: one interface, two engines (SQLite, PostgreSQL).
//
// Statements live in .sql files and have names; timeouts and metrics hang on the name. Every call
// says in whose name it runs (Scope): on PostgreSQL row-level security enforces it.
//
// Types are the same in both engines: identifiers are UUIDs (TEXT in SQLite), times are BIGINT
// microseconds (Timestamp), JSON is TEXT kept byte for byte, booleans are BOOLEAN / INTEGER. What
// PostgreSQL writes as encode(sha256(convert_to(text, 'UTF8')), 'hex') is sha256_hex(text) in
// SQLite.
//
// Thread rule: Database may be used from any coroutine on the io executor; a Transaction by one
// coroutine at a time. Nothing here blocks an io thread.
// Errors: not a driver's own exception but aa::Error: already_exists (unique constraint; the slug
// names it), conflict (foreign key, serialization, deadlock: is_retryable), invalid_argument
// (check constraint), out_of_space, unavailable (engine away, pool exhausted), deadline_exceeded.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.hpp"
#include "base/id.hpp"
#include "core/runtime/task.hpp"
#include "driver/db/row.hpp"

namespace aa::db {

using runtime::Task;

enum class Engine { sqlite, postgres };

// A named statement; `$1`, `$2`... stand for its arguments. Generated from sql/NAME.sql (both
// engines), or sql/NAME.sqlite.sql and sql/NAME.postgres.sql where the dialects differ.
struct Statement {
  std::string_view name;  // "projects.insert_project"
  std::string_view sqlite;
  std::string_view postgres;
  std::string_view text(Engine engine) const {
    return engine == Engine::sqlite ? sqlite : postgres;
  }
};

// In whose name a statement runs.
class Scope {
 public:
  static Scope tenant(OrganizationId organization) { return Scope(organization); }
  // Sees every tenant: login, workers that pick jobs, maintenance. Grep for it in review.
  static Scope system() { return Scope(std::nullopt); }
  const std::optional<OrganizationId>& organization() const { return organization_; }

 private:
  explicit Scope(std::optional<OrganizationId> organization) : organization_(organization) {}
  std::optional<OrganizationId> organization_;
};

// One of the statements that go in one go: Database::run(), Ending.
struct Step {
  Step(const Statement& what, Args with, bool one = false)
      : statement(what), args(std::move(with)), touches_one(one) {}
  Statement statement;
  Args args;
  // Must change exactly one row (INSERT, UPDATE or DELETE without RETURNING); otherwise all of the
  // steps are undone.
  bool touches_one = false;
};

class Transaction;

// What a transaction writes last.
class Ending {
 public:
  virtual ~Ending() = default;
  // It as statements that go with the commit, in one visit to SQLite's writer or one round trip to
  // PostgreSQL; none where that cannot be.
  virtual std::vector<Step> steps() = 0;
  // The same one by one: where there are no steps, or one did not touch its one row.
  virtual Task<> write(Transaction& transaction) = 0;
};

class Transaction {
 public:
  virtual ~Transaction() = default;  // rolls back unless committed
  virtual Task<Rows> exec(const Statement& statement, Args args = {}) = 0;
  // Returns when the changes are durable.
  Task<> commit();

  // Written when the transaction is committed, after all else and in the order of these calls;
  // of many some before that.
  Task<> write_last(std::shared_ptr<Ending> ending);
  // Writes now what waits for the commit.
  Task<> write_endings();

  // Called once after a commit that succeeded, by whoever committed; dropped when it does not.
  // Must not throw.
  void on_commit(std::function<void()> tell) { tell_.push_back(std::move(tell)); }

 protected:
  // The steps, then the commit. False when a step did not touch its one row: the steps are undone,
  // nothing else is, and the transaction goes on.
  virtual Task<bool> finish(std::vector<Step> steps) = 0;

 private:
  std::vector<std::function<void()>> tell_;
  std::vector<std::shared_ptr<Ending>> endings_;
};

class Database {
 public:
  virtual ~Database() = default;
  virtual Engine engine() const = 0;
  // One statement that only reads, outside a transaction.
  virtual Task<Rows> query(Scope scope, const Statement& statement, Args args = {}) = 0;
  virtual Task<std::unique_ptr<Transaction>> begin(Scope scope) = 0;
  // One statement that writes, in a transaction of its own; durable when it returns.
  virtual Task<Rows> write(Scope scope, const Statement& statement, Args args = {});
  // Statements that write, one after the other in a transaction of their own, in one go: one visit
  // to SQLite's writer, one round trip to PostgreSQL. True when durable; false when a step did not
  // touch its one row, and nothing was changed.
  virtual Task<bool> run(Scope scope, std::vector<Step> steps) = 0;
  virtual Task<> ping() = 0;
  // Names of the statements run so far: a test fails on a statement that no test runs.
  virtual std::vector<std::string> executed() const = 0;
};

// The whole transaction may be run again: it was undone by no fault of its own.
bool is_retryable(const Error& error);

}  // namespace aa::db
