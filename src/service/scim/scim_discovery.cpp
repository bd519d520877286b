#include "service/scim/scim_discovery.hpp"

#include "service/scim/scim_types.hpp"

namespace aa::scim {
namespace {

json::Object meta(std::string_view type, std::string location) {
  return {{"resourceType", type}, {"location", std::move(location)}};
}

std::string below(std::string_view base, std::string_view path) {
  return std::string(base) + std::string(path);
}

json::Object attribute(std::string_view name, std::string_view type, std::string_view what) {
  return {{"name", name},
          {"type", type},
          {"multiValued", false},
          {"description", what},
          {"required", false},
          {"caseExact", false},
          {"mutability", "readWrite"},
          {"returned", "default"},
          {"uniqueness", "none"}};
}

json::Object text(std::string_view name, std::string_view what) {
  return attribute(name, "string", what);
}

json::Object required(json::Object attribute) {
  attribute["required"] = true;
  attribute["uniqueness"] = "server";
  return attribute;
}

json::Object complex(std::string_view name, std::string_view what, bool many, json::Array parts) {
  auto out = attribute(name, "complex", what);
  out["multiValued"] = many;
  out["subAttributes"] = std::move(parts);
  return out;
}

json::Array user_attributes() {
  json::Array name{text("formatted", "The whole name."), text("givenName", "The first name."),
                   text("middleName", "What stands between."),
                   text("familyName", "The last name.")};
  json::Array email{text("value", "The address."), text("type", "What it is for."),
                    text("display", "How people read it."),
                    attribute("primary", "boolean", "Whether it is the one of the account.")};
  auto external = text("externalId", "The directory's own id.");
  external["caseExact"] = true;
  return {required(text("userName", "The name that the directory signs the person in by.")),
          complex("name", "The name in parts.", false, std::move(name)),
          text("displayName", "How others read the name."),
          attribute("active", "boolean", "Whether the person is a member."),
          complex("emails", "Addresses; the primary one is the account's.", true, std::move(email)),
          std::move(external)};
}

json::Array group_attributes() {
  auto value = text("value", "The id of the user.");
  value["mutability"] = "immutable";
  value["caseExact"] = true;
  auto type = text("type", "User.");
  type["mutability"] = "immutable";
  auto display = text("display", "How others read the name.");
  display["mutability"] = "readOnly";
  auto reference = attribute("$ref", "reference", "Where the user stands.");
  reference["referenceTypes"] = json::Array{"User"};
  reference["mutability"] = "immutable";
  json::Array member{std::move(value), std::move(type), std::move(display), std::move(reference)};
  auto external = text("externalId", "The directory's own id.");
  external["caseExact"] = true;
  return {required(text("displayName", "The name of the group.")),
          complex("members", "Users in the group.", true, std::move(member)), std::move(external)};
}

json::Object schema(std::string_view base, std::string_view id, std::string_view name,
                    json::Array attributes) {
  return {{"schemas", json::Array{"urn:ietf:params:scim:schemas:core:2.0:Schema"}},
          {"id", id},
          {"name", name},
          {"description", name},
          {"attributes", std::move(attributes)},
          {"meta", meta("Schema", below(base, "/Schemas/") + std::string(id))}};
}

json::Object resource_type(std::string_view base, std::string_view name, std::string_view endpoint,
                           std::string_view schema) {
  return {{"schemas", json::Array{"urn:ietf:params:scim:schemas:core:2.0:ResourceType"}},
          {"id", name},
          {"name", name},
          {"endpoint", endpoint},
          {"description", name},
          {"schema", schema},
          {"meta", meta("ResourceType", below(base, "/ResourceTypes/") + std::string(name))}};
}

}  // namespace

json::Object service_provider_config(std::string_view base) {
  const json::Object no{{"supported", false}};
  return {{"schemas", json::Array{"urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"}},
          {"patch", {{"supported", true}}},
          {"bulk", {{"supported", false}, {"maxOperations", 0}, {"maxPayloadSize", 0}}},
          {"filter", {{"supported", true}, {"maxResults", kPageMax}}},
          {"changePassword", no},
          {"sort", no},
          {"etag", {{"supported", true}}},
          {"authenticationSchemes",
           json::Array{json::Object{{"type", "oauthbearertoken"},
                                    {"name", "Bearer token"},
                                    {"description", "A token that an administrator makes."},
                                    {"primary", true}}}},
          {"meta", meta("ServiceProviderConfig", below(base, "/ServiceProviderConfig"))}};
}

json::Array resource_types(std::string_view base) {
  return {resource_type(base, "User", "/Users", kUserSchema),
          resource_type(base, "Group", "/Groups", kGroupSchema)};
}

json::Array schemas(std::string_view base) {
  return {schema(base, kUserSchema, "User", user_attributes()),
          schema(base, kGroupSchema, "Group", group_attributes())};
}

std::optional<json::Object> with_id(const json::Array& list, std::string_view id) {
  for (const auto& one : list) {
    const auto& object = one.as_object();
    if (object.at("id").as_string() == id) return object;
  }
  return std::nullopt;
}

json::Object list_response(json::Array resources, std::int64_t total, std::int64_t start) {
  const auto shown = resources.size();
  return {{"schemas", json::Array{kListSchema}},
          {"totalResults", total},
          {"startIndex", start},
          {"itemsPerPage", shown},
          {"Resources", std::move(resources)}};
}

}  // namespace aa::scim
