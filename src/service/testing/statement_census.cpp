#include "service/testing/statement_census.hpp"

#include <map>
#include <set>

#include <gtest/gtest.h>

namespace aa::fixture {
namespace {

std::map<db::Engine, std::set<std::string, std::less<>>>& census() {
  static std::map<db::Engine, std::set<std::string, std::less<>>> kExecuted;
  return kExecuted;
}

class Judge final : public testing::Environment {
 public:
  explicit Judge(std::span<const db::Statement> statements) : statements_(statements) {}

  void TearDown() override {
    if (testing::GTEST_FLAG(filter) != "*") return;
    for (const auto& [engine, executed] : census()) {
      for (const auto& statement : statements_) {
        EXPECT_TRUE(executed.contains(statement.name))
            << statement.name << " was run by no test on "
            << (engine == db::Engine::sqlite ? "SQLite" : "PostgreSQL");
      }
    }
  }

 private:
  std::span<const db::Statement> statements_;
};

}  // namespace

bool require_statements(std::span<const db::Statement> statements) {
  return testing::AddGlobalTestEnvironment(new Judge(statements)) != nullptr;
}

void count_statements(db::Engine engine, const std::vector<std::string>& executed) {
  census()[engine].insert(executed.begin(), executed.end());
}

}  // namespace aa::fixture
