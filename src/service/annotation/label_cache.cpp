#include "service/annotation/label_cache.hpp"

namespace aa::annotation {

runtime::Task<LabelCache::Labels> LabelCache::labels_of(OrganizationId organization,
                                                        ProjectId project) {
  const auto now = clock_.steady();
  {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(project);
    if (found != entries_.end() && now - found->second.read_at < kFresh) {
      co_return found->second.labels;
    }
  }
  auto schema = co_await projects_.labels_for(organization, project);
  auto labels = std::make_shared<const document::LabelSchema>(std::move(schema));
  const std::lock_guard lock(mutex_);
  if (entries_.size() >= kProjects) entries_.clear();
  entries_.insert_or_assign(project, Entry{labels, now});
  co_return labels;
}

void LabelCache::forget(ProjectId project) {
  const std::lock_guard lock(mutex_);
  entries_.erase(project);
}

}  // namespace aa::annotation
