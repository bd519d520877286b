// Identity providers, as the API shows them and as a sign-in uses them.
//
// Thread rule: values.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/id.hpp"
#include "base/json.hpp"
#include "base/secret.hpp"

namespace aa::sso {

using ProviderId = Id<struct ProviderTag>;

inline constexpr std::size_t kProvidersMax = 20;  // of an organisation
inline constexpr std::size_t kDomainsMax = 50;    // of a provider
inline constexpr std::size_t kRulesMax = 200;
inline constexpr std::size_t kSecretBytes = 4'000;
inline constexpr std::size_t kConfigBytes = 128 * 1024;  // as text; a SAML metadata file fits

enum class ProviderKind { oidc, saml, ldap };
BOOST_DESCRIBE_ENUM(ProviderKind, oidc, saml, ldap)

// Who has the group (or whatever the kind maps by) is given the role; the first rule that fits
// counts.
struct RoleRule {
  std::string value;
  std::string role;  // a built-in one's name but owner, or the id of a custom one
};
BOOST_DESCRIBE_STRUCT(RoleRule, (), (value, role))
constexpr auto field_rules(const RoleRule*) {
  return std::array{json::Field{.name = "value", .min_length = 1, .max_length = 1000},
                    json::Field{.name = "role", .min_length = 1, .max_length = 40}};
}

struct ProviderView {
  ProviderId id;
  ProviderKind kind = ProviderKind::oidc;
  std::string name;
  bool enabled = false;
  json::Object config;
  bool has_secret = false;
  std::vector<std::string> domains;
  bool jit = false;
  std::string default_role;
  std::vector<RoleRule> role_rules;
  bool trusts_mfa = false;
  // What the other side must be told, by name ("redirect_uri").
  std::map<std::string, std::string> addresses;
  std::string start_url;  // a path of ours; empty for a kind that asks for a password here
  UserId created_by;
  Timestamp created_at;
  Timestamp updated_at;
  std::int64_t revision = 0;
};
BOOST_DESCRIBE_STRUCT(ProviderView, (),
                      (id, kind, name, enabled, config, has_secret, domains, jit, default_role,
                       role_rules, trusts_mfa, addresses, start_url, created_by, created_at,
                       updated_at, revision))

struct NewProvider {
  ProviderKind kind = ProviderKind::oidc;
  std::string name;
  bool enabled = false;
  json::Object config;
  std::optional<std::string> secret;
  std::vector<std::string> domains;
  bool jit = true;  // who is no member yet becomes one
  std::string default_role = "viewer";
  std::vector<RoleRule> role_rules;
  bool trusts_mfa = false;  // the provider asks for a second factor: ours is not asked for besides
};
BOOST_DESCRIBE_STRUCT(NewProvider, (),
                      (kind, name, enabled, config, secret, domains, jit, default_role, role_rules,
                       trusts_mfa))
constexpr auto field_rules(const NewProvider*) {
  return std::array{
      json::Field{.name = "name", .min_length = 1, .max_length = 100},
      json::Field{.name = "enabled", .optional = true},
      json::Field{.name = "secret", .max_length = kSecretBytes, .format = "password"},
      json::Field{.name = "domains", .max_items = kDomainsMax, .optional = true},
      json::Field{.name = "jit", .optional = true},
      json::Field{.name = "default_role", .min_length = 1, .max_length = 40, .optional = true},
      json::Field{.name = "role_rules", .max_items = kRulesMax, .optional = true},
      json::Field{.name = "trusts_mfa", .optional = true}};
}

// What is left out stays. An empty secret takes it away.
struct ProviderChange {
  std::optional<std::string> name;
  std::optional<bool> enabled;
  std::optional<json::Object> config;
  std::optional<std::string> secret;
  std::optional<std::vector<std::string>> domains;
  std::optional<bool> jit;
  std::optional<std::string> default_role;
  std::optional<std::vector<RoleRule>> role_rules;
  std::optional<bool> trusts_mfa;
};
BOOST_DESCRIBE_STRUCT(ProviderChange, (),
                      (name, enabled, config, secret, domains, jit, default_role, role_rules,
                       trusts_mfa))
constexpr auto field_rules(const ProviderChange*) {
  return field_rules(static_cast<const NewProvider*>(nullptr));
}

// A provider with its secret, for who signs people in.
struct Provider {
  ProviderId id;
  OrganizationId organization;
  ProviderKind kind = ProviderKind::oidc;
  std::string name;
  bool enabled = false;
  json::Object config;
  Secret secret;
  bool jit = false;
  std::string default_role;
  std::vector<RoleRule> role_rules;
  bool trusts_mfa = false;
  std::int64_t revision = 0;
};

// Of a test, in the order in which things happened; it ends at the first that failed. `detail` is
// ours: nothing that the other side wrote stands in it but names and addresses it is known by.
struct TestStep {
  TestStep() = default;
  TestStep(std::string which, bool well, std::string what)
      : step(std::move(which)), ok(well), detail(std::move(what)) {}
  std::string step;  // "discovery", "keys", "metadata", "connect", "bind"
  bool ok = false;
  std::string detail;
};
BOOST_DESCRIBE_STRUCT(TestStep, (), (step, ok, detail))

struct TestReport {
  bool ok = false;
  std::vector<TestStep> steps;
};
BOOST_DESCRIBE_STRUCT(TestReport, (), (ok, steps))

// Where someone with an address of the domain may sign in.
struct SignInOption {
  ProviderId id;
  ProviderKind kind = ProviderKind::oidc;
  std::string name;
  std::string start_url;  // empty: the password is asked for here
};
BOOST_DESCRIBE_STRUCT(SignInOption, (), (id, kind, name, start_url))

// A provider of one's organisation, and the account there that is linked to one's own, if any.
struct LinkView {
  ProviderId provider_id;
  ProviderKind kind = ProviderKind::oidc;
  std::string name;
  bool enabled = false;
  bool redirects = false;
  std::optional<std::string> subject;
  std::optional<Timestamp> linked_at;
};
BOOST_DESCRIBE_STRUCT(LinkView, (),
                      (provider_id, kind, name, enabled, redirects, subject, linked_at))

// A person as a provider vouches for him.
struct Vouched {
  std::string subject;  // never changes
  std::string email;    // that the provider is trusted to know
  std::string name;
  std::vector<std::string> groups;
};

// The path at which a sign-in begins.
std::string start_path(ProviderId id);
// The role that the rules give: nullopt when the provider has no rules.
std::optional<std::string> role_by_rules(const Provider& provider,
                                         const std::vector<std::string>& groups);

}  // namespace aa::sso
