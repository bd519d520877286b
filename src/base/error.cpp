#include "base/error.hpp"

#include <array>
#include <utility>

namespace aa {

std::string_view to_string(ErrorCode code) {
  static constexpr std::array<std::string_view, 16> kNames = {
      "malformed",         "invalid_argument", "unauthenticated", "permission_denied",
      "not_found",         "already_exists",   "conflict",        "precondition_failed",
      "too_large",         "unsupported",      "rate_limited",    "unavailable",
      "deadline_exceeded", "cancelled",        "out_of_space",    "internal"};
  return kNames.at(static_cast<std::size_t>(code));
}

Error::Error(ErrorCode code, std::string slug, std::string message,
             std::vector<ErrorDetail> details)
    : code_(code),
      slug_(std::move(slug)),
      message_(std::move(message)),
      details_(std::move(details)) {
  rebuild_what();
}

Error&& Error::with_cause(std::string cause) && {
  cause_ = std::move(cause);
  rebuild_what();
  return std::move(*this);
}

Error&& Error::with_retry_after(std::chrono::seconds wait) && {
  retry_after_ = wait;
  return std::move(*this);
}

void Error::rebuild_what() {
  what_ = slug_ + ": " + message_;
  for (const auto& [pointer, detail] : details_) what_ += " [" + pointer + ": " + detail + "]";
  if (!cause_.empty()) what_ += " (" + cause_ + ")";
}

Error malformed(std::string slug, std::string message, std::vector<ErrorDetail> details) {
  return {ErrorCode::malformed, std::move(slug), std::move(message), std::move(details)};
}
Error invalid(std::string slug, std::string message, std::vector<ErrorDetail> details) {
  return {ErrorCode::invalid_argument, std::move(slug), std::move(message), std::move(details)};
}
Error not_found(std::string_view what) {
  return {ErrorCode::not_found, "not_found", "No such " + std::string(what) + "."};
}
Error conflict(std::string slug, std::string message) {
  return {ErrorCode::conflict, std::move(slug), std::move(message)};
}
Error too_large(std::string slug, std::string message) {
  return {ErrorCode::too_large, std::move(slug), std::move(message)};
}
Error unavailable(std::string slug, std::string message) {
  return {ErrorCode::unavailable, std::move(slug), std::move(message)};
}
Error internal_error(std::string cause) {
  return Error(ErrorCode::internal, "internal", "Something went wrong on our side.")
      .with_cause(std::move(cause));
}

}  // namespace aa
