#include "driver/db/database_fixture.hpp"

#include <atomic>
#include <cstdlib>
#include <sstream>
#include <thread>
#include <unistd.h>

#include <libpq-fe.h>

namespace aa::db {
namespace {

constexpr std::string_view kSqliteSchema = R"(
create table items (
  id integer primary key,
  email text not null,
  size double precision,
  payload blob,
  active boolean not null default 1,
  constraint items_size_positive check (size is null or size > 0));
create unique index items_by_email on items (email);
create table parts (
  id integer primary key,
  item_id bigint not null references items (id),
  late_id bigint references items (id) deferrable initially deferred,
  name text not null,
  constraint parts_name unique (item_id, name));
create table counters (id integer primary key, n bigint not null);
create unique index counters_square on counters ((n * n));
create table notes (id integer primary key, organization_id text not null, body text not null);
)";

constexpr std::string_view kPostgresSchema = R"(
create table items (
  id bigint primary key,
  email text not null,
  size double precision,
  payload bytea,
  active boolean not null default true,
  constraint items_size_positive check (size is null or size > 0));
create unique index items_by_email on items (email);
create table parts (
  id bigint primary key,
  item_id bigint not null references items (id),
  late_id bigint references items (id) deferrable initially deferred,
  name text not null,
  constraint parts_name unique (item_id, name));
create table counters (id bigint primary key, n bigint not null);
create unique index counters_square on counters ((n * n));
create table notes (id bigint primary key, organization_id uuid not null, body text not null);
alter table notes enable row level security;
alter table notes force row level security;
create policy tenant on notes
  using (organization_id::text = current_setting('aa.organization', true)
         or current_setting('aa.system', true) = 'on')
  with check (organization_id::text = current_setting('aa.organization', true)
         or current_setting('aa.system', true) = 'on');
)";

void on_server(const std::string& sql) {
  PGconn* connection = PQconnectdb(EmptyDatabase::server_url()->c_str());
  PGresult* result = PQexec(connection, sql.c_str());
  const bool fine = PQresultStatus(result) == PGRES_COMMAND_OK;
  const std::string words = PQerrorMessage(connection);
  PQclear(result);
  PQfinish(connection);
  if (!fine) throw std::runtime_error(words);
}

std::string fresh_name() {
  static std::atomic<int> count{0};
  return "aa_test_" + std::to_string(::getpid()) + "_" + std::to_string(++count);
}

// The server's own autovacuum may be at work in it, and is not ours to end.
void drop(const std::string& name) {
  for (int tries = 0;; ++tries) {
    try {
      on_server("drop database " + name + " with (force)");
      return;
    } catch (const std::exception&) {
      if (tries == 50) throw;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
}

}  // namespace

std::optional<std::string> EmptyDatabase::server_url() {
  const char* url = std::getenv("ANNOTATEAI_TEST_POSTGRES");
  if (url == nullptr || *url == '\0') return std::nullopt;
  return std::string(url);
}

EmptyDatabase::EmptyDatabase(Engine engine)
    : engine_(engine),
      folder_(std::filesystem::temp_directory_path() / fresh_name()),
      name_(fresh_name()) {
  std::filesystem::create_directory(folder_);
  if (engine_ == Engine::postgres) on_server("create database " + name_);
}

EmptyDatabase::~EmptyDatabase() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
  try {
    if (engine_ == Engine::postgres) drop(name_);
  } catch (const std::exception& error) {
    ADD_FAILURE() << error.what();
  }
}

Settings EmptyDatabase::settings() const {
  Settings settings;
  if (engine_ == Engine::sqlite) {
    settings.url = Secret("sqlite:" + (folder_ / "test.db").string());
    return settings;
  }
  std::string url = *server_url();
  const auto path = url.find('/', url.find("://") + 3);
  const auto end = std::min(url.find('?'), url.size());
  url.replace(path + 1, end - path - 1, name_);
  settings.url = Secret(url);
  return settings;
}

std::string engine_name(const testing::TestParamInfo<Engine>& info) {
  return info.param == Engine::sqlite ? "sqlite" : "postgres";
}

const std::vector<Migration>& test_migrations() {
  static const std::vector<Migration> kMigrations = {{1, "items", kSqliteSchema, kPostgresSchema}};
  return kMigrations;
}

void DatabaseTest::SetUp() {
  if (GetParam() == Engine::postgres && !EmptyDatabase::server_url()) {
    GTEST_SKIP() << "ANNOTATEAI_TEST_POSTGRES is not set: run under script/with_postgres";
  }
  place_ = std::make_unique<EmptyDatabase>(GetParam());
  reopen(place_->settings());
}

void DatabaseTest::TearDown() {
  database_.reset();
  executors_.stop();
  place_.reset();
}

void DatabaseTest::reopen(Settings settings) {
  database_.reset();
  database_ = open_with(settings, executors_, *metrics_, test_migrations());
}

Rows DatabaseTest::write(const Statement& statement, Args args) {
  return run(database_->write(Scope::system(), statement, std::move(args)));
}

Rows DatabaseTest::query(const Statement& statement, Args args) {
  return run(database_->query(Scope::system(), statement, std::move(args)));
}

Error DatabaseTest::error_of(runtime::Task<> task) {
  try {
    run(std::move(task));
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "no error";
  return internal_error("none");
}

double DatabaseTest::metric(const std::string& name) const {
  std::istringstream lines(metrics_->text());
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(name + " ") || line.starts_with(name + "{}")) {
      return std::stod(line.substr(line.rfind(' ') + 1));
    }
  }
  return 0;
}

}  // namespace aa::db
