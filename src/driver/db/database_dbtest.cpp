#include <limits>

#include "driver/db/database_fixture.hpp"

namespace aa::db {
namespace {

using runtime::Task;

constexpr Statement same(std::string_view name, std::string_view text) {
  return {name, text, text};
}

constexpr Statement kInsert =
    same("test.insert", "insert into items (id, email, size, payload) values ($1, $2, $3, $4)");
constexpr Statement kSelect =
    same("test.select", "select id, email, size, payload, active from items where id = $1");
constexpr Statement kCount = same("test.count", "select count(*) as n from items");
constexpr Statement kUpdate = same("test.update", "update items set email = $2 where id = $1");
constexpr Statement kDelete = same("test.delete", "delete from items where id = $1");
constexpr Statement kPart =
    same("test.part", "insert into parts (id, item_id, late_id, name) values ($1, $2, $3, $4)");
constexpr Statement kInsertCounter =
    same("test.insert_counter", "insert into counters values (1, 0)");
constexpr Statement kIncrement =
    same("test.increment", "update counters set n = n + 1 where id = 1");
constexpr Statement kCounter = same("test.counter", "select n from counters where id = 1");

Args item(std::int64_t id, std::string email) {
  return args(id, email, std::optional<double>{}, std::optional<Blob>{});
}

class DriverTest : public DatabaseTest {};
INSTANTIATE_TEST_SUITE_P(Engines, DriverTest, testing::Values(Engine::sqlite, Engine::postgres),
                         engine_name);

TEST_P(DriverTest, writes_reads_changes_and_deletes) {
  EXPECT_EQ(write(kInsert, item(1, "a@b")).affected(), 1);
  EXPECT_EQ(query(kSelect, args(1)).one().get<std::string>("email"), "a@b");
  EXPECT_EQ(write(kUpdate, args(1, "c@d")).affected(), 1);
  EXPECT_EQ(write(kUpdate, args(9, "c@d")).affected(), 0);
  EXPECT_EQ(query(kSelect, args(1)).one().get<std::string>("email"), "c@d");
  EXPECT_EQ(write(kDelete, args(1)).affected(), 1);
  EXPECT_EQ(query(kCount).one().get<int>("n"), 0);
  EXPECT_TRUE(query(kSelect, args(1)).empty());
}

TEST_P(DriverTest, values_come_back_as_they_went_in) {
  const std::string text = "Grüße 猫 \xF0\x9F\x90\x95 '\";--\n";
  const Blob bytes = {0, 1, 255, 92, 39, 0};
  const double tiny = std::numeric_limits<double>::denorm_min();
  const std::vector<double> sizes = {0.1, 1.0 / 3, 1e308, tiny, 3.0};
  std::int64_t id = std::numeric_limits<std::int64_t>::max();
  for (const double size : sizes) {
    write(kInsert, args(id, text + std::to_string(id), size, bytes));
    const Rows rows = query(kSelect, args(id));
    EXPECT_EQ(rows.one().get<std::int64_t>("id"), id);
    EXPECT_EQ(rows.one().get<std::string>("email"), text + std::to_string(id));
    EXPECT_EQ(rows.one().get<double>("size"), size);
    EXPECT_EQ(rows.one().get<Blob>("payload"), bytes);
    EXPECT_TRUE(rows.one().get<bool>("active"));
    --id;
  }
  write(kInsert,
        args(std::numeric_limits<std::int64_t>::min(), "", std::optional<double>{}, Blob{}));
  const Rows rows = query(kSelect, args(std::numeric_limits<std::int64_t>::min()));
  EXPECT_EQ(rows.one().get<std::string>("email"), "");
  EXPECT_EQ(rows.one().get<std::optional<double>>("size"), std::nullopt);
  EXPECT_EQ(rows.one().get<Blob>("payload"), Blob{});
}

TEST_P(DriverTest, computed_numbers_have_one_type) {
  constexpr Statement kSum =
      same("test.sum", "select sum(n) as total, count(*) as n from counters");
  write(kInsertCounter);
  write(kIncrement);
  EXPECT_EQ(query(kSum).one().get<std::int64_t>("total"), 1);
}

Task<> write_one(Database& database, const Statement& statement, Args values) {
  co_await database.write(Scope::system(), statement, std::move(values));
}

TEST_P(DriverTest, broken_constraints_have_the_same_names) {
  write(kInsert, item(1, "a@b"));
  const auto fails = [&](const Statement& statement, Args values) {
    const Error error = error_of(write_one(*database_, statement, std::move(values)));
    return std::string(to_string(error.code())) + " " + error.slug();
  };
  EXPECT_EQ(fails(kInsert, item(1, "other")), "already_exists items_id_exists");
  EXPECT_EQ(fails(kInsert, item(2, "a@b")), "already_exists items_email_exists");
  write(kInsertCounter);
  constexpr Statement kSquare = same("test.square", "insert into counters values (2, 0)");
  EXPECT_EQ(fails(kSquare, {}), "already_exists counters_square_exists");
  EXPECT_EQ(fails(kInsert, args(2, "x", -1.0, Blob{})),
            "invalid_argument items_size_positive_violated");
  EXPECT_EQ(fails(kInsert, args(2, std::optional<std::string>{}, 1.0, Blob{})),
            "invalid_argument items_email_required");
  const std::optional<int> none;
  EXPECT_EQ(fails(kPart, args(1, 77, none, "p")), "conflict foreign_key_violated");
  EXPECT_EQ(fails(kPart, args(1, 1, 77, "p")), "conflict foreign_key_violated");
  write(kPart, args(1, 1, none, "p"));
  EXPECT_EQ(fails(kPart, args(2, 1, none, "p")), "already_exists parts_item_id_name_exists");
  EXPECT_EQ(fails(kDelete, args(1)), "conflict foreign_key_violated");
  EXPECT_EQ(query(kCount).one().get<int>("n"), 1);
}

TEST_P(DriverTest, what_one_engine_cannot_store_both_refuse) {
  const auto slug = [&](std::string text, double size) {
    return error_of(write_one(*database_, kInsert, args(1, text, size, Blob{}))).slug();
  };
  EXPECT_EQ(slug(std::string("a\0b", 3), 1), "nul_in_text");
  EXPECT_EQ(slug("\xC3", 1), "text_not_utf8");
  EXPECT_EQ(slug("\xED\xA0\x80", 1), "text_not_utf8");
  EXPECT_EQ(slug("a", std::numeric_limits<double>::quiet_NaN()), "not_a_number");
  EXPECT_EQ(error_of(write_one(*database_, kInsert, args(1, "a"))).code(), ErrorCode::internal);
}

Task<> insert_and_abandon(Database& database) {
  auto transaction = co_await database.begin(Scope::system());
  co_await transaction->exec(kInsert, item(1, "a@b"));
  const Rows inside = co_await transaction->exec(kCount);
  EXPECT_EQ(inside.one().get<int>("n"), 1);
  const Rows outside = co_await database.query(Scope::system(), kCount);
  EXPECT_EQ(outside.one().get<int>("n"), 0) << "a reader saw what was not committed";
}

TEST_P(DriverTest, a_dropped_transaction_is_undone) {
  run(insert_and_abandon(*database_));
  write(kInsertCounter);
  EXPECT_EQ(query(kCount).one().get<int>("n"), 0);
}

Task<> go_on_after_failure(Database& database) {
  auto transaction = co_await database.begin(Scope::system());
  co_await transaction->exec(kInsert, item(1, "a@b"));
  std::string slug;
  try {
    co_await transaction->exec(kInsert, item(1, "a@b"));
  } catch (const Error& error) {
    slug = error.slug();
  }
  EXPECT_EQ(slug, "items_id_exists");
  co_await transaction->commit();
}

TEST_P(DriverTest, a_failed_transaction_cannot_be_committed) {
  EXPECT_EQ(error_of(go_on_after_failure(*database_)).code(), ErrorCode::internal);
  EXPECT_EQ(query(kCount).one().get<int>("n"), 0);
}

Task<> increment(Database& database, bool alone) {
  if (alone) {
    co_await database.write(Scope::system(), kIncrement);
    co_return;
  }
  auto transaction = co_await database.begin(Scope::system());
  co_await transaction->exec(kIncrement);
  co_await transaction->commit();
}

TEST_P(DriverTest, concurrent_increments_all_count) {
  write(kInsertCounter);
  std::vector<std::future<void>> all;
  for (int i = 0; i < 100; ++i) {
    all.push_back(boost::asio::co_spawn(executors_.io(), increment(*database_, i % 2 == 0),
                                        boost::asio::use_future));
  }
  for (auto& one : all) one.get();
  EXPECT_EQ(query(kCounter).one().get<int>("n"), 100);
}

TEST_P(DriverTest, statements_are_named_and_timed) {
  write(kInsert, item(1, "a@b"));
  query(kCount);
  const auto names = database_->executed();
  EXPECT_NE(std::find(names.begin(), names.end(), "test.insert"), names.end());
  EXPECT_NE(std::find(names.begin(), names.end(), "test.count"), names.end());
  EXPECT_EQ(metric("annotateai_db_statement_seconds_count{statement=\"test.count\"}"), 1);
}

Task<> write_by_query(Database& database) {
  co_await database.query(Scope::system(), kInsert, item(1, "a@b"));
}

TEST_P(DriverTest, a_query_cannot_write) {
  EXPECT_EQ(error_of(write_by_query(*database_)).code(), ErrorCode::internal);
  EXPECT_EQ(query(kCount).one().get<int>("n"), 0);
}

TEST_P(DriverTest, answers_a_ping) { EXPECT_NO_THROW(run(database_->ping())); }

}  // namespace
}  // namespace aa::db
