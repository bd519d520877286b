#include <algorithm>

#include "service/scim/errors.hpp"
#include "service/scim/scim.hpp"
#include "service/scim/statements.hpp"

namespace aa::scim {
namespace {

struct GroupRow {
  ScimGroupId id;
  std::string external_id;
  std::string display_name;
  Timestamp created_at;
  Timestamp updated_at;
  std::int64_t revision = 0;
};
BOOST_DESCRIBE_STRUCT(GroupRow, (),
                      (id, external_id, display_name, created_at, updated_at, revision))

struct MemberRow {
  ScimUserId id;
  std::string user_name;
  std::string display_name;
};
BOOST_DESCRIBE_STRUCT(MemberRow, (), (id, user_name, display_name))

StoredGroup stored(const GroupRow& row) {
  StoredGroup out;
  out.id = row.id;
  out.external_id = row.external_id;
  out.display_name = row.display_name;
  out.created_at = row.created_at;
  out.updated_at = row.updated_at;
  out.revision = row.revision;
  return out;
}

std::vector<StoredGroup> all_of(const db::Rows& rows) {
  std::vector<StoredGroup> out;
  for (const auto& row : rows.as<GroupRow>()) out.push_back(stored(row));
  return out;
}

bool fits(const StoredGroup& group, const GroupFilter& filter) {
  return (!filter.id || group.id.str() == *filter.id) &&
         (!filter.display_name || small_letters(group.display_name) == *filter.display_name) &&
         (!filter.external_id || group.external_id == *filter.external_id);
}

audit::Entry entry_of(const char* action, ScimGroupId id) {
  return audit::Entry(action, "scim_group", id.str());
}

std::vector<ScimUserId> those_not_in(const std::set<ScimUserId>& all,
                                     const std::set<ScimUserId>& others) {
  std::vector<ScimUserId> out;
  std::ranges::set_difference(all, others, std::back_inserter(out));
  return out;
}

// The other group that has the name is in this organisation: there is nothing to hide.
Task<> exec_named(db::Transaction& transaction, db::Statement statement, db::Args values) {
  std::optional<Error> refusal;
  try {
    co_await transaction.exec(statement, std::move(values));
  } catch (const Error& error) {
    refusal = error;
  }
  if (!refusal) co_return;
  if (refusal->code() != ErrorCode::already_exists) throw *refusal;
  throw taken();
}

}  // namespace

std::string StoredGroup::version() const { return "W/\"" + std::to_string(revision) + "\""; }

Task<std::vector<Member>> Groups::members_of(OrganizationId organization, ScimGroupId id) {
  const auto rows = co_await parts_.database.query(db::Scope::tenant(organization),
                                                   sql::list_members, db::args(id, organization));
  std::vector<Member> out;
  for (auto& row : rows.as<MemberRow>()) {
    out.push_back({row.id, row.display_name.empty() ? row.user_name : row.display_name});
  }
  co_return out;
}

Task<std::vector<StoredGroup>> Groups::candidates(OrganizationId organization, GroupFilter filter) {
  db::Statement statement = sql::groups_by_external_id;
  auto arguments = db::args(organization, filter.external_id.value_or(""));
  if (filter.id || filter.member) {
    const auto id = ScimGroupId::parse(filter.id ? *filter.id : *filter.member);
    if (!id) co_return std::vector<StoredGroup>{};
    statement = filter.id ? sql::get_group : sql::groups_of_member;
    arguments = db::args(organization, *id);
  } else if (filter.display_name) {
    statement = sql::group_by_name;
    arguments = db::args(organization, *filter.display_name);
  }
  const auto rows = co_await parts_.database.query(db::Scope::tenant(organization), statement,
                                                   std::move(arguments));
  auto found = all_of(rows);
  std::erase_if(found, [&](const StoredGroup& group) { return !fits(group, filter); });
  if (!filter.id || !filter.member) co_return found;
  std::vector<StoredGroup> out;
  for (auto& group : found) {
    const auto members = co_await members_of(organization, group.id);
    const auto is_it = [&](const Member& member) { return member.id.str() == *filter.member; };
    if (std::ranges::any_of(members, is_it)) out.push_back(std::move(group));
  }
  co_return out;
}

Task<Listed<StoredGroup>> Groups::list(OrganizationId organization, GroupFilter filter,
                                       Window window, bool with_members) {
  Listed<StoredGroup> out;
  const bool narrow = filter.id || filter.member || filter.display_name || filter.external_id;
  if (narrow) {
    auto found = co_await candidates(organization, filter);
    out.total = static_cast<std::int64_t>(found.size());
    const auto from = std::min(window.start - 1, out.total);
    const auto until = std::min(from + window.count, out.total);
    out.items.assign(found.begin() + from, found.begin() + until);
  } else {
    const auto counted = co_await parts_.database.query(db::Scope::tenant(organization),
                                                        sql::count_groups, db::args(organization));
    out.total = counted.one().get<std::int64_t>("count");
    const auto rows =
        co_await parts_.database.query(db::Scope::tenant(organization), sql::list_groups,
                                       db::args(organization, window.count, window.start - 1));
    out.items = all_of(rows);
  }
  std::size_t listed = 0;
  if (!with_members) co_return out;
  for (auto& group : out.items) {
    group.members = co_await members_of(organization, group.id);
    listed += group.members->size();
    if (listed > kListedMembers) {
      throw too_many(
          "The groups have more than 20000 members together: ask for fewer groups, or "
          "with excludedAttributes=members.");
    }
  }
  co_return out;
}

Task<StoredGroup> Groups::get(OrganizationId organization, ScimGroupId id, bool with_members) {
  const auto rows = co_await parts_.database.query(db::Scope::tenant(organization), sql::get_group,
                                                   db::args(organization, id));
  const auto row = rows.first<GroupRow>();
  if (!row) throw not_found("group");
  auto out = stored(*row);
  if (with_members) out.members = co_await members_of(organization, id);
  co_return out;
}

Task<StoredGroup> Groups::locked(db::Transaction& transaction, OrganizationId organization,
                                 ScimGroupId id, std::optional<std::string> if_match) {
  co_await identity::lock_organization(transaction, organization);
  const auto rows = co_await transaction.exec(sql::get_group, db::args(organization, id));
  const auto row = rows.first<GroupRow>();
  if (!row) throw not_found("group");
  auto out = stored(*row);
  require_version(if_match, out.version());
  co_return out;
}

Task<std::set<ScimUserId>> Groups::member_ids(db::Transaction& transaction,
                                              OrganizationId organization, ScimGroupId id) {
  const auto rows = co_await transaction.exec(sql::list_members, db::args(id, organization));
  std::set<ScimUserId> out;
  for (const auto& row : rows.as<MemberRow>()) out.insert(row.id);
  co_return out;
}

Task<> Groups::require_known(db::Transaction& transaction, OrganizationId organization,
                             std::vector<ScimUserId> ids) {
  if (ids.empty()) co_return;
  const auto rows =
      co_await transaction.exec(sql::known_users, db::args(organization, json::write(ids)));
  if (rows.size() != ids.size()) throw invalid_value("A member is no user of this directory.");
}

Task<StoredGroup> Groups::create(audit::Actor actor, GroupBody body) {
  const auto id = parts_.ids.next_as<ScimGroupId>();
  const auto organization = actor.organization;
  auto transaction = co_await parts_.database.begin(db::Scope::system());
  co_await identity::lock_organization(*transaction, organization);
  const auto counted = co_await transaction->exec(sql::count_groups, db::args(organization));
  if (counted.one().get<std::size_t>("count") >= kGroupsMax) {
    throw Error(ErrorCode::out_of_space, "too_many_groups",
                "An organization has at most 1000 groups from its directory.");
  }
  co_await require_known(*transaction, organization, body.members);
  auto values = db::args(id, organization, body.external_id, body.display_name,
                         small_letters(body.display_name), parts_.clock.now());
  co_await exec_named(*transaction, sql::insert_group, std::move(values));
  for (const auto member : body.members) {
    co_await transaction->exec(sql::insert_member, db::args(id, member, organization));
  }
  auto entry = entry_of("scim_group.create", id);
  entry.detail["members"] = body.members.size();
  co_await parts_.trail.append(*transaction, std::move(actor), std::move(entry));
  co_await transaction->commit();
  co_return co_await get(organization, id, true);
}

Task<StoredGroup> Groups::update(std::unique_ptr<db::Transaction> transaction, audit::Actor actor,
                                 StoredGroup before, GroupEdit edit) {
  const auto organization = actor.organization;
  const auto id = before.id;
  const auto present = co_await member_ids(*transaction, organization, id);
  const auto wanted = members_after(present, edit);
  const auto added = those_not_in(wanted, present);
  const auto removed = those_not_in(present, wanted);
  const auto name = edit.display_name.value_or(before.display_name);
  const auto external_id = edit.external_id.value_or(before.external_id);
  const bool named = name == before.display_name && external_id == before.external_id;
  if (named && added.empty() && removed.empty()) co_return before;
  co_await require_known(*transaction, organization, added);
  for (const auto member : added) {
    co_await transaction->exec(sql::insert_member, db::args(id, member, organization));
  }
  for (const auto member : removed) {
    co_await transaction->exec(sql::delete_member, db::args(id, member));
  }
  auto values =
      db::args(id, organization, external_id, name, small_letters(name), parts_.clock.now());
  co_await exec_named(*transaction, sql::update_group, std::move(values));
  if (co_await gives_role(*transaction, organization, id)) {
    co_await settle(*transaction, actor, added, false);
    co_await settle(*transaction, actor, removed, true);
  }
  auto entry = entry_of("scim_group.update", id);
  entry.detail["added"] = added.size();
  entry.detail["removed"] = removed.size();
  co_await parts_.trail.append(*transaction, std::move(actor), std::move(entry));
  co_await transaction->commit();
  co_return co_await get(organization, id, false);
}

Task<StoredGroup> Groups::replace(audit::Actor actor, ScimGroupId id,
                                  std::optional<std::string> if_match, GroupBody body) {
  auto transaction = co_await parts_.database.begin(db::Scope::system());
  auto before = co_await locked(*transaction, actor.organization, id, std::move(if_match));
  GroupEdit edit;
  edit.display_name = std::move(body.display_name);
  edit.external_id = std::move(body.external_id);
  GroupEdit::Step step;
  step.kind = GroupEdit::Kind::replace;
  step.members = std::move(body.members);
  edit.steps.push_back(std::move(step));
  const auto organization = actor.organization;
  co_await update(std::move(transaction), std::move(actor), std::move(before), std::move(edit));
  co_return co_await get(organization, id, true);
}

Task<StoredGroup> Groups::patch(audit::Actor actor, ScimGroupId id,
                                std::optional<std::string> if_match, GroupEdit edit) {
  auto transaction = co_await parts_.database.begin(db::Scope::system());
  auto before = co_await locked(*transaction, actor.organization, id, std::move(if_match));
  co_return co_await update(std::move(transaction), std::move(actor), std::move(before),
                            std::move(edit));
}

Task<> Groups::remove(audit::Actor actor, ScimGroupId id, std::optional<std::string> if_match) {
  auto transaction = co_await parts_.database.begin(db::Scope::system());
  const auto organization = actor.organization;
  const auto present = co_await locked(*transaction, organization, id, std::move(if_match));
  const auto members = co_await member_ids(*transaction, organization, id);
  const bool gave = co_await gives_role(*transaction, organization, id);
  co_await transaction->exec(sql::delete_group, db::args(present.id, organization));
  const std::vector<ScimUserId> left(members.begin(), members.end());
  if (gave) co_await settle(*transaction, actor, left, true);
  auto entry = entry_of("scim_group.delete", id);
  co_await parts_.trail.append(*transaction, std::move(actor), std::move(entry));
  co_await transaction->commit();
}

}  // namespace aa::scim
