// Roles: the built-in ones, and those that an organisation makes of single permissions.
//
// Nobody hands out what he lacks: who makes, changes or gives a role has all that it allows. A role
// that becomes less ends the sessions of those who hold it, so that the cut is felt at once.
//
// Thread rule: shared by all coroutines.
// Errors: not_found; invalid_argument "invalid_role", "unknown_role"; already_exists
// "role_name_taken"; permission_denied "beyond_own_rights", "own_role"; conflict "role_in_use",
// "too_many_roles"; precondition_failed "revision_differs".
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "driver/db/database.hpp"
#include "service/audit/audit_trail.hpp"
#include "service/tenancy/tenant.hpp"

namespace aa::identity {

using runtime::Task;
using tenancy::PermissionSet;
using RoleId = Id<struct RoleTag>;

inline constexpr int kRolesMax = 100;  // of an organisation

// A role as it is stored: a built-in one, or the id of a custom one.
struct RoleRef {
  tenancy::Role role = tenancy::Role::viewer;
  std::optional<RoleId> custom;

  std::string str() const;  // "annotator", or the id
  bool operator==(const RoleRef&) const = default;
};

// A role with what it means.
struct KnownRole {
  RoleRef ref;
  std::string name;
  PermissionSet permissions;
};

struct RoleView {
  std::string id;  // as members have it: the name of a built-in one, or an id
  std::string name;
  std::string description;
  bool built_in = false;
  std::vector<tenancy::Permission> permissions;
  std::int64_t members = 0;
  std::int64_t revision = 0;
};
BOOST_DESCRIBE_STRUCT(RoleView, (),
                      (id, name, description, built_in, permissions, members, revision))

struct NewRole {
  std::string name;
  std::optional<std::string> description;
  std::vector<tenancy::Permission> permissions;
};
BOOST_DESCRIBE_STRUCT(NewRole, (), (name, description, permissions))
constexpr auto field_rules(const NewRole*) {
  return std::array{json::Field{.name = "name", .min_length = 1, .max_length = 100},
                    json::Field{.name = "description", .max_length = 1000},
                    json::Field{.name = "permissions", .max_items = tenancy::kPermissions}};
}

struct PatchRole {
  std::optional<std::string> name;
  std::optional<std::string> description;
  std::optional<std::vector<tenancy::Permission>> permissions;
};
BOOST_DESCRIBE_STRUCT(PatchRole, (), (name, description, permissions))
constexpr auto field_rules(const PatchRole*) { return field_rules(static_cast<NewRole*>(nullptr)); }

class Roles {
 public:
  Roles(db::Database& database, audit::Trail& trail, const Clock& clock, IdSource& ids)
      : database_(database), trail_(trail), clock_(clock), ids_(ids) {}

  Task<std::vector<RoleView>> list(tenancy::Tenant tenant);  // built-in ones first
  Task<RoleView> get(tenancy::Tenant tenant, std::string id);
  Task<RoleView> create(tenancy::Tenant tenant, NewRole input);
  Task<RoleView> patch(tenancy::Tenant tenant, RoleId id, PatchRole change,
                       std::optional<std::int64_t> if_revision);
  Task<> remove(tenancy::Tenant tenant, RoleId id);

 private:
  Task<> cut_holders(db::Transaction& transaction, tenancy::Tenant tenant, RoleId id);

  db::Database& database_;
  audit::Trail& trail_;
  const Clock& clock_;
  IdSource& ids_;
};

// What a member of the role may do: `listed` are the permissions of a custom one, as stored. To
// look after one's own account is everyone's.
PermissionSet allowed_by(tenancy::Role role, const std::optional<std::string>& listed);
// Reads "annotator" or an id; throws "unknown_role" with the pointer.
Task<KnownRole> resolve_role(db::Transaction& transaction, OrganizationId organization,
                             std::string name, std::string pointer);
// Throws "beyond_own_rights" unless `own` has all of `given`.
void require_covers(const PermissionSet& own, const PermissionSet& given);
// Of one member, in single projects; null for most.
Task<std::shared_ptr<const tenancy::Grants>> grants_of(db::Database& database,
                                                       OrganizationId organization, UserId user);

}  // namespace aa::identity
