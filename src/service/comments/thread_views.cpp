// Reading: rows become threads with their comments and people's names.
#include <algorithm>
#include <limits>
#include <set>

#include "service/comments/comments.hpp"
#include "service/comments/rows.hpp"
#include "service/comments/statements.hpp"

namespace aa::comments {
namespace {

using tenancy::Permission;
using Names = std::map<UserId, std::string>;

constexpr std::string_view kAfterAll = "ffffffff-ffff-ffff-ffff-ffffffffffff";

Person person(const Names& names, UserId id) {
  const auto found = names.find(id);
  return {id, found == names.end() ? std::string() : found->second};
}

template <class IdType>
std::string start_of(const std::optional<IdType>& before) {
  return before ? before->str() : std::string(kAfterAll);
}

// What `resolved_at` or `read_at` may be at most, 0 standing for "not".
std::int64_t latest(bool only_open) {
  return only_open ? 0 : std::numeric_limits<std::int64_t>::max();
}

template <class Row>
auto ids_of(const std::vector<Row>& rows) {
  std::vector<decltype(Row::id)> out;
  out.reserve(rows.size());
  for (const auto& row : rows) out.push_back(row.id);
  return out;
}

ThreadView thread_view(const ThreadRow& row, const Names& names) {
  ThreadView out;
  out.id = row.id;
  out.project_id = row.project_id;
  out.asset_id = row.asset_id;
  out.annotation_id = row.annotation_id;
  out.x = row.x;
  out.y = row.y;
  out.frame = row.frame;
  out.created_by = person(names, row.created_by);
  out.created_at = row.created_at;
  if (row.resolved_by) out.resolved_by = person(names, *row.resolved_by);
  out.resolved_at = row.resolved_at;
  out.revision = row.revision;
  return out;
}

}  // namespace

Task<std::map<CommentId, std::vector<UserId>>> Comments::mentioned(OrganizationId organization,
                                                                   std::vector<CommentId> ids) {
  const auto rows = co_await database_.query(db::Scope::tenant(organization), sql::mentions_of,
                                             db::args(organization, json::write(ids)));
  std::map<CommentId, std::vector<UserId>> out;
  for (const auto& row : rows) {
    out[row.get<CommentId>("comment_id")].push_back(row.get<UserId>("user_id"));
  }
  co_return out;
}

Task<std::vector<CommentView>> Comments::view_comments(OrganizationId organization,
                                                       std::vector<CommentRow> rows) {
  const auto mentions = co_await mentioned(organization, ids_of(rows));
  std::set<UserId> people;
  for (const auto& row : rows) people.insert(row.created_by);
  for (const auto& [comment, users] : mentions) people.insert(users.begin(), users.end());
  std::vector<UserId> wanted(people.begin(), people.end());
  const auto names = co_await identity_.names_for(std::move(wanted));
  std::vector<CommentView> out;
  out.reserve(rows.size());
  for (auto& row : rows) {
    CommentView comment{row.id,
                        person(names, row.created_by),
                        row.created_at,
                        row.edited_at,
                        row.deleted_at.has_value(),
                        std::move(row.body),
                        row.version,
                        {}};
    const auto found = mentions.find(row.id);
    if (found != mentions.end()) {
      for (const auto& user : found->second) comment.mentions.push_back(person(names, user));
    }
    out.push_back(std::move(comment));
  }
  co_return out;
}

// Threads on annotations follow them, and stay where one was before it was deleted.
Task<std::vector<ThreadRow>> Comments::placed(OrganizationId organization,
                                              std::vector<ThreadRow> threads) {
  std::vector<AnnotationId> wanted;
  for (const auto& thread : threads) {
    if (thread.annotation_id) wanted.push_back(*thread.annotation_id);
  }
  if (wanted.empty()) co_return threads;
  auto found = co_await annotations_.find_for(organization, wanted);
  for (const auto& id : wanted) {
    if (found.contains(id)) continue;
    auto last = co_await annotations_.last_for(organization, id);
    if (last) found.emplace(id, std::move(*last));
  }
  for (auto& thread : threads) {
    if (!thread.annotation_id) continue;
    const auto annotation = found.find(*thread.annotation_id);
    if (annotation == found.end()) continue;
    const auto bounds = document::shape_bounds(annotation->second.shape);
    if (!bounds) continue;
    thread.x = bounds->center().x;
    thread.y = bounds->center().y;
  }
  co_return threads;
}

Task<std::vector<ThreadView>> Comments::view(OrganizationId organization,
                                             std::vector<ThreadRow> threads) {
  threads = co_await placed(organization, std::move(threads));
  const auto found = co_await database_.query(
      db::Scope::tenant(organization), sql::latest_comments,
      db::args(organization, json::write(ids_of(threads)), kCommentsShown));
  auto rows = found.as<CommentRow>();
  auto comments = co_await view_comments(organization, rows);
  std::set<UserId> people;
  for (const auto& thread : threads) {
    people.insert(thread.created_by);
    if (thread.resolved_by) people.insert(*thread.resolved_by);
  }
  std::vector<UserId> wanted(people.begin(), people.end());
  const auto names = co_await identity_.names_for(std::move(wanted));
  std::vector<ThreadView> out;
  std::map<ThreadId, std::size_t> place;
  for (const auto& thread : threads) {
    place.emplace(thread.id, out.size());
    out.push_back(thread_view(thread, names));
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    auto& thread = out[place.at(rows[i].thread_id)];
    thread.comment_count = found[i].get<std::int64_t>("total");
    thread.comments.push_back(std::move(comments[i]));
  }
  co_return out;
}

Task<ThreadRow> Comments::find_thread(OrganizationId organization, ThreadId id) {
  const auto rows = co_await database_.query(db::Scope::tenant(organization), sql::get_thread,
                                             db::args(id, organization));
  auto row = rows.first<ThreadRow>();
  if (!row) throw not_found("thread");
  co_return std::move(*row);
}

Task<ThreadView> Comments::view_one(OrganizationId organization, ThreadId id) {
  std::vector<ThreadRow> rows;
  rows.push_back(co_await find_thread(organization, id));
  auto views = co_await view(organization, std::move(rows));
  co_return std::move(views[0]);
}

// Threads of assets that are gone are passed over.
Task<ThreadPage> Comments::page(OrganizationId organization, std::vector<ThreadRow> rows,
                                int limit) {
  ThreadPage out;
  if (static_cast<int>(rows.size()) == limit) out.next = rows.back().id;
  std::set<AssetId> assets;
  for (const auto& row : rows) assets.insert(row.asset_id);
  std::vector<AssetId> wanted(assets.begin(), assets.end());
  const auto there = co_await assets_.find_for(organization, std::move(wanted));
  std::erase_if(rows, [&](const ThreadRow& row) { return !there.contains(row.asset_id); });
  out.items = co_await view(organization, std::move(rows));
  co_return out;
}

Task<ThreadPage> Comments::list(Tenant tenant, AssetId asset, ThreadQuery query) {
  tenant.require(Permission::comment_read);
  const auto organization = tenant.organization();
  co_await assets_.get_for(organization, asset);
  const auto rows = co_await database_.query(
      tenant.scope(), sql::list_threads,
      db::args(asset, organization, start_of(query.before), query.limit, latest(query.open_only)));
  co_return co_await page(organization, rows.as<ThreadRow>(), query.limit);
}

Task<ThreadPage> Comments::list_project(Tenant tenant, ProjectId project, ThreadQuery query) {
  tenant.require(Permission::comment_read);
  const auto organization = tenant.organization();
  co_await projects_.require(tenant, project);
  const auto& statement = query.open_only ? sql::list_open_threads : sql::list_project_threads;
  const auto rows = co_await database_.query(
      tenant.scope(), statement,
      db::args(project, organization, start_of(query.before), query.limit));
  co_return co_await page(organization, rows.as<ThreadRow>(), query.limit);
}

Task<ThreadView> Comments::get(Tenant tenant, ThreadId id) {
  tenant.require(Permission::comment_read);
  auto thread = co_await view_one(tenant.organization(), id);
  co_await assets_.get_for(tenant.organization(), thread.asset_id);
  co_return thread;
}

Task<std::vector<CommentView>> Comments::comments(Tenant tenant, ThreadId id, std::int64_t skip,
                                                  int limit) {
  tenant.require(Permission::comment_read);
  const auto organization = tenant.organization();
  const auto thread = co_await find_thread(organization, id);
  co_await assets_.get_for(organization, thread.asset_id);
  const auto rows = co_await database_.query(tenant.scope(), sql::list_comments,
                                             db::args(id, organization, limit, skip));
  co_return co_await view_comments(organization, rows.as<CommentRow>());
}

Task<ProjectId> Comments::project_for(OrganizationId organization, ThreadId id) {
  const auto rows = co_await database_.query(db::Scope::tenant(organization),
                                             sql::project_of_thread, db::args(id, organization));
  if (rows.empty()) throw not_found("thread");
  co_return rows[0].get<ProjectId>("project_id");
}

Task<ProjectId> Comments::project_for(OrganizationId organization, CommentId id) {
  const auto rows = co_await database_.query(db::Scope::tenant(organization),
                                             sql::project_of_comment, db::args(id, organization));
  if (rows.empty()) throw not_found("comment");
  co_return rows[0].get<ProjectId>("project_id");
}

Task<std::int64_t> Comments::revision_for(OrganizationId organization, AssetId asset) {
  co_return co_await assets_.comments_revision_for(organization, asset);
}

Task<std::vector<ThreadView>> Comments::changed_since(OrganizationId organization, AssetId asset,
                                                      std::int64_t comments_revision) {
  const auto rows =
      co_await database_.query(db::Scope::tenant(organization), sql::changed_threads,
                               db::args(asset, organization, comments_revision, kChangesAtOnce));
  co_return co_await view(organization, rows.as<ThreadRow>());
}

Task<MentionPage> Comments::mentions(Tenant tenant, MentionQuery query) {
  tenant.require(Permission::comment_read);
  const auto organization = tenant.organization();
  const auto rows =
      co_await database_.query(tenant.scope(), sql::my_mentions,
                               db::args(organization, tenant.user(), start_of(query.before),
                                        query.limit, latest(query.unread_only)));
  auto comments = co_await view_comments(organization, rows.as<CommentRow>());
  std::vector<AssetId> assets;
  for (const auto& row : rows) assets.push_back(row.get<AssetId>("asset_id"));
  const auto there = co_await assets_.find_for(organization, std::move(assets));
  MentionPage out;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto& row = rows[i];
    const auto asset = row.get<AssetId>("asset_id");
    if (!there.contains(asset)) continue;
    const auto by = comments[i].created_by;
    out.items.push_back({row.get<MentionId>("mention_id"), row.get<ThreadId>("thread_id"), asset,
                         row.get<ProjectId>("project_id"), std::move(comments[i]), by,
                         row.get<Timestamp>("mentioned_at"),
                         row.get<std::optional<Timestamp>>("read_at")});
  }
  if (static_cast<int>(rows.size()) == query.limit) {
    out.next = rows[rows.size() - 1].get<MentionId>("mention_id");
  }
  co_return out;
}

}  // namespace aa::comments
