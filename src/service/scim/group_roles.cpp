#include <algorithm>

#include "service/scim/rank.hpp"
#include "service/scim/scim.hpp"
#include "service/scim/statements.hpp"

namespace aa::scim {
namespace {

using tenancy::Permission;
using tenancy::Role;

struct MappedRow {
  ScimUserId id;
  UserId user_id;
  Role role = Role::viewer;
  std::optional<identity::RoleId> role_id;
  std::optional<Role> mapped;
  std::optional<identity::RoleId> mapped_id;
  std::optional<std::string> listed;
};
BOOST_DESCRIBE_STRUCT(MappedRow, (), (id, user_id, role, role_id, mapped, mapped_id, listed))

struct Person {
  UserId user;
  identity::RoleRef present;
  std::vector<MappedRole> mapped;
};

std::vector<Person> people_of(const db::Rows& rows) {
  std::vector<Person> out;
  std::optional<ScimUserId> last;
  for (auto& row : rows.as<MappedRow>()) {
    if (last != row.id) {
      out.emplace_back();
      out.back().user = row.user_id;
      out.back().present = {row.role, row.role_id};
      last = row.id;
    }
    if (row.mapped) out.back().mapped.push_back({*row.mapped, row.mapped_id, row.listed});
  }
  return out;
}

}  // namespace

Task<bool> Groups::gives_role(db::Transaction& transaction, OrganizationId organization,
                              ScimGroupId id) {
  const auto rows = co_await transaction.exec(sql::group_role, db::args(id, organization));
  co_return !rows.empty();
}

// Gives each the role that his groups say. Who has just lost one, and has no other, is a viewer.
// Owners are made and unmade by people.
Task<> Groups::settle(db::Transaction& transaction, audit::Actor actor, std::vector<ScimUserId> ids,
                      bool lost_one) {
  if (ids.empty()) co_return;
  const auto rows =
      co_await transaction.exec(sql::mapped_roles, db::args(actor.organization, json::write(ids)));
  for (const auto& person : people_of(rows)) {
    if (person.present.role == Role::owner) continue;
    auto wanted = best_role(person.mapped);
    if (!wanted && lost_one) wanted = identity::RoleRef{Role::viewer, std::nullopt};
    if (!wanted || *wanted == person.present) continue;
    auto known =
        co_await identity::resolve_role(transaction, actor.organization, wanted->str(), "/role");
    co_await parts_.members.put_in(transaction, actor, person.user, std::move(known));
  }
}

Task<std::vector<ScimGroupView>> Groups::page(tenancy::Tenant tenant,
                                              std::optional<ScimGroupId> after, int limit) {
  tenant.require(Permission::sso_write);
  const auto rows = co_await parts_.database.query(
      tenant.scope(), sql::group_views,
      db::args(tenant.organization(), after.value_or(ScimGroupId{}), limit));
  co_return rows.as<ScimGroupView>();
}

Task<ScimGroupView> Groups::give_role(tenancy::Tenant tenant, ScimGroupId id,
                                      std::optional<std::string> role) {
  auto transaction = co_await parts_.database.begin(db::Scope::system());
  const auto own = co_await identity::lock_actor(*transaction, tenant, Permission::sso_write);
  const auto organization = tenant.organization();
  const auto group = co_await locked(*transaction, organization, id, std::nullopt);
  const auto rows = co_await transaction->exec(sql::group_role, db::args(id, organization));
  const auto before = rows.first<MappedRole>();
  if (before) identity::require_covers(own, identity::allowed_by(before->mapped, before->listed));
  co_await transaction->exec(sql::drop_group_role, db::args(id, organization));
  audit::Entry entry("scim_group.role", "scim_group", id.str());
  if (role) {
    const auto known = co_await identity::resolve_role(*transaction, organization, *role, "/role");
    if (known.ref.role == Role::owner) {
      throw invalid("unknown_role", "A directory makes nobody an owner.", {{"/role", "is owner"}});
    }
    identity::require_covers(own, known.permissions);
    co_await transaction->exec(sql::put_group_role,
                               db::args(id, organization, known.ref.role, known.ref.custom,
                                        tenant.user(), parts_.clock.now()));
    entry.detail["role"] = known.ref.str();
  }
  const auto members = co_await member_ids(*transaction, organization, id);
  const std::vector<ScimUserId> all(members.begin(), members.end());
  co_await settle(*transaction, tenant.actor(), all, before.has_value());
  co_await parts_.trail.append(*transaction, tenant.actor(), std::move(entry));
  co_await transaction->commit();
  const auto views = co_await page(tenant, std::nullopt, static_cast<int>(kGroupsMax));
  const auto found = std::ranges::find(views, group.id, &ScimGroupView::id);
  if (found == views.end()) throw not_found("group");
  co_return *found;
}

}  // namespace aa::scim
