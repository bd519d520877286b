#include "service/identity/cut.hpp"

#include "service/identity/membership.hpp"
#include "service/identity/revocations.hpp"
#include "service/identity/statements.hpp"
#include "service/jobs/job_queue.hpp"

namespace aa::identity {

Task<> lock_organization(db::Transaction& transaction, OrganizationId organization) {
  const auto rows = co_await transaction.exec(sql::lock_organization, db::args(organization));
  if (rows.empty()) throw not_found("organization");
}

Task<tenancy::PermissionSet> lock_actor(db::Transaction& transaction, tenancy::Tenant tenant,
                                        tenancy::Permission needed,
                                        std::optional<ProjectId> project) {
  co_await lock_organization(transaction, tenant.organization());
  const auto rows =
      co_await transaction.exec(sql::find_member, db::args(tenant.organization(), tenant.user()));
  const auto actor = rows.first<MemberRow>();
  tenancy::Principal now = tenant.principal();
  now.permissions = actor ? actor->permissions() : tenancy::PermissionSet{};
  const auto own = project ? now.in(*project).permissions : now.permissions;
  if (!own.has(needed)) {
    throw Error(
        ErrorCode::permission_denied, "permission_denied",
        "Your role does not have the permission " + std::string(to_string(needed)) + " any more.");
  }
  co_return own& tenant.principal().permissions;  // scoped tokens may less than the person
}

Task<> tell_changed(db::Transaction& transaction, OrganizationId organization, UserId user,
                    const Clock& clock, IdSource& ids) {
  Revocation revocation{ids.next_as<RevocationId>(), organization, user, std::nullopt, clock.now()};
  co_await note_revocation(transaction, std::move(revocation));
}

Task<> cut_access(db::Transaction& transaction, OrganizationId organization, UserId user,
                  const Clock& clock, IdSource& ids) {
  const auto now = clock.now();
  co_await transaction.exec(sql::revoke_member_sessions, db::args(organization, user, now));
  co_await jobs::cancel_of(transaction, organization, user, now);
  co_await tell_changed(transaction, organization, user, clock, ids);
}

}  // namespace aa::identity
