#include <algorithm>

#include <fmt/format.h>

#include "core/observe/log.hpp"
#include "kernel/learning/patch_match.hpp"
#include "kernel/learning/similarity.hpp"
#include "service/ranking/placement.hpp"
#include "service/ranking/ranking.hpp"

namespace aa::ranking {
namespace {

using document::Annotation;

constexpr double kCorrelationMin = 0.6;
constexpr double kInsideMin = 0.6;  // of an object, in the other image
constexpr std::size_t kObjectsMax = 50;

struct Placed {
  std::size_t object = 0;
  geometry::Rect box;
  double correlation = 0;
};

}  // namespace

// The image whose labels are carried over.
struct Ranking::Source {
  assets::Asset asset;
  std::shared_ptr<const raster::Image> pixels;
  std::shared_ptr<search::Embedder> embedder;
  std::vector<Annotation> annotations;
  std::vector<search::ObjectRegion> regions;
  std::vector<std::vector<float>> features;
  document::LabelSchema labels;
};

Task<Ranking::Source> Ranking::source_of(OrganizationId organization, assets::Asset asset,
                                         PropagateRequest request) {
  Source out;
  auto all = co_await annotations_.list_for(organization, asset.id);
  for (const auto& id : request.annotation_ids.value_or(std::vector<AnnotationId>{})) {
    if (std::ranges::find(all, id, &Annotation::id) == all.end()) throw not_found("annotation");
  }
  for (auto& annotation : all) {
    const bool wanted =
        !request.annotation_ids ||
        std::ranges::find(*request.annotation_ids, annotation.id) != request.annotation_ids->end();
    auto region = search::region_of(annotation, asset);
    if (!wanted || !region || out.annotations.size() == kObjectsMax) continue;
    region->mask.reset();  // bounds on both sides: what is found again has no outline yet
    out.annotations.push_back(std::move(annotation));
    out.regions.push_back(std::move(*region));
  }
  out.asset = asset;
  if (out.annotations.empty()) co_return out;
  out.labels = co_await projects_.labels_for(organization, asset.project_id);
  out.embedder = co_await search_.embedder_for(organization, asset.project_id);
  out.pixels = co_await assets_.pixels_for(organization, asset.id);
  auto features = co_await search_.features_for(organization, out.embedder, asset, out.regions,
                                                inference::Lane::interactive);
  out.features = std::move(features.objects);
  co_return out;
}

Task<Propagated> Ranking::propagate(tenancy::Tenant tenant, AssetId id, PropagateRequest request) {
  tenant.require(tenancy::Permission::prelabel_run);
  const auto asset = co_await assets_.get(tenant, id);
  const auto source = co_await source_of(tenant.organization(), asset, std::move(request));
  Propagated out;
  if (source.annotations.empty()) co_return out;
  const auto hits = co_await search_.perhaps_same_scene(tenant.organization(), source.embedder,
                                                        asset, kScenesMax);
  for (const auto& hit : hits) {
    auto found = co_await carry_over(tenant.organization(), source, hit);
    if (found.empty()) continue;
    const auto stored = co_await prelabel_.propose_for(tenant.actor(), hit.asset, std::move(found));
    out.suggestions += stored;
    out.assets += stored > 0 ? 1 : 0;
  }
  co_return out;
}

Task<std::vector<prelabel::Suggestion>> Ranking::carry_over(OrganizationId organization,
                                                            const Source& source, search::Hit hit) {
  std::vector<prelabel::Suggestion> out;
  const std::vector<AssetId> wanted(1, hit.asset);
  const auto present = co_await assets_.find_for(organization, wanted);
  const auto target = present.find(hit.asset);
  if (target == present.end()) co_return out;
  const auto pixels = co_await assets_.pixels_for(organization, hit.asset);
  auto look = [&source, &pixels] {
    std::vector<Placed> places;
    const geometry::Rect image{0, 0, static_cast<double>(pixels->width()),
                               static_cast<double>(pixels->height())};
    for (std::size_t i = 0; i < source.regions.size(); ++i) {
      const auto match =
          learning::find_patch(source.pixels->view(), source.regions[i].bounds, pixels->view());
      if (!match || match->correlation < kCorrelationMin) continue;
      if (geometry::intersection(match->box, image).area() < kInsideMin * match->box.area()) {
        continue;
      }
      places.push_back({i, match->box, match->correlation});
    }
    return places;
  };
  const auto places = co_await runtime::run_on(executors_.compute(), look);
  if (places.empty()) co_return out;
  std::vector<search::ObjectRegion> regions;
  for (const auto& place : places) regions.push_back({place.box, std::nullopt});
  const auto features =
      co_await search_.features_for(organization, source.embedder, target->second,
                                    std::move(regions), inference::Lane::interactive);
  for (std::size_t i = 0; i < places.size(); ++i) {
    const auto& annotation = source.annotations[places[i].object];
    const auto& ours = source.features[places[i].object];
    const auto& theirs = features.objects[i];
    if (ours.empty() || theirs.empty()) continue;
    const double alike = learning::cosine_of_units(ours, theirs);
    if (alike < source.embedder->same_object()) continue;
    auto shape = placed(annotation.shape, source.regions[places[i].object].bounds, places[i].box);
    const auto* label = source.labels.find(annotation.label_id);
    if (!shape || label == nullptr) continue;
    prelabel::Suggestion one;
    one.shape = std::move(*shape);
    one.label_id = annotation.label_id;
    one.class_name = label->name;
    one.score = std::clamp(places[i].correlation, 0.0, 1.0);
    one.model_version = "same-scene@" + source.embedder->version();
    one.reasons.push_back(fmt::format(
        "Labelled {} in {}, which shows the same scene (likeness {:.2f}); found again here: its "
        "grey levels correlate by {:.2f}, its features are alike by {:.2f}.",
        label->name, source.asset.filename, hit.similarity, places[i].correlation, alike));
    out.push_back(std::move(one));
  }
  co_return out;
}

}  // namespace aa::ranking
