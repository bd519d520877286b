// What the comment service takes and gives. A place is in pixels of the upright image; text is
// counted in Unicode code points.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/limits.hpp"
#include "kernel/document/annotation.hpp"
#include "kernel/document/text_edit.hpp"
#include "service/identity/person.hpp"

namespace aa::comments {

using identity::Person;

inline constexpr std::size_t kBodyCodePoints = 10'000;
inline constexpr std::size_t kBodyBytes = 4 * kBodyCodePoints;
inline constexpr std::size_t kMentions = 50;         // of one comment
inline constexpr std::int64_t kThreads = 10'000;     // of one asset
inline constexpr std::int64_t kComments = 1'000;     // of one thread
inline constexpr std::int64_t kCommentsShown = 100;  // the latest, with their thread
inline constexpr std::int64_t kEditsKept = 1'000;    // of one comment: how late an edit may be
inline constexpr int kThreadsPerPage = 100;
inline constexpr int kChangesAtOnce = 200;

// A deleted comment keeps its place and loses its text.
struct CommentView {
  CommentId id;
  Person created_by;
  Timestamp created_at;
  std::optional<Timestamp> edited_at;
  bool deleted = false;
  std::string body;
  std::int64_t version = 1;  // raised by each edit
  std::vector<Person> mentions;
};
BOOST_DESCRIBE_STRUCT(CommentView, (),
                      (id, created_by, created_at, edited_at, deleted, body, version, mentions))

// On a spot, or on an annotation: then x and y are its middle, or where that was last.
struct ThreadView {
  ThreadId id;
  ProjectId project_id;
  AssetId asset_id;
  std::optional<AnnotationId> annotation_id;
  std::optional<double> x;
  std::optional<double> y;
  std::optional<std::int64_t> frame;
  Person created_by;
  Timestamp created_at;
  std::optional<Person> resolved_by;
  std::optional<Timestamp> resolved_at;
  std::int64_t revision = 0;  // of the asset's comments at the thread's last change
  std::int64_t comment_count = 0;
  std::vector<CommentView> comments;  // the latest, oldest first
};
BOOST_DESCRIBE_STRUCT(ThreadView, (),
                      (id, project_id, asset_id, annotation_id, x, y, frame, created_by, created_at,
                       resolved_by, resolved_at, revision, comment_count, comments))

struct MentionView {
  MentionId id;
  ThreadId thread_id;
  AssetId asset_id;
  ProjectId project_id;
  CommentView comment;
  Person by;
  Timestamp created_at;
  std::optional<Timestamp> read_at;
};
BOOST_DESCRIBE_STRUCT(MentionView, (),
                      (id, thread_id, asset_id, project_id, comment, by, created_at, read_at))

// POST /assets/{id}/threads. Either annotation_id, or x and y.
struct NewThread {
  std::optional<ThreadId> id;  // UUIDv7; the same again has no effect
  std::optional<AnnotationId> annotation_id;
  std::optional<double> x;
  std::optional<double> y;
  std::optional<std::int64_t> frame;
  std::string body;
  std::optional<std::vector<UserId>> mentions;
};
BOOST_DESCRIBE_STRUCT(NewThread, (), (id, annotation_id, x, y, frame, body, mentions))
constexpr auto field_rules(const NewThread*) {
  return std::array{json::Field{.name = "frame", .min = 0, .max = document::kFrameMax},
                    json::Field{.name = "body", .min_length = 1, .max_length = kBodyBytes},
                    json::Field{.name = "mentions", .max_items = kMentions}};
}

// POST /threads/{id}/comments
struct NewComment {
  std::optional<CommentId> id;  // UUIDv7; the same again has no effect
  std::string body;
  std::optional<std::vector<UserId>> mentions;
};
BOOST_DESCRIBE_STRUCT(NewComment, (), (id, body, mentions))
constexpr auto field_rules(const NewComment*) {
  return std::array{json::Field{.name = "body", .min_length = 1, .max_length = kBodyBytes},
                    json::Field{.name = "mentions", .max_items = kMentions}};
}

// PATCH /comments/{id}. `edit` is made on the text of base_version and merged with what others did
// since; `body` replaces the text whole, with base_version only when that still stands.
struct EditComment {
  std::optional<OperationId> id;  // UUIDv7; the same again has no effect
  std::optional<std::int64_t> base_version;
  std::optional<document::TextEdit> edit;
  std::optional<std::string> body;
  std::optional<std::vector<UserId>> mentions;  // replaces those there are
};
BOOST_DESCRIBE_STRUCT(EditComment, (), (id, base_version, edit, body, mentions))
constexpr auto field_rules(const EditComment*) {
  return std::array{json::Field{.name = "base_version", .min = 1, .max = 9e15},
                    json::Field{.name = "body", .min_length = 1, .max_length = kBodyBytes},
                    json::Field{.name = "mentions", .max_items = kMentions}};
}

struct ThreadQuery {
  std::optional<ThreadId> before;
  bool open_only = false;
  int limit = 1;
};

// `next` is set when there may be more.
struct ThreadPage {
  std::vector<ThreadView> items;
  std::optional<ThreadId> next;
};

struct MentionQuery {
  std::optional<MentionId> before;
  bool unread_only = false;
  int limit = 1;
};

// Those up to this one have been seen.
struct SeenMentions {
  MentionId up_to;
};
BOOST_DESCRIBE_STRUCT(SeenMentions, (), (up_to))

struct ReadMentions {
  std::int64_t read = 0;
};
BOOST_DESCRIBE_STRUCT(ReadMentions, (), (read))

struct MentionPage {
  std::vector<MentionView> items;
  std::optional<MentionId> next;
};

}  // namespace aa::comments
