#include "driver/db/postgres_snapshot.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "driver/db/migrate.hpp"
#include "driver/db/postgres_session.hpp"

namespace aa::db {
namespace {

namespace fs = std::filesystem;

constexpr const char* kTables =
    "select c.relname as name, string_agg(quote_ident(a.attname), ', ' order by a.attnum) as "
    "columns"
    " from pg_class c join pg_attribute a on a.attrelid = c.oid"
    " where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r'"
    "   and c.relname <> 'schema_migrations' and a.attnum > 0 and not a.attisdropped and "
    "a.attgenerated = ''"
    " group by c.relname order by c.relname";
constexpr const char* kReferences =
    "select c.relname as name, f.relname as refers_to from pg_constraint k"
    " join pg_class c on c.oid = k.conrelid join pg_class f on f.oid = k.confrelid"
    " where k.contype = 'f' and k.conrelid <> k.confrelid"
    "   and c.relnamespace = current_schema()::regnamespace";
// Row-level security shows every row to whoever sets this.
constexpr const char* kSeeAll = "select set_config('aa.system', 'on', false)";
constexpr std::size_t kPiece = 1 << 20;

struct Table {
  std::string name;
  std::string columns;
};
BOOST_DESCRIBE_STRUCT(Table, (), (name, columns))

struct Contents {
  int steps = 0;  // of the schema
  std::vector<Table> tables;
};
BOOST_DESCRIBE_STRUCT(Contents, (), (steps, tables))

Error storage_full(const fs::path& file) {
  return Error(ErrorCode::out_of_space, "out_of_space",
               "The snapshot could not be written: " + file.string());
}

std::string quoted(const std::string& name) { return '"' + name + '"'; }

std::vector<Table> tables_of(PostgresSession& session) {
  return session.script(kTables, "snapshot.tables").as<Table>();
}

// Every table after those that it refers to.
std::vector<Table> in_order(PostgresSession& session, std::vector<Table> tables) {
  std::multimap<std::string, std::string> needs;
  for (const Row& row : session.script(kReferences, "snapshot.references")) {
    needs.emplace(row.get<std::string>("name"), row.get<std::string>("refers_to"));
  }
  std::vector<Table> out;
  std::set<std::string> done;
  while (!tables.empty()) {
    const auto ready = std::ranges::find_if(tables, [&](const Table& table) {
      const auto [from, to] = needs.equal_range(table.name);
      return std::all_of(from, to, [&](const auto& need) { return done.contains(need.second); });
    });
    if (ready == tables.end()) throw internal_error("tables refer to each other in a circle");
    done.insert(ready->name);
    out.push_back(std::move(*ready));
    tables.erase(ready);
  }
  return out;
}

void copy_out(PostgresSession& session, const Table& table, const fs::path& file) {
  std::ofstream out(file, std::ios::binary);
  const std::string text = "copy " + quoted(table.name) + " (" + table.columns + ") to stdout";
  const Result began(PQexec(session.handle(), text.c_str()));
  session.expect(began, PGRES_COPY_OUT, "snapshot.copy");
  char* line = nullptr;
  int size = 0;
  while ((size = PQgetCopyData(session.handle(), &line, 0)) > 0) {
    out.write(line, size);
    PQfreemem(line);
  }
  for (Result ended(PQgetResult(session.handle())); ended;
       ended.reset(PQgetResult(session.handle()))) {
    session.expect(ended, PGRES_COMMAND_OK, "snapshot.copy");
  }
  out.close();
  if (!out) throw storage_full(file);
}

void copy_in(PostgresSession& session, const Table& table, const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw invalid("snapshot_damaged", "The backup lacks " + file.filename().string() + ".");
  const std::string text = "copy " + quoted(table.name) + " (" + table.columns + ") from stdin";
  const Result began(PQexec(session.handle(), text.c_str()));
  session.expect(began, PGRES_COPY_IN, "snapshot.copy");
  std::string piece(kPiece, '\0');
  while (in.read(piece.data(), static_cast<std::streamsize>(piece.size())), in.gcount() > 0) {
    if (PQputCopyData(session.handle(), piece.data(), static_cast<int>(in.gcount())) != 1) break;
  }
  PQputCopyEnd(session.handle(), nullptr);
  for (Result ended(PQgetResult(session.handle())); ended;
       ended.reset(PQgetResult(session.handle()))) {
    session.expect(ended, PGRES_COMMAND_OK, "snapshot.copy");
  }
}

Contents read_contents(const fs::path& folder) {
  std::ifstream in(folder / "tables.json");
  std::stringstream text;
  text << in.rdbuf();
  return json::read<Contents>(json::parse(text.str()));
}

}  // namespace

void write_postgres_snapshot(const Secret& url, const fs::path& folder) {
  PostgresSession session(url);
  session.script("set statement_timeout = 0; set idle_in_transaction_session_timeout = 0",
                 "snapshot");
  session.script(kSeeAll, "snapshot");
  session.script("begin isolation level repeatable read read only", "snapshot");
  Contents contents;
  contents.steps = session.script("select count(*)::int as n from schema_migrations", "snapshot")
                       .one()
                       .get<int>("n");
  contents.tables = in_order(session, tables_of(session));
  for (const auto& table : contents.tables) {
    copy_out(session, table, folder / (table.name + ".copy"));
  }
  session.script("commit", "snapshot");
  std::ofstream out(folder / "tables.json");
  out << json::write(contents);
  out.close();
  if (!out) throw storage_full(folder);
}

bool postgres_is_empty(const Secret& url) {
  PostgresSession session(url);
  session.script(kSeeAll, "snapshot");
  for (const auto& table : tables_of(session)) {
    const auto rows =
        session.script("select 1 as one from " + quoted(table.name) + " limit 1", "snapshot");
    if (!rows.empty()) return false;
  }
  return true;
}

void read_postgres_snapshot(const Secret& url, const fs::path& folder) {
  const auto contents = read_contents(folder);
  const auto& known = all_migrations();
  if (contents.steps > static_cast<int>(known.size())) {
    throw Error(ErrorCode::precondition_failed, "schema_newer",
                "The backup was made by a newer version of this program. Restore it with that.");
  }
  migrate_postgres(url, {known.begin(), known.begin() + contents.steps});
  PostgresSession session(url);
  session.script("set statement_timeout = 0", "snapshot");
  session.script("begin", "snapshot");
  // COPY does not work under row-level security: its owner steps out of it for this transaction.
  for (const auto& table : contents.tables) {
    session.script("alter table " + quoted(table.name) + " no force row level security",
                   "snapshot");
    copy_in(session, table, folder / (table.name + ".copy"));
    session.script("alter table " + quoted(table.name) + " force row level security", "snapshot");
  }
  session.script("commit", "snapshot");
}

}  // namespace aa::db
