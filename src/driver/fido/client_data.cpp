#include "driver/fido/client_data.hpp"

#include "base/json.hpp"

namespace aa::fido {
namespace {

std::string text_at(const json::Object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  if (value == nullptr || !value->is_string()) throw refused("its client data lack a member");
  return std::string(value->get_string());
}

}  // namespace

Error refused(const std::string& why) {
  return invalid("invalid_passkey", "The passkey's answer is not valid: " + why + ".");
}

ClientData read_client_data(std::string_view text) {
  if (text.size() > kClientDataBytes) throw refused("its client data are too long");
  json::Value value;
  try {
    value = json::parse(text);
  } catch (const Error&) {
    throw refused("its client data are no JSON");
  }
  if (!value.is_object()) throw refused("its client data are no object");
  const auto& object = value.get_object();
  ClientData out{text_at(object, "type"), text_at(object, "challenge"), text_at(object, "origin"),
                 false};
  const auto* cross = object.if_contains("crossOrigin");
  out.cross_origin = cross != nullptr && !(cross->is_bool() && !cross->get_bool());
  return out;
}

}  // namespace aa::fido
