// Comments: threads on a spot or an annotation of an asset, and who was mentioned in them.
//
// Every change raises the asset's comments_revision, which is also the lock that puts the writers
// of one asset in a row, and is recorded in the audit chain, in one transaction. Ids made by the
// client make a change sent again harmless. Concurrent edits of one text are merged by rule R11 of
// docs/live-protocol.md.
//
// Thread rule: shared by all coroutines; the listener is set before the first call.
// Errors: not_found; invalid_argument "invalid_comment" with pointers; conflict "id_taken",
// "changed_meanwhile", "too_many_threads", "thread_full", "comment_deleted"; permission_denied.
#pragma once

#include "driver/db/database.hpp"
#include "service/annotation/annotations.hpp"
#include "service/assets/assets.hpp"
#include "service/audit/audit_trail.hpp"
#include "service/comments/comment_types.hpp"
#include "service/identity/identity.hpp"
#include "service/projects/projects.hpp"
#include "service/tenancy/tenant.hpp"

namespace aa::comments {

using runtime::Task;
using tenancy::Tenant;

// Told after the commit of a change, on the caller's thread; must not block or throw.
class Listener {
 public:
  virtual ~Listener() = default;
  // The thread as it is now; its revision may be that of a still later change.
  virtual void thread_changed(OrganizationId organization, const ThreadView& thread) = 0;
};

struct ThreadRow;  // rows.hpp, private to the module
struct CommentRow;

class Comments {
 public:
  Comments(db::Database& database, audit::Trail& trail, identity::Identity& identity,
           projects::Projects& projects, assets::Assets& assets,
           annotation::Annotations& annotations, const Clock& clock, IdSource& ids)
      : database_(database),
        trail_(trail),
        identity_(identity),
        projects_(projects),
        assets_(assets),
        annotations_(annotations),
        clock_(clock),
        ids_(ids) {}
  void set_listener(Listener* listener) { listener_ = listener; }

  // Newest first; threads whose comments are all deleted are left out.
  Task<ThreadPage> list(Tenant tenant, AssetId asset, ThreadQuery query);
  Task<ThreadPage> list_project(Tenant tenant, ProjectId project, ThreadQuery query);
  Task<ThreadView> get(Tenant tenant, ThreadId id);
  // All of a thread, oldest first, from the `skip`th on.
  Task<std::vector<CommentView>> comments(Tenant tenant, ThreadId id, std::int64_t skip, int limit);

  Task<ThreadView> open(Tenant tenant, AssetId asset, NewThread input);
  Task<ThreadView> reply(Tenant tenant, ThreadId id, NewComment input);
  // One's own comment, or any with project_write.
  Task<ThreadView> edit(Tenant tenant, CommentId id, EditComment input);
  Task<> remove(Tenant tenant, CommentId id);
  Task<ThreadView> resolve(Tenant tenant, ThreadId id);
  Task<ThreadView> reopen(Tenant tenant, ThreadId id);

  // Of the one who asks, newest first.
  Task<MentionPage> mentions(Tenant tenant, MentionQuery query);
  Task<> read_mention(Tenant tenant, MentionId id);
  // All of the person's up to the latest one seen. Says how many were not read before.
  Task<ReadMentions> read_mentions(Tenant tenant, SeenMentions seen);

  Task<ProjectId> project_for(OrganizationId organization, ThreadId id);
  Task<ProjectId> project_for(OrganizationId organization, CommentId id);

  // For rooms: the present count of changes, and the threads changed after an earlier one, in the
  // order of their last change, kChangesAtOnce at most.
  Task<std::int64_t> revision_for(OrganizationId organization, AssetId asset);
  Task<std::vector<ThreadView>> changed_since(OrganizationId organization, AssetId asset,
                                              std::int64_t comments_revision);

 private:
  struct Change;
  struct Place;
  struct NewText;
  Task<std::unique_ptr<Change>> begin(Tenant tenant, ThreadRow thread);
  Task<ThreadView> finish(std::unique_ptr<Change> change, std::string action, std::string type,
                          std::string object);
  Task<> add_comment(Change& change, CommentId id, std::string body, std::vector<UserId> mentions);
  Task<> add_mentions(Change& change, CommentId comment, std::vector<UserId> mentions);
  Task<> replace_mentions(Change& change, CommentId comment, std::vector<UserId> mentions);
  // What the text becomes, and the edit that makes it; nothing when there is nothing to do.
  Task<std::optional<NewText>> new_text(Change& change, CommentRow comment, EditComment input);
  Task<document::TextEdit> brought_up(Change& change, CommentRow comment, EditComment input);
  Task<> require_members(OrganizationId organization, std::vector<UserId> ids);
  Task<std::pair<std::unique_ptr<Change>, CommentRow>> begin_comment(Tenant tenant, CommentId id);
  Task<std::optional<ThreadView>> opened_before(Tenant tenant, AssetId asset, ThreadId id);
  Task<Place> place_of(Tenant tenant, AssetId asset, NewThread input);
  Task<ThreadView> settle(Tenant tenant, ThreadId id, bool resolved);

  Task<ThreadRow> find_thread(OrganizationId organization, ThreadId id);
  Task<std::vector<ThreadRow>> placed(OrganizationId organization, std::vector<ThreadRow> threads);
  Task<std::vector<ThreadView>> view(OrganizationId organization, std::vector<ThreadRow> threads);
  Task<ThreadView> view_one(OrganizationId organization, ThreadId id);
  Task<std::map<CommentId, std::vector<UserId>>> mentioned(OrganizationId organization,
                                                           std::vector<CommentId> ids);
  Task<std::vector<CommentView>> view_comments(OrganizationId organization,
                                               std::vector<CommentRow> rows);
  Task<ThreadPage> page(OrganizationId organization, std::vector<ThreadRow> rows, int limit);

  db::Database& database_;
  audit::Trail& trail_;
  identity::Identity& identity_;
  projects::Projects& projects_;
  assets::Assets& assets_;
  annotation::Annotations& annotations_;
  const Clock& clock_;
  IdSource& ids_;
  Listener* listener_ = nullptr;
};

}  // namespace aa::comments
