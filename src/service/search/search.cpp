#include "service/search/search.hpp"

#include <algorithm>
#include <set>

namespace aa::search {
namespace {

using tenancy::Permission;

// Hits beyond the number asked for, since some are gone from the project.
constexpr std::size_t kSpareHits = 64;

// "mobilesam", of "mobilesam@0123456789ab".
std::string model_of(const std::string& model_version) {
  return model_version.substr(0, model_version.find('@'));
}

}  // namespace

Search::Search(db::Database& database, audit::Trail& trail, jobs::Queue& jobs,
               projects::Projects& projects, assets::Assets& assets,
               annotation::Annotations& annotations, modelzoo::ModelZoo& models,
               metering::Metering& metering, const Clock& clock, runtime::Executors& executors,
               std::size_t index_memory)
    : table_(database, clock),
      shelf_(table_, executors, index_memory),
      database_(database),
      trail_(trail),
      jobs_(jobs),
      projects_(projects),
      assets_(assets),
      annotations_(annotations),
      models_(models),
      metering_(metering),
      executors_(executors) {}

std::optional<ObjectRegion> region_of(const document::Annotation& annotation,
                                      const assets::Asset& asset) {
  const auto bounds = document::shape_bounds(annotation.shape);
  if (!bounds) return std::nullopt;
  const auto inside = geometry::clamped(*bounds, static_cast<double>(asset.width),
                                        static_cast<double>(asset.height));
  if (inside.empty()) return std::nullopt;
  ObjectRegion region{inside, std::nullopt};
  const auto is_region = [](const auto& shape) {
    using Kind = std::decay_t<decltype(shape)>;
    return std::is_same_v<Kind, document::MaskShape> || std::is_same_v<Kind, document::Polygon>;
  };
  if (std::visit(is_region, annotation.shape)) {
    region.mask = document::to_rle(annotation.shape, static_cast<std::uint32_t>(asset.height),
                                   static_cast<std::uint32_t>(asset.width));
  }
  return region;
}

Task<std::shared_ptr<Embedder>> Search::embedder_for(OrganizationId organization,
                                                     ProjectId project) {
  const auto latest = co_await table_.latest_version(organization, project);
  if (latest) {
    for (const auto& card : models_.catalogue().cards()) {
      const bool same = card.id == model_of(*latest) && card.state == modelzoo::ModelState::ready;
      if (same && card.id + "@" + card.version == *latest) {
        co_return pick_embedder(models_, card.id, executors_);
      }
    }
  }
  co_return pick_embedder(models_, std::nullopt, executors_);
}

Task<std::shared_ptr<ProjectIndex>> Search::index_for(OrganizationId organization,
                                                      ProjectId project, std::string model_version,
                                                      SubjectKind kind) {
  SetKey set{project, std::move(model_version), kind};
  co_return co_await shelf_.current(organization, std::move(set));
}

Task<EmbeddingStatus> Search::status(tenancy::Tenant tenant, ProjectId project) {
  tenant.require(Permission::asset_read);
  co_await projects_.require(tenant, project);
  const auto embedder = co_await embedder_for(tenant.organization(), project);
  const auto [indexed, total] =
      co_await table_.indexed_and_total(tenant.organization(), project, embedder->model_version());
  EmbeddingStatus out;
  out.indexed = indexed;
  out.total = total;
  out.model = embedder->id();
  out.basis = embedder->basis();
  out.text = out.basis.kind == BasisKind::clip;
  co_return out;
}

Task<Features> Search::features_for(OrganizationId organization, std::shared_ptr<Embedder> embedder,
                                    assets::Asset asset, std::vector<ObjectRegion> regions,
                                    inference::Lane lane) {
  modelzoo::PixelSource pixels = [this, organization, id = asset.id] {
    return assets_.pixels_for(organization, id);
  };
  Picture picture{{organization, asset.sha256},
                  std::move(pixels),
                  static_cast<int>(asset.width),
                  static_cast<int>(asset.height)};
  co_await metering_.require_model_time(organization);
  auto out = co_await embedder->embed(std::move(picture), std::move(regions), lane);
  co_await metering_.add_model_time(organization, out.milliseconds);
  co_return out;
}

// `asking`: who may need the permission to run a model, when the features are not there.
Task<std::vector<float>> Search::image_vector(OrganizationId organization,
                                              std::shared_ptr<Embedder> embedder,
                                              assets::Asset asset, const tenancy::Tenant* asking) {
  auto stored = co_await table_.get(organization, asset.id.uuid, embedder->model_version());
  if (stored && stored->content == asset.sha256) co_return std::move(stored->vector);
  if (asking != nullptr) asking->require(Permission::inference_run);
  std::vector<ObjectRegion> none;
  auto features = co_await features_for(organization, embedder, std::move(asset), std::move(none),
                                        inference::Lane::interactive);
  co_return std::move(features.image);
}

Task<std::vector<float>> Search::object_vector(tenancy::Tenant tenant,
                                               std::shared_ptr<Embedder> embedder,
                                               assets::Asset asset,
                                               document::Annotation annotation) {
  const auto region = region_of(annotation, asset);
  if (!region) {
    throw invalid("nothing_to_compare", "An annotation of this shape covers no part of the image.");
  }
  // An annotation may have been changed after it was embedded, so it is looked at as it is.
  tenant.require(Permission::inference_run);
  std::vector<ObjectRegion> regions(1, *region);
  auto features = co_await features_for(tenant.organization(), embedder, std::move(asset),
                                        std::move(regions), inference::Lane::interactive);
  if (features.objects.at(0).empty()) {
    throw invalid("nothing_to_compare", "The annotation is too small to be compared.");
  }
  co_return std::move(features.objects[0]);
}

Task<std::vector<Hit>> Search::nearest(std::shared_ptr<ProjectIndex> index, std::vector<float> unit,
                                       std::size_t count) {
  auto work = [&index, &unit, count] { return index->search(unit, count); };
  co_return co_await runtime::run_on(executors_.compute(), work);
}

Task<std::vector<FoundImage>> Search::like_image(tenancy::Tenant tenant, ProjectId project,
                                                 std::shared_ptr<Embedder> embedder, AssetId id,
                                                 int limit) {
  auto asset = co_await assets_.get(tenant, id);
  if (asset.project_id != project) throw not_found("asset");
  auto unit = co_await image_vector(tenant.organization(), embedder, std::move(asset), &tenant);
  auto out = co_await images_near(tenant, project, std::move(embedder), std::move(unit), limit + 1);
  std::erase_if(out, [&](const FoundImage& found) { return found.asset.id == id; });
  if (std::cmp_greater(out.size(), limit)) out.resize(static_cast<std::size_t>(limit));
  co_return out;
}

Task<std::vector<FoundImage>> Search::images_near(tenancy::Tenant tenant, ProjectId project,
                                                  std::shared_ptr<Embedder> embedder,
                                                  std::vector<float> unit, int limit) {
  auto index = co_await index_for(tenant.organization(), project, embedder->model_version(),
                                  SubjectKind::image);
  const auto hits = co_await nearest(std::move(index), std::move(unit),
                                     static_cast<std::size_t>(limit) + kSpareHits);
  std::vector<AssetId> ids;
  for (const auto& hit : hits) ids.push_back(hit.asset);
  const auto present = co_await assets_.find_for(tenant.organization(), std::move(ids));
  std::vector<FoundImage> out;
  for (const auto& hit : hits) {
    const auto it = present.find(hit.asset);
    if (it == present.end() || std::cmp_equal(out.size(), limit)) continue;
    out.push_back({it->second, hit.similarity, std::nullopt});
  }
  co_return out;
}

Task<std::vector<FoundImage>> Search::like_object(tenancy::Tenant tenant, ProjectId project,
                                                  std::shared_ptr<Embedder> embedder,
                                                  AnnotationId id, int limit) {
  auto annotation = co_await annotations_.get(tenant, id);
  auto asset = co_await assets_.get(tenant, annotation.asset_id);
  if (asset.project_id != project) throw not_found("annotation");
  auto unit = co_await object_vector(tenant, embedder, std::move(asset), std::move(annotation));
  auto index = co_await index_for(tenant.organization(), project, embedder->model_version(),
                                  SubjectKind::object);
  const auto hits = co_await nearest(std::move(index), std::move(unit),
                                     static_cast<std::size_t>(limit) + kSpareHits);
  std::vector<AssetId> assets;
  std::vector<AnnotationId> objects;
  for (const auto& hit : hits) {
    assets.push_back(hit.asset);
    objects.push_back(AnnotationId{hit.subject});
  }
  const auto present = co_await assets_.find_for(tenant.organization(), std::move(assets));
  const auto alive = co_await table_.live_annotations(tenant.organization(), std::move(objects));
  const std::set<AnnotationId> living(alive.begin(), alive.end());
  std::vector<FoundImage> out;
  for (const auto& hit : hits) {
    const AnnotationId object{hit.subject};
    const auto it = present.find(hit.asset);
    if (it == present.end() || !living.contains(object) || object == id) continue;
    if (std::cmp_less(out.size(), limit)) out.push_back({it->second, hit.similarity, object});
  }
  co_return out;
}

Task<SearchResult> Search::find(tenancy::Tenant tenant, ProjectId project, Query query) {
  tenant.require(Permission::asset_read);
  co_await projects_.require(tenant, project);
  const int given = (query.text ? 1 : 0) + (query.asset_id ? 1 : 0) + (query.annotation_id ? 1 : 0);
  if (given != 1) {
    throw invalid("invalid_query", "Give one of text, asset_id and annotation_id.");
  }
  const auto embedder = co_await embedder_for(tenant.organization(), project);
  SearchResult out;
  out.basis = embedder->basis();
  if (query.text) {
    tenant.require(Permission::inference_run);
    co_await metering_.require_model_time(tenant.organization());
    auto unit = co_await embedder->embed_text(*query.text, inference::Lane::interactive);
    out.items = co_await images_near(tenant, project, embedder, std::move(unit), query.limit);
  } else if (query.asset_id) {
    out.items = co_await like_image(tenant, project, embedder, *query.asset_id, query.limit);
  } else {
    out.items = co_await like_object(tenant, project, embedder, *query.annotation_id, query.limit);
  }
  co_return out;
}

}  // namespace aa::search
