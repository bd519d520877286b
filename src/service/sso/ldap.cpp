#include "service/sso/ldap.hpp"

#include <algorithm>

#include "base/hash.hpp"
#include "base/utf8.hpp"
#include "driver/ldap/ldap_text.hpp"
#include "service/audit/recorded.hpp"

namespace aa::sso {
namespace {

constexpr unsigned kThreads = 4;
constexpr std::size_t kNameBytes = 254;
constexpr std::size_t kPasswordBytes = 4'096;

Error invalid_credentials() {
  return {ErrorCode::unauthenticated, "invalid_credentials",
          "The user name or the password is wrong."};
}

std::string small_letters(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

std::string first_of(const ldap::Entry& entry, const std::string& name) {
  const auto it = entry.values.find(name);
  return it == entry.values.end() || it->second.empty() ? std::string() : it->second[0];
}

// An id that is bytes is told in hexadecimal, always.
std::string subject_of(const ldap::Entry& entry, const std::string& name) {
  const auto value = first_of(entry, name);
  const bool bytes = small_letters(name).find("guid") != std::string::npos || !is_utf8(value);
  if (!bytes) return value;
  return to_hex({reinterpret_cast<const std::uint8_t*>(value.data()), value.size()});
}

void bind_to_search(ldap::Connection& connection, const LdapSettings& settings,
                    const Secret& secret) {
  if (settings.bind_dn.empty()) {
    connection.bind_as_nobody();
  } else if (!connection.bind(settings.bind_dn, std::string(secret.reveal()))) {
    throw unavailable("ldap_bind",
                      "The LDAP server refuses the name or the password that is to search.");
  }
}

ldap::Search search_for(const LdapSettings& settings, const std::string& name) {
  ldap::Search out;
  out.base = settings.base_dn;
  out.scope = settings.scope == LdapScope::subtree ? ldap::Scope::subtree : ldap::Scope::one_level;
  out.filter = ldap::filled_filter(settings.user_filter, name);
  out.attributes = {settings.subject_attribute, settings.email_attribute, settings.name_attribute};
  if (!settings.groups_attribute.empty()) out.attributes.push_back(settings.groups_attribute);
  return out;
}

Vouched vouched(const LdapSettings& settings, const ldap::Entry& entry) {
  Vouched out;
  out.subject = subject_of(entry, settings.subject_attribute);
  if (out.subject.empty()) {
    throw unavailable("ldap_subject",
                      "The LDAP server does not tell the attribute by which people are known.");
  }
  out.email = first_of(entry, settings.email_attribute);
  out.name = first_of(entry, settings.name_attribute);
  const auto groups = entry.values.find(settings.groups_attribute);
  if (groups != entry.values.end()) out.groups = groups->second;
  return out;
}

}  // namespace

Ldap::Ldap(LdapParts parts)
    : parts_(std::move(parts)), attempts_(parts_.clock), threads_(kThreads) {}

Ldap::~Ldap() { threads_.join(); }

json::Object Ldap::validate(const json::Object& config, bool has_secret) const {
  const auto settings = checked_ldap_settings(config, has_secret);
  const auto server = server_of(settings);
  const bool v6 = server.host.find(':') != std::string::npos;
  try {
    parts_.outbound.check("http://" + (v6 ? "[" + server.host + "]" : server.host) + ":" +
                          std::to_string(server.port) + "/");
  } catch (const Error& error) {
    throw Error(error.code(), error.slug(), error.message(), {{"/config/url", "is not reached"}});
  }
  return json::parse(json::write(settings)).as_object();
}

Task<std::string> Ldap::start(Provider, FlowRequest) {
  throw not_found("resource");
  co_return std::string();
}

Task<std::vector<TestStep>> Ldap::test(Provider provider) {
  auto work = [this, &provider] {
    std::vector<TestStep> steps;
    const auto settings = read_ldap_settings(provider.config);
    const auto server = server_of(settings);
    std::unique_ptr<ldap::Connection> connection;
    int socket = -1;
    const bool reached = take_step(steps, "connect", [&] {
      socket = parts_.outbound.connect(server.host, server.port);
      return server.host + ":" + std::to_string(server.port);
    });
    if (!reached) return steps;
    const bool secure = take_step(steps, "tls", [&] {
      connection = std::make_unique<ldap::Connection>(socket, server);
      return server.tls == ldap::Tls::none ? std::string("none") : server.host;
    });
    if (!secure) return steps;
    const bool bound = take_step(steps, "bind", [&] {
      bind_to_search(*connection, settings, provider.secret);
      return settings.bind_dn;
    });
    if (!bound) return steps;
    take_step(steps, "search", [&] {
      connection->search(search_for(settings, "nobody"));
      return settings.base_dn;
    });
    return steps;
  };
  auto steps = co_await runtime::run_on(threads_.get_executor(), work);
  co_return steps;
}

std::optional<Vouched> Ldap::asked(const Provider& provider, const std::string& name,
                                   const std::string& password, std::string& why) const {
  const auto settings = read_ldap_settings(provider.config);
  const auto server = server_of(settings);
  ldap::Connection connection(parts_.outbound.connect(server.host, server.port), server);
  bind_to_search(connection, settings, provider.secret);
  const auto entries = connection.search(search_for(settings, name));
  if (entries.size() != 1) {
    why = entries.empty() ? "unknown_user" : "ambiguous_user";
    // Takes as long as a password that is wrong.
    (void)connection.bind("cn=" + to_hex(sha256(name)) + "," + settings.base_dn, password);
    return std::nullopt;
  }
  why = "wrong_password";
  if (!connection.bind(entries[0].dn, password)) return std::nullopt;
  return vouched(settings, entries[0]);
}

Task<> Ldap::refuse(Provider provider, std::string reason, identity::Origin origin) {
  Error why(ErrorCode::unauthenticated, std::move(reason), "");
  auto refusing = parts_.sign_in.refuse(std::move(provider), std::move(why), std::move(origin));
  co_await std::move(refusing);
}

Task<identity::LoginResult> Ldap::log_in(Provider provider, std::string name, std::string password,
                                         identity::Origin origin) {
  const auto key = provider.id.str() + "/" + small_letters(name);
  attempts_.check(key);
  const bool sound = !name.empty() && name.size() <= kNameBytes && !password.empty() &&
                     password.size() <= kPasswordBytes && password.find('\0') == std::string::npos;
  std::optional<Vouched> person;
  std::string why = "empty_password";
  if (sound) {
    auto work = [this, &provider, &name, &password, &why] {
      return asked(provider, name, password, why);
    };
    std::optional<Error> failure;
    try {
      person = co_await runtime::run_on(threads_.get_executor(), work);
    } catch (const Error& error) {
      failure = error;
    }
    if (failure) {
      co_await refuse(provider, failure->slug(), origin);
      throw audit::Recorded(*failure);
    }
  }
  if (!person) {
    attempts_.failed(key);
    co_await refuse(provider, std::move(why), std::move(origin));
    throw audit::Recorded(invalid_credentials());
  }
  attempts_.succeeded(key);
  co_return co_await parts_.sign_in.enter(std::move(provider), std::move(*person),
                                          std::move(origin));
}

}  // namespace aa::sso
