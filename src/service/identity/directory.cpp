#include "service/identity/directory.hpp"

#include <set>

#include "base/utf8.hpp"
#include "service/identity/cut.hpp"
#include "service/identity/email.hpp"
#include "service/identity/password.hpp"
#include "service/identity/statements.hpp"

namespace aa::identity {
namespace {

using tenancy::Role;

constexpr std::size_t kSubjectBytes = 400;
constexpr std::size_t kNameBytes = 200;

struct LinkRow {
  UserId user_id;
  std::optional<Timestamp> disabled_at;
  std::string name;
  bool passwordless = false;
};
BOOST_DESCRIBE_STRUCT(LinkRow, (), (user_id, disabled_at, name, passwordless))

struct AccountRow {
  UserId id;
  std::optional<Timestamp> disabled_at;
  std::optional<Role> role;
  std::int64_t elsewhere = 0;
};
BOOST_DESCRIBE_STRUCT(AccountRow, (), (id, disabled_at, role, elsewhere))

struct FollowedRow {
  std::string email;
  std::string name;
  std::optional<Timestamp> disabled_at;
  bool passwordless = false;
  std::optional<Role> role;
  std::int64_t elsewhere = 0;
};
BOOST_DESCRIBE_STRUCT(FollowedRow, (), (email, name, disabled_at, passwordless, role, elsewhere))

Error account_elsewhere() {
  return {ErrorCode::unauthenticated, "account_elsewhere",
          "The address has an account that this organization's directory does not look after. "
          "Sign in to it with its password, then link it in the settings."};
}

Error account_disabled() {
  return {ErrorCode::unauthenticated, "account_disabled", "The account is disabled."};
}

void check_subject(const DirectoryPerson& person) {
  if (!person.subject.empty() && person.subject.size() <= kSubjectBytes) return;
  throw invalid("invalid_subject", "The directory must name the person in 1 to 400 bytes.");
}

}  // namespace

Task<UserId> Directory::make(db::Transaction& transaction, audit::Actor actor, std::string email,
                             std::string name) {
  const auto now = clock_.now();
  const auto user = ids_.next_as<UserId>();
  // The directory vouches for the address.
  co_await transaction.exec(sql::insert_user,
                            db::args(user, email, name, "", now, std::optional<Timestamp>(now)));
  audit::Entry entry("user.provision", "user", user.str());
  co_await trail_.append(transaction, std::move(actor), std::move(entry));
  co_return user;
}

Task<> Directory::let_in(db::Transaction& transaction, audit::Actor actor, UserId user,
                         DirectoryPerson person) {
  const auto present =
      co_await transaction.exec(sql::find_member, db::args(actor.organization, user));
  const auto member = present.first<MemberRow>();
  if (!member && !person.joins) {
    throw Error(ErrorCode::unauthenticated, "not_a_member",
                "You are no member of this organization. Ask its administrator to invite you.");
  }
  // Owners are made and unmade by people.
  if (member && (!person.role || member->role == Role::owner)) co_return;
  auto role = co_await resolve_role(transaction, actor.organization,
                                    person.role.value_or(person.first_role), "/role");
  if (role.ref.role == Role::owner) {
    throw invalid("unknown_role", "A directory makes nobody an owner.", {{"/role", "is owner"}});
  }
  co_await members_.put_in(transaction, std::move(actor), user, std::move(role));
}

Task<UserId> Directory::admit(db::Transaction& transaction, audit::Actor actor,
                              DirectoryPerson person) {
  check_subject(person);
  person.email = normal_email(std::move(person.email));
  person.name = label_text(person.name, kNameBytes);
  co_await lock_organization(transaction, actor.organization);
  const auto links = co_await transaction.exec(
      sql::directory_link, db::args(actor.organization, person.provider, person.subject));
  if (const auto known = links.first<LinkRow>()) {
    if (known->disabled_at) throw account_disabled();
    if (known->passwordless && !person.name.empty() && known->name != person.name) {
      co_await transaction.exec(sql::rename_user, db::args(known->user_id, person.name));
    }
    co_await let_in(transaction, std::move(actor), known->user_id, std::move(person));
    co_return known->user_id;
  }
  check_email(person.email);
  const auto accounts =
      co_await transaction.exec(sql::directory_account, db::args(person.email, actor.organization));
  const auto account = accounts.first<AccountRow>();
  UserId user;
  if (account) {
    if (account->disabled_at) throw account_disabled();
    if (account->elsewhere > 0 || account->role == Role::owner) throw account_elsewhere();
    user = account->id;
  } else if (!person.joins) {
    throw Error(ErrorCode::unauthenticated, "not_a_member",
                "You are no member of this organization. Ask its administrator to invite you.");
  } else {
    auto called = person.name.empty() ? person.email : person.name;
    auto making = make(transaction, actor, person.email, std::move(called));
    user = co_await std::move(making);
  }
  auto linking = link(transaction, actor, user, person.provider, person.subject);
  co_await std::move(linking);
  co_await let_in(transaction, std::move(actor), user, std::move(person));
  co_return user;
}

Task<> Directory::link(db::Transaction& transaction, audit::Actor actor, UserId user,
                       std::string provider, std::string subject) {
  try {
    co_await transaction.exec(sql::insert_directory_link,
                              db::args(actor.organization, provider, subject, user, clock_.now()));
  } catch (const Error& error) {
    if (error.code() != ErrorCode::already_exists) throw;
    throw Error(ErrorCode::already_exists, "subject_taken",
                "The directory's account is linked to a person already.");
  }
  audit::Entry entry{"user.link", "user", user.str(), {}};
  entry.detail["provider"] = provider;
  co_await trail_.append(transaction, std::move(actor), std::move(entry));
}

Task<> Directory::follow(db::Transaction& transaction, audit::Actor actor, UserId user,
                         std::string email, std::string name) {
  email = normal_email(std::move(email));
  name = label_text(name, kNameBytes);
  if (name.empty()) name = email;
  const auto rows =
      co_await transaction.exec(sql::followed_account, db::args(user, actor.organization));
  const auto account = rows.first<FollowedRow>();
  if (!account || account->disabled_at || !account->passwordless) co_return;
  if (account->name != name) co_await transaction.exec(sql::rename_user, db::args(user, name));
  const bool moves = account->elsewhere == 0 && account->role != Role::owner;
  if (account->email == email || !moves) co_return;
  check_email(email);
  try {
    co_await transaction.exec(sql::change_email, db::args(user, email, clock_.now()));
  } catch (const Error& error) {
    if (error.code() != ErrorCode::already_exists) throw;
    throw Error(ErrorCode::already_exists, "address_taken", "The address has an account already.");
  }
  audit::Entry entry("user.email", "user", user.str());
  co_await trail_.append(transaction, std::move(actor), std::move(entry));
}

Task<> Directory::forget_subject(db::Transaction& transaction, OrganizationId organization,
                                 std::string provider, std::string subject) {
  co_await transaction.exec(sql::delete_directory_link, db::args(organization, provider, subject));
}

Task<std::vector<DirectoryLink>> Directory::links_of(OrganizationId organization, UserId user) {
  const auto rows = co_await database_.query(db::Scope::system(), sql::directory_links_of,
                                             db::args(organization, user));
  co_return rows.as<DirectoryLink>();
}

Task<> Directory::unlink(db::Transaction& transaction, audit::Actor actor, UserId user,
                         std::string provider) {
  const auto found = co_await transaction.exec(sql::find_password, db::args(user));
  require_password(found.one().get<std::string>("password_hash"));
  const auto gone = co_await transaction.exec(sql::delete_own_links,
                                              db::args(actor.organization, user, provider));
  if (gone.affected() == 0) throw not_found("link");
  audit::Entry entry{"user.unlink", "user", user.str(), {}};
  entry.detail["provider"] = provider;
  co_await trail_.append(transaction, std::move(actor), std::move(entry));
}

Task<std::optional<UserId>> Directory::find(OrganizationId organization, std::string provider,
                                            std::string subject) {
  const auto rows = co_await database_.query(db::Scope::system(), sql::directory_link,
                                             db::args(organization, provider, subject));
  if (rows.empty()) co_return std::nullopt;
  co_return rows[0].get<UserId>("user_id");
}

Task<int> Directory::end_sessions(db::Transaction& transaction, tenancy::Tenant tenant,
                                  std::string provider, SignInMethod method) {
  const auto organization = tenant.organization();
  const auto ended = co_await transaction.exec(
      sql::revoke_provider_sessions,
      db::args(organization, method, provider, clock_.now(), tenant.principal().session));
  std::set<UserId> people;
  for (const auto& row : ended) people.insert(row.get<UserId>("user_id"));
  for (const auto person : people) {
    co_await tell_changed(transaction, organization, person, clock_, ids_);
  }
  co_return static_cast<int>(ended.size());
}

Task<> Directory::forget(db::Transaction& transaction, OrganizationId organization,
                         std::string provider) {
  co_await transaction.exec(sql::delete_directory_links, db::args(organization, provider));
}

Task<bool> in_directory(db::Database& database, UserId user) {
  const auto rows =
      co_await database.query(db::Scope::system(), sql::user_in_directory, db::args(user));
  co_return !rows.empty();
}

}  // namespace aa::identity
