#include "core/observe/log.hpp"
#include "driver/db/migrate.hpp"
#include "driver/db/postgres_session.hpp"
#include "driver/db/statements.hpp"

namespace aa::db {
namespace {

// Any number that all versions of this program agree on.
constexpr const char* kLock = "select pg_advisory_lock(4702111234474983745)";
constexpr const char* kHasHistory = "select to_regclass('schema_migrations') is not null as there";
constexpr const char* kMayCreate = "select has_schema_privilege(current_schema(), 'CREATE') as may";
constexpr const char* kRole =
    "select current_user as name, rolsuper or rolbypassrls as unbound"
    " from pg_roles where rolname = current_user";
// Unique indexes over plain columns; one over an expression keeps its own name.
constexpr const char* kUniqueNames =
    "select i.relname as name, t.relname || '_' || string_agg(a.attname, '_' order by k.place)"
    "   as thing"
    " from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class t on t.oid = x.indrelid"
    " cross join lateral unnest(x.indkey::int2[]) with ordinality as k(number, place)"
    " join pg_attribute a on a.attrelid = t.oid and a.attnum = k.number"
    " where x.indisunique and x.indexprs is null and k.place <= x.indnkeyatts"
    "   and pg_table_is_visible(t.oid) and t.relnamespace <> 'pg_catalog'::regnamespace"
    " group by i.relname, t.relname";

std::size_t applied_count(PostgresSession& session, const std::vector<Migration>& known) {
  if (!session.script(kHasHistory, "db.has_history").one().get<bool>("there")) return 0;
  std::vector<AppliedMigration> applied;
  for (const Row& row : session.run(sql::select_history, {})) {
    applied.push_back(
        {row.get<int>("number"), row.get<std::string>("name"), row.get<std::string>("checksum")});
  }
  return check_history(applied, known, Engine::postgres);
}

void apply(PostgresSession& session, const Migration& migration) {
  const std::string what = migration_label(migration.number, migration.name);
  try {
    session.script("begin", what);
    session.script(migration.postgres, what);
    session.run(sql::insert_history,
                args(migration.number, migration.name,
                     migration_checksum(migration, Engine::postgres), SystemClock().now()));
    session.script("commit", what);
  } catch (const Error& error) {
    throw migration_failed(migration, error.what());  // the session ends, and undoes it
  }
  observe::info("db_migrated", {{"step", what}});
}

Error schema_outdated(const Migration& missing) {
  return {ErrorCode::precondition_failed, "schema_outdated",
          "The database lacks schema step " + migration_label(missing.number, missing.name) +
              ", and this role may not change the schema. Start once with its owner's URL."};
}

}  // namespace

UniqueNames migrate_postgres(const Secret& url, const std::vector<Migration>& known) {
  PostgresSession session(url);
  const std::size_t applied = applied_count(session, known);
  if (applied < known.size()) {
    if (!session.script(kMayCreate, "db.may_create").one().get<bool>("may")) {
      throw schema_outdated(known[applied]);
    }
    session.script(kLock, "db.migration_lock");
    session.run(sql::create_history, {});
    // Somebody else may have been at it while we waited.
    for (std::size_t i = applied_count(session, known); i < known.size(); ++i) {
      apply(session, known[i]);
    }
  }
  const Row role = session.script(kRole, "db.role").one();
  if (role.get<bool>("unbound")) {
    observe::warn("db_role_unbound",
                  {{"role", role.get<std::string>("name")},
                   {"help", "row-level security does not bind this role: use an ordinary one"}});
  }
  UniqueNames names;
  for (const Row& row : session.script(kUniqueNames, "db.unique_names")) {
    names.emplace(row.get<std::string>("name"), row.get<std::string>("thing"));
  }
  return names;
}

}  // namespace aa::db
