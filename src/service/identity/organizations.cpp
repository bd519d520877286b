#include "service/identity/organizations.hpp"

#include "service/identity/cut.hpp"
#include "service/identity/statements.hpp"

namespace aa::identity {

using tenancy::Permission;

Task<OrganizationDetail> Organizations::get(tenancy::Tenant tenant) {
  const auto rows = co_await database_.query(tenant.scope(), sql::get_organization,
                                             db::args(tenant.organization()));
  auto found = rows.first<OrganizationDetail>();
  if (!found) throw not_found("organization");
  co_return std::move(*found);
}

Task<OrganizationDetail> Organizations::rename(tenancy::Tenant tenant, std::string name,
                                               std::optional<std::int64_t> if_revision) {
  if (name.find_first_not_of(" \t\r\n") == std::string::npos) {
    throw invalid("invalid_body", "/name must not be blank.", {{"/name", "must not be blank"}});
  }
  auto transaction = co_await database_.begin(tenant.scope());
  co_await lock_actor(*transaction, tenant, Permission::organization_write);
  const auto rows =
      co_await transaction->exec(sql::get_organization, db::args(tenant.organization()));
  if (if_revision && *if_revision != rows.one().get<std::int64_t>("revision")) {
    throw Error(ErrorCode::precondition_failed, "revision_differs",
                "The organization was changed meanwhile. Load it again, then repeat the change.");
  }
  co_await transaction->exec(sql::rename_organization, db::args(tenant.organization(), name));
  audit::Entry entry{"organization.rename", "organization", tenant.organization().str(), {}};
  co_await trail_.append(*transaction, tenant.actor(), std::move(entry));
  co_await transaction->commit();
  co_return co_await get(std::move(tenant));
}

Task<> Organizations::remove(tenancy::Tenant tenant) {
  const auto organization = tenant.organization();
  const auto now = clock_.now();
  auto transaction = co_await database_.begin(tenant.scope());
  co_await lock_actor(*transaction, tenant, Permission::organization_delete);
  const auto members = co_await transaction->exec(sql::member_ids, db::args(organization));
  for (const auto& row : members) {
    co_await cut_access(*transaction, organization, row.get<UserId>("user_id"), clock_, ids_);
  }
  audit::Entry entry{"organization.delete", "organization", organization.str(), {}};
  entry.detail["members"] = members.size();
  co_await trail_.append(*transaction, tenant.actor(), std::move(entry));
  co_await transaction->exec(sql::delete_members, db::args(organization));
  co_await transaction->exec(sql::revoke_all_invitations, db::args(organization, now));
  co_await transaction->exec(sql::delete_organization, db::args(organization, now));
  co_await transaction->commit();
}

}  // namespace aa::identity
