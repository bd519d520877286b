// One connection to an SQLite file: prepared statements, values in and out, time limits.
//
// Placeholders are `$1`...`$n`, bound by name, so their order in the text does not matter.
// Thread rule: one thread at a time. Every call may block.
// Errors: sqlite_error.hpp.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <sqlite3.h>

#include "driver/db/database.hpp"

namespace aa::db {

class SqliteConnection {
 public:
  enum class Mode { write, read };
  static constexpr std::chrono::milliseconds kBusyTimeout{5'000};

  // Makes the file (mode 0600) when it is absent; journal WAL, synchronous FULL, foreign keys on.
  SqliteConnection(const std::filesystem::path& file, Mode mode);
  ~SqliteConnection();
  SqliteConnection(const SqliteConnection&) = delete;
  SqliteConnection& operator=(const SqliteConnection&) = delete;

  // `limit` counts from now; beyond it Error(deadline_exceeded).
  Rows run(const Statement& statement, const Args& args, std::chrono::nanoseconds limit);
  // Statements without results and limits: transaction control, pragmas, migrations.
  void script(std::string_view text, std::string_view what);

  bool in_transaction() const { return sqlite3_get_autocommit(handle_.get()) == 0; }
  bool has_open_foreign_keys() const;
  int last_code() const { return last_code_; }  // extended code of the last failure
  sqlite3* handle() const { return handle_.get(); }

 private:
  struct Closer {
    void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
  };
  struct Finalizer {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  struct Prepared {
    std::unique_ptr<sqlite3_stmt, Finalizer> statement;
    std::vector<int> places;  // places[i] is SQLite's number of $i+1, 0 when unused
  };

  void configure(Mode mode);
  void enter_wal();
  Prepared& prepare(const Statement& statement);
  void bind(const Prepared& prepared, const Statement& statement, const Args& args);
  std::vector<Row> step_all(const Prepared& prepared, std::string_view what);
  [[noreturn]] void fail(int code, std::string_view what);
  static int on_progress(void* self);

  std::unique_ptr<sqlite3, Closer> handle_;
  std::unordered_map<std::string, Prepared> prepared_;
  std::chrono::steady_clock::time_point deadline_ = std::chrono::steady_clock::time_point::max();
  int last_code_ = SQLITE_OK;
};

}  // namespace aa::db
