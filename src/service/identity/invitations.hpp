// Invitations: a person of a given address is offered a role. The secret of an invitation goes to
// that address by letter, and to the one who invites only where no mail server is set; it is kept
// as a hash. It is good for one acceptance, for seven days, and for as long as the one who invited
// may give the role.
//
// One who has an account accepts while signed in with the invited address, or by its password: he
// may be in no organisation, and then has nowhere to sign in. Anyone else makes an account of that
// address by accepting.
//
// Thread rule: shared by all coroutines.
// Errors: not_found; permission_denied "invitation_gone" (unknown, used, revoked, expired: all
// alike), "invitation_for_another", "beyond_own_rights", "reauth_required"; invalid_argument
// "unknown_role", "domain_not_allowed", "name_missing"; already_exists "email_taken",
// "already_member"; conflict "too_many_invitations"; and those of Identity::login().
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "service/identity/identity.hpp"
#include "service/identity/members.hpp"

namespace aa::identity {

using InvitationId = Id<struct InvitationTag>;

inline constexpr std::chrono::hours kInvitationLife{7 * 24};
inline constexpr int kInvitationsMax = 1000;  // of an organisation, open at once

enum class InvitationState { open, accepted, revoked, expired };
BOOST_DESCRIBE_ENUM(InvitationState, open, accepted, revoked, expired)

struct InvitationView {
  InvitationId id;
  std::string email;
  std::string role;
  std::string role_name;
  InvitationState state = InvitationState::open;
  UserId invited_by;
  Timestamp created_at;
  Timestamp expires_at;
};
BOOST_DESCRIBE_STRUCT(InvitationView, (),
                      (id, email, role, role_name, state, invited_by, created_at, expires_at))

// `token` only where no mail server brings it to the invited person.
struct MadeInvitation {
  InvitationView invitation;
  std::optional<std::string> token;
};
BOOST_DESCRIBE_STRUCT(MadeInvitation, (), (invitation, token))

struct NewInvitation {
  std::string email;
  std::string role;
};
BOOST_DESCRIBE_STRUCT(NewInvitation, (), (email, role))
constexpr auto field_rules(const NewInvitation*) {
  return std::array{
      json::Field{.name = "email", .min_length = 3, .max_length = 254, .format = "email"},
      json::Field{.name = "role", .min_length = 1, .max_length = 40}};
}

struct InvitationToken {
  std::string token;
};
BOOST_DESCRIBE_STRUCT(InvitationToken, (), (token))
constexpr auto field_rules(const InvitationToken*) {
  return std::array{json::Field{.name = "token", .min_length = 1, .max_length = 200}};
}

// What the holder of a token is told before he accepts.
struct InvitationOffer {
  std::string organization;
  std::string email;
  std::string role_name;
  bool registered = false;  // the address has an account
  Timestamp expires_at;
};
BOOST_DESCRIBE_STRUCT(InvitationOffer, (), (organization, email, role_name, registered, expires_at))

struct Joining {
  std::string token;
  std::optional<std::string> name;  // of a new account
  std::string password;             // of the account that there is, or of the new one
};
BOOST_DESCRIBE_STRUCT(Joining, (), (token, name, password))
constexpr auto field_rules(const Joining*) {
  return std::array{
      json::Field{.name = "token", .min_length = 1, .max_length = 200},
      json::Field{.name = "name", .min_length = 1, .max_length = 200},
      json::Field{.name = "password", .min_length = 1, .max_length = 4096, .format = "password"}};
}

struct OfferedInvitation;  // private to the module

class Invitations {
 public:
  Invitations(db::Database& database, audit::Trail& trail, Identity& identity, Members& members,
              const Clock& clock, IdSource& ids, runtime::Executors& executors)
      : database_(database),
        trail_(trail),
        identity_(identity),
        members_(members),
        clock_(clock),
        ids_(ids),
        executors_(executors) {}

  // Takes the place of an open invitation of the same address.
  Task<MadeInvitation> create(tenancy::Tenant tenant, NewInvitation input);
  // Newest first, those older than `before`.
  Task<std::vector<InvitationView>> list(tenancy::Tenant tenant, std::optional<InvitationId> before,
                                         int limit);
  Task<> revoke(tenancy::Tenant tenant, InvitationId id);

  Task<InvitationOffer> offer(std::string token, Origin origin);
  Task<OrganizationView> accept(tenancy::Tenant tenant, std::string token);
  Task<LoginResult> join(Joining input, Origin origin);

 private:
  Task<OrganizationView> admit(audit::Actor actor, UserId user, OfferedInvitation offered,
                               std::string token);
  Task<LoginResult> join_known(OfferedInvitation offered, Joining input, Origin origin);
  // The invitation in the caller's transaction, taken; throws "invitation_gone".
  Task<OfferedInvitation> take(db::Transaction& transaction, std::string token);
  Task<OfferedInvitation> look(std::string token, Origin origin);
  Task<KnownRole> offered_role(db::Transaction& transaction, OfferedInvitation row);

  db::Database& database_;
  audit::Trail& trail_;
  Identity& identity_;
  Members& members_;
  const Clock& clock_;
  IdSource& ids_;
  runtime::Executors& executors_;
};

}  // namespace aa::identity
