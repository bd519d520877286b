#include "api/permission_matrix.hpp"

#include <algorithm>

namespace aa::api {
namespace {

using tenancy::Role;

struct RouteEntry {
  std::string method;
  std::string path;
  std::string summary;
  std::optional<Permission> permission;  // null: open to all
  bool fresh = false;
};
BOOST_DESCRIBE_STRUCT(RouteEntry, (), (method, path, summary, permission, fresh))

struct RoleEntry {
  Role role = Role::viewer;
  std::vector<Permission> permissions;
};
BOOST_DESCRIBE_STRUCT(RoleEntry, (), (role, permissions))

struct Matrix {
  std::vector<Permission> permissions;  // all there are
  std::vector<RoleEntry> roles;
  std::vector<RouteEntry> routes;
};
BOOST_DESCRIBE_STRUCT(Matrix, (), (permissions, roles, routes))

Matrix matrix_of(const Routes& routes) {
  Matrix out;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<Permission>>(
      [&](auto d) { out.permissions.push_back(d.value); });
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<Role>>([&](auto d) {
    out.roles.push_back({d.value, tenancy::list_of(tenancy::permissions_of(d.value))});
  });
  for (const auto& route : routes) {
    out.routes.push_back({std::string(route.method), std::string(route.pattern),
                          std::string(route.summary), route.permission, route.fresh});
  }
  std::ranges::sort(out.routes, {},
                    [](const RouteEntry& entry) { return std::pair(entry.path, entry.method); });
  return out;
}

Task<http::Response> handle_matrix(const Routes& routes, Call) {
  co_return answer(200, matrix_of(routes));
}

}  // namespace

Route permission_matrix_route(const Routes& routes) {
  return {.method = "GET",
          .pattern = "/api/v1/permissions",
          .summary = "Permissions, what built-in roles have of them, and which route wants which",
          .permission = Permission::role_read,
          .response_schema = schema_of<Matrix>(),
          .handler = [&routes](Call call) { return handle_matrix(routes, call); }};
}

}  // namespace aa::api
