#include "driver/db/sqlite_error.hpp"

#include <algorithm>
#include <string>

#include "driver/db/constraint_error.hpp"

namespace aa::db {
namespace {

// What follows "... constraint failed: ".
std::string_view after_colon(std::string_view words) {
  const auto at = words.find(": ");
  return at == std::string_view::npos ? std::string_view{} : words.substr(at + 2);
}

// "users.org, users.email" -> "users_org_email"; "index 'users_lower'" -> "users_lower".
std::string unique_thing(std::string_view list) {
  if (list.starts_with("index '")) {
    list.remove_prefix(7);
    return std::string(list.substr(0, list.find('\'')));
  }
  std::string out(list.substr(0, list.find('.')));
  while (!list.empty()) {
    const auto end = std::min(list.find(", "), list.size());
    const auto column = list.substr(0, end);
    const auto dot = column.find('.');
    out += "_" + std::string(dot == std::string_view::npos ? column : column.substr(dot + 1));
    list.remove_prefix(std::min(end + 2, list.size()));
  }
  return out;
}

Error constraint_error(int extended, std::string_view words, std::string cause) {
  const std::string_view subject = after_colon(words);
  switch (extended) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
      return unique_violated(unique_thing(subject), std::move(cause));
    case SQLITE_CONSTRAINT_FOREIGNKEY:
      return foreign_key_violated(std::move(cause));
    case SQLITE_CONSTRAINT_NOTNULL: {
      const auto dot = std::min(subject.find('.'), subject.size() - 1);
      return required_missing(subject.substr(0, dot), subject.substr(dot + 1), std::move(cause));
    }
    case SQLITE_CONSTRAINT_CHECK:
      return check_violated(subject, std::move(cause));
    default:
      return check_violated("", std::move(cause));
  }
}

Error busy_error(std::string cause) {
  return unavailable("database_busy", "The database is busy. Try again in a moment.")
      .with_retry_after(std::chrono::seconds(1))
      .with_cause(std::move(cause));
}

}  // namespace

bool is_sync_failure(int extended) {
  return extended == SQLITE_IOERR_FSYNC || extended == SQLITE_IOERR_DIR_FSYNC;
}

Error sqlite_error(int extended, std::string_view words, std::string_view what) {
  std::string cause =
      std::string(what) + ": SQLite " + std::to_string(extended) + ": " + std::string(words);
  if (extended == SQLITE_BUSY_SNAPSHOT) {
    return conflict("serialization_failed", "Somebody else changed this at the same time.")
        .with_cause(std::move(cause));
  }
  switch (extended & 0xFF) {
    case SQLITE_CONSTRAINT:
      return constraint_error(extended, words, std::move(cause));
    case SQLITE_FULL:
      return database_full(std::move(cause));
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return busy_error(std::move(cause));
    case SQLITE_INTERRUPT:
      return statement_timed_out(what);
    case SQLITE_TOOBIG:
      return too_large("value_too_large", "A value is too large for the database.")
          .with_cause(std::move(cause));
    default:
      return internal_error(std::move(cause));
  }
}

}  // namespace aa::db
