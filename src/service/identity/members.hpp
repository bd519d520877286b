// Members of an organisation and their roles.
//
// An organisation always keeps an owner. Nobody gives or takes a role that allows more than he may
// himself. Who loses rights is signed out of the organisation and what runs in his name stops.
//
// Thread rule: shared by all coroutines.
// Errors: not_found; invalid_argument "unknown_role"; permission_denied "permission_denied",
// "beyond_own_rights", "reauth_required"; conflict "last_owner".
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "service/identity/account.hpp"
#include "service/identity/membership.hpp"

namespace aa::identity {

struct MemberView {
  UserId id;
  std::string email;
  std::string name;
  std::string role;       // a built-in one's name, or an id
  std::string role_name;  // in words, of a custom one too
  Timestamp created_at;
  std::optional<Timestamp> last_used_at;
  bool second_factor = false;
};
BOOST_DESCRIBE_STRUCT(MemberView, (),
                      (id, email, name, role, role_name, created_at, last_used_at, second_factor))

struct RoleChange {
  std::string role;
};
BOOST_DESCRIBE_STRUCT(RoleChange, (), (role))
constexpr auto field_rules(const RoleChange*) {
  return std::array{json::Field{.name = "role",
                                .min_length = 1,
                                .max_length = 40,
                                .doc = "the name of a built-in role, or the id of a custom one"}};
}

// Where a page of members begins: after this one.
struct MemberCursor {
  Timestamp created_at;
  UserId id;
  std::string str() const;
  static std::optional<MemberCursor> parse(std::string_view text);
};

class Members {
 public:
  Members(db::Database& database, audit::Trail& trail, const Clock& clock, IdSource& ids)
      : database_(database), trail_(trail), clock_(clock), ids_(ids) {}

  // Those who came first, first.
  Task<std::vector<MemberView>> list(tenancy::Tenant tenant, std::optional<MemberCursor> after,
                                     int limit);
  Task<MemberView> get(tenancy::Tenant tenant, UserId user);
  Task<MemberView> change_role(tenancy::Tenant tenant, UserId user, std::string role);
  Task<> remove(tenancy::Tenant tenant, UserId user);
  Task<> leave(tenancy::Tenant tenant);

  // Sign-ins of a member in this organisation that still stand.
  Task<std::vector<SessionView>> sessions(tenancy::Tenant tenant, UserId user);
  Task<> end_sessions(tenancy::Tenant tenant, UserId user);

  // For those who take someone in otherwise, in their own transaction: makes the membership, or
  // gives the present member the role. No rights of an actor are asked; the last owner stays.
  Task<> put_in(db::Transaction& transaction, audit::Actor actor, UserId user, KnownRole role);
  // The same for someone who leaves; no effect on who is no member.
  Task<> drop_in(db::Transaction& transaction, audit::Actor actor, UserId user);

 private:
  Task<> set_role(db::Transaction& transaction, audit::Actor actor, MemberRow present,
                  KnownRole role);
  Task<> drop(db::Transaction& transaction, audit::Actor actor, MemberRow present);
  Task<> keep_an_owner(db::Transaction& transaction, OrganizationId organization,
                       MemberRow present);
  Task<std::optional<MemberRow>> find(db::Transaction& transaction, OrganizationId organization,
                                      UserId user);

  db::Database& database_;
  audit::Trail& trail_;
  const Clock& clock_;
  IdSource& ids_;
};

}  // namespace aa::identity
