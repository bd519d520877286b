// What the service tells of itself: RFC 7643, sections 5 to 7.
//
// Thread rule: pure functions.
#pragma once

#include <optional>
#include <string_view>

#include "base/json.hpp"

namespace aa::scim {

// `base` is where "/Users" stands under: "https://labels.example.org/scim/v2".
json::Object service_provider_config(std::string_view base);
json::Array resource_types(std::string_view base);
json::Array schemas(std::string_view base);
// The one with the id; nullopt for none.
std::optional<json::Object> with_id(const json::Array& list, std::string_view id);
json::Object list_response(json::Array resources, std::int64_t total, std::int64_t start);

}  // namespace aa::scim
