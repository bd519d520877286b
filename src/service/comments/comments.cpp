#include "service/comments/comments.hpp"

#include <algorithm>

#include "service/comments/change.hpp"
#include "service/comments/statements.hpp"

namespace aa::comments {
namespace {

using tenancy::Permission;

Error id_taken(const std::string& id) {
  return conflict("id_taken", "The id " + id + " is taken. Make a new one.");
}

void check_place(const NewThread& input, const assets::Asset& asset) {
  const bool spot = input.x && input.y;
  if (spot == input.annotation_id.has_value() || input.x.has_value() != input.y.has_value()) {
    refuse({{"", "needs either annotation_id, or x and y"}});
  }
  if (!spot) return;
  std::vector<ErrorDetail> problems;
  const std::string beside = "must lie on the image";
  if (*input.x < 0 || *input.x > static_cast<double>(asset.width)) {
    problems.push_back({"/x", beside});
  }
  if (*input.y < 0 || *input.y > static_cast<double>(asset.height)) {
    problems.push_back({"/y", beside});
  }
  refuse(std::move(problems));
}

}  // namespace

void refuse(std::vector<ErrorDetail> problems) {
  if (problems.empty()) return;
  const std::string first = problems[0].pointer + " " + problems[0].detail + ".";
  throw invalid("invalid_comment", first, std::move(problems));
}

// Where a new thread is.
struct Comments::Place {
  std::optional<double> x;
  std::optional<double> y;
  std::optional<std::int64_t> frame;
};

// Takes the lock of the asset's comments; what the thread's rows say is true from here on.
Task<std::unique_ptr<Comments::Change>> Comments::begin(Tenant tenant, ThreadRow thread) {
  auto change = std::make_unique<Change>(
      Change{std::move(tenant), std::move(thread), nullptr, 0, clock_.now()});
  change->transaction = co_await database_.begin(change->tenant.scope());
  change->revision = co_await assets_.raise_comments_revision(
      *change->transaction, change->tenant.organization(), change->thread.asset_id);
  co_return change;
}

Task<ThreadView> Comments::finish(std::unique_ptr<Change> change, std::string action,
                                  std::string type, std::string object) {
  const auto organization = change->tenant.organization();
  const auto thread = change->thread.id;
  co_await change->transaction->exec(sql::touch_thread,
                                     db::args(thread, organization, change->revision));
  audit::Entry entry{std::move(action), std::move(type), std::move(object), {}};
  entry.detail["asset"] = change->thread.asset_id.str();
  entry.detail["thread"] = thread.str();
  co_await trail_.append(*change->transaction, change->tenant.actor(), std::move(entry));
  co_await change->transaction->commit();
  auto view = co_await view_one(organization, thread);
  if (listener_ != nullptr) listener_->thread_changed(organization, view);
  co_return view;
}

Task<> Comments::add_comment(Change& change, CommentId id, std::string body,
                             std::vector<UserId> mentions) {
  try {
    co_await change.transaction->exec(sql::insert_comment,
                                      db::args(id, change.tenant.organization(), change.thread.id,
                                               change.tenant.user(), change.now, body));
  } catch (const Error& error) {
    if (error.code() != ErrorCode::already_exists) throw;
    throw id_taken(id.str());
  }
  co_await add_mentions(change, id, std::move(mentions));
}

// The same thread sent again: as it is now.
Task<std::optional<ThreadView>> Comments::opened_before(Tenant tenant, AssetId asset, ThreadId id) {
  const auto rows = co_await database_.query(tenant.scope(), sql::get_thread,
                                             db::args(id, tenant.organization()));
  const auto row = rows.first<ThreadRow>();
  if (!row) co_return std::nullopt;
  if (row->asset_id != asset || row->created_by != tenant.user()) throw id_taken(id.str());
  co_return co_await view_one(tenant.organization(), id);
}

Task<Comments::Place> Comments::place_of(Tenant tenant, AssetId asset, NewThread input) {
  Place out{input.x, input.y, input.frame};
  if (!input.annotation_id) co_return out;
  const auto annotation = co_await annotations_.get(std::move(tenant), *input.annotation_id);
  if (annotation.asset_id != asset) throw not_found("annotation");
  if (!out.frame) out.frame = annotation.frame;
  if (const auto bounds = document::shape_bounds(annotation.shape)) {
    out.x = bounds->center().x;
    out.y = bounds->center().y;
  }
  co_return out;
}

Task<ThreadView> Comments::open(Tenant tenant, AssetId asset_id, NewThread input) {
  tenant.require(Permission::comment_write);
  check_client_id(input.id);
  check_body(input.body);
  const auto organization = tenant.organization();
  const auto asset = co_await assets_.get_for(organization, asset_id);
  auto mentions = input.mentions.value_or(std::vector<UserId>{});
  co_await require_members(organization, mentions);
  ThreadRow thread;
  thread.id = input.id.value_or(ids_.next_as<ThreadId>());
  thread.asset_id = asset_id;
  check_place(input, asset);
  auto before = co_await opened_before(tenant, asset_id, thread.id);
  if (before) co_return std::move(*before);
  const auto place = co_await place_of(tenant, asset_id, input);
  auto change = co_await begin(tenant, thread);
  const auto counted =
      co_await change->transaction->exec(sql::count_threads, db::args(asset_id, organization));
  if (counted.one().get<std::int64_t>("total") >= kThreads) {
    throw conflict("too_many_threads", "An asset takes 10,000 threads at most.");
  }
  bool taken = false;
  try {
    co_await change->transaction->exec(
        sql::insert_thread,
        db::args(thread.id, organization, asset.project_id, asset_id, input.annotation_id, place.x,
                 place.y, place.frame, tenant.user(), change->now, change->revision));
  } catch (const Error& error) {
    if (error.code() != ErrorCode::already_exists) throw;
    taken = true;
  }
  if (taken) {
    change.reset();
    before = co_await opened_before(tenant, asset_id, thread.id);
    if (!before) throw id_taken(thread.id.str());
    co_return std::move(*before);
  }
  co_await add_comment(*change, ids_.next_as<CommentId>(), std::move(input.body),
                       std::move(mentions));
  co_return co_await finish(std::move(change), "thread.create", "thread", thread.id.str());
}

Task<ThreadView> Comments::reply(Tenant tenant, ThreadId id, NewComment input) {
  tenant.require(Permission::comment_write);
  check_client_id(input.id);
  check_body(input.body);
  const auto organization = tenant.organization();
  auto mentions = input.mentions.value_or(std::vector<UserId>{});
  co_await require_members(organization, mentions);
  const auto comment = input.id.value_or(ids_.next_as<CommentId>());
  auto thread = co_await find_thread(organization, id);
  auto change = co_await begin(tenant, std::move(thread));
  const auto known =
      co_await change->transaction->exec(sql::get_comment, db::args(comment, organization));
  if (const auto before = known.first<CommentRow>()) {
    if (before->thread_id != id || before->created_by != tenant.user()) {
      throw id_taken(comment.str());
    }
    change.reset();
    co_return co_await view_one(organization, id);
  }
  const auto counted =
      co_await change->transaction->exec(sql::count_comments, db::args(id, organization));
  if (counted.one().get<std::int64_t>("total") >= kComments) {
    throw conflict("thread_full", "A thread takes 1,000 comments at most. Open another one.");
  }
  co_await add_comment(*change, comment, std::move(input.body), std::move(mentions));
  co_return co_await finish(std::move(change), "comment.create", "comment", comment.str());
}

// For a change of a comment that is one's own, or that one may moderate.
Task<std::pair<std::unique_ptr<Comments::Change>, CommentRow>> Comments::begin_comment(
    Tenant tenant, CommentId id) {
  const auto organization = tenant.organization();
  const auto found =
      co_await database_.query(tenant.scope(), sql::get_comment, db::args(id, organization));
  const auto seen = found.first<CommentRow>();
  if (!seen) throw not_found("comment");
  const bool own = seen->created_by == tenant.user();
  if (!own) tenant.require(Permission::project_write);
  auto thread = co_await find_thread(organization, seen->thread_id);
  auto change = co_await begin(std::move(tenant), std::move(thread));
  const auto rows =
      co_await change->transaction->exec(sql::get_comment, db::args(id, organization));
  co_return std::pair{std::move(change), rows.one().as<CommentRow>()};
}

Task<> Comments::remove(Tenant tenant, CommentId id) {
  tenant.require(Permission::comment_write);
  const auto organization = tenant.organization();
  auto [change, comment] = co_await begin_comment(tenant, id);
  if (comment.deleted_at) co_return;
  co_await change->transaction->exec(sql::delete_comment, db::args(id, organization, change->now));
  co_await change->transaction->exec(sql::delete_edits, db::args(id, organization));
  co_await change->transaction->exec(sql::delete_mentions, db::args(id, organization));
  co_await finish(std::move(change), "comment.delete", "comment", id.str());
}

Task<ThreadView> Comments::settle(Tenant tenant, ThreadId id, bool resolved) {
  tenant.require(Permission::comment_write);
  const auto organization = tenant.organization();
  auto thread = co_await find_thread(organization, id);
  auto change = co_await begin(tenant, std::move(thread));
  const auto rows = co_await change->transaction->exec(sql::get_thread, db::args(id, organization));
  if (rows.one().as<ThreadRow>().resolved_at.has_value() == resolved) {
    change.reset();
    co_return co_await view_one(organization, id);
  }
  std::optional<UserId> who;
  std::optional<Timestamp> when;
  if (resolved) {
    who = tenant.user();
    when = change->now;
  }
  co_await change->transaction->exec(sql::settle_thread,
                                     db::args(id, organization, change->revision, who, when));
  co_return co_await finish(std::move(change), resolved ? "thread.resolve" : "thread.reopen",
                            "thread", id.str());
}

Task<ThreadView> Comments::resolve(Tenant tenant, ThreadId id) {
  co_return co_await settle(std::move(tenant), id, true);
}

Task<ThreadView> Comments::reopen(Tenant tenant, ThreadId id) {
  co_return co_await settle(std::move(tenant), id, false);
}

}  // namespace aa::comments
