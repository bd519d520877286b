#include "api/render_error.hpp"

#include <array>

#include "base/json.hpp"

namespace aa::api {
namespace {

constexpr std::size_t kBodyBytes = 2048;

http::Response problem(int status, std::string_view slug, std::string_view message,
                       const std::vector<ErrorDetail>& details, const std::string& members = {}) {
  std::string body = R"({"type":"about:blank","status":)" + std::to_string(status);
  body += R"(,"code":)";
  json::append_string(body, slug);
  body += R"(,"detail":)";
  json::append_string(body, message.substr(0, kBodyBytes / 4));
  if (!details.empty()) {
    body += R"(,"errors":[)";
    for (bool first = true; const auto& [pointer, detail] : details) {
      if (body.size() + pointer.size() + detail.size() > kBodyBytes - 100) break;
      if (!std::exchange(first, false)) body += ',';
      body += R"({"pointer":)";
      json::append_string(body, pointer);
      body += R"(,"detail":)";
      json::append_string(body, detail);
      body += '}';
    }
    body += ']';
  }
  if (!members.empty()) body += ',' + members;
  body += '}';
  return http::Response::text(status, "application/problem+json", std::move(body));
}

}  // namespace

int status_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::malformed:
      return 400;
    case ErrorCode::invalid_argument:
      return 422;
    case ErrorCode::unauthenticated:
      return 401;
    case ErrorCode::permission_denied:
      return 403;
    case ErrorCode::not_found:
      return 404;
    case ErrorCode::already_exists:
      return 409;
    case ErrorCode::conflict:
      return 409;
    case ErrorCode::precondition_failed:
      return 412;
    case ErrorCode::too_large:
      return 413;
    case ErrorCode::unsupported:
      return 415;
    case ErrorCode::rate_limited:
      return 429;
    case ErrorCode::unavailable:
      return 503;
    case ErrorCode::deadline_exceeded:
      return 504;
    case ErrorCode::cancelled:
      return 499;
    case ErrorCode::out_of_space:
      return 507;
    case ErrorCode::internal:
      return 500;
  }
  return 500;
}

http::Response render(const Error& error, const std::string& members) {
  // The protocol of resumable uploads has a status of its own for it.
  const bool damaged = error.slug() == "checksum_mismatch";
  const int status = damaged ? 460 : status_of(error.code());
  auto response = problem(status, error.slug(), error.message(), error.details(), members);
  const bool wait =
      error.code() == ErrorCode::unavailable || error.code() == ErrorCode::rate_limited;
  if (error.retry_after() || wait) {
    const auto seconds = error.retry_after().value_or(std::chrono::seconds(1)).count();
    response.headers.set("Retry-After", std::to_string(seconds));
  }
  if (status == 401) response.headers.set("WWW-Authenticate", "Bearer");
  return response;
}

namespace {

// RFC 7644, table 9; what none of its words fits has none.
std::string_view scim_type(const Error& error, int status) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kTypes{{
      {"invalid_filter", "invalidFilter"},
      {"too_many", "tooMany"},
      {"uniqueness", "uniqueness"},
      {"mutability", "mutability"},
      {"invalid_syntax", "invalidSyntax"},
      {"malformed_json", "invalidSyntax"},
      {"invalid_path", "invalidPath"},
      {"no_target", "noTarget"},
      {"invalid_value", "invalidValue"},
  }};
  for (const auto& [slug, type] : kTypes) {
    if (error.slug() == slug) return type;
  }
  return status == 400 ? "invalidValue" : "";
}

}  // namespace

http::Response render_scim(const Error& error) {
  auto response = render(error);
  if (response.status == 422) response.status = 400;
  if (error.slug() == "method_not_allowed") response.status = 405;
  std::string body = R"({"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":")" +
                     std::to_string(response.status) + '"';
  if (const auto type = scim_type(error, response.status); !type.empty()) {
    body += R"(,"scimType":)";
    json::append_string(body, type);
  }
  body += R"(,"detail":)";
  json::append_string(body, error.message().substr(0, kBodyBytes / 4));
  body += '}';
  response.headers.set("Content-Type", "application/scim+json");
  response.body = std::move(body);
  return response;
}

http::Response render_unknown() {
  return problem(500, "internal", "Something went wrong on our side.", {});
}

}  // namespace aa::api
