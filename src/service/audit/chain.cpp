#include "service/audit/chain.hpp"

#include "base/hash.hpp"

namespace aa::audit {
namespace {

void add_text(std::string& out, std::string_view name, std::string_view text) {
  out += ",\"";
  out += name;
  out += "\":";
  json::append_string(out, text);
}

void add_optional(std::string& out, std::string_view name, const std::optional<std::string>& text) {
  if (text) {
    add_text(out, name, std::string_view(*text));
    return;
  }
  out += ",\"";
  out += name;
  out += "\":null";
}

}  // namespace

std::string rest_of_entry(const std::string& organization, const Link& link) {
  std::string out = "\"";
  out.reserve(320 + link.detail.size());
  add_text(out, "organization_id", organization);
  add_optional(out, "actor_id", link.actor_id);
  add_text(out, "action", link.action);
  add_text(out, "object_type", link.object_type);
  add_text(out, "object_id", link.object_id);
  add_text(out, "outcome", link.outcome);
  add_text(out, "request_id", link.request_id);
  add_optional(out, "origin", link.origin);
  out += R"(,"detail":)";
  out += link.detail;
  return out += '}';
}

std::string entry_text(const std::string& organization, const Link& link) {
  std::string out = R"({"sequence":)";
  json::append_integer(out, link.sequence);
  out += R"(,"at":")";
  out += link.at.str();
  return out += rest_of_entry(organization, link);
}

std::string hash_of(const std::string& previous, const std::string& organization,
                    const Link& link) {
  return to_hex(sha256(previous + entry_text(organization, link)));
}

std::string origin_of(const std::string& salt, const std::string& ip,
                      const std::string& user_agent) {
  return to_hex(sha256(salt + ip + "\n" + user_agent));
}

}  // namespace aa::audit
