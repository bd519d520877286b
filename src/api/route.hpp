// A route is a row: method, path, permission, rate class, body limit, types, handler. OpenAPI, the
// permission matrix and the documentation page are printed from the rows.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/limits.hpp"
#include "driver/http/message.hpp"
#include "service/tenancy/tenant.hpp"

namespace aa::api {

using runtime::Task;
using tenancy::Permission;

// Requests of one class share a budget, see rate_limiter.hpp. `refused_login` is charged by an
// address for each login that failed, whichever account it was for.
enum class RateClass { auth, refused_login, read, write, upload, inference, heavy };
BOOST_DESCRIBE_ENUM(RateClass, auth, refused_login, read, write, upload, inference, heavy)

// One request on its way through a route. Copies are cheap.
struct Call {
  std::shared_ptr<http::Request> request;
  std::map<std::string, std::string, std::less<>> path;  // values of {names}
  std::optional<tenancy::Tenant> who;                    // empty on public routes

  const tenancy::Tenant& tenant() const { return *who; }
  // Throws not_found when the segment is no UUID: such a thing cannot exist.
  template <class IdType>
  IdType id(std::string_view name) const {
    const auto parsed = IdType::parse(path.find(name)->second);
    if (!parsed) throw not_found("resource");
    return *parsed;
  }
  // One speaks of the organisation that one is signed in to: throws not_found when {id} is another.
  void require_own_organization() const;
  // Query parameters; Error invalid_argument "invalid_query" with the name.
  std::optional<std::string> query(std::string_view name) const;
  // A whole number from 0.
  std::optional<std::int64_t> query_number(std::string_view name) const;
  int limit() const;                             // ?limit=, 1 to limits::kPageItems
  std::optional<std::int64_t> if_match() const;  // a revision in If-Match
};

struct QueryParameter {
  std::string_view name;
  std::string_view type = "string";
  std::string_view doc;
};

struct Route {
  std::string_view method;
  std::string_view pattern;  // "/api/v1/projects/{id}"
  std::string_view summary;
  std::optional<Permission> permission;  // empty: public
  bool any_login = false;                // whoever is signed in, API tokens too
  bool scim = false;                     // whoever holds a SCIM token, and nobody else
  bool fresh = false;                    // wants a sign-in of the last minutes
  // The project stands in the body or is for the handler to choose: who has the permission in any
  // project gets in, and the handler narrows it down with in_project_of().
  bool in_any_project = false;
  // People's browsers are sent here: a refusal sends them on to the page for signing in.
  bool for_browsers = false;
  bool secret_answer = false;  // never kept for an Idempotency-Key
  RateClass rate = RateClass::read;
  std::uint64_t body_limit = limits::kHttpJsonBodyBytes;
  bool streams_body = false;           // never holds the body as a whole
  int status = 200;                    // of success
  std::string_view request_type = "";  // of the body, "" for none
  std::string_view response_type = "application/json";
  std::function<json::Value(json::Schemas&)> request_schema;
  std::function<json::Value(json::Schemas&)> response_schema;
  std::vector<QueryParameter> query;
  std::function<Task<http::Response>(Call)> handler;
};

using Routes = std::vector<Route>;

template <class T>
std::function<json::Value(json::Schemas&)> schema_of() {
  return [](json::Schemas& schemas) { return json::schema<T>(schemas); };
}

// A page of a list.
template <class T>
struct Page {
  std::vector<T> items;
  std::optional<std::string> next_cursor;
};

template <class T>
std::string write_page(const Page<T>& page) {
  std::string out = R"({"items":)";
  json::append(out, page.items);
  out += R"(,"next_cursor":)";
  json::append(out, page.next_cursor);
  return out += '}';
}
template <class T>
std::function<json::Value(json::Schemas&)> page_schema_of() {
  return [](json::Schemas& schemas) -> json::Value {
    return {{"type", "object"},
            {"properties",
             {{"items", {{"type", "array"}, {"items", json::schema<T>(schemas)}}},
              {"next_cursor", {{"type", {"string", "null"}}}}}},
            {"required", {"items", "next_cursor"}}};
  };
}

http::Response json_response(int status, std::string body);
template <class T>
http::Response answer(int status, const T& value) {
  return json_response(status, json::write(value));
}

// Reads and checks a JSON body: 415 for another type, 400 unreadable, 422 with pointers.
// `also` is taken beside application/json.
Task<json::Value> read_json(Call call, std::string_view also = "application/json");
template <class T>
Task<T> read_body(Call call) {
  const json::Value value = co_await read_json(std::move(call));
  co_return json::read<T>(value);
}

}  // namespace aa::api
