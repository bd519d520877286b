// OpenAPI 3.1 and a documentation page, both printed from the routes' rows.
#pragma once

#include <string>

#include "api/route.hpp"

namespace aa::api {

std::string openapi_document(const Routes& routes);
std::string documentation_page(const Routes& routes);  // HTML without scripts

}  // namespace aa::api
