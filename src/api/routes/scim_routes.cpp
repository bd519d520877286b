// SCIM 2.0 (RFC 7644): what an organisation's directory calls. In by a token of its own and by
// nothing else; answers are application/scim+json.
#include <charconv>

#include "api/routes/routes.hpp"
#include "service/scim/errors.hpp"
#include "service/scim/scim_discovery.hpp"

namespace aa::api {
namespace {

using namespace scim;

constexpr std::string_view kType = "application/scim+json";
constexpr std::uint64_t kUserBytes = 256 * 1024;
constexpr std::uint64_t kGroupBytes = 2ULL << 20;

http::Response scim_answer(int status, const json::Object& body) {
  return http::Response::text(status, std::string(kType), json::write(body));
}

Selection selection_of(const Call& call) {
  return {call.query("attributes"), call.query("excludedAttributes")};
}

std::optional<std::string> if_match_of(const Call& call) {
  const auto header = call.request->headers.get("If-Match");
  if (!header) return std::nullopt;
  return std::string(*header);
}

std::int64_t number_in(const Call& call, std::string_view name, std::int64_t otherwise) {
  const auto text = call.query(name);
  if (!text) return otherwise;
  std::int64_t out = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), out);
  if (error != std::errc{} || end != text->data() + text->size()) {
    throw invalid_value(std::string(name) + " must be a whole number.");
  }
  return out;
}

// RFC 7644, table 6: what is less than the least is the least.
Window window_of(const Call& call) {
  Window out;
  out.start = std::max<std::int64_t>(number_in(call, "startIndex", 1), 1);
  out.count = std::clamp<std::int64_t>(number_in(call, "count", kPageMax), 0, kPageMax);
  return out;
}

ResourceMeta meta_of(Services& services, const StoredUser& user) {
  const auto id = user.id.str();
  return {id,
          "User",
          services.scim.base() + "/Users/" + id,
          user.version(),
          user.created_at,
          user.updated_at};
}

json::Object body_of(Services& services, const StoredUser& user) {
  return write_user(user.user, meta_of(services, user));
}

ResourceMeta meta_of(Services& services, const StoredGroup& group) {
  const auto id = group.id.str();
  return {id,
          "Group",
          services.scim.base() + "/Groups/" + id,
          group.version(),
          group.created_at,
          group.updated_at};
}

json::Object body_of(Services& services, const StoredGroup& group) {
  return write_group(group.display_name, group.external_id, group.members, meta_of(services, group),
                     services.scim.base() + "/Users");
}

template <class Stored>
http::Response one(Services& services, const Call& call, int status, const Stored& stored) {
  const auto if_none = call.request->headers.get("If-None-Match");
  const bool known = call.request->method == "GET" && if_none && *if_none == stored.version();
  auto response = known ? http::Response::empty(304)
                        : scim_answer(status, selection_of(call).of(body_of(services, stored)));
  response.headers.set("ETag", stored.version());
  if (status == 201) response.headers.set("Location", meta_of(services, stored).location);
  return response;
}

template <class Stored>
http::Response many(Services& services, const Call& call, const Listed<Stored>& found,
                    const Window& window) {
  const auto selection = selection_of(call);
  json::Array resources;
  for (const auto& stored : found.items) {
    resources.emplace_back(selection.of(body_of(services, stored)));
  }
  return scim_answer(200, list_response(std::move(resources), found.total, window.start));
}

// ---- users ------------------------------------------------------------------------------------

Task<http::Response> handle_users(Services& services, Call call) {
  const auto window = window_of(call);
  UserFilter filter;
  if (const auto text = call.query("filter")) filter = read_user_filter(*text);
  selection_of(call);
  const auto found =
      co_await services.scim.people.list(call.tenant().organization(), filter, window);
  co_return many(services, call, found, window);
}

Task<http::Response> handle_user(Services& services, Call call) {
  const auto user =
      co_await services.scim.people.get(call.tenant().organization(), call.id<ScimUserId>("id"));
  co_return one(services, call, 200, user);
}

Task<http::Response> handle_new_user(Services& services, Call call) {
  selection_of(call);
  const auto body = co_await read_json(call, kType);
  auto wanted = read_user(body);
  const auto user = co_await services.scim.people.create(call.tenant().actor(), std::move(wanted));
  co_return one(services, call, 201, user);
}

Task<http::Response> handle_put_user(Services& services, Call call) {
  const auto id = call.id<ScimUserId>("id");
  selection_of(call);
  co_await services.scim.people.get(call.tenant().organization(), id);
  const auto body = co_await read_json(call, kType);
  auto wanted = read_user(body);
  const auto user = co_await services.scim.people.replace(call.tenant().actor(), id,
                                                          if_match_of(call), std::move(wanted));
  co_return one(services, call, 200, user);
}

Task<http::Response> handle_patch_user(Services& services, Call call) {
  const auto id = call.id<ScimUserId>("id");
  selection_of(call);
  co_await services.scim.people.get(call.tenant().organization(), id);
  auto body = co_await read_json(call, kType);
  const auto user = co_await services.scim.people.patch(call.tenant().actor(), id,
                                                        if_match_of(call), std::move(body));
  co_return one(services, call, 200, user);
}

Task<http::Response> handle_delete_user(Services& services, Call call) {
  const auto id = call.id<ScimUserId>("id");
  co_await services.scim.people.remove(call.tenant().actor(), id, if_match_of(call));
  co_return http::Response::empty(204);
}

// ---- groups -----------------------------------------------------------------------------------

Task<http::Response> handle_groups(Services& services, Call call) {
  const auto window = window_of(call);
  GroupFilter filter;
  if (const auto text = call.query("filter")) filter = read_group_filter(*text);
  const bool members = selection_of(call).has("members");
  const auto found =
      co_await services.scim.groups.list(call.tenant().organization(), filter, window, members);
  co_return many(services, call, found, window);
}

Task<http::Response> handle_group(Services& services, Call call) {
  const auto id = call.id<ScimGroupId>("id");
  const bool members = selection_of(call).has("members");
  const auto group = co_await services.scim.groups.get(call.tenant().organization(), id, members);
  co_return one(services, call, 200, group);
}

Task<http::Response> handle_new_group(Services& services, Call call) {
  selection_of(call);
  const auto body = co_await read_json(call, kType);
  auto wanted = read_group(body);
  const auto group = co_await services.scim.groups.create(call.tenant().actor(), std::move(wanted));
  co_return one(services, call, 201, group);
}

Task<http::Response> handle_put_group(Services& services, Call call) {
  const auto id = call.id<ScimGroupId>("id");
  selection_of(call);
  co_await services.scim.groups.get(call.tenant().organization(), id, false);
  const auto body = co_await read_json(call, kType);
  auto wanted = read_group(body);
  const auto group = co_await services.scim.groups.replace(call.tenant().actor(), id,
                                                           if_match_of(call), std::move(wanted));
  co_return one(services, call, 200, group);
}

Task<http::Response> handle_patch_group(Services& services, Call call) {
  const auto id = call.id<ScimGroupId>("id");
  co_await services.scim.groups.get(call.tenant().organization(), id, false);
  const auto body = co_await read_json(call, kType);
  auto edit = read_group_patch(body);
  const auto group = co_await services.scim.groups.patch(call.tenant().actor(), id,
                                                         if_match_of(call), std::move(edit));
  auto response = http::Response::empty(204);
  response.headers.set("ETag", group.version());
  co_return response;
}

Task<http::Response> handle_delete_group(Services& services, Call call) {
  const auto id = call.id<ScimGroupId>("id");
  co_await services.scim.groups.remove(call.tenant().actor(), id, if_match_of(call));
  co_return http::Response::empty(204);
}

// ---- what the service tells of itself ---------------------------------------------------------

Task<http::Response> handle_config(Services& services, Call) {
  co_return scim_answer(200, service_provider_config(services.scim.base()));
}

Task<http::Response> handle_list(json::Array all) {
  const auto total = static_cast<std::int64_t>(all.size());
  co_return scim_answer(200, list_response(std::move(all), total, 1));
}

Task<http::Response> handle_named(json::Array all, Call call) {
  const auto found = with_id(all, call.path.find("id")->second);
  if (!found) throw not_found("resource");
  co_return scim_answer(200, *found);
}

json::Value any_object(json::Schemas&) { return {{"type", "object"}}; }

Route row(std::string_view method, std::string_view pattern, std::string_view summary) {
  Route out;
  out.method = method;
  out.pattern = pattern;
  out.summary = summary;
  out.scim = true;
  out.response_type = kType;
  out.response_schema = any_object;
  if (method != "GET") out.rate = RateClass::write;
  return out;
}

Route writing(Route route, int status, std::uint64_t body_limit) {
  route.status = status;
  route.request_type = kType;
  route.request_schema = any_object;
  route.body_limit = body_limit;
  return route;
}

Route reading(Route route, bool list) {
  route.query = {{"attributes", "string", "only these"},
                 {"excludedAttributes", "string", "all but these"}};
  if (list) {
    route.query.push_back({"filter", "string", "ATTRIBUTE eq VALUE, joined by and"});
    route.query.push_back({"startIndex", "integer", "from 1"});
    route.query.push_back({"count", "integer", "0 to 100"});
  }
  return route;
}

template <class Handle>
void put(Routes& out, Services& services, Route route, Handle handle) {
  route.handler = [&services, handle](Call call) { return handle(services, std::move(call)); };
  out.push_back(std::move(route));
}

Routes user_routes(Services& services) {
  constexpr std::string_view kAll = "/scim/v2/Users";
  constexpr std::string_view kOne = "/scim/v2/Users/{id}";
  Routes out;
  put(out, services, reading(row("GET", kAll, "SCIM: people of the directory"), true),
      handle_users);
  put(out, services, writing(row("POST", kAll, "SCIM: add a person"), 201, kUserBytes),
      handle_new_user);
  put(out, services, reading(row("GET", kOne, "SCIM: a person"), false), handle_user);
  put(out, services, writing(row("PUT", kOne, "SCIM: replace a person"), 200, kUserBytes),
      handle_put_user);
  put(out, services, writing(row("PATCH", kOne, "SCIM: change a person"), 200, kUserBytes),
      handle_patch_user);
  auto remove = row("DELETE", kOne, "SCIM: remove a person");
  remove.status = 204;
  put(out, services, std::move(remove), handle_delete_user);
  return out;
}

Routes group_routes(Services& services) {
  constexpr std::string_view kAll = "/scim/v2/Groups";
  constexpr std::string_view kOne = "/scim/v2/Groups/{id}";
  Routes out;
  put(out, services, reading(row("GET", kAll, "SCIM: groups of the directory"), true),
      handle_groups);
  put(out, services, writing(row("POST", kAll, "SCIM: add a group"), 201, kGroupBytes),
      handle_new_group);
  put(out, services, reading(row("GET", kOne, "SCIM: a group"), false), handle_group);
  put(out, services, writing(row("PUT", kOne, "SCIM: replace a group"), 200, kGroupBytes),
      handle_put_group);
  put(out, services, writing(row("PATCH", kOne, "SCIM: change a group"), 204, kGroupBytes),
      handle_patch_group);
  auto remove = row("DELETE", kOne, "SCIM: remove a group");
  remove.status = 204;
  put(out, services, std::move(remove), handle_delete_group);
  return out;
}

}  // namespace

Routes scim_routes(Services& services) {
  Routes out = user_routes(services);
  for (auto& route : group_routes(services)) out.push_back(std::move(route));
  put(out, services, row("GET", "/scim/v2/ServiceProviderConfig", "SCIM: what the service can do"),
      handle_config);
  put(out, services, row("GET", "/scim/v2/ResourceTypes", "SCIM: kinds of resources"),
      [](Services& at, Call) { return handle_list(resource_types(at.scim.base())); });
  put(out, services, row("GET", "/scim/v2/ResourceTypes/{id}", "SCIM: a kind of resource"),
      [](Services& at, Call call) {
        return handle_named(resource_types(at.scim.base()), std::move(call));
      });
  put(out, services, row("GET", "/scim/v2/Schemas", "SCIM: attributes of resources"),
      [](Services& at, Call) { return handle_list(schemas(at.scim.base())); });
  put(out, services, row("GET", "/scim/v2/Schemas/{id}", "SCIM: a schema"),
      [](Services& at, Call call) {
        return handle_named(schemas(at.scim.base()), std::move(call));
      });
  return out;
}

}  // namespace aa::api
