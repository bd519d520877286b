#include "service/sso/ldap_settings.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "driver/ldap/ldap_text.hpp"
#include "service/sso/config_text.hpp"

namespace aa::sso {
namespace {

Error bad(std::string pointer, std::string what) {
  const std::string text = pointer + " " + what + ".";
  return invalid("invalid_provider", text, {{std::move(pointer), std::move(what)}});
}

// RFC 4512, section 1.4: a name or an OID, with options.
bool is_attribute(std::string_view text) {
  return std::ranges::all_of(text, [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '.' || c == ';';
  });
}

bool is_plain(std::string_view text) {
  return std::ranges::none_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

struct Address {
  bool secure = false;
  std::string host;
  std::uint16_t port = 0;
};

std::optional<Address> address_of(std::string_view url) {
  Address out;
  out.secure = url.starts_with("ldaps://");
  if (!out.secure && !url.starts_with("ldap://")) return std::nullopt;
  out.port = out.secure ? 636 : 389;
  auto rest = url.substr(out.secure ? 8 : 7);
  if (rest.ends_with('/')) rest.remove_suffix(1);
  const bool literal = rest.starts_with('[');
  const auto end = literal ? rest.find(']') : rest.find(':');
  if (literal && end == std::string_view::npos) return std::nullopt;
  out.host = literal ? rest.substr(1, end - 1) : rest.substr(0, end);
  rest.remove_prefix(std::min(rest.size(), literal ? end + 1 : out.host.size()));
  const bool named = !out.host.empty() && std::ranges::all_of(out.host, [&](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '.' || c == '_' || (literal && c == ':');
  });
  if (!named) return std::nullopt;
  if (rest.empty()) return out;
  rest.remove_prefix(1);
  const auto* last = rest.data() + rest.size();
  const auto [stop, error] = std::from_chars(rest.data(), last, out.port);
  if (error != std::errc{} || stop != last || out.port == 0) return std::nullopt;
  return out;
}

bool is_this_machine(const std::string& host) {
  return host == "localhost" || host == "127.0.0.1" || host == "::1";
}

void check_names(const LdapSettings& settings) {
  const std::array<std::pair<const char*, const std::string*>, 4> names{{
      {"subject_attribute", &settings.subject_attribute},
      {"email_attribute", &settings.email_attribute},
      {"name_attribute", &settings.name_attribute},
      {"groups_attribute", &settings.groups_attribute},
  }};
  for (const auto& [name, value] : names) {
    if (!is_attribute(*value)) {
      throw bad(std::string("/config/") + name, "must be the name of an attribute");
    }
  }
  if (!is_plain(settings.bind_dn)) throw bad("/config/bind_dn", "must be a distinguished name");
  if (!is_plain(settings.base_dn)) throw bad("/config/base_dn", "must be a distinguished name");
}

}  // namespace

LdapSettings read_ldap_settings(const json::Object& config) {
  return read_settings<LdapSettings>(config);
}

LdapSettings checked_ldap_settings(const json::Object& config, bool has_secret) {
  auto out = read_ldap_settings(config);
  const auto address = address_of(out.url);
  if (!address) throw bad("/config/url", "must be ldaps://HOST, or ldap://HOST with start_tls");
  if (address->secure && out.start_tls) {
    throw bad("/config/start_tls", "does not go with ldaps, which begins with TLS");
  }
  if (!address->secure && !out.start_tls && !is_this_machine(address->host)) {
    throw bad("/config/url", "must be ldaps, or start_tls be true: passwords go over it");
  }
  if (!out.authority.empty() && !ldap::der_of_pem(out.authority)) {
    throw bad("/config/authority", "must be a certificate in PEM");
  }
  if (!ldap::is_filter(out.user_filter) || out.user_filter.find("{user}") == std::string::npos) {
    throw bad("/config/user_filter", "must be a filter in parentheses that holds {user}");
  }
  check_names(out);
  if (!out.bind_dn.empty() && !has_secret) {
    throw invalid("invalid_provider", "/secret must be given: the password of bind_dn.",
                  {{"/secret", "is missing"}});
  }
  return out;
}

ldap::Server server_of(const LdapSettings& settings) {
  const auto address = address_of(settings.url);
  if (!address) throw bad("/config/url", "must be ldaps://HOST, or ldap://HOST with start_tls");
  ldap::Server out;
  out.host = address->host;
  out.port = address->port;
  out.tls = address->secure ? ldap::Tls::from_the_start
                            : (settings.start_tls ? ldap::Tls::start_tls : ldap::Tls::none);
  out.authority = ldap::der_of_pem(settings.authority).value_or("");
  return out;
}

}  // namespace aa::sso
