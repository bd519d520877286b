// Rows of the comment service's tables. Private to the module. Thread rule: values.
#pragma once

#include <optional>
#include <string>

#include "base/clock.hpp"
#include "service/comments/comment_types.hpp"

namespace aa::comments {

struct ThreadRow {
  ThreadId id;
  ProjectId project_id;
  AssetId asset_id;
  std::optional<AnnotationId> annotation_id;
  std::optional<double> x;
  std::optional<double> y;
  std::optional<std::int64_t> frame;
  UserId created_by;
  Timestamp created_at;
  std::optional<UserId> resolved_by;
  std::optional<Timestamp> resolved_at;
  std::int64_t revision = 0;
};
BOOST_DESCRIBE_STRUCT(ThreadRow, (),
                      (id, project_id, asset_id, annotation_id, x, y, frame, created_by, created_at,
                       resolved_by, resolved_at, revision))

struct CommentRow {
  CommentId id;
  ThreadId thread_id;
  UserId created_by;
  Timestamp created_at;
  std::optional<Timestamp> edited_at;
  std::optional<Timestamp> deleted_at;
  std::string body;
  std::int64_t version = 1;
};
BOOST_DESCRIBE_STRUCT(CommentRow, (),
                      (id, thread_id, created_by, created_at, edited_at, deleted_at, body, version))

}  // namespace aa::comments
