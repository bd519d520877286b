// Identity providers of an organisation.
//
// Whoever writes a provider can come in by it as any member but an owner, so he must be allowed all
// that an administrator is, and all that the roles allow which it gives. A secret goes in and never
// comes out; it is stored sealed.
//
// A domain leads its people to one provider. It may be taken by who has a confirmed address of it,
// when nobody else has it and it is not one where everybody gets addresses.
//
// Thread rule: shared by all coroutines; add_kind() before any of them begins.
// Errors: not_found; invalid_argument "invalid_provider", "unknown_role", "domain_refused"; those
// of the kind; already_exists "domain_taken"; permission_denied "beyond_own_rights"; conflict
// "too_many_providers", "revision_differs"; precondition_failed "revision_differs"; unsupported
// "kind_unsupported".
#pragma once

#include "core/config/public_url.hpp"
#include "core/runtime/executors.hpp"
#include "driver/blob/sealer.hpp"
#include "driver/db/database.hpp"
#include "service/audit/audit_trail.hpp"
#include "service/identity/access.hpp"
#include "service/sso/kind.hpp"
#include "service/tenancy/tenant.hpp"

namespace aa::sso {

struct ProvidersParts {
  db::Database& database;
  audit::Trail& trail;
  identity::Identity& identity;
  identity::Directory& directory;
  std::shared_ptr<blob::KeyRing> keys;
  const Clock& clock;
  IdSource& ids;
  runtime::Executors& executors;
};

identity::SignInMethod method_of(ProviderKind kind);

class Providers final : public identity::SsoGate {
 public:
  explicit Providers(ProvidersParts parts);

  void add_kind(Kind& kind) { kinds_[kind.kind()] = &kind; }
  Kind& kind(ProviderKind kind) const;

  Task<std::vector<ProviderView>> list(tenancy::Tenant tenant);
  Task<ProviderView> get(tenancy::Tenant tenant, ProviderId id);
  Task<ProviderView> create(tenancy::Tenant tenant, NewProvider input);
  Task<ProviderView> patch(tenancy::Tenant tenant, ProviderId id, ProviderChange change,
                           std::optional<std::int64_t> if_revision);
  // What it vouched for stays: accounts and memberships.
  Task<> remove(tenancy::Tenant tenant, ProviderId id);
  // As it is stored, enabled or not.
  Task<TestReport> test(tenancy::Tenant tenant, ProviderId id);

  // For a sign-in, which belongs to nobody yet: nullopt for one that is no more.
  Task<std::optional<Provider>> find(ProviderId id);
  // The same, or permission_denied "provider_off" when it is no more or switched off.
  Task<Provider> standing(ProviderId id);
  // By the domain of an address alone: says nothing about accounts.
  Task<std::vector<SignInOption>> discover(std::string email);
  // Of the organisation, those that are switched on: for who is told that he must use one.
  Task<std::vector<identity::SsoDoor>> doors(OrganizationId organization) override;
  // The accounts of providers that are one's own here.
  Task<std::vector<LinkView>> links(tenancy::Tenant tenant);
  Task<> unlink(tenancy::Tenant tenant, ProviderId id);

  // After a new data key: secrets of the organisation are sealed by it. How many were.
  Task<int> reseal(OrganizationId organization);

 private:
  struct Row;
  using Domains = std::map<ProviderId, std::vector<std::string>>;

  Task<Row> stored(tenancy::Tenant tenant, ProviderId id);
  Task<Provider> opened(Row row);
  Task<Domains> domains_of(tenancy::Tenant tenant);
  ProviderView view(const Row& row, const Domains& domains) const;
  Task<json::Object> validated(ProviderKind kind, json::Object config, bool has_secret);
  Task<std::optional<std::string>> sealed(OrganizationId organization, ProviderId id,
                                          std::string secret);
  Task<> check_domains(tenancy::Tenant tenant, std::vector<std::string> fresh);
  Task<> check_rights(db::Transaction& transaction, tenancy::Tenant tenant,
                      std::string default_role, std::vector<RoleRule> rules);
  Task<int> end_sessions(db::Transaction& transaction, tenancy::Tenant tenant, ProviderId id,
                         ProviderKind kind);
  Task<> move_domains(db::Transaction& transaction, tenancy::Tenant tenant, ProviderId id,
                      std::vector<std::string> from, std::vector<std::string> to);

  ProvidersParts parts_;
  blob::Sealer sealer_;
  std::map<ProviderKind, Kind*> kinds_;
};

}  // namespace aa::sso
