#include "api/routes/routes.hpp"

namespace aa::api {
namespace {

using modelzoo::Card;

Task<http::Response> handle_list(Services& services, Call call) {
  Page<Card> page;
  page.items = services.models.list(call.tenant());
  co_return json_response(200, write_page(page));
}

Task<http::Response> handle_get(Services& services, Call call) {
  co_return answer(200, services.models.get(call.tenant(), call.path.find("id")->second));
}

}  // namespace

Routes model_routes(Services& services) {
  Routes out;
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/models",
                 .summary = "The model zoo",
                 .permission = Permission::model_read,
                 .response_schema = page_schema_of<Card>(),
                 .handler = [&](Call call) { return handle_list(services, call); }});
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/models/{id}",
                 .summary = "A model's card",
                 .permission = Permission::model_read,
                 .response_schema = schema_of<Card>(),
                 .handler = [&](Call call) { return handle_get(services, call); }});
  return out;
}

}  // namespace aa::api
