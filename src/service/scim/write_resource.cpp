#include <algorithm>

#include "service/scim/errors.hpp"
#include "service/scim/resource.hpp"

namespace aa::scim {
namespace {

constexpr std::size_t kSelectedMax = 50;

// Parts of an attribute choose the whole of it.
std::set<std::string> names_in(const std::optional<std::string>& list) {
  std::set<std::string> out;
  if (!list) return out;
  std::string_view rest = *list;
  while (!rest.empty()) {
    const auto comma = rest.find(',');
    auto name = rest.substr(0, comma);
    while (name.starts_with(' ')) name.remove_prefix(1);
    while (name.ends_with(' ')) name.remove_suffix(1);
    const auto small = small_letters(without_schema(name));
    if (!small.empty()) out.insert(small.substr(0, small.find('.')));
    if (out.size() > kSelectedMax) throw invalid_value("At most 50 attributes are chosen.");
    if (comma == std::string_view::npos) break;
    rest.remove_prefix(comma + 1);
  }
  return out;
}

json::Object meta_of(const ResourceMeta& meta) {
  return {{"resourceType", meta.type},
          {"created", meta.created.str()},
          {"lastModified", meta.modified.str()},
          {"location", meta.location},
          {"version", meta.version}};
}

void put_text(json::Object& object, std::string_view name, const std::string& text) {
  if (!text.empty()) object[name] = text;
}

json::Object write_name(const User& user) {
  json::Object out;
  User parts;
  parts.name = user.name;
  put_text(out, "formatted", name_of(parts));
  put_text(out, "givenName", user.name.given);
  put_text(out, "middleName", user.name.middle);
  put_text(out, "familyName", user.name.family);
  return out;
}

json::Object write_email(const Email& email) {
  json::Object out{{"value", email.value}};
  put_text(out, "type", email.type);
  put_text(out, "display", email.display);
  out["primary"] = email.primary;
  return out;
}

}  // namespace

Selection::Selection(const std::optional<std::string>& wanted,
                     const std::optional<std::string>& unwanted)
    : wanted_(names_in(wanted)), unwanted_(names_in(unwanted)) {
  if (!wanted_.empty() && !unwanted_.empty()) {
    throw invalid_value("attributes and excludedAttributes do not go together.");
  }
}

bool Selection::has(std::string_view attribute) const {
  const auto small = small_letters(attribute);
  if (small == "id" || small == "schemas") return true;
  if (!wanted_.empty()) return wanted_.contains(small);
  return !unwanted_.contains(small);
}

json::Object Selection::of(json::Object resource) const {
  json::Object out;
  for (auto& member : resource) {
    if (has(member.key())) out[member.key()] = std::move(member.value());
  }
  return out;
}

json::Object write_user(const User& user, const ResourceMeta& meta) {
  json::Object out{{"schemas", json::Array{kUserSchema}}, {"id", meta.id}};
  put_text(out, "externalId", user.external_id);
  out["userName"] = user.user_name;
  if (auto name = write_name(user); !name.empty()) out["name"] = std::move(name);
  put_text(out, "displayName", user.display_name);
  out["active"] = user.active.value_or(false);
  if (!user.emails.empty()) {
    json::Array emails;
    for (const auto& email : user.emails) emails.emplace_back(write_email(email));
    out["emails"] = std::move(emails);
  }
  out["meta"] = meta_of(meta);
  return out;
}

json::Object write_group(const std::string& display_name, const std::string& external_id,
                         const std::optional<std::vector<Member>>& members,
                         const ResourceMeta& meta, const std::string& users_location) {
  json::Object out{{"schemas", json::Array{kGroupSchema}}, {"id", meta.id}};
  put_text(out, "externalId", external_id);
  out["displayName"] = display_name;
  if (members) {
    json::Array list;
    for (const auto& member : *members) {
      json::Object one{{"value", member.id.str()}};
      put_text(one, "display", member.display);
      one["type"] = "User";
      one["$ref"] = users_location + "/" + member.id.str();
      list.emplace_back(std::move(one));
    }
    out["members"] = std::move(list);
  }
  out["meta"] = meta_of(meta);
  return out;
}

}  // namespace aa::scim
