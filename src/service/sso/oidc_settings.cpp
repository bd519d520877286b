#include "service/sso/oidc_settings.hpp"

#include <algorithm>
#include <cctype>

#include "driver/http/message.hpp"
#include "service/sso/config_text.hpp"

namespace aa::sso {
namespace {

constexpr std::size_t kDocumentBytes = 128 * 1024;
constexpr std::size_t kUrlBytes = 2'000;

Error bad(std::string pointer, std::string what) {
  const std::string text = pointer + " " + what + ".";
  return invalid("invalid_provider", text, {{std::move(pointer), std::move(what)}});
}

// RFC 6749, appendix A.4.
bool is_scope(std::string_view text) {
  return !text.empty() && text.size() <= 100 && std::ranges::all_of(text, [](unsigned char c) {
    return c > 0x20 && c < 0x7f && c != '"' && c != '\\';
  });
}

Error bad_discovery(std::string why) {
  return unavailable("bad_discovery", "The identity provider's description is not usable: " + why);
}

std::string url_in(const json::Object& document, std::string_view name, bool needed) {
  const auto* value = document.if_contains(name);
  if (value == nullptr && !needed) return {};
  if (value == nullptr || !value->is_string() ||
      !is_provider_url(std::string_view(value->as_string()))) {
    throw bad_discovery(std::string(name) + " is missing or no https address.");
  }
  return std::string(value->as_string());
}

}  // namespace

bool is_provider_url(std::string_view url) {
  const bool plain =
      url.size() <= kUrlBytes && std::ranges::all_of(url, [](unsigned char c) {
        return c > 0x20 && c < 0x7f && c != '#' && c != '\\' && c != '"' && c != '<' && c != '>';
      });
  if (!plain) return false;
  const bool secure = url.starts_with("https://");
  if (!secure && !url.starts_with("http://")) return false;
  const auto rest = url.substr(secure ? 8 : 7);
  const auto authority = rest.substr(0, rest.find_first_of("/?"));
  if (authority.empty() || authority.find('@') != std::string_view::npos) return false;
  if (secure) return true;
  const auto host = authority.starts_with('[') ? authority.substr(0, authority.find(']') + 1)
                                               : authority.substr(0, authority.find(':'));
  return host == "localhost" || host == "127.0.0.1" || host == "[::1]";
}

OidcSettings read_oidc_settings(const json::Object& config) {
  auto out = read_settings<OidcSettings>(config);
  if (out.scopes.empty()) out.scopes = {"openid", "email", "profile"};
  return out;
}

OidcSettings checked_oidc_settings(const json::Object& config, bool has_secret) {
  auto out = read_oidc_settings(config);
  if (!is_provider_url(out.issuer) || out.issuer.find('?') != std::string::npos) {
    throw bad("/config/issuer", "must be an https address");
  }
  for (std::size_t i = 0; i < out.scopes.size(); ++i) {
    if (!is_scope(out.scopes[i])) {
      throw bad("/config/scopes/" + std::to_string(i), "must be a scope");
    }
  }
  if (std::ranges::find(out.scopes, "openid") == out.scopes.end()) {
    throw bad("/config/scopes", "must hold openid");
  }
  if (out.token_auth != TokenAuth::none && !has_secret) {
    throw invalid("invalid_provider",
                  "/secret must be given, or token_auth be none for a client without one.",
                  {{"/secret", "is missing"}});
  }
  return out;
}

std::string discovery_url(std::string_view issuer) {
  while (issuer.ends_with('/')) issuer.remove_suffix(1);
  return std::string(issuer) + "/.well-known/openid-configuration";
}

Discovery read_discovery(std::string_view text, std::string_view issuer) {
  if (text.size() > kDocumentBytes) throw bad_discovery("it is too long.");
  json::Value value;
  try {
    value = json::parse(text);
  } catch (const Error&) {
    throw bad_discovery("it is no JSON.");
  }
  const auto* document = value.if_object();
  if (document == nullptr) throw bad_discovery("it is no object.");
  const auto* named = document->if_contains("issuer");
  if (named == nullptr || !named->is_string() || std::string_view(named->as_string()) != issuer) {
    throw bad_discovery("it speaks of another issuer than the settings.");
  }
  Discovery out;
  out.issuer = issuer;
  out.authorization_endpoint = url_in(*document, "authorization_endpoint", true);
  out.token_endpoint = url_in(*document, "token_endpoint", true);
  out.jwks_uri = url_in(*document, "jwks_uri", true);
  out.userinfo_endpoint = url_in(*document, "userinfo_endpoint", false);
  const auto* names = document->if_contains("authorization_response_iss_parameter_supported");
  out.names_itself = names != nullptr && names->is_bool() && names->as_bool();
  return out;
}

std::string form_of(const std::vector<std::pair<std::string, std::string>>& parameters) {
  std::string out;
  for (const auto& [name, value] : parameters) {
    if (!out.empty()) out += '&';
    out += http::percent_encode(name) + "=" + http::percent_encode(value);
  }
  return out;
}

std::string with_query(std::string url,
                       const std::vector<std::pair<std::string, std::string>>& parameters) {
  url += url.find('?') == std::string::npos ? '?' : '&';
  return url + form_of(parameters);
}

}  // namespace aa::sso
