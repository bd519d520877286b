#include <algorithm>

#include "service/scim/errors.hpp"
#include "service/scim/rank.hpp"
#include "service/scim/scim.hpp"
#include "service/scim/statements.hpp"

namespace aa::scim {
namespace {

struct UserRow {
  ScimUserId id;
  std::optional<UserId> user_id;
  std::string user_name;
  std::string external_id;
  std::string display_name;
  std::string name;
  std::string emails;
  Timestamp created_at;
  Timestamp updated_at;
  std::int64_t revision = 0;
  bool active = false;
};
BOOST_DESCRIBE_STRUCT(UserRow, (),
                      (id, user_id, user_name, external_id, display_name, name, emails, created_at,
                       updated_at, revision, active))

StoredUser stored(const UserRow& row) {
  StoredUser out;
  out.id = row.id;
  out.account = row.user_id;
  out.user.user_name = row.user_name;
  out.user.external_id = row.external_id;
  out.user.display_name = row.display_name;
  out.user.name = json::read<PersonName>(json::parse(row.name));
  out.user.emails = json::read<std::vector<Email>>(json::parse(row.emails));
  out.user.active = row.active;
  out.created_at = row.created_at;
  out.updated_at = row.updated_at;
  out.revision = row.revision;
  return out;
}

std::vector<StoredUser> all_of(const db::Rows& rows) {
  std::vector<StoredUser> out;
  for (const auto& row : rows.as<UserRow>()) out.push_back(stored(row));
  return out;
}

bool same(const User& a, const User& b) {
  return a.user_name == b.user_name && a.external_id == b.external_id &&
         a.display_name == b.display_name && a.name == b.name && a.emails == b.emails &&
         a.active == b.active;
}

bool fits(const StoredUser& one, const UserFilter& filter) {
  const auto& user = one.user;
  const auto has_address = [&](const std::string& address) {
    return std::ranges::any_of(
        user.emails, [&](const Email& email) { return small_letters(email.value) == address; });
  };
  return (!filter.id || one.id.str() == *filter.id) &&
         (!filter.user_name || small_letters(user.user_name) == *filter.user_name) &&
         (!filter.external_id || user.external_id == *filter.external_id) &&
         (!filter.display_name || small_letters(user.display_name) == *filter.display_name) &&
         (!filter.email || has_address(*filter.email)) &&
         (!filter.active || user.active == *filter.active);
}

bool is_narrow(const UserFilter& filter) {
  return filter.id || filter.user_name || filter.external_id || filter.display_name || filter.email;
}

// What the directory may not know or do is one refusal.
Error as_taken(const Error& error) {
  const bool ours =
      error.code() == ErrorCode::unauthenticated || error.code() == ErrorCode::already_exists;
  if (ours) return taken();
  return error;
}

audit::Entry entry_of(const char* action, ScimUserId id, const User& user) {
  audit::Entry out(action, "scim_user", id.str());
  out.detail["active"] = user.active.value_or(false);
  return out;
}

}  // namespace

std::string StoredUser::version() const {
  return "W/\"" + std::to_string(revision) + (user.active.value_or(false) ? "a" : "") + "\"";
}

void require_version(const std::optional<std::string>& if_match, const std::string& version) {
  if (!if_match || *if_match == "*") return;
  const auto strong = version.substr(2);
  std::string_view rest = *if_match;
  while (!rest.empty()) {
    const auto comma = rest.find(',');
    auto tag = rest.substr(0, comma);
    while (tag.starts_with(' ')) tag.remove_prefix(1);
    while (tag.ends_with(' ')) tag.remove_suffix(1);
    if (tag == version || tag == strong) return;
    if (comma == std::string_view::npos) break;
    rest.remove_prefix(comma + 1);
  }
  throw Error(ErrorCode::precondition_failed, "version_differs",
              "It was changed meanwhile. Read it again, then repeat the change.");
}

Task<std::vector<StoredUser>> People::candidates(OrganizationId organization, UserFilter filter) {
  if (filter.id) {
    const auto id = ScimUserId::parse(*filter.id);
    if (!id) co_return std::vector<StoredUser>{};
    const auto rows = co_await parts_.database.query(db::Scope::tenant(organization), sql::get_user,
                                                     db::args(organization, *id));
    co_return all_of(rows);
  }
  db::Statement statement = sql::users_by_email;
  std::string key = filter.email.value_or("");
  if (filter.user_name) {
    statement = sql::user_by_name;
    key = *filter.user_name;
  } else if (filter.external_id) {
    statement = sql::users_by_external_id;
    key = *filter.external_id;
  } else if (!filter.email) {
    statement = sql::users_by_display_name;
    key = filter.display_name.value_or("");
  }
  const auto rows = co_await parts_.database.query(db::Scope::tenant(organization), statement,
                                                   db::args(organization, key));
  co_return all_of(rows);
}

Task<Listed<StoredUser>> People::list(OrganizationId organization, UserFilter filter,
                                      Window window) {
  Listed<StoredUser> out;
  if (is_narrow(filter)) {
    auto found = co_await candidates(organization, filter);
    std::erase_if(found, [&](const StoredUser& one) { return !fits(one, filter); });
    out.total = static_cast<std::int64_t>(found.size());
    const auto from = std::min(window.start - 1, out.total);
    const auto until = std::min(from + window.count, out.total);
    out.items.assign(found.begin() + from, found.begin() + until);
    co_return out;
  }
  const int which = !filter.active ? 2 : (*filter.active ? 1 : 0);
  const auto counted = co_await parts_.database.query(
      db::Scope::tenant(organization), sql::count_users, db::args(organization, which));
  out.total = counted.one().get<std::int64_t>("count");
  if (window.count == 0) co_return out;
  const auto rows =
      co_await parts_.database.query(db::Scope::tenant(organization), sql::list_users,
                                     db::args(organization, which, window.count, window.start - 1));
  out.items = all_of(rows);
  co_return out;
}

Task<StoredUser> People::get(OrganizationId organization, ScimUserId id) {
  const auto rows = co_await parts_.database.query(db::Scope::tenant(organization), sql::get_user,
                                                   db::args(organization, id));
  const auto row = rows.first<UserRow>();
  if (!row) throw not_found("user");
  co_return stored(*row);
}

Task<std::optional<StoredUser>> People::find(db::Transaction& transaction,
                                             OrganizationId organization, ScimUserId id) {
  const auto rows = co_await transaction.exec(sql::get_user, db::args(organization, id));
  const auto row = rows.first<UserRow>();
  if (!row) co_return std::nullopt;
  co_return stored(*row);
}

Task<StoredUser> People::locked(db::Transaction& transaction, OrganizationId organization,
                                ScimUserId id, std::optional<std::string> if_match) {
  co_await identity::lock_organization(transaction, organization);
  auto present = co_await find(transaction, organization, id);
  if (!present) throw not_found("user");
  require_version(if_match, present->version());
  co_return std::move(*present);
}

// The account of an active person, made and let in when need be.
Task<UserId> People::let_in(db::Transaction& transaction, audit::Actor actor, ScimUserId id,
                            User user) {
  const auto rows =
      co_await transaction.exec(sql::roles_of_groups, db::args(id, actor.organization));
  identity::DirectoryPerson person;
  person.provider = std::string(kProvider);
  person.subject = id.str();
  person.email = address_of(user);
  person.name = name_of(user);
  if (const auto best = best_role(rows.as<MappedRole>())) person.role = best->str();
  std::optional<Error> refusal;
  UserId out;
  try {
    out = co_await parts_.directory.admit(transaction, actor, person);
    co_await parts_.directory.follow(transaction, actor, out, person.email, person.name);
  } catch (const Error& error) {
    refusal = as_taken(error);
  }
  if (refusal) throw *refusal;
  co_return out;
}

Task<> People::write_emails(db::Transaction& transaction, OrganizationId organization,
                            ScimUserId id, User user) {
  co_await transaction.exec(sql::forget_emails, db::args(id));
  std::set<std::string> keys;
  for (const auto& email : user.emails) keys.insert(small_letters(email.value));
  for (const auto& key : keys) {
    co_await transaction.exec(sql::insert_email, db::args(id, organization, key));
  }
}

Task<StoredUser> People::create(audit::Actor actor, User user) {
  const auto id = parts_.ids.next_as<ScimUserId>();
  const auto now = parts_.clock.now();
  auto transaction = co_await parts_.database.begin(db::Scope::system());
  co_await identity::lock_organization(*transaction, actor.organization);
  const auto counted =
      co_await transaction->exec(sql::count_users, db::args(actor.organization, 2));
  if (counted.one().get<std::size_t>("count") >= kUsersMax) {
    throw Error(ErrorCode::out_of_space, "too_many_users",
                "An organization has at most 50000 people from its directory.");
  }
  user.active = user.active.value_or(true);
  std::optional<UserId> account;
  if (*user.active) account = co_await let_in(*transaction, actor, id, user);
  auto values =
      db::args(id, actor.organization, account, user.user_name, small_letters(user.user_name),
               user.external_id, user.display_name, small_letters(user.display_name),
               json::write(user.name), json::write(user.emails), now);
  std::optional<Error> refusal;
  try {
    co_await transaction->exec(sql::insert_user, std::move(values));
  } catch (const Error& error) {
    refusal = as_taken(error);
  }
  if (refusal) throw *refusal;
  co_await write_emails(*transaction, actor.organization, id, user);
  const auto organization = actor.organization;
  auto entry = entry_of("scim_user.create", id, user);
  co_await parts_.trail.append(*transaction, std::move(actor), std::move(entry));
  co_await transaction->commit();
  co_return co_await get(organization, id);
}

Task<StoredUser> People::update(std::unique_ptr<db::Transaction> transaction, audit::Actor actor,
                                StoredUser before, User after) {
  const auto organization = actor.organization;
  after.active = after.active.value_or(before.user.active.value_or(false));
  if (same(before.user, after)) co_return before;
  auto account = before.account;
  if (*after.active) {
    account = co_await let_in(*transaction, actor, before.id, after);
  } else if (before.user.active.value_or(false) && account) {
    co_await parts_.members.drop_in(*transaction, actor, *account);
  }
  auto values =
      db::args(before.id, organization, account, after.user_name, small_letters(after.user_name),
               after.external_id, after.display_name, small_letters(after.display_name),
               json::write(after.name), json::write(after.emails), parts_.clock.now());
  std::optional<Error> refusal;
  try {
    co_await transaction->exec(sql::update_user, std::move(values));
  } catch (const Error& error) {
    refusal = as_taken(error);
  }
  if (refusal) throw *refusal;
  co_await write_emails(*transaction, organization, before.id, after);
  auto entry = entry_of("scim_user.update", before.id, after);
  co_await parts_.trail.append(*transaction, std::move(actor), std::move(entry));
  co_await transaction->commit();
  co_return co_await get(organization, before.id);
}

Task<StoredUser> People::replace(audit::Actor actor, ScimUserId id,
                                 std::optional<std::string> if_match, User user) {
  auto transaction = co_await parts_.database.begin(db::Scope::system());
  auto before = co_await locked(*transaction, actor.organization, id, std::move(if_match));
  co_return co_await update(std::move(transaction), std::move(actor), std::move(before),
                            std::move(user));
}

Task<StoredUser> People::patch(audit::Actor actor, ScimUserId id,
                               std::optional<std::string> if_match, json::Value body) {
  auto transaction = co_await parts_.database.begin(db::Scope::system());
  auto before = co_await locked(*transaction, actor.organization, id, std::move(if_match));
  User after = before.user;
  patch_user(after, body);
  co_return co_await update(std::move(transaction), std::move(actor), std::move(before),
                            std::move(after));
}

Task<> People::remove(audit::Actor actor, ScimUserId id, std::optional<std::string> if_match) {
  auto transaction = co_await parts_.database.begin(db::Scope::system());
  const auto present = co_await locked(*transaction, actor.organization, id, std::move(if_match));
  if (present.account) co_await parts_.members.drop_in(*transaction, actor, *present.account);
  co_await parts_.directory.forget_subject(*transaction, actor.organization, std::string(kProvider),
                                           id.str());
  co_await transaction->exec(sql::delete_user, db::args(id, actor.organization));
  audit::Entry entry("scim_user.delete", "scim_user", id.str());
  co_await parts_.trail.append(*transaction, std::move(actor), std::move(entry));
  co_await transaction->commit();
}

Task<std::vector<ScimPerson>> People::page(tenancy::Tenant tenant, std::optional<ScimUserId> after,
                                           int limit) {
  tenant.require(tenancy::Permission::sso_write);
  const auto rows = co_await parts_.database.query(
      tenant.scope(), sql::people,
      db::args(tenant.organization(), after.value_or(ScimUserId{}), limit));
  std::vector<ScimPerson> out;
  for (const auto& one : all_of(rows)) {
    out.push_back({one.id, one.account, one.user.user_name, address_of(one.user), name_of(one.user),
                   one.user.active.value_or(false), one.updated_at});
  }
  co_return out;
}

}  // namespace aa::scim
