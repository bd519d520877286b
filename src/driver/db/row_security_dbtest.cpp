// PostgreSQL's row-level security: the second wall between tenants.
#include <libpq-fe.h>

#include "driver/db/database_fixture.hpp"
#include "driver/db/postgres_values.hpp"

namespace aa::db {
namespace {

using runtime::Task;

constexpr Statement same(std::string_view name, std::string_view text) {
  return {name, text, text};
}

constexpr Statement kNote =
    same("test.note", "insert into notes (id, organization_id, body) values ($1, $2, 'n')");
constexpr Statement kNotes = same("test.notes", "select count(*) as n from notes");
constexpr Statement kUser = same("test.user", "select current_user::text as name");

const auto kOurs = *OrganizationId::parse("01890a5d-ac96-774b-bcce-b302099a8057");
const auto kTheirs = *OrganizationId::parse("01890a5d-ac96-774b-bcce-b302099a8058");

class RowSecurityTest : public DatabaseTest {
 protected:
  // What SQL typed by hand, without the program, gets: the last statement's first value, or the
  // SQLSTATE.
  std::string by_hand(const std::string& sql) const {
    PGconn* connection = PQconnectdb(std::string(place_->settings().url.reveal()).c_str());
    std::string out;
    {
      const Result result(PQexec(connection, sql.c_str()));
      const char* state = PQresultErrorField(result.get(), PG_DIAG_SQLSTATE);
      if (state != nullptr) {
        out = state;
      } else if (PQntuples(result.get()) > 0) {
        out = PQgetvalue(result.get(), 0, 0);
      }
    }
    PQfinish(connection);
    return out;
  }
  int seen_by(Scope scope) { return run(database_->query(scope, kNotes)).one().get<int>("n"); }
  void add(Scope scope, int id, OrganizationId owner) {
    run(database_->write(scope, kNote, args(id, owner)));
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, RowSecurityTest, testing::Values(Engine::postgres), engine_name);

TEST_P(RowSecurityTest, tenants_do_not_see_each_other) {
  add(Scope::tenant(kOurs), 1, kOurs);
  add(Scope::tenant(kTheirs), 2, kTheirs);
  add(Scope::system(), 3, kTheirs);
  EXPECT_EQ(seen_by(Scope::tenant(kOurs)), 1);
  EXPECT_EQ(seen_by(Scope::tenant(kTheirs)), 2);
  EXPECT_EQ(seen_by(Scope::system()), 3);
  EXPECT_EQ(by_hand("select count(*) from notes"), "0");
  EXPECT_EQ(by_hand("select set_config('aa.organization', '" + kTheirs.str() +
                    "', false); select count(*) from notes"),
            "2");
  EXPECT_EQ(by_hand("insert into notes values (9, '" + kOurs.str() + "', 'x')"), "42501");
}

TEST_P(RowSecurityTest, a_tenant_cannot_write_for_another) {
  EXPECT_THROW(add(Scope::tenant(kOurs), 1, kTheirs), Error);
  EXPECT_EQ(seen_by(Scope::system()), 0);
}

Task<> count_in(Database& database, Scope scope, int expected) {
  auto transaction = co_await database.begin(scope);
  for (int i = 0; i < 2; ++i) {
    const Rows rows = co_await transaction->exec(kNotes);
    EXPECT_EQ(rows.one().get<int>("n"), expected);
  }
  co_await transaction->commit();
}

TEST_P(RowSecurityTest, a_scope_ends_with_its_transaction) {
  Settings one = place_->settings();
  one.connections = 1;
  reopen(one);
  add(Scope::tenant(kOurs), 1, kOurs);
  add(Scope::tenant(kTheirs), 2, kTheirs);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(seen_by(Scope::system()), 2);
    EXPECT_EQ(seen_by(Scope::tenant(kOurs)), 1);
    run(count_in(*database_, Scope::system(), 2));
    run(count_in(*database_, Scope::tenant(kTheirs), 1));
    EXPECT_EQ(seen_by(Scope::tenant(kOurs)), 1);
  }
}

TEST_P(RowSecurityTest, statements_run_as_the_application_role) {
  by_hand("create role aa_test_application nologin; grant aa_test_application to current_user");
  by_hand("grant select, insert on notes to aa_test_application");
  Settings settings = place_->settings();
  settings.role = "aa_test_application";
  reopen(settings);
  EXPECT_EQ(run(database_->query(Scope::system(), kUser)).one().get<std::string>("name"),
            "aa_test_application");
  add(Scope::tenant(kOurs), 1, kOurs);
  EXPECT_EQ(seen_by(Scope::tenant(kOurs)), 1);
  constexpr Statement kDelete = same("test.delete", "delete from notes");
  EXPECT_THROW(run(database_->write(Scope::tenant(kOurs), kDelete)), Error);
  by_hand("drop owned by aa_test_application; drop role aa_test_application");
}

TEST_P(RowSecurityTest, an_application_role_serves_but_does_not_migrate) {
  by_hand("create role aa_test_server login; grant aa_test_server to current_user");
  by_hand("grant select, insert on all tables in schema public to aa_test_server");
  Settings settings = place_->settings();
  std::string url(settings.url.reveal());
  url.replace(url.find("://") + 3, url.find('@') - url.find("://") - 3, "aa_test_server");
  settings.url = Secret(url);
  reopen(settings);
  add(Scope::tenant(kOurs), 1, kOurs);
  EXPECT_EQ(seen_by(Scope::tenant(kTheirs)), 0);
  EXPECT_EQ(seen_by(Scope::tenant(kOurs)), 1);

  auto newer = test_migrations();
  newer.push_back({2, "more", "select 1", "select 1"});
  try {
    open_with(settings, executors_, *metrics_, newer);
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.slug(), "schema_outdated");
  }
  database_.reset();
  by_hand("drop owned by aa_test_server; drop role aa_test_server");
}

}  // namespace
}  // namespace aa::db
