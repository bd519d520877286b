#include "service/collab/comment_threads.hpp"

namespace aa::collab {

runtime::Task<std::int64_t> CommentThreads::revision(OrganizationId organization, AssetId asset) {
  return comments_.revision_for(organization, asset);
}

runtime::Task<std::vector<ThreadNews>> CommentThreads::since(OrganizationId organization,
                                                             AssetId asset, std::int64_t revision) {
  const auto threads = co_await comments_.changed_since(organization, asset, revision);
  std::vector<ThreadNews> out;
  for (const auto& thread : threads) out.push_back({thread.revision, json::write(thread)});
  co_return out;
}

}  // namespace aa::collab
