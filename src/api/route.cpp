#include "api/route.hpp"

#include <algorithm>
#include <charconv>

namespace aa::api {
namespace {

constexpr int kDefaultPage = 50;

// Of the Content-Type, without its parameters, in small letters.
std::string media_type(const http::Request& request) {
  const auto header = request.headers.get("Content-Type").value_or("");
  std::string type(header.substr(0, header.find(';')));
  while (type.ends_with(' ') || type.ends_with('\t')) type.pop_back();
  std::ranges::transform(type, type.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return type;
}

std::optional<std::int64_t> to_integer(std::string_view text) {
  std::int64_t out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return out;
}

}  // namespace

void Call::require_own_organization() const {
  if (id<OrganizationId>("id") != tenant().organization()) throw not_found("organization");
}

std::optional<std::string> Call::query(std::string_view name) const {
  const auto value = request->query_value(name);
  if (!value) return std::nullopt;
  return std::string(*value);
}

std::optional<std::int64_t> Call::query_number(std::string_view name) const {
  const auto text = query(name);
  if (!text) return std::nullopt;
  const auto number = to_integer(*text);
  if (!number || *number < 0) {
    throw invalid("invalid_query", std::string(name) + " must be a whole number from 0.");
  }
  return number;
}

int Call::limit() const {
  const auto text = query("limit");
  if (!text) return kDefaultPage;
  const auto number = to_integer(*text);
  if (!number || *number < 1 || *number > static_cast<std::int64_t>(limits::kPageItems)) {
    throw invalid("invalid_query", "limit must be a whole number from 1 to " +
                                       std::to_string(limits::kPageItems) + ".");
  }
  return static_cast<int>(*number);
}

std::optional<std::int64_t> Call::if_match() const {
  const auto header = request->headers.get("If-Match");
  if (!header || *header == "*") return std::nullopt;
  std::string_view text = *header;
  if (text.starts_with("W/")) text.remove_prefix(2);
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
    text = text.substr(1, text.size() - 2);
  }
  const auto number = to_integer(text);
  // A tag that none of ours can be: it matches nothing.
  return number ? *number : -1;
}

http::Response json_response(int status, std::string body) {
  return http::Response::text(status, "application/json; charset=utf-8", std::move(body));
}

Task<json::Value> read_json(Call call, std::string_view also) {
  const auto type = media_type(*call.request);
  if (type != "application/json" && type != also) {
    throw Error(ErrorCode::unsupported, "unsupported_media_type",
                "The body must be JSON: send Content-Type: application/json.");
  }
  const std::string body = co_await call.request->read_body(call.request->body_limit);
  co_return json::parse(body);
}

}  // namespace aa::api
