// The permission matrix: which route wants which permission, and which built-in role has it,
// printed from the routes' own rows.
#pragma once

#include "api/route.hpp"

namespace aa::api {

// GET /api/v1/permissions. `routes` are looked at when the route is asked, and must outlive it.
Route permission_matrix_route(const Routes& routes);

}  // namespace aa::api
