// The comment service as the source of rooms' news of threads.
#pragma once

#include "service/collab/room_context.hpp"
#include "service/comments/comments.hpp"

namespace aa::collab {

class CommentThreads final : public ThreadSource {
 public:
  explicit CommentThreads(comments::Comments& comments) : comments_(comments) {}
  runtime::Task<std::int64_t> revision(OrganizationId organization, AssetId asset) override;
  runtime::Task<std::vector<ThreadNews>> since(OrganizationId organization, AssetId asset,
                                               std::int64_t revision) override;

 private:
  comments::Comments& comments_;
};

}  // namespace aa::collab
