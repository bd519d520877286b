#include "service/identity/grants.hpp"

#include <algorithm>

#include "service/identity/cut.hpp"
#include "service/identity/statements.hpp"

namespace aa::identity {
namespace {

using tenancy::Permission;

// What nobody can have in one project alone.
void require_for_projects(const KnownRole& role) {
  const bool above = !role.ref.custom && role.ref.role < tenancy::Role::manager;
  if (!above) return;
  throw invalid("role_not_for_projects", "Owners and admins are so in the whole organization.",
                {{"/role", "must be manager, reviewer, annotator, viewer or a custom role"}});
}

Task<std::optional<MemberRow>> find_grant(db::Transaction& transaction, ProjectId project,
                                          OrganizationId organization, UserId user) {
  const auto rows =
      co_await transaction.exec(sql::find_grant, db::args(project, organization, user));
  co_return rows.first<MemberRow>();
}

}  // namespace

Task<std::vector<GrantView>> ProjectGrants::list(tenancy::Tenant tenant, ProjectId project) {
  const auto rows = co_await database_.query(db::Scope::system(), sql::list_grants,
                                             db::args(project, tenant.organization()));
  co_return rows.as<GrantView>();
}

Task<GrantView> ProjectGrants::put(tenancy::Tenant tenant, ProjectId project, UserId user,
                                   std::string role) {
  auto transaction = co_await database_.begin(tenant.scope());
  const auto own = co_await lock_actor(*transaction, tenant, Permission::member_write, project);
  const auto members =
      co_await transaction->exec(sql::find_member, db::args(tenant.organization(), user));
  if (members.empty()) throw not_found("member");
  const auto next =
      co_await resolve_role(*transaction, tenant.organization(), std::move(role), "/role");
  require_for_projects(next);
  const auto present = co_await find_grant(*transaction, project, tenant.organization(), user);
  const auto before = present ? present->permissions() : PermissionSet{};
  require_covers(own, before | next.permissions);
  co_await transaction->exec(
      sql::put_grant, db::args(tenant.organization(), project, user, next.ref.role, next.ref.custom,
                               tenant.user(), clock_.now()));
  if (next.permissions.covers(before)) {
    co_await tell_changed(*transaction, tenant.organization(), user, clock_, ids_);
  } else {
    co_await cut_access(*transaction, tenant.organization(), user, clock_, ids_);
  }
  audit::Entry entry{"grant.put", "project", project.str(), {}};
  entry.detail["user"] = user.str();
  entry.detail["role"] = next.ref.str();
  co_await trail_.append(*transaction, tenant.actor(), std::move(entry));
  co_await transaction->commit();
  auto all = co_await list(std::move(tenant), project);
  const auto made = std::ranges::find(all, user, &GrantView::user_id);
  if (made == all.end()) throw not_found("grant");
  co_return std::move(*made);
}

Task<> ProjectGrants::remove(tenancy::Tenant tenant, ProjectId project, UserId user) {
  auto transaction = co_await database_.begin(tenant.scope());
  const auto own = co_await lock_actor(*transaction, tenant, Permission::member_write, project);
  const auto present = co_await find_grant(*transaction, project, tenant.organization(), user);
  if (!present) throw not_found("grant");
  require_covers(own, present->permissions());
  co_await transaction->exec(sql::delete_grant, db::args(project, tenant.organization(), user));
  co_await cut_access(*transaction, tenant.organization(), user, clock_, ids_);
  audit::Entry entry{"grant.remove", "project", project.str(), {}};
  entry.detail["user"] = user.str();
  co_await trail_.append(*transaction, tenant.actor(), std::move(entry));
  co_await transaction->commit();
}

}  // namespace aa::identity
