#include "driver/db/sqlite_connection.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <thread>
#include <unistd.h>

#include "base/hash.hpp"
#include "driver/db/sqlite_error.hpp"

namespace aa::db {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kPreparedMax = 512;
constexpr int kProgressSteps = 20'000;  // virtual machine instructions between two looks at time

// SQLite itself would make the file readable for everybody; -wal and -shm take its mode.
// A file that is there is not touched: closing any descriptor of it would drop the locks that the
// connections of this process hold (POSIX), and another process would take the log for its own.
void make_private_file(const std::filesystem::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0 && errno == EEXIST) return;
  if (descriptor < 0) {
    throw Error(ErrorCode::unavailable, "database_not_opened",
                "Cannot open the database file " + file.string() + ": " + std::strerror(errno) +
                    ". Check that its folder exists and may be written.");
  }
  ::close(descriptor);
}

int bind_value(sqlite3_stmt* statement, int place, const Value& value) {
  struct Binder {
    sqlite3_stmt* statement;
    int place;
    int operator()(std::monostate) const { return sqlite3_bind_null(statement, place); }
    int operator()(std::int64_t v) const { return sqlite3_bind_int64(statement, place, v); }
    int operator()(double v) const { return sqlite3_bind_double(statement, place, v); }
    int operator()(const std::string& v) const {
      return sqlite3_bind_text64(statement, place, v.data(), v.size(), SQLITE_STATIC, SQLITE_UTF8);
    }
    int operator()(const Blob& v) const {
      if (v.empty()) return sqlite3_bind_zeroblob(statement, place, 0);
      return sqlite3_bind_blob64(statement, place, v.data(), v.size(), SQLITE_STATIC);
    }
  };
  return std::visit(Binder{statement, place}, value);
}

Value column_value(sqlite3_stmt* statement, int column) {
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER:
      return std::int64_t{sqlite3_column_int64(statement, column)};
    case SQLITE_FLOAT:
      return sqlite3_column_double(statement, column);
    case SQLITE_TEXT: {
      const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
      return std::string(text, static_cast<std::size_t>(sqlite3_column_bytes(statement, column)));
    }
    case SQLITE_BLOB: {
      const auto* bytes = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement, column));
      const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
      return size == 0 ? Blob{} : Blob(bytes, bytes + size);
    }
    default:
      return {};
  }
}

// sha256_hex(text), as encode(sha256(...), 'hex') of PostgreSQL.
void sha256_hex(sqlite3_context* context, int, sqlite3_value** values) {
  const auto* bytes = static_cast<const char*>(sqlite3_value_blob(values[0]));
  const auto size = static_cast<std::size_t>(sqlite3_value_bytes(values[0]));
  const std::string hex = to_hex(sha256(std::string_view(bytes, bytes == nullptr ? 0 : size)));
  sqlite3_result_text(context, hex.data(), static_cast<int>(hex.size()), SQLITE_TRANSIENT);
}

// Gives the statement back whole, whatever happened in between.
class Resetting {
 public:
  explicit Resetting(sqlite3_stmt* statement) : statement_(statement) {}
  ~Resetting() {
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
  }
  Resetting(const Resetting&) = delete;
  Resetting& operator=(const Resetting&) = delete;

 private:
  sqlite3_stmt* statement_;
};

}  // namespace

SqliteConnection::SqliteConnection(const std::filesystem::path& file, Mode mode) {
  if (mode == Mode::write) make_private_file(file);
  sqlite3* handle = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const int code = sqlite3_open_v2(file.c_str(), &handle, flags, nullptr);
  handle_.reset(handle);
  if (code != SQLITE_OK) fail(code, "open " + file.string());
  configure(mode);
}

SqliteConnection::~SqliteConnection() { prepared_.clear(); }

void SqliteConnection::configure(Mode mode) {
  sqlite3_busy_timeout(handle_.get(), static_cast<int>(kBusyTimeout.count()));
  sqlite3_db_config(handle_.get(), SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
  sqlite3_db_config(handle_.get(), SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
  sqlite3_db_config(handle_.get(), SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_create_function_v2(handle_.get(), "sha256_hex", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC,
                             nullptr, &sha256_hex, nullptr, nullptr, nullptr);
  if (mode == Mode::write) enter_wal();
  script(
      "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;"
      "PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -8000",
      "configure");
  if (mode == Mode::read) script("PRAGMA query_only = ON", "configure");
  sqlite3_progress_handler(handle_.get(), kProgressSteps, &SqliteConnection::on_progress, this);
}

// The busy handler is not asked when the journal mode changes, so wait here.
void SqliteConnection::enter_wal() {
  const auto give_up = Clock::now() + kBusyTimeout;
  for (;;) {
    const int code =
        sqlite3_exec(handle_.get(), "PRAGMA journal_mode = WAL", nullptr, nullptr, nullptr);
    if (code == SQLITE_OK) return;
    if ((code & 0xFF) != SQLITE_BUSY || Clock::now() > give_up) fail(code, "journal_mode");
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

int SqliteConnection::on_progress(void* self) {
  return Clock::now() > static_cast<SqliteConnection*>(self)->deadline_ ? 1 : 0;
}

void SqliteConnection::fail(int code, std::string_view what) {
  last_code_ = code;
  const char* words = handle_ ? sqlite3_errmsg(handle_.get()) : sqlite3_errstr(code);
  throw sqlite_error(code, words, what);
}

void SqliteConnection::script(std::string_view text, std::string_view what) {
  const std::string kept(text);
  const int code = sqlite3_exec(handle_.get(), kept.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(code, what);
}

bool SqliteConnection::has_open_foreign_keys() const {
  int open = 0;
  int high = 0;
  sqlite3_db_status(handle_.get(), SQLITE_DBSTATUS_DEFERRED_FKS, &open, &high, 0);
  return open != 0;
}

SqliteConnection::Prepared& SqliteConnection::prepare(const Statement& statement) {
  const std::string text(statement.sqlite);
  const auto found = prepared_.find(text);
  if (found != prepared_.end()) return found->second;
  if (prepared_.size() >= kPreparedMax) prepared_.clear();

  sqlite3_stmt* raw = nullptr;
  const char* tail = nullptr;
  const int code = sqlite3_prepare_v3(handle_.get(), text.data(), static_cast<int>(text.size()),
                                      SQLITE_PREPARE_PERSISTENT, &raw, &tail);
  Prepared prepared;
  prepared.statement.reset(raw);
  if (code != SQLITE_OK) fail(code, statement.name);
  if (raw == nullptr || std::string_view(tail).find_first_not_of(" \n\t;") != std::string::npos) {
    throw internal_error(std::string(statement.name) + " must be exactly one statement");
  }
  const int count = sqlite3_bind_parameter_count(raw);
  for (int i = 1; i <= count; ++i) {
    prepared.places.push_back(sqlite3_bind_parameter_index(raw, ("$" + std::to_string(i)).c_str()));
  }
  return prepared_.emplace(text, std::move(prepared)).first->second;
}

void SqliteConnection::bind(const Prepared& prepared, const Statement& statement,
                            const Args& args) {
  if (args.size() != prepared.places.size()) {
    throw internal_error(std::string(statement.name) + " takes " +
                         std::to_string(prepared.places.size()) + " arguments, got " +
                         std::to_string(args.size()));
  }
  for (std::size_t i = 0; i < args.size(); ++i) {
    const int code = bind_value(prepared.statement.get(), prepared.places[i], args[i]);
    if (code != SQLITE_OK) fail(code, statement.name);
  }
}

std::vector<Row> SqliteConnection::step_all(const Prepared& prepared, std::string_view what) {
  sqlite3_stmt* statement = prepared.statement.get();
  std::vector<Row> rows;
  ColumnNames columns;
  int code = SQLITE_ROW;
  while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
    const int count = sqlite3_column_count(statement);
    if (!columns) {
      std::vector<std::string> names;
      for (int i = 0; i < count; ++i) names.emplace_back(sqlite3_column_name(statement, i));
      columns = std::make_shared<const std::vector<std::string>>(std::move(names));
    }
    std::vector<Value> values;
    values.reserve(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) values.push_back(column_value(statement, i));
    rows.emplace_back(columns, std::move(values));
  }
  if (code != SQLITE_DONE) fail(code, what);
  return rows;
}

Rows SqliteConnection::run(const Statement& statement, const Args& args,
                           std::chrono::nanoseconds limit) {
  const Prepared& prepared = prepare(statement);
  const Resetting resetting(prepared.statement.get());
  bind(prepared, statement, args);
  deadline_ = Clock::now() + std::chrono::duration_cast<Clock::duration>(limit);
  std::vector<Row> rows;
  try {
    rows = step_all(prepared, statement.name);
  } catch (...) {
    deadline_ = Clock::time_point::max();
    throw;
  }
  deadline_ = Clock::time_point::max();
  const bool reads = sqlite3_stmt_readonly(prepared.statement.get()) != 0;
  return {std::move(rows), reads ? 0 : sqlite3_changes64(handle_.get())};
}

}  // namespace aa::db
