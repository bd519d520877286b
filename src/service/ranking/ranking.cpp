#include "service/ranking/ranking.hpp"

#include <algorithm>

#include "kernel/learning/coverage.hpp"

namespace aa::ranking {
namespace {

using tenancy::Permission;

constexpr int kPage = 1'000;
constexpr std::size_t kLabelledMax = 4'000;  // images whose labels are held against proposals
constexpr std::size_t kCandidatesMax = 4'000;
constexpr std::size_t kCoveredMax = 1'000;
constexpr double kNothingCovered = 2;

// Evenly over the list, at most `count`.
template <class T>
std::vector<T> thinned(const std::vector<T>& all, std::size_t count) {
  if (all.size() <= count) return all;
  std::vector<T> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(all[i * all.size() / count]);
  return out;
}

learning::Proposal to_proposal(const prelabel::Suggestion& suggestion, const geometry::Rect& bounds,
                               const learning::Calibration& calibration,
                               const document::LabelSchema& labels) {
  const auto model = prelabel::detector_of(suggestion);
  const auto confidence = calibration.confidence(model, suggestion.class_name, suggestion.score)
                              .value_or(suggestion.score);
  const auto* label = suggestion.label_id ? labels.find(*suggestion.label_id) : nullptr;
  return {model, label != nullptr ? label->name : suggestion.class_name, bounds, confidence};
}

// Shares of the largest distance that is one: with nothing covered the first has none.
std::vector<double> as_shares(const std::vector<learning::Pick>& picks) {
  double largest = 0;
  for (const auto& pick : picks) {
    if (pick.distance < kNothingCovered) largest = std::max(largest, pick.distance);
  }
  std::vector<double> out;
  for (const auto& pick : picks) {
    out.push_back(largest > 0 ? std::min(1.0, pick.distance / largest) : 0);
  }
  return out;
}

}  // namespace

Task<QueueResult> Ranking::queue(tenancy::Tenant tenant, ProjectId project, Strategy strategy,
                                 int limit) {
  tenant.require(Permission::annotation_read);
  tenant.require(Permission::asset_read);
  co_await projects_.require(tenant, project);
  auto images = co_await what_is_known(tenant.organization(), project);
  if (strategy != Strategy::novelty) {
    co_await add_proposals(tenant.organization(), project, images);
  }
  if (strategy == Strategy::novelty || strategy == Strategy::mixed) {
    co_await add_novelty(tenant.organization(), project, images, limit);
  }
  auto work = [&images, strategy, limit] {
    return order(images, strategy, static_cast<std::size_t>(limit));
  };
  QueueResult out;
  out.items = co_await runtime::run_on(executors_.compute(), work);
  co_return out;
}

Task<std::vector<Knowledge>> Ranking::what_is_known(OrganizationId organization,
                                                    ProjectId project) {
  std::vector<Knowledge> out;
  std::int64_t after = -1;
  while (out.size() < kAssetsMax) {
    auto page = co_await assets_.list_for(organization, project, after, kPage);
    if (page.empty()) break;
    after = page.back().rank;
    for (auto& asset : page) {
      if (asset.kind == assets::AssetKind::image) out.push_back({std::move(asset), {}, {}, {}});
    }
  }
  co_return out;
}

Task<> Ranking::add_proposals(OrganizationId organization, ProjectId project,
                              std::vector<Knowledge>& images) {
  const auto labels = co_await projects_.labels_for(organization, project);
  const auto calibration = co_await prelabel_.calibration_for(organization, project);
  const auto pending = co_await prelabel_.pending_for(organization, project, kPendingMax);
  std::map<AssetId, Knowledge*> by_id;
  for (auto& image : images) by_id[image.asset.id] = &image;
  for (const auto& suggestion : pending) {
    const auto it = by_id.find(suggestion.asset_id);
    const auto bounds = document::shape_bounds(suggestion.shape);
    if (it == by_id.end() || !bounds) continue;
    it->second->proposals.push_back(to_proposal(suggestion, *bounds, *calibration, labels));
  }
  std::size_t looked = 0;
  for (auto& image : images) {
    if (image.proposals.empty() || image.asset.annotation_count == 0) continue;
    if (++looked > kLabelledMax) break;
    const auto annotations = co_await annotations_.list_for(organization, image.asset.id);
    for (const auto& annotation : annotations) {
      const auto bounds = document::shape_bounds(annotation.shape);
      const auto* label = labels.find(annotation.label_id);
      if (bounds && label != nullptr) image.labels.push_back({label->name, *bounds});
    }
  }
}

Task<> Ranking::add_novelty(OrganizationId organization, ProjectId project,
                            std::vector<Knowledge>& images, int limit) {
  std::shared_ptr<search::ProjectIndex> index;
  try {
    const auto embedder = co_await search_.embedder_for(organization, project);
    index = co_await search_.index_for(organization, project, embedder->model_version(),
                                       search::SubjectKind::image);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::unavailable) throw;
  }
  if (!index) co_return;
  auto work = [&images, &index, limit] {
    std::vector<Knowledge*> candidates;
    std::vector<AssetId> labelled;
    for (auto& image : images) {
      if (image.asset.annotation_count > 0) {
        labelled.push_back(image.asset.id);
      } else {
        candidates.push_back(&image);
      }
    }
    learning::UnitVectors covered;
    for (const auto& id : thinned(labelled, kCoveredMax)) {
      if (auto vector = index->vector_of(id.uuid)) covered.push_back(std::move(*vector));
    }
    learning::UnitVectors points;
    std::vector<Knowledge*> at;
    for (auto* image : thinned(candidates, kCandidatesMax)) {
      auto vector = index->vector_of(image->asset.id.uuid);
      if (!vector) continue;
      points.push_back(std::move(*vector));
      at.push_back(image);
    }
    const auto picks = learning::farthest_first(points, covered, static_cast<std::size_t>(limit));
    const auto shares = as_shares(picks);
    for (std::size_t i = 0; i < picks.size(); ++i) at[picks[i].index]->novelty = shares[i];
  };
  co_await runtime::run_on(executors_.compute(), work);
}

}  // namespace aa::ranking
