// What to label next, and the same objects in images of the same scene.
//
// The queue looks at proposals that nobody decided on, with scores calibrated by earlier decisions,
// at the labels of the images that have some, and at features where the project is embedded. It
// needs no model to run.
//
// propagate() takes the labels of an image to those that show the same: each object is looked for
// by its grey levels around where it should stand, and what is found must also have like features;
// both are told in the suggestion's reasons. Where either fails, nothing is proposed.
//
// Limits: kAssetsMax images of a project, kPendingMax proposals, kScenesMax images at once.
// Thread rule: shared by all coroutines. Errors: not_found; those of search::Search.
#pragma once

#include "service/prelabel/prelabel.hpp"
#include "service/ranking/queue.hpp"
#include "service/search/search.hpp"

namespace aa::ranking {

using runtime::Task;

inline constexpr std::size_t kAssetsMax = 20'000;
inline constexpr int kPendingMax = 50'000;
inline constexpr std::size_t kScenesMax = 16;

class Ranking {
 public:
  Ranking(projects::Projects& projects, assets::Assets& assets,
          annotation::Annotations& annotations, search::Search& search,
          prelabel::Prelabel& prelabel, runtime::Executors& executors)
      : projects_(projects),
        assets_(assets),
        annotations_(annotations),
        search_(search),
        prelabel_(prelabel),
        executors_(executors) {}

  Task<QueueResult> queue(tenancy::Tenant tenant, ProjectId project, Strategy strategy, int limit);
  Task<Propagated> propagate(tenancy::Tenant tenant, AssetId asset, PropagateRequest request);

 private:
  struct Source;
  Task<std::vector<Knowledge>> what_is_known(OrganizationId organization, ProjectId project);
  Task<> add_proposals(OrganizationId organization, ProjectId project,
                       std::vector<Knowledge>& images);
  Task<> add_novelty(OrganizationId organization, ProjectId project, std::vector<Knowledge>& images,
                     int limit);
  Task<Source> source_of(OrganizationId organization, assets::Asset asset,
                         PropagateRequest request);
  Task<std::vector<prelabel::Suggestion>> carry_over(OrganizationId organization,
                                                     const Source& source, search::Hit hit);

  projects::Projects& projects_;
  assets::Assets& assets_;
  annotation::Annotations& annotations_;
  search::Search& search_;
  prelabel::Prelabel& prelabel_;
  runtime::Executors& executors_;
};

}  // namespace aa::ranking
