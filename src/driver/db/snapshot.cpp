#include "driver/db/snapshot.hpp"

#include "driver/db/postgres_snapshot.hpp"
#include "driver/db/sqlite_connection.hpp"
#include "driver/db/sqlite_error.hpp"

namespace aa::db {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSqlite = "sqlite:";
constexpr const char* kSqliteFile = "database.sqlite";

Error failed(sqlite3* handle, const char* what) {
  return internal_error(std::string(what) + ": " + sqlite3_errmsg(handle));
}

void copy_sqlite(const fs::path& from, const fs::path& to) {
  if (!fs::exists(from)) throw not_found("database");
  const SqliteConnection source(from, SqliteConnection::Mode::read);
  sqlite3* opened = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_EXCLUSIVE;
  const int code = sqlite3_open_v2(to.c_str(), &opened, flags, nullptr);
  const std::unique_ptr<sqlite3, int (*)(sqlite3*)> target(opened, sqlite3_close_v2);
  if (code != SQLITE_OK) throw failed(opened, "snapshot file");
  sqlite3_backup* backup = sqlite3_backup_init(opened, "main", source.handle(), "main");
  if (backup == nullptr) throw failed(opened, "snapshot");
  const int step = sqlite3_backup_step(backup, -1);
  sqlite3_backup_finish(backup);
  if (step != SQLITE_DONE) throw failed(opened, "snapshot");
  fs::permissions(to, fs::perms::owner_read | fs::perms::owner_write);
}

void check_sqlite(const fs::path& file) {
  sqlite3* opened = nullptr;
  const int code = sqlite3_open_v2(file.c_str(), &opened, SQLITE_OPEN_READONLY, nullptr);
  const std::unique_ptr<sqlite3, int (*)(sqlite3*)> handle(opened, sqlite3_close_v2);
  std::string verdict;
  const auto keep = [](void* out, int, char** values, char**) {
    *static_cast<std::string*>(out) = values[0] != nullptr ? values[0] : "";
    return 1;
  };
  if (code == SQLITE_OK) sqlite3_exec(opened, "PRAGMA quick_check", keep, &verdict, nullptr);
  if (verdict == "ok") return;
  throw invalid("snapshot_damaged", "The database of the backup is damaged: " + verdict);
}

}  // namespace

Engine engine_of(const Secret& url) {
  return url.reveal().starts_with(kSqlite) ? Engine::sqlite : Engine::postgres;
}

fs::path file_of(const Secret& url) {
  if (engine_of(url) != Engine::sqlite) return {};
  return url.reveal().substr(kSqlite.size());
}

void write_snapshot(const Secret& url, const fs::path& folder) {
  if (engine_of(url) == Engine::sqlite) return copy_sqlite(file_of(url), folder / kSqliteFile);
  write_postgres_snapshot(url, folder);
}

void require_empty(const Secret& url) {
  const bool empty =
      engine_of(url) == Engine::sqlite ? !fs::exists(file_of(url)) : postgres_is_empty(url);
  if (empty) return;
  throw conflict("database_not_empty",
                 "There is something in the database already. Restore into an empty one.");
}

void read_snapshot(const Secret& url, const fs::path& folder) {
  require_empty(url);
  if (engine_of(url) == Engine::postgres) return read_postgres_snapshot(url, folder);
  check_sqlite(folder / kSqliteFile);
  const auto file = file_of(url);
  const fs::path fresh = file.string() + ".restored";
  fs::remove(fresh);
  copy_sqlite(folder / kSqliteFile, fresh);
  fs::rename(fresh, file);
}

}  // namespace aa::db
