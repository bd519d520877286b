// A database of either engine with a schema of its own, for the drivers' tests.
//
// SQLite lives in a temporary folder; PostgreSQL is the server at ANNOTATEAI_TEST_POSTGRES (see
// script/with_postgres), where every test gets a database of its own. Without that variable the
// PostgreSQL cases are skipped.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/runtime/executors.hpp"
#include "driver/db/open.hpp"

namespace aa::db {

// Makes an empty database at construction and drops it at destruction.
class EmptyDatabase {
 public:
  explicit EmptyDatabase(Engine engine);
  ~EmptyDatabase();
  EmptyDatabase(const EmptyDatabase&) = delete;
  EmptyDatabase& operator=(const EmptyDatabase&) = delete;

  Settings settings() const;
  const std::filesystem::path& folder() const { return folder_; }
  // PostgreSQL's server, nullopt when the variable is unset.
  static std::optional<std::string> server_url();

 private:
  Engine engine_;
  std::filesystem::path folder_;
  std::string name_;
};

std::string engine_name(const testing::TestParamInfo<Engine>& info);

// Items, counters and tenants' notes: what the tests need, the same on both engines.
const std::vector<Migration>& test_migrations();

class DatabaseTest : public testing::TestWithParam<Engine> {
 protected:
  void SetUp() override;
  void TearDown() override;

  void reopen(Settings settings);
  template <class T>
  T run(runtime::Task<T> task) {
    return runtime::block_on(executors_, std::move(task));
  }
  Rows write(const Statement& statement, Args args = {});
  Rows query(const Statement& statement, Args args = {});
  // The error that `task` ends with; the test fails when it ends with none.
  Error error_of(runtime::Task<> task);
  double metric(const std::string& name) const;

  runtime::Executors executors_{{.io_threads = 2, .compute_threads = 1, .blocking_threads = 2}};
  std::unique_ptr<EmptyDatabase> place_;
  std::unique_ptr<observe::Metrics> metrics_ = std::make_unique<observe::Metrics>();
  std::unique_ptr<Database> database_;
};

}  // namespace aa::db
