#include "service/sso/identity_providers.hpp"

#include <algorithm>

#include "base/hash.hpp"
#include "service/identity/cut.hpp"
#include "service/sso/domains.hpp"
#include "service/sso/statements.hpp"

namespace aa::sso {

using tenancy::Permission;
using Rules = std::vector<RoleRule>;

struct Providers::Row {
  ProviderId id;
  OrganizationId organization_id;
  ProviderKind kind = ProviderKind::oidc;
  std::string name;
  bool enabled = false;
  json::Object config;
  std::optional<std::string> secret;
  bool jit = false;
  std::string default_role;
  std::string role_rules;
  bool trusts_mfa = false;
  UserId created_by;
  Timestamp created_at;
  Timestamp updated_at;
  std::int64_t revision = 0;
  BOOST_DESCRIBE_CLASS(Row, (),
                       (id, organization_id, kind, name, enabled, config, secret, jit, default_role,
                        role_rules, trusts_mfa, created_by, created_at, updated_at, revision),
                       (), ())

  Rules rules() const { return json::read<Rules>(json::parse(role_rules)); }
};

namespace {

struct DomainRow {
  ProviderId provider_id;
  std::string domain;
};
BOOST_DESCRIBE_STRUCT(DomainRow, (), (provider_id, domain))

struct OptionRow {
  ProviderId id;
  ProviderKind kind = ProviderKind::oidc;
  std::string name;
};
BOOST_DESCRIBE_STRUCT(OptionRow, (), (id, kind, name))

std::string secret_purpose(ProviderId id) { return "sso_provider/" + id.str(); }

audit::Entry entry_of(std::string action, ProviderId id, ProviderKind kind,
                      const std::string& name) {
  audit::Entry out(std::move(action), "identity_provider", id.str());
  out.detail["name"] = name;
  out.detail["kind"] = boost::describe::enum_to_string(kind, "");
  return out;
}

Error revision_differs() {
  return {ErrorCode::precondition_failed, "revision_differs",
          "The provider was changed meanwhile. Load it again, then repeat the change."};
}

}  // namespace

std::string start_path(ProviderId id) { return "/api/v1/auth/sso/" + id.str() + "/start"; }

identity::SignInMethod method_of(ProviderKind kind) {
  switch (kind) {
    case ProviderKind::saml:
      return identity::SignInMethod::saml;
    case ProviderKind::ldap:
      return identity::SignInMethod::ldap;
    case ProviderKind::oidc:
      break;
  }
  return identity::SignInMethod::oidc;
}

std::optional<std::string> role_by_rules(const Provider& provider,
                                         const std::vector<std::string>& groups) {
  if (provider.role_rules.empty()) return std::nullopt;
  for (const auto& rule : provider.role_rules) {
    if (std::ranges::find(groups, rule.value) != groups.end()) return rule.role;
  }
  return provider.default_role;
}

Providers::Providers(ProvidersParts parts) : parts_(std::move(parts)), sealer_(parts_.keys) {}

Kind& Providers::kind(ProviderKind kind) const {
  const auto it = kinds_.find(kind);
  if (it != kinds_.end()) return *it->second;
  throw Error(ErrorCode::unsupported, "kind_unsupported",
              "This server does not know this kind of identity provider.", {{"/kind", "unknown"}});
}

ProviderView Providers::view(const Row& row, const Domains& domains) const {
  ProviderView out;
  out.id = row.id;
  out.kind = row.kind;
  out.name = row.name;
  out.enabled = row.enabled;
  out.config = row.config;
  out.has_secret = row.secret.has_value();
  if (const auto it = domains.find(row.id); it != domains.end()) out.domains = it->second;
  out.jit = row.jit;
  out.default_role = row.default_role;
  out.role_rules = row.rules();
  out.trusts_mfa = row.trusts_mfa;
  const auto& kind = this->kind(row.kind);
  out.addresses = kind.addresses(row.id);
  if (kind.redirects()) out.start_url = start_path(row.id);
  out.created_by = row.created_by;
  out.created_at = row.created_at;
  out.updated_at = row.updated_at;
  out.revision = row.revision;
  return out;
}

Task<Providers::Domains> Providers::domains_of(tenancy::Tenant tenant) {
  const auto rows = co_await parts_.database.query(tenant.scope(), sql::domains_of,
                                                   db::args(tenant.organization()));
  Domains out;
  for (const auto& row : rows.as<DomainRow>()) out[row.provider_id].push_back(row.domain);
  co_return out;
}

Task<Providers::Row> Providers::stored(tenancy::Tenant tenant, ProviderId id) {
  const auto rows = co_await parts_.database.query(tenant.scope(), sql::get_provider,
                                                   db::args(id, tenant.organization()));
  auto row = rows.first<Row>();
  if (!row) throw not_found("identity provider");
  co_return std::move(*row);
}

Task<std::vector<ProviderView>> Providers::list(tenancy::Tenant tenant) {
  tenant.require(Permission::sso_write);
  const auto domains = co_await domains_of(tenant);
  const auto rows = co_await parts_.database.query(tenant.scope(), sql::list_providers,
                                                   db::args(tenant.organization(), kProvidersMax));
  std::vector<ProviderView> out;
  for (const auto& row : rows.as<Row>()) out.push_back(view(row, domains));
  co_return out;
}

Task<ProviderView> Providers::get(tenancy::Tenant tenant, ProviderId id) {
  tenant.require(Permission::sso_write);
  const auto domains = co_await domains_of(tenant);
  const auto row = co_await stored(tenant, id);
  co_return view(row, domains);
}

Task<json::Object> Providers::validated(ProviderKind kind, json::Object config, bool has_secret) {
  if (json::write(config).size() > kConfigBytes) {
    throw invalid("invalid_provider", "/config must be at most 128 KiB.",
                  {{"/config", "is too large"}});
  }
  const auto& checker = this->kind(kind);
  auto check = [&checker, &config, has_secret] { return checker.validate(config, has_secret); };
  auto normal = co_await runtime::run_on(parts_.executors.blocking(), check);
  co_return normal;
}

Task<std::optional<std::string>> Providers::sealed(OrganizationId organization, ProviderId id,
                                                   std::string secret) {
  if (secret.empty()) co_return std::nullopt;
  auto seal = [this, organization, id, plain = Secret(std::move(secret))] {
    return to_base64url(sealer_.seal(organization, secret_purpose(id), plain));
  };
  auto text = co_await runtime::run_on(parts_.executors.blocking(), seal);
  co_return text;
}

// An address proves a domain: his own, which he has confirmed.
Task<> Providers::check_domains(tenancy::Tenant tenant, std::vector<std::string> fresh) {
  if (fresh.empty()) co_return;
  const auto me = co_await parts_.identity.me(tenant.principal());
  for (const auto& domain : fresh) {
    if (me.email_verified && domain_of(me.user.email) == domain) continue;
    throw invalid("domain_refused",
                  "Only someone with a confirmed address of " + domain +
                      " may lead its people to a provider.",
                  {{"/domains", "holds a domain that is not of your own address"}});
  }
}

Task<> Providers::check_rights(db::Transaction& transaction, tenancy::Tenant tenant,
                               std::string default_role, Rules rules) {
  const auto own = co_await identity::lock_actor(transaction, tenant, Permission::sso_write);
  identity::require_covers(own, tenancy::permissions_of(tenancy::Role::admin));
  std::vector<std::pair<std::string, std::string>> roles{{default_role, "/default_role"}};
  for (std::size_t i = 0; i < rules.size(); ++i) {
    roles.emplace_back(rules[i].role, "/role_rules/" + std::to_string(i) + "/role");
  }
  for (const auto& [name, pointer] : roles) {
    const auto role =
        co_await identity::resolve_role(transaction, tenant.organization(), name, pointer);
    if (role.ref.role == tenancy::Role::owner) {
      throw invalid("unknown_role", "A provider makes nobody an owner.", {{pointer, "is owner"}});
    }
    identity::require_covers(own, role.permissions);
  }
}

Task<> Providers::move_domains(db::Transaction& transaction, tenancy::Tenant tenant, ProviderId id,
                               std::vector<std::string> from, std::vector<std::string> to) {
  for (const auto& domain : from) {
    if (std::ranges::find(to, domain) != to.end()) continue;
    co_await transaction.exec(sql::delete_domain, db::args(domain, tenant.organization(), id));
  }
  for (const auto& domain : to) {
    if (std::ranges::find(from, domain) != from.end()) continue;
    try {
      co_await transaction.exec(sql::insert_domain, db::args(domain, tenant.organization(), id));
    } catch (const Error& error) {
      if (error.code() != ErrorCode::already_exists) throw;
      throw Error(ErrorCode::already_exists, "domain_taken",
                  "The domain " + domain + " leads to another provider already.",
                  {{"/domains", "holds a domain that is taken"}});
    }
  }
}

Task<ProviderView> Providers::create(tenancy::Tenant tenant, NewProvider input) {
  tenant.require(Permission::sso_write);
  const auto others = co_await list(tenant);
  if (others.size() >= kProvidersMax) {
    throw conflict("too_many_providers",
                   "An organization has at most 20 identity providers. Delete one first.");
  }
  auto domains = normal_domains(std::move(input.domains));
  co_await check_domains(tenant, domains);
  const std::string secret = input.secret.value_or("");
  const auto config = co_await validated(input.kind, std::move(input.config), !secret.empty());
  const auto id = parts_.ids.next_as<ProviderId>();
  const auto kept = co_await sealed(tenant.organization(), id, secret);
  auto transaction = co_await parts_.database.begin(tenant.scope());
  co_await check_rights(*transaction, tenant, input.default_role, input.role_rules);
  co_await transaction->exec(
      sql::insert_provider,
      db::args(id, tenant.organization(), input.kind, input.name, input.enabled, config, kept,
               input.jit, input.default_role, json::write(input.role_rules), input.trusts_mfa,
               tenant.user(), parts_.clock.now()));
  std::vector<std::string> none;
  co_await move_domains(*transaction, tenant, id, std::move(none), std::move(domains));
  auto entry = entry_of("provider.create", id, input.kind, input.name);
  co_await parts_.trail.append(*transaction, tenant.actor(), std::move(entry));
  co_await transaction->commit();
  co_return co_await get(tenant, id);
}

// Nobody stays in by a provider that vouches no more.
Task<int> Providers::end_sessions(db::Transaction& transaction, tenancy::Tenant tenant,
                                  ProviderId id, ProviderKind kind) {
  co_return co_await parts_.directory.end_sessions(transaction, std::move(tenant), id.str(),
                                                   method_of(kind));
}

Task<ProviderView> Providers::patch(tenancy::Tenant tenant, ProviderId id, ProviderChange change,
                                    std::optional<std::int64_t> if_revision) {
  tenant.require(Permission::sso_write);
  auto row = co_await stored(tenant, id);
  if (if_revision && *if_revision != row.revision) throw revision_differs();
  auto all = co_await domains_of(tenant);
  const auto before = all[id];
  auto after = change.domains ? normal_domains(std::move(*change.domains)) : before;
  std::vector<std::string> fresh;
  std::ranges::set_difference(after, before, std::back_inserter(fresh));
  co_await check_domains(tenant, std::move(fresh));
  if (change.secret) {
    row.secret = co_await sealed(tenant.organization(), id, std::move(*change.secret));
  }
  row.name = change.name.value_or(row.name);
  const bool was_on = row.enabled;
  row.enabled = change.enabled.value_or(row.enabled);
  // What stands is not looked at again: a provider can be switched off when it is away.
  if (change.config || change.secret) {
    auto config = change.config.value_or(row.config);
    row.config = co_await validated(row.kind, std::move(config), row.secret.has_value());
  }
  row.jit = change.jit.value_or(row.jit);
  row.default_role = change.default_role.value_or(row.default_role);
  if (change.role_rules) row.role_rules = json::write(*change.role_rules);
  row.trusts_mfa = change.trusts_mfa.value_or(row.trusts_mfa);
  auto transaction = co_await parts_.database.begin(tenant.scope());
  co_await check_rights(*transaction, tenant, row.default_role, row.rules());
  const auto changed = co_await transaction->exec(
      sql::update_provider,
      db::args(id, tenant.organization(), row.name, row.enabled, row.config, row.secret, row.jit,
               row.default_role, row.role_rules, row.trusts_mfa, parts_.clock.now(), row.revision));
  if (changed.affected() == 0) throw revision_differs();
  co_await move_domains(*transaction, tenant, id, before, std::move(after));
  auto entry = entry_of("provider.update", id, row.kind, row.name);
  entry.detail["enabled"] = row.enabled;
  if (was_on && !row.enabled) {
    entry.detail["sessions_ended"] = co_await end_sessions(*transaction, tenant, id, row.kind);
  }
  co_await parts_.trail.append(*transaction, tenant.actor(), std::move(entry));
  co_await transaction->commit();
  co_return co_await get(tenant, id);
}

Task<> Providers::remove(tenancy::Tenant tenant, ProviderId id) {
  tenant.require(Permission::sso_write);
  const auto row = co_await stored(tenant, id);
  auto transaction = co_await parts_.database.begin(tenant.scope());
  co_await check_rights(*transaction, tenant, "viewer", {});
  const auto gone =
      co_await transaction->exec(sql::delete_provider, db::args(id, tenant.organization()));
  if (gone.affected() == 0) throw not_found("identity provider");
  auto entry = entry_of("provider.delete", id, row.kind, row.name);
  entry.detail["sessions_ended"] = co_await end_sessions(*transaction, tenant, id, row.kind);
  co_await parts_.directory.forget(*transaction, tenant.organization(), id.str());
  co_await parts_.trail.append(*transaction, tenant.actor(), std::move(entry));
  co_await transaction->commit();
}

Task<Provider> Providers::opened(Row row) {
  Provider out;
  if (row.secret) {
    auto open = [this, &row] {
      const auto bytes = from_base64url(*row.secret);
      if (!bytes) throw internal_error("the secret of a provider is not base64url");
      return sealer_.open(row.organization_id, secret_purpose(row.id), *bytes);
    };
    out.secret = co_await runtime::run_on(parts_.executors.blocking(), open);
  }
  out.id = row.id;
  out.organization = row.organization_id;
  out.kind = row.kind;
  out.name = std::move(row.name);
  out.enabled = row.enabled;
  out.config = std::move(row.config);
  out.jit = row.jit;
  out.default_role = std::move(row.default_role);
  out.role_rules = json::read<Rules>(json::parse(row.role_rules));
  out.trusts_mfa = row.trusts_mfa;
  out.revision = row.revision;
  co_return out;
}

Task<TestReport> Providers::test(tenancy::Tenant tenant, ProviderId id) {
  tenant.require(Permission::sso_write);
  auto row = co_await stored(tenant, id);
  auto provider = co_await opened(std::move(row));
  auto& kind = this->kind(provider.kind);
  const auto name = provider.name;
  TestReport out;
  out.steps = co_await kind.test(std::move(provider));
  out.ok = std::ranges::all_of(out.steps, [](const TestStep& step) { return step.ok; });
  auto transaction = co_await parts_.database.begin(tenant.scope());
  auto entry = entry_of("provider.test", id, kind.kind(), name);
  entry.detail["ok"] = out.ok;
  co_await parts_.trail.append(*transaction, tenant.actor(), std::move(entry));
  co_await transaction->commit();
  co_return out;
}

Task<std::optional<Provider>> Providers::find(ProviderId id) {
  const auto rows =
      co_await parts_.database.query(db::Scope::system(), sql::find_provider, db::args(id));
  auto row = rows.first<Row>();
  if (!row) co_return std::nullopt;
  auto provider = co_await opened(std::move(*row));
  co_return provider;
}

Task<Provider> Providers::standing(ProviderId id) {
  auto found = co_await find(id);
  if (found && found->enabled) co_return std::move(*found);
  throw Error(ErrorCode::permission_denied, "provider_off",
              "This identity provider is switched off or was deleted.");
}

Task<std::vector<SignInOption>> Providers::discover(std::string email) {
  const auto domain = domain_of(email);
  std::vector<SignInOption> out;
  if (!is_domain(domain)) co_return out;
  const auto rows = co_await parts_.database.query(db::Scope::system(), sql::provider_of_domain,
                                                   db::args(domain));
  for (const auto& row : rows.as<OptionRow>()) {
    const bool redirects = kind(row.kind).redirects();
    out.push_back({row.id, row.kind, row.name, redirects ? start_path(row.id) : ""});
  }
  co_return out;
}

Task<std::vector<identity::SsoDoor>> Providers::doors(OrganizationId organization) {
  const auto rows = co_await parts_.database.query(
      db::Scope::tenant(organization), sql::list_providers, db::args(organization, kProvidersMax));
  std::vector<identity::SsoDoor> out;
  for (const auto& row : rows.as<Row>()) {
    if (!row.enabled) continue;
    const bool redirects = kind(row.kind).redirects();
    out.emplace_back(row.id.str(), row.name, redirects ? start_path(row.id) : "");
  }
  co_return out;
}

Task<std::vector<LinkView>> Providers::links(tenancy::Tenant tenant) {
  const auto mine = co_await parts_.directory.links_of(tenant.organization(), tenant.user());
  const auto rows = co_await parts_.database.query(tenant.scope(), sql::list_providers,
                                                   db::args(tenant.organization(), kProvidersMax));
  std::vector<LinkView> out;
  for (const auto& row : rows.as<Row>()) {
    LinkView link;
    link.provider_id = row.id;
    link.kind = row.kind;
    link.name = row.name;
    link.enabled = row.enabled;
    link.redirects = kind(row.kind).redirects();
    const auto it = std::ranges::find(mine, row.id.str(), &identity::DirectoryLink::provider_id);
    if (it != mine.end()) {
      link.subject = it->subject;
      link.linked_at = it->created_at;
    }
    if (row.enabled || link.linked_at) out.push_back(std::move(link));
  }
  co_return out;
}

Task<> Providers::unlink(tenancy::Tenant tenant, ProviderId id) {
  auto transaction = co_await parts_.database.begin(db::Scope::system());
  co_await parts_.directory.unlink(*transaction, tenant.actor(), tenant.user(), id.str());
  co_await transaction->commit();
}

Task<int> Providers::reseal(OrganizationId organization) {
  const auto rows = co_await parts_.database.query(
      db::Scope::tenant(organization), sql::list_providers, db::args(organization, kProvidersMax));
  int done = 0;
  for (const auto& row : rows.as<Row>()) {
    if (!row.secret) continue;
    const auto provider = co_await opened(row);
    const auto kept = co_await sealed(organization, row.id, std::string(provider.secret.reveal()));
    co_await parts_.database.write(db::Scope::tenant(organization), sql::reseal_provider,
                                   db::args(row.id, kept, *row.secret));
    ++done;
  }
  co_return done;
}

}  // namespace aa::sso
