#include "driver/db/constraint_error.hpp"

#include <algorithm>

namespace aa::db {
namespace {

bool is_name(std::string_view text) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !text.empty() && text.size() <= 128 && std::all_of(text.begin(), text.end(), fits);
}

}  // namespace

Error unique_violated(std::string_view thing, std::string cause) {
  return Error(ErrorCode::already_exists, std::string(thing) + "_exists",
               "Something with the same values is there already.")
      .with_cause(std::move(cause));
}

Error check_violated(std::string_view constraint, std::string cause) {
  const std::string slug = (is_name(constraint) ? std::string(constraint) : "check") + "_violated";
  return invalid(slug, "A value is outside of what may be stored.").with_cause(std::move(cause));
}

Error required_missing(std::string_view table, std::string_view column, std::string cause) {
  return invalid(std::string(table) + "_" + std::string(column) + "_required",
                 "A value that is needed is missing.")
      .with_cause(std::move(cause));
}

Error foreign_key_violated(std::string cause) {
  return conflict("foreign_key_violated",
                  "It refers to something that is not there, or is still referred to.")
      .with_cause(std::move(cause));
}

Error statement_timed_out(std::string_view statement) {
  return Error(ErrorCode::deadline_exceeded, "statement_timeout", "The database took too long.")
      .with_cause("statement " + std::string(statement));
}

Error database_full(std::string cause) {
  return Error(ErrorCode::out_of_space, "database_full",
               "The disk of the database is full. Free some space and try again.")
      .with_cause(std::move(cause));
}

Error transaction_failed() {
  return internal_error("a statement of this transaction failed before; roll it back");
}

}  // namespace aa::db
