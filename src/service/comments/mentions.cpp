// Who is mentioned in a comment.
#include <algorithm>
#include <set>

#include "service/comments/change.hpp"
#include "service/comments/statements.hpp"

namespace aa::comments {

Task<> Comments::require_members(OrganizationId organization, std::vector<UserId> ids) {
  if (ids.empty()) co_return;
  const auto members = co_await identity_.members_of(organization, ids);
  std::vector<ErrorDetail> problems;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (members.contains(ids[i])) continue;
    problems.push_back({"/mentions/" + std::to_string(i), "is not a member of the organization"});
  }
  refuse(std::move(problems));
}

Task<> Comments::add_mentions(Change& change, CommentId comment, std::vector<UserId> mentions) {
  for (const auto& user : mentions) {
    // Whoever mentions himself has read it.
    std::optional<Timestamp> read_at;
    if (user == change.tenant.user()) read_at = change.now;
    co_await change.transaction->exec(
        sql::insert_mention, db::args(ids_.next_as<MentionId>(), change.tenant.organization(),
                                      comment, user, change.now, read_at));
  }
}

// Those who stay keep whether they have read it.
Task<> Comments::replace_mentions(Change& change, CommentId comment, std::vector<UserId> mentions) {
  const auto organization = change.tenant.organization();
  const std::set<UserId> wanted(mentions.begin(), mentions.end());
  std::vector<CommentId> one{comment};
  const auto rows =
      co_await change.transaction->exec(sql::mentions_of, db::args(organization, json::write(one)));
  for (const auto& row : rows) {
    const auto user = row.get<UserId>("user_id");
    if (wanted.contains(user)) continue;
    co_await change.transaction->exec(sql::drop_mention, db::args(comment, organization, user));
  }
  co_await add_mentions(change, comment, std::move(mentions));
}

Task<> Comments::read_mention(Tenant tenant, MentionId id) {
  tenant.require(tenancy::Permission::comment_read);
  auto transaction = co_await database_.begin(tenant.scope());
  const auto changed = co_await transaction->exec(
      sql::read_mention, db::args(id, tenant.organization(), tenant.user(), clock_.now()));
  if (changed.affected() == 0) throw not_found("mention");
  audit::Entry entry{"mention.read", "mention", id.str(), {}};
  co_await trail_.append(*transaction, tenant.actor(), std::move(entry));
  co_await transaction->commit();
}

Task<ReadMentions> Comments::read_mentions(Tenant tenant, SeenMentions seen) {
  tenant.require(tenancy::Permission::comment_read);
  auto transaction = co_await database_.begin(tenant.scope());
  const auto changed = co_await transaction->exec(
      sql::read_mentions, db::args(tenant.user(), tenant.organization(), clock_.now(), seen.up_to));
  const ReadMentions out{static_cast<std::int64_t>(changed.affected())};
  if (out.read == 0) co_return out;
  audit::Entry entry{"mention.read_all", "mention", seen.up_to.str(), {}};
  co_await trail_.append(*transaction, tenant.actor(), std::move(entry));
  co_await transaction->commit();
  co_return out;
}

}  // namespace aa::comments
