#include "service/identity/members.hpp"

#include <charconv>

#include "service/identity/cut.hpp"
#include "service/identity/statements.hpp"

namespace aa::identity {
namespace {

using tenancy::Permission;
using tenancy::Role;

struct SessionRow {
  SessionId id;
  std::string organization;
  std::string ip;
  std::string user_agent;
  Timestamp created_at;
  Timestamp last_used_at;
};
BOOST_DESCRIBE_STRUCT(SessionRow, (), (id, organization, ip, user_agent, created_at, last_used_at))

std::string subject(UserId user) { return user.str(); }

}  // namespace

std::string MemberCursor::str() const { return std::to_string(created_at.micros) + "-" + id.str(); }

std::optional<MemberCursor> MemberCursor::parse(std::string_view text) {
  const auto dash = text.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  MemberCursor out;
  const auto [end, error] = std::from_chars(text.data(), text.data() + dash, out.created_at.micros);
  const auto id = UserId::parse(text.substr(dash + 1));
  if (error != std::errc{} || end != text.data() + dash || !id) return std::nullopt;
  out.id = *id;
  return out;
}

Task<std::vector<MemberView>> Members::list(tenancy::Tenant tenant,
                                            std::optional<MemberCursor> after, int limit) {
  const auto from = after.value_or(MemberCursor{Timestamp{-1}, UserId{}});
  const auto rows =
      co_await database_.query(db::Scope::system(), sql::list_members,
                               db::args(tenant.organization(), from.created_at, from.id, limit));
  co_return rows.as<MemberView>();
}

Task<MemberView> Members::get(tenancy::Tenant tenant, UserId user) {
  const auto rows = co_await database_.query(db::Scope::system(), sql::get_member,
                                             db::args(tenant.organization(), user));
  auto member = rows.first<MemberView>();
  if (!member) throw not_found("member");
  co_return std::move(*member);
}

Task<std::optional<MemberRow>> Members::find(db::Transaction& transaction,
                                             OrganizationId organization, UserId user) {
  const auto rows = co_await transaction.exec(sql::find_member, db::args(organization, user));
  co_return rows.first<MemberRow>();
}

Task<> Members::keep_an_owner(db::Transaction& transaction, OrganizationId organization,
                              MemberRow present) {
  if (present.role != Role::owner) co_return;
  const auto rows = co_await transaction.exec(sql::count_owners, db::args(organization));
  if (rows.one().get<int>("owners") > 1) co_return;
  throw conflict("last_owner", "An organization keeps an owner: make somebody else one first.");
}

Task<> Members::set_role(db::Transaction& transaction, audit::Actor actor, MemberRow present,
                         KnownRole role) {
  if (present.ref() == role.ref) co_return;
  co_await transaction.exec(
      sql::set_role, db::args(actor.organization, present.user_id, role.ref.role, role.ref.custom));
  // One's own session goes on, with less.
  if (role.permissions.covers(present.permissions()) || actor.user == present.user_id) {
    co_await tell_changed(transaction, actor.organization, present.user_id, clock_, ids_);
  } else {
    co_await cut_access(transaction, actor.organization, present.user_id, clock_, ids_);
  }
  audit::Entry entry{"member.role", "user", subject(present.user_id), {}};
  entry.detail["from"] = present.ref().str();
  entry.detail["to"] = role.ref.str();
  co_await trail_.append(transaction, std::move(actor), std::move(entry));
}

Task<MemberView> Members::change_role(tenancy::Tenant tenant, UserId user, std::string role) {
  auto transaction = co_await database_.begin(tenant.scope());
  co_await lock_organization(*transaction, tenant.organization());
  const auto present = co_await find(*transaction, tenant.organization(), user);
  if (!present) throw not_found("member");
  auto next = co_await resolve_role(*transaction, tenant.organization(), std::move(role), "/role");
  // Before the actor's own rights: of two owners who demote each other the later is told why.
  if (next.ref.role != Role::owner) {
    co_await keep_an_owner(*transaction, tenant.organization(), *present);
  }
  const auto own = co_await lock_actor(*transaction, tenant, Permission::member_write);
  require_covers(own, present->permissions() | next.permissions);
  if (next.ref.role == Role::owner) tenant.require_fresh(clock_.now());
  co_await set_role(*transaction, tenant.actor(), *present, std::move(next));
  co_await transaction->commit();
  co_return co_await get(std::move(tenant), user);
}

Task<> Members::drop(db::Transaction& transaction, audit::Actor actor, MemberRow present) {
  co_await keep_an_owner(transaction, actor.organization, present);
  co_await cut_access(transaction, actor.organization, present.user_id, clock_, ids_);
  co_await transaction.exec(sql::delete_member, db::args(actor.organization, present.user_id));
  audit::Entry entry{"member.remove", "user", subject(present.user_id), {}};
  co_await trail_.append(transaction, std::move(actor), std::move(entry));
}

Task<> Members::remove(tenancy::Tenant tenant, UserId user) {
  auto transaction = co_await database_.begin(tenant.scope());
  co_await lock_organization(*transaction, tenant.organization());
  const auto present = co_await find(*transaction, tenant.organization(), user);
  if (!present) throw not_found("member");
  co_await keep_an_owner(*transaction, tenant.organization(), *present);
  const auto own = co_await lock_actor(*transaction, tenant, Permission::member_write);
  require_covers(own, present->permissions());
  co_await drop(*transaction, tenant.actor(), *present);
  co_await transaction->commit();
}

Task<> Members::leave(tenancy::Tenant tenant) {
  auto transaction = co_await database_.begin(tenant.scope());
  co_await lock_organization(*transaction, tenant.organization());
  const auto present = co_await find(*transaction, tenant.organization(), tenant.user());
  if (!present) throw not_found("member");
  co_await drop(*transaction, tenant.actor(), *present);
  co_await transaction->commit();
}

Task<> Members::put_in(db::Transaction& transaction, audit::Actor actor, UserId user,
                       KnownRole role) {
  co_await lock_organization(transaction, actor.organization);
  const auto present = co_await find(transaction, actor.organization, user);
  if (present) {
    if (role.ref.role != Role::owner) {
      co_await keep_an_owner(transaction, actor.organization, *present);
    }
    co_await set_role(transaction, std::move(actor), *present, std::move(role));
    co_return;
  }
  co_await transaction.exec(sql::insert_member, db::args(actor.organization, user, role.ref.role,
                                                         role.ref.custom, clock_.now()));
  audit::Entry entry{"member.add", "user", subject(user), {}};
  entry.detail["role"] = role.ref.str();
  co_await trail_.append(transaction, std::move(actor), std::move(entry));
}

Task<> Members::drop_in(db::Transaction& transaction, audit::Actor actor, UserId user) {
  co_await lock_organization(transaction, actor.organization);
  const auto present = co_await find(transaction, actor.organization, user);
  if (present) co_await drop(transaction, std::move(actor), *present);
}

Task<std::vector<SessionView>> Members::sessions(tenancy::Tenant tenant, UserId user) {
  co_await get(tenant, user);
  const auto rows = co_await database_.query(tenant.scope(), sql::list_member_sessions,
                                             db::args(tenant.organization(), user, clock_.now()));
  std::vector<SessionView> out;
  for (auto& row : rows.as<SessionRow>()) {
    SessionView view;
    view.id = row.id;
    view.organization = std::move(row.organization);
    view.ip = std::move(row.ip);
    view.user_agent = std::move(row.user_agent);
    view.created_at = row.created_at;
    view.last_used_at = row.last_used_at;
    view.current = row.id == tenant.principal().session;
    out.push_back(std::move(view));
  }
  co_return out;
}

Task<> Members::end_sessions(tenancy::Tenant tenant, UserId user) {
  auto transaction = co_await database_.begin(tenant.scope());
  const auto own = co_await lock_actor(*transaction, tenant, Permission::member_write);
  const auto present = co_await find(*transaction, tenant.organization(), user);
  if (!present) throw not_found("member");
  require_covers(own, present->permissions());
  co_await transaction->exec(sql::revoke_member_sessions,
                             db::args(tenant.organization(), user, clock_.now()));
  co_await tell_changed(*transaction, tenant.organization(), user, clock_, ids_);
  audit::Entry entry{"member.end_sessions", "user", subject(user), {}};
  co_await trail_.append(*transaction, tenant.actor(), std::move(entry));
  co_await transaction->commit();
}

}  // namespace aa::identity
