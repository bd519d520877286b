// Groups of near-duplicates, and the images that show the same as one image.
#include <algorithm>
#include <set>

#include "kernel/learning/similarity.hpp"
#include "service/search/search.hpp"

namespace aa::search {
namespace {

constexpr std::size_t kComparedAtOnce = 4'000;  // by one request
constexpr double kPerhapsSlack = 0.1;  // below what is taken for the same without a closer look
constexpr std::size_t kGroupsMax = 200;
constexpr std::size_t kGroupAssetsMax = 200;

struct Group {
  std::vector<AssetId> assets;
  double similarity = 1;
};

std::vector<Group> groups_of(const ProjectIndex& index, const std::vector<Likeness>& pairs) {
  std::vector<std::uint32_t> members;
  for (const auto& pair : pairs) members.insert(members.end(), {pair.a, pair.b});
  std::ranges::sort(members);
  const auto [from, to] = std::ranges::unique(members);
  members.erase(from, to);
  const auto place = [&](std::uint32_t number) {
    return static_cast<std::size_t>(std::ranges::lower_bound(members, number) - members.begin());
  };
  std::vector<std::pair<std::size_t, std::size_t>> edges;
  for (const auto& pair : pairs) edges.emplace_back(place(pair.a), place(pair.b));
  std::vector<Group> out;
  std::vector<std::size_t> group_of(members.size());
  for (const auto& group : learning::connected(members.size(), edges)) {
    for (const auto i : group) group_of[i] = out.size();
    out.emplace_back();
    for (const auto i : group) out.back().assets.push_back(index.subject(members[i]).asset);
  }
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    auto& similarity = out[group_of[edges[i].first]].similarity;
    similarity = std::min(similarity, static_cast<double>(pairs[i].similarity));
  }
  return out;
}

}  // namespace

Task<Duplicates> Search::duplicates(tenancy::Tenant tenant, ProjectId project,
                                    std::optional<double> min_similarity) {
  tenant.require(tenancy::Permission::asset_read);
  co_await projects_.require(tenant, project);
  const auto embedder = co_await embedder_for(tenant.organization(), project);
  const auto index = co_await index_for(tenant.organization(), project, embedder->model_version(),
                                        SubjectKind::image);
  Duplicates out;
  out.basis = embedder->basis();
  out.min_similarity = min_similarity.value_or(embedder->same_scene());
  auto compare = [&index, &out] {
    out.waiting = static_cast<std::int64_t>(index->compare(kComparedAtOnce));
    return groups_of(*index, index->likenesses(out.min_similarity));
  };
  const auto groups = co_await runtime::run_on(executors_.compute(), compare);
  for (const auto& group : groups) {
    if (out.groups.size() == kGroupsMax) break;
    const auto present = co_await assets_.find_for(tenant.organization(), group.assets);
    DuplicateGroup shown;
    for (const auto& [id, asset] : present) shown.assets.push_back(asset);
    if (shown.assets.size() < 2) continue;
    std::ranges::sort(shown.assets, {}, &assets::Asset::rank);
    if (shown.assets.size() > kGroupAssetsMax) shown.assets.resize(kGroupAssetsMax);
    shown.similarity = group.similarity;
    out.groups.push_back(std::move(shown));
  }
  co_return out;
}

Task<std::vector<Hit>> Search::perhaps_same_scene(OrganizationId organization,
                                                  std::shared_ptr<Embedder> embedder,
                                                  assets::Asset asset, std::size_t count) {
  const auto id = asset.id;
  const auto project = asset.project_id;
  auto unit = co_await image_vector(organization, embedder, std::move(asset), nullptr);
  auto index =
      co_await index_for(organization, project, embedder->model_version(), SubjectKind::image);
  auto hits = co_await nearest(std::move(index), std::move(unit), count + 1);
  const double least = embedder->same_scene() - kPerhapsSlack;
  std::erase_if(hits, [&](const Hit& hit) { return hit.asset == id || hit.similarity < least; });
  co_return hits;
}

}  // namespace aa::search
