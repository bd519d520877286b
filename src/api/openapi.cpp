#include "api/openapi.hpp"

#include <set>

#include "base/xml_text.hpp"

namespace aa::api {
namespace {

json::Array path_parameters(std::string_view pattern) {
  json::Array out;
  for (std::size_t at = pattern.find('{'); at != std::string_view::npos;
       at = pattern.find('{', at + 1)) {
    const auto name = pattern.substr(at + 1, pattern.find('}', at) - at - 1);
    out.push_back(
        {{"name", name}, {"in", "path"}, {"required", true}, {"schema", {{"type", "string"}}}});
  }
  return out;
}

json::Object problem_answer(std::string_view what) {
  return {
      {"description", what},
      {"content",
       {{"application/problem+json", {{"schema", {{"$ref", "#/components/schemas/Problem"}}}}}}}};
}

json::Object describe(const Route& route, json::Schemas& schemas) {
  json::Object out{{"summary", route.summary}};
  auto parameters = path_parameters(route.pattern);
  for (const auto& query : route.query) {
    parameters.push_back({{"name", query.name},
                          {"in", "query"},
                          {"description", query.doc},
                          {"schema", {{"type", query.type}}}});
  }
  if (!parameters.empty()) out["parameters"] = std::move(parameters);
  if (!route.request_type.empty()) {
    json::Value schema = json::Object{};
    if (route.request_schema) schema = route.request_schema(schemas);
    out["requestBody"] = {{"required", true},
                          {"content", {{route.request_type, {{"schema", std::move(schema)}}}}}};
  }
  json::Object good{{"description", "Done."}};
  if (route.status != 204 && !route.response_type.empty()) {
    json::Value schema = json::Object{};
    if (route.response_schema) schema = route.response_schema(schemas);
    good["content"] = {{route.response_type, {{"schema", std::move(schema)}}}};
  }
  json::Object responses{{std::to_string(route.status), std::move(good)},
                         {"default", problem_answer("A problem (RFC 9457).")}};
  out["responses"] = std::move(responses);
  if (route.scim) {
    out["security"] = {{{"scim", json::Array{}}}};
  } else if (route.permission) {
    out["security"] = {{{"bearer", json::Array{}}}, {{"session", json::Array{}}}};
    out["x-permission"] = tenancy::to_string(*route.permission);
  } else {
    out["security"] = json::Array{};
  }
  return out;
}

std::string lower_case(std::string_view text) {
  std::string out;
  for (const char c : text) out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

}  // namespace

std::string openapi_document(const Routes& routes) {
  json::Schemas schemas;
  json::Object paths;
  for (const auto& route : routes) {
    auto& path = paths[route.pattern];
    if (!path.is_object()) path = json::Object{};
    path.as_object()[lower_case(route.method)] = describe(route, schemas);
  }
  json::Object named;
  for (auto& [name, schema] : schemas.named) named[name] = std::move(schema);
  named["Problem"] = {
      {"type", "object"},
      {"properties",
       {{"type", {{"type", "string"}}},
        {"status", {{"type", "integer"}}},
        {"code", {{"type", "string"}}},
        {"detail", {{"type", "string"}}},
        {"errors",
         {{"type", "array"},
          {"items",
           {{"type", "object"},
            {"properties",
             {{"pointer", {{"type", "string"}}}, {"detail", {{"type", "string"}}}}}}}}}}},
      {"required", {"status", "code", "detail"}}};
  const json::Object document{
      {"openapi", "3.1.0"},
      {"info", {{"title", "AnnotateAI"}, {"version", "1"}, {"license", {{"name", "Apache-2.0"}}}}},
      {"paths", std::move(paths)},
      {"components",
       {{"schemas", std::move(named)},
        {"securitySchemes",
         {{"bearer", {{"type", "http"}, {"scheme", "bearer"}, {"bearerFormat", "JWT"}}},
          {"scim", {{"type", "http"}, {"scheme", "bearer"}}},
          {"session", {{"type", "apiKey"}, {"in", "cookie"}, {"name", "__Host-aa_session"}}}}}}}};
  return json::write(document);
}

std::string documentation_page(const Routes& routes) {
  std::string out =
      "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>AnnotateAI API</title>"
      "<meta name=\"viewport\" content=\"width=device-width\"></head><body><h1>AnnotateAI API</h1>"
      "<p>The machine-readable description is <a href=\"/api/openapi.json\">openapi.json</a> "
      "(OpenAPI 3.1).</p><table><thead><tr><th>Method</th><th>Path</th><th>What it does</th>"
      "<th>Permission</th></tr></thead><tbody>";
  for (const auto& route : routes) {
    out += "<tr><td>" + std::string(route.method) + "</td><td><code>" + xml_escape(route.pattern) +
           "</code></td><td>" + xml_escape(route.summary) + "</td><td>" +
           (route.permission ? std::string(tenancy::to_string(*route.permission))
                             : std::string(route.scim ? "SCIM token" : "public")) +
           "</td></tr>";
  }
  return out + "</tbody></table></body></html>";
}

}  // namespace aa::api
