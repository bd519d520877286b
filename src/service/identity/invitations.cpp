#include "service/identity/invitations.hpp"

#include "base/hash.hpp"
#include "service/audit/recorded.hpp"
#include "service/identity/account_letters.hpp"
#include "service/identity/cut.hpp"
#include "service/identity/email.hpp"
#include "service/identity/password.hpp"
#include "service/identity/policies.hpp"
#include "service/identity/statements.hpp"

namespace aa::identity {
namespace {

using tenancy::Permission;
using tenancy::Role;

constexpr std::size_t kTokenBytes = 32;

struct InvitationRow {
  InvitationId id;
  std::string email;
  std::string role;
  std::string role_name;
  UserId invited_by;
  Timestamp created_at;
  Timestamp expires_at;
  std::optional<Timestamp> accepted_at;
  std::optional<Timestamp> revoked_at;
};
BOOST_DESCRIBE_STRUCT(InvitationRow, (),
                      (id, email, role, role_name, invited_by, created_at, expires_at, accepted_at,
                       revoked_at))

InvitationView view(InvitationRow row, Timestamp now) {
  InvitationView out;
  out.id = row.id;
  out.email = std::move(row.email);
  out.role = std::move(row.role);
  out.role_name = std::move(row.role_name);
  out.invited_by = row.invited_by;
  out.created_at = row.created_at;
  out.expires_at = row.expires_at;
  if (row.accepted_at) {
    out.state = InvitationState::accepted;
  } else if (row.revoked_at) {
    out.state = InvitationState::revoked;
  } else if (row.expires_at <= now) {
    out.state = InvitationState::expired;
  }
  return out;
}

std::string hash_of(std::string_view token) { return to_hex(sha256(token)); }

Error gone() {
  return {ErrorCode::permission_denied, "invitation_gone",
          "The invitation is not valid any more. Ask for a new one."};
}

}  // namespace

struct OfferedInvitation {
  InvitationId id;
  OrganizationId organization_id;
  std::string email;
  Role role = Role::viewer;
  std::optional<RoleId> role_id;
  UserId invited_by;
  std::string organization;
  Timestamp expires_at;
  std::optional<Timestamp> accepted_at;
  std::optional<Timestamp> revoked_at;
};
BOOST_DESCRIBE_STRUCT(OfferedInvitation, (),
                      (id, organization_id, email, role, role_id, invited_by, organization,
                       expires_at, accepted_at, revoked_at))

Task<MadeInvitation> Invitations::create(tenancy::Tenant tenant, NewInvitation input) {
  check_email(input.email);
  const auto email = normal_email(std::move(input.email));
  const auto me = co_await identity_.me(tenant.principal());
  const auto policy = co_await policy_of(database_, tenant.organization());
  if (!admits_email(policy, email)) {
    throw invalid("domain_not_allowed", "The organization invites no addresses of this domain.",
                  {{"/email", "is of another domain"}});
  }
  const auto now = clock_.now();
  auto transaction = co_await database_.begin(db::Scope::system());
  const auto own = co_await lock_actor(*transaction, tenant, Permission::member_write);
  const auto role =
      co_await resolve_role(*transaction, tenant.organization(), std::move(input.role), "/role");
  require_covers(own, role.permissions);
  if (role.ref.role == Role::owner) tenant.require_fresh(now);
  const auto member =
      co_await transaction->exec(sql::member_by_email, db::args(tenant.organization(), email));
  if (!member.empty()) {
    throw Error(ErrorCode::already_exists, "already_member", "This person is a member already.",
                {{"/email", "is a member's"}});
  }
  co_await transaction->exec(sql::revoke_invitations_of,
                             db::args(tenant.organization(), email, now));
  const auto open =
      co_await transaction->exec(sql::count_invitations, db::args(tenant.organization(), now));
  if (open.one().get<int>("open") >= kInvitationsMax) {
    throw conflict("too_many_invitations", "Too many invitations are open; revoke some first.");
  }
  const auto id = ids_.next_as<InvitationId>();
  const auto token = to_base64url(random_bytes(kTokenBytes));
  co_await transaction->exec(
      sql::insert_invitation,
      db::args(id, tenant.organization(), email, role.ref.role, role.ref.custom, hash_of(token),
               tenant.user(), now, now + kInvitationLife));
  const auto& post = identity_.post();
  auto letter = invitation_letter(email, me.user.name, me.organization.name,
                                  post.url.link("/join#token=" + token));
  co_await post.mailer.send(*transaction, tenant.organization(), tenant.user(), std::move(letter));
  audit::Entry entry{"member.invite", "invitation", id.str(), {}};
  entry.detail["role"] = role.ref.str();
  co_await trail_.append(*transaction, tenant.actor(), std::move(entry));
  co_await transaction->commit();
  MadeInvitation made;
  if (!identity_.letters_arrive()) made.token = token;
  made.invitation.id = id;
  made.invitation.email = email;
  made.invitation.role = role.ref.str();
  made.invitation.role_name = role.name;
  made.invitation.invited_by = tenant.user();
  made.invitation.created_at = now;
  made.invitation.expires_at = now + kInvitationLife;
  co_return made;
}

Task<std::vector<InvitationView>> Invitations::list(tenancy::Tenant tenant,
                                                    std::optional<InvitationId> before, int limit) {
  const auto last = before ? before->str() : std::string("ffffffff-ffff-ffff-ffff-ffffffffffff");
  const auto rows = co_await database_.query(tenant.scope(), sql::list_invitations,
                                             db::args(tenant.organization(), last, limit));
  std::vector<InvitationView> out;
  for (auto& row : rows.as<InvitationRow>()) out.push_back(view(std::move(row), clock_.now()));
  co_return out;
}

Task<> Invitations::revoke(tenancy::Tenant tenant, InvitationId id) {
  auto transaction = co_await database_.begin(tenant.scope());
  co_await lock_actor(*transaction, tenant, Permission::member_write);
  const auto rows = co_await transaction->exec(sql::revoke_invitation,
                                               db::args(tenant.organization(), id, clock_.now()));
  if (rows.empty()) throw not_found("invitation");
  audit::Entry entry{"member.uninvite", "invitation", id.str(), {}};
  co_await trail_.append(*transaction, tenant.actor(), std::move(entry));
  co_await transaction->commit();
}

// Of a token that is known but good no more, the organisation's trail tells.
Task<OfferedInvitation> Invitations::look(std::string token, Origin origin) {
  const auto rows =
      co_await database_.query(db::Scope::system(), sql::find_invitation, db::args(hash_of(token)));
  auto row = rows.first<OfferedInvitation>();
  if (!row) throw gone();
  if (row->accepted_at || row->revoked_at || row->expires_at <= clock_.now()) {
    audit::Actor actor{row->organization_id, std::nullopt, origin.ip, origin.request_id};
    audit::Entry entry{"member.join", "invitation", row->id.str(), {}};
    co_await trail_.denied(std::move(actor), std::move(entry));
    throw audit::Recorded(gone());
  }
  co_return std::move(*row);
}

// The one who invited must still be able to give the role.
Task<KnownRole> Invitations::offered_role(db::Transaction& transaction, OfferedInvitation row) {
  const RoleRef ref{row.role, row.role_id};
  auto role = co_await resolve_role(transaction, row.organization_id, ref.str(), "/token");
  const auto rows =
      co_await transaction.exec(sql::find_member, db::args(row.organization_id, row.invited_by));
  const auto inviter = rows.first<MemberRow>();
  if (!inviter) throw gone();
  const auto own = inviter->permissions();
  if (!own.has(Permission::member_write) || !own.covers(role.permissions)) throw gone();
  co_return role;
}

Task<OfferedInvitation> Invitations::take(db::Transaction& transaction, std::string token) {
  const auto taken =
      co_await transaction.exec(sql::take_invitation, db::args(hash_of(token), clock_.now()));
  if (taken.empty()) throw gone();
  const auto rows = co_await transaction.exec(sql::find_invitation, db::args(hash_of(token)));
  co_return rows.one().as<OfferedInvitation>();
}

Task<InvitationOffer> Invitations::offer(std::string token, Origin origin) {
  auto row = co_await look(std::move(token), std::move(origin));
  auto transaction = co_await database_.begin(db::Scope::system());
  const auto role = co_await offered_role(*transaction, row);
  const auto users = co_await transaction->exec(sql::find_user, db::args(row.email));
  InvitationOffer out;
  out.organization = std::move(row.organization);
  out.email = std::move(row.email);
  out.role_name = role.name;
  out.registered = !users.empty();
  out.expires_at = row.expires_at;
  co_return out;
}

Task<OrganizationView> Invitations::accept(tenancy::Tenant tenant, std::string token) {
  auto actor = tenant.actor();
  Origin origin{actor.ip, "", actor.request_id};
  const auto offered = co_await look(token, std::move(origin));
  const auto me = co_await identity_.me(tenant.principal());
  actor.organization = offered.organization_id;
  if (me.user.email != offered.email) {
    audit::Entry entry{"member.join", "invitation", offered.id.str(), {}};
    co_await trail_.denied(std::move(actor), std::move(entry));
    throw audit::Recorded(Error(ErrorCode::permission_denied, "invitation_for_another",
                                "The invitation is for another e-mail address than yours."));
  }
  co_return co_await admit(std::move(actor), tenant.user(), offered, std::move(token));
}

Task<OrganizationView> Invitations::admit(audit::Actor actor, UserId user,
                                          OfferedInvitation offered, std::string token) {
  auto transaction = co_await database_.begin(db::Scope::system());
  co_await lock_organization(*transaction, offered.organization_id);
  const auto present =
      co_await transaction->exec(sql::find_member, db::args(offered.organization_id, user));
  if (!present.empty()) {
    throw Error(ErrorCode::already_exists, "already_member",
                "You are a member of this organization already.");
  }
  const auto row = co_await take(*transaction, std::move(token));
  auto role = co_await offered_role(*transaction, row);
  OrganizationView joined;
  joined.id = row.organization_id;
  joined.name = row.organization;
  joined.role = role.ref.role;
  co_await members_.put_in(*transaction, std::move(actor), user, std::move(role));
  co_await transaction->commit();
  co_return joined;
}

Task<LoginResult> Invitations::join_known(OfferedInvitation offered, Joining input, Origin origin) {
  const auto user =
      co_await identity_.prove_password(offered.email, std::move(input.password), origin);
  audit::Actor actor{offered.organization_id, user.id, origin.ip, origin.request_id};
  const auto joined =
      co_await admit(std::move(actor), user.id, std::move(offered), std::move(input.token));
  co_return co_await identity_.begin_session(user.id, joined.id, SignInMethod::password,
                                             std::move(origin));
}

Task<LoginResult> Invitations::join(Joining input, Origin origin) {
  const auto offered = co_await look(input.token, origin);
  const auto policy = co_await policy_of(database_, offered.organization_id);
  if (wants_provider(policy, offered.role, SignInMethod::password)) {
    const auto refusal = co_await identity_.sso_required(offered.organization_id);
    throw refusal;
  }
  const auto known =
      co_await database_.query(db::Scope::system(), sql::find_user, db::args(offered.email));
  if (!known.empty()) co_return co_await join_known(offered, std::move(input), std::move(origin));
  if (identity_.registration() == RegistrationPolicy::off) {
    throw Error(ErrorCode::permission_denied, "registration_closed",
                "This server takes no new accounts. Ask its administrator for one.");
  }
  if (!input.name) {
    throw invalid("name_missing", "Say your name for the new account.", {{"/name", "is missing"}});
  }
  check_password_strength(input.password, {offered.email, *input.name, offered.organization});
  auto hash_it = [password = input.password] { return hash_password(password); };
  const auto hash = co_await executors_.passwords().run(hash_it);
  const auto now = clock_.now();
  const auto user = ids_.next_as<UserId>();
  const std::optional<Timestamp> unverified;
  auto transaction = co_await database_.begin(db::Scope::system());
  const auto row = co_await take(*transaction, std::move(input.token));
  auto role = co_await offered_role(*transaction, row);
  try {
    co_await transaction->exec(sql::insert_user,
                               db::args(user, row.email, *input.name, hash, now, unverified));
  } catch (const Error& error) {
    if (error.code() != ErrorCode::already_exists) throw;
    throw Error(ErrorCode::already_exists, "email_taken",
                "This address has an account: sign in, then accept the invitation.");
  }
  audit::Actor actor{row.organization_id, user, origin.ip, origin.request_id};
  co_await members_.put_in(*transaction, actor, user, std::move(role));
  co_await transaction->commit();
  co_return co_await identity_.begin_session(user, row.organization_id, SignInMethod::password,
                                             std::move(origin));
}

}  // namespace aa::identity
