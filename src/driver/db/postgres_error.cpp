#include "driver/db/postgres_error.hpp"

#include "driver/db/constraint_error.hpp"

namespace aa::db {
namespace {

std::string field(const PGresult* result, int code) {
  const char* text = PQresultErrorField(result, code);
  return text == nullptr ? "" : text;
}

// An index that came into being after the start: go by the server's own naming convention.
std::string thing_of(const std::string& index, const UniqueNames& names) {
  const auto found = names.find(index);
  if (found != names.end()) return found->second;
  for (const std::string_view tail : {"_key", "_idx"}) {
    if (index.ends_with(tail)) return index.substr(0, index.size() - tail.size());
  }
  return index;
}

Error integrity_error(const PGresult* result, const std::string& state, std::string cause,
                      const UniqueNames& names) {
  const std::string constraint = field(result, PG_DIAG_CONSTRAINT_NAME);
  if (state == "23505") return unique_violated(thing_of(constraint, names), std::move(cause));
  if (state == "23503" || state == "23001") return foreign_key_violated(std::move(cause));
  if (state == "23502") {
    return required_missing(field(result, PG_DIAG_TABLE_NAME), field(result, PG_DIAG_COLUMN_NAME),
                            std::move(cause));
  }
  return check_violated(constraint, std::move(cause));
}

Error data_error(const std::string& state, std::string cause) {
  if (state == "22021" || state == "22P05") {
    return invalid("text_not_utf8", "Text must be UTF-8.").with_cause(std::move(cause));
  }
  if (state == "22003") {
    return invalid("number_out_of_range", "A number is too large or too small.")
        .with_cause(std::move(cause));
  }
  if (state == "22012") {
    return invalid("division_by_zero", "A number is divided by zero.").with_cause(std::move(cause));
  }
  return invalid("value_malformed", "A value has the wrong form.").with_cause(std::move(cause));
}

Error limited_error(const std::string& state, std::string cause) {
  if (state == "53100") return database_full(std::move(cause));
  if (state.starts_with("54")) {
    return too_large("value_too_large", "A value is too large for the database.")
        .with_cause(std::move(cause));
  }
  return database_away(std::move(cause));
}

}  // namespace

Error database_away(std::string cause) {
  return unavailable("database_unavailable", "The database cannot be reached. Try again shortly.")
      .with_retry_after(std::chrono::seconds(1))
      .with_cause(std::move(cause));
}

Error postgres_error(const PGresult* result, std::string_view statement, const UniqueNames& names) {
  const std::string state = field(result, PG_DIAG_SQLSTATE);
  std::string cause = std::string(statement) + ": PostgreSQL " + state + ": " +
                      field(result, PG_DIAG_MESSAGE_PRIMARY);
  if (state.starts_with("23")) return integrity_error(result, state, std::move(cause), names);
  if (state.starts_with("22")) return data_error(state, std::move(cause));
  if (state == "40001") {
    return conflict("serialization_failed", "Somebody else changed this at the same time.")
        .with_cause(std::move(cause));
  }
  if (state == "40P01") {
    return conflict("deadlock_detected", "Somebody else changed this at the same time.")
        .with_cause(std::move(cause));
  }
  if (state == "57014") return statement_timed_out(statement);
  if (state == "25P02") return transaction_failed();
  if (state == "25P03") {
    return Error(ErrorCode::deadline_exceeded, "transaction_expired",
                 "The change was not finished in time and was undone.")
        .with_cause(std::move(cause));
  }
  if (state.starts_with("53") || state.starts_with("54")) {
    return limited_error(state, std::move(cause));
  }
  if (state == "08P01") return internal_error(std::move(cause));  // a wrong number of arguments
  const bool away =
      state.empty() || state.starts_with("08") || state.starts_with("57P") || state == "55P03";
  return away ? database_away(std::move(cause)) : internal_error(std::move(cause));
}

}  // namespace aa::db
