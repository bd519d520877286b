// The labels of projects, for those who append often: read again when they are older than kFresh.
// A label that was taken away can so be used for that long after; a missing one is asked for at
// once by invalidating. Private to the module.
//
// Thread rule: shared by all coroutines. Errors: those of the projects service.
#pragma once

#include <memory>
#include <mutex>
#include <unordered_map>

#include "service/projects/projects.hpp"

namespace aa::annotation {

class LabelCache {
 public:
  static constexpr std::chrono::seconds kFresh{1};
  static constexpr std::size_t kProjects = 1'000;
  using Labels = std::shared_ptr<const document::LabelSchema>;

  LabelCache(projects::Projects& projects, const Clock& clock)
      : projects_(projects), clock_(clock) {}

  runtime::Task<Labels> labels_of(OrganizationId organization, ProjectId project);
  void forget(ProjectId project);

 private:
  struct Entry {
    Labels labels;
    std::chrono::steady_clock::time_point read_at;
  };

  projects::Projects& projects_;
  const Clock& clock_;
  std::mutex mutex_;
  std::unordered_map<ProjectId, Entry> entries_;
};

}  // namespace aa::annotation
