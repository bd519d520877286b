#include "service/identity/roles.hpp"

#include <algorithm>

#include "service/identity/cut.hpp"
#include "service/identity/statements.hpp"

namespace aa::identity {
namespace {

using tenancy::Permission;

struct RoleRow {
  RoleId id;
  std::string name;
  std::string description;
  std::string permissions;
  std::int64_t members = 0;
  std::int64_t revision = 0;
};
BOOST_DESCRIBE_STRUCT(RoleRow, (), (id, name, description, permissions, members, revision))

struct CountRow {
  std::string role;
  std::int64_t members = 0;
};
BOOST_DESCRIBE_STRUCT(CountRow, (), (role, members))

struct GrantRow {
  ProjectId project_id;
  tenancy::Role role = tenancy::Role::viewer;
  std::optional<std::string> listed;
};
BOOST_DESCRIBE_STRUCT(GrantRow, (), (project_id, role, listed))

// Names that this build does not know allow nothing.
PermissionSet read_set(const std::string& text) {
  PermissionSet out;
  const auto value = json::parse(text);
  for (const auto& name : value.as_array()) {
    if (const auto permission = tenancy::permission_named(std::string_view(name.as_string()))) {
      out.add(*permission);
    }
  }
  return out;
}

PermissionSet to_set(const std::vector<Permission>& list) {
  PermissionSet out;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (out.has(list[i])) {
      throw invalid("invalid_role", "A permission stands twice in the role.",
                    {{"/permissions/" + std::to_string(i), "stands there already"}});
    }
    out.add(list[i]);
  }
  return out;
}

RoleView view(RoleRow row) {
  return {row.id.str(),
          std::move(row.name),
          std::move(row.description),
          false,
          tenancy::list_of(read_set(row.permissions)),
          row.members,
          row.revision};
}

std::string checked_name(const std::string& name) {
  if (name.find_first_not_of(" \t\r\n") == std::string::npos) {
    throw invalid("invalid_role", "/name must not be blank.", {{"/name", "must not be blank"}});
  }
  if (tenancy::role_named(name)) {
    throw Error(ErrorCode::already_exists, "role_name_taken",
                "A built-in role has this name. Choose another one.", {{"/name", "is taken"}});
  }
  return name;
}

Error name_taken() {
  return {ErrorCode::already_exists,
          "role_name_taken",
          "The organization has a role of this name. Choose another one.",
          {{"/name", "is taken"}}};
}

Task<> exec_named(db::Transaction& transaction, db::Statement statement, db::Args values) {
  try {
    co_await transaction.exec(statement, std::move(values));
  } catch (const Error& error) {
    if (error.code() != ErrorCode::already_exists) throw;
    throw name_taken();
  }
}

}  // namespace

std::string RoleRef::str() const {
  return custom ? custom->str() : boost::describe::enum_to_string(role, "");
}

PermissionSet allowed_by(tenancy::Role role, const std::optional<std::string>& listed) {
  PermissionSet out = listed ? read_set(*listed) : tenancy::permissions_of(role);
  out.add(Permission::account_self);
  return out;
}

void require_covers(const PermissionSet& own, const PermissionSet& given) {
  PermissionSet lacking;
  for (const auto permission : tenancy::list_of(given)) {
    if (!own.has(permission) && permission != Permission::account_self) lacking.add(permission);
  }
  if (lacking == PermissionSet{}) return;
  throw Error(ErrorCode::permission_denied, "beyond_own_rights",
              "You cannot give or take what you lack yourself: " +
                  std::string(to_string(tenancy::list_of(lacking).front())) + ".");
}

Task<KnownRole> resolve_role(db::Transaction& transaction, OrganizationId organization,
                             std::string name, std::string pointer) {
  if (const auto role = tenancy::role_named(name)) {
    KnownRole out;
    out.ref.role = *role;
    out.name = name;
    out.permissions = tenancy::permissions_of(*role);
    co_return out;
  }
  if (const auto id = RoleId::parse(name)) {
    const auto rows = co_await transaction.exec(sql::find_role, db::args(*id, organization));
    if (const auto row = rows.first<RoleRow>()) {
      KnownRole out;
      out.ref.custom = *id;
      out.name = row->name;
      out.permissions = allowed_by(tenancy::Role::viewer, row->permissions);
      co_return out;
    }
  }
  throw invalid("unknown_role", "The organization has no such role.",
                {{std::move(pointer), "is no role of this organization"}});
}

Task<std::shared_ptr<const tenancy::Grants>> grants_of(db::Database& database,
                                                       OrganizationId organization, UserId user) {
  const auto rows = co_await database.query(db::Scope::tenant(organization), sql::grants_of_member,
                                            db::args(organization, user));
  auto out = std::make_shared<tenancy::Grants>();
  for (const auto& row : rows.as<GrantRow>()) {
    out->emplace(row.project_id, allowed_by(row.role, row.listed));
  }
  if (out->empty()) co_return nullptr;
  co_return out;
}

Task<std::vector<RoleView>> Roles::list(tenancy::Tenant tenant) {
  const auto counts = co_await database_.query(tenant.scope(), sql::count_built_in,
                                               db::args(tenant.organization()));
  const auto counted = counts.as<CountRow>();
  std::vector<RoleView> out;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<tenancy::Role>>([&](auto d) {
    RoleView role;
    role.id = role.name = d.name;
    role.built_in = true;
    role.permissions = tenancy::list_of(tenancy::permissions_of(d.value));
    const auto found = std::ranges::find(counted, role.id, &CountRow::role);
    if (found != counted.end()) role.members = found->members;
    out.push_back(std::move(role));
  });
  const auto rows =
      co_await database_.query(tenant.scope(), sql::list_roles, db::args(tenant.organization()));
  for (auto& row : rows.as<RoleRow>()) out.push_back(view(std::move(row)));
  co_return out;
}

Task<RoleView> Roles::get(tenancy::Tenant tenant, std::string id) {
  auto all = co_await list(std::move(tenant));
  const auto found = std::ranges::find(all, id, &RoleView::id);
  if (found == all.end()) throw not_found("role");
  co_return std::move(*found);
}

Task<RoleView> Roles::create(tenancy::Tenant tenant, NewRole input) {
  const auto set = to_set(input.permissions);
  const auto name = checked_name(input.name);
  const auto now = clock_.now();
  const auto id = ids_.next_as<RoleId>();
  auto transaction = co_await database_.begin(tenant.scope());
  const auto own = co_await lock_actor(*transaction, tenant, Permission::role_write);
  require_covers(own, set);
  const auto present = co_await transaction->exec(sql::list_roles, db::args(tenant.organization()));
  if (static_cast<int>(present.size()) >= kRolesMax) {
    throw conflict("too_many_roles", "The organization has " + std::to_string(kRolesMax) +
                                         " roles of its own; that is the most.");
  }
  auto values = db::args(id, tenant.organization(), name, input.description.value_or(""),
                         json::write(tenancy::list_of(set)), tenant.user(), now);
  co_await exec_named(*transaction, sql::insert_role, std::move(values));
  audit::Entry entry{"role.create", "role", id.str(), {}};
  entry.detail["permissions"] = json::parse(json::write(tenancy::list_of(set)));
  co_await trail_.append(*transaction, tenant.actor(), std::move(entry));
  co_await transaction->commit();
  co_return co_await get(std::move(tenant), id.str());
}

// Those who hold the role have less now.
Task<> Roles::cut_holders(db::Transaction& transaction, tenancy::Tenant tenant, RoleId id) {
  const auto rows =
      co_await transaction.exec(sql::holders_of_role, db::args(tenant.organization(), id));
  for (const auto& row : rows) {
    co_await cut_access(transaction, tenant.organization(), row.get<UserId>("user_id"), clock_,
                        ids_);
  }
}

Task<RoleView> Roles::patch(tenancy::Tenant tenant, RoleId id, PatchRole change,
                            std::optional<std::int64_t> if_revision) {
  auto transaction = co_await database_.begin(tenant.scope());
  const auto own = co_await lock_actor(*transaction, tenant, Permission::role_write);
  const auto found =
      co_await transaction->exec(sql::find_role, db::args(id, tenant.organization()));
  const auto row = found.first<RoleRow>();
  if (!row) throw not_found("role");
  if (if_revision && *if_revision != row->revision) {
    throw Error(ErrorCode::precondition_failed, "revision_differs",
                "The role was changed meanwhile. Load it again, then repeat the change.");
  }
  const auto before = read_set(row->permissions);
  const auto after = change.permissions ? to_set(*change.permissions) : before;
  const auto held = co_await transaction->exec(sql::holds_role,
                                               db::args(tenant.organization(), tenant.user(), id));
  if (!held.empty()) {
    throw Error(ErrorCode::permission_denied, "own_role",
                "You hold this role yourself; somebody else has to change it.");
  }
  require_covers(own, before | after);
  auto values =
      db::args(id, tenant.organization(), change.name ? checked_name(*change.name) : row->name,
               change.description.value_or(row->description), json::write(tenancy::list_of(after)),
               clock_.now());
  co_await exec_named(*transaction, sql::update_role, std::move(values));
  if (!after.covers(before)) co_await cut_holders(*transaction, tenant, id);
  audit::Entry entry{"role.update", "role", id.str(), {}};
  entry.detail["permissions"] = json::parse(json::write(tenancy::list_of(after)));
  co_await trail_.append(*transaction, tenant.actor(), std::move(entry));
  co_await transaction->commit();
  co_return co_await get(std::move(tenant), id.str());
}

Task<> Roles::remove(tenancy::Tenant tenant, RoleId id) {
  auto transaction = co_await database_.begin(tenant.scope());
  const auto own = co_await lock_actor(*transaction, tenant, Permission::role_write);
  const auto found =
      co_await transaction->exec(sql::find_role, db::args(id, tenant.organization()));
  const auto row = found.first<RoleRow>();
  if (!row) throw not_found("role");
  require_covers(own, read_set(row->permissions));
  const auto used = co_await transaction->exec(sql::role_used, db::args(tenant.organization(), id));
  if (!used.empty()) {
    throw conflict("role_in_use",
                   "Members, projects or invitations have this role. Give them another one first.");
  }
  co_await transaction->exec(sql::forget_role, db::args(tenant.organization(), id));
  co_await transaction->exec(sql::delete_role, db::args(id, tenant.organization()));
  co_await trail_.append(*transaction, tenant.actor(), {"role.delete", "role", id.str(), {}});
  co_await transaction->commit();
}

}  // namespace aa::identity
