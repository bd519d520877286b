// The one failure type of the program.
//
// Every failure that a caller may meet is an `Error`: a code from a small closed vocabulary (what
// kind of failure), a stable snake_case slug (which failure: API clients switch on it), a message
// for people (what is wrong, where, and how to mend it), optional details with JSON pointers, and
// the internal cause, which is logged but never leaves the server.
//
// Thread rule: values, freely copied between threads.
#pragma once

#include <chrono>
#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aa {

// api/render_error.cpp alone maps these to HTTP statuses.
enum class ErrorCode : std::uint8_t {
  malformed,            // cannot be parsed at all
  invalid_argument,     // parsed, but its meaning is wrong
  unauthenticated,      // no valid login
  permission_denied,    // known, but not allowed
  not_found,            // absent, or another tenant's
  already_exists,       // a unique thing is there already
  conflict,             // clashes with the present state
  precondition_failed,  // If-Match does not hold
  too_large,            // beyond a size limit
  unsupported,          // a type or format that is not taken
  rate_limited,         // too many requests
  unavailable,          // a dependency is away or a queue is full; try again
  deadline_exceeded,    // took longer than allowed
  cancelled,            // the caller went away or asked to stop
  out_of_space,         // the disk or a quota is full
  internal,             // a defect or damaged data
};

std::string_view to_string(ErrorCode code);

// One problem inside a bad input: RFC 6901 pointer into it, and what is wrong there.
struct ErrorDetail {
  std::string pointer;
  std::string detail;
};

class Error : public std::exception {
 public:
  // `slug` is stable and snake_case ("invalid_credentials"); `message` is shown to the user.
  Error(ErrorCode code, std::string slug, std::string message,
        std::vector<ErrorDetail> details = {});

  ErrorCode code() const { return code_; }
  const std::string& slug() const { return slug_; }
  const std::string& message() const { return message_; }
  const std::vector<ErrorDetail>& details() const { return details_; }
  const std::string& cause() const { return cause_; }
  std::optional<std::chrono::seconds> retry_after() const { return retry_after_; }
  const char* what() const noexcept override { return what_.c_str(); }

  // Adds internal text (a driver's own words); it reaches the log only.
  Error&& with_cause(std::string cause) &&;
  Error&& with_retry_after(std::chrono::seconds wait) &&;

 private:
  void rebuild_what();

  ErrorCode code_;
  std::string slug_;
  std::string message_;
  std::vector<ErrorDetail> details_;
  std::string cause_;
  std::optional<std::chrono::seconds> retry_after_;
  std::string what_;
};

Error malformed(std::string slug, std::string message, std::vector<ErrorDetail> details = {});
Error invalid(std::string slug, std::string message, std::vector<ErrorDetail> details = {});
Error not_found(std::string_view what);  // slug "not_found", "No such WHAT."
Error conflict(std::string slug, std::string message);
Error too_large(std::string slug, std::string message);
Error unavailable(std::string slug, std::string message);
Error internal_error(std::string cause);  // slug "internal"; the cause is for the log

}  // namespace aa
