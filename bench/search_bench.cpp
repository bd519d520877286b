// Search in 100,000 embeddings: time of a query by the index and by the whole service over SQLite,
// and recall against looking at all. Prints JSON.
//
// The embeddings are derived from real ones: views of the photos of ANNOTATEAI_TEST_DATA are
// embedded by MobileSAM's encoder, and each entry is one of them, moved a third of the way between
// two others and by noise of a tenth of its length, by a seed. Queries are made the same way and
// are not among the entries; those of the service are entries.
//
// usage: bench_search [ENTRIES]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <random>
#include <set>
#include <thread>

#include <fmt/format.h>

#include "kernel/learning/similarity.hpp"
#include "service/search/search.hpp"
#include "service/testing/service_fixture.hpp"

namespace aa {
namespace {

constexpr std::size_t kEntries = 100'000;
constexpr std::size_t kQueries = 400;
constexpr std::size_t kServiceQueries = 200;
constexpr std::size_t kNeighbours = 10;
constexpr unsigned kSeed = 20'261'126;

using Clock = std::chrono::steady_clock;
using Vectors = std::vector<std::vector<float>>;

double milliseconds(Clock::time_point from) {
  return std::chrono::duration<double, std::milli>(Clock::now() - from).count();
}
double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}
double high(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() * 99 / 100];
}

std::vector<std::string> photo_names() {
  const std::filesystem::path data = std::getenv("ANNOTATEAI_TEST_DATA");
  std::vector<std::string> out;
  for (const auto* folder : {"photos", "castle", "pointcloud/nuscenes"}) {
    for (const auto& entry : std::filesystem::directory_iterator(data / folder)) {
      const auto extension = entry.path().extension();
      if (extension == ".jpg" || extension == ".JPG") {
        out.push_back((std::filesystem::path(folder) / entry.path().filename()).string());
      }
    }
  }
  std::ranges::sort(out);
  return out;
}

class SearchBench : public fixture::ServiceTest {
 public:
  SearchBench() { world_ = std::make_unique<fixture::World>(db::Engine::sqlite); }
  void TestBody() override {}

  void measure(std::size_t entries) {
    real_ = real_embeddings();
    tenant_.emplace(register_person());
    project_ = make_project(*tenant_).id;
    const auto embedder = run(world_->search.embedder_for(tenant_->organization(), project_));
    const search::SetKey set{project_, embedder->model_version(), search::SubjectKind::image};
    const auto assets = fill(entries, set);
    auto from = Clock::now();
    search::EmbeddingTable table(*world_->database, world_->clock);
    search::IndexShelf shelf(table, world_->executors, 4ULL << 30);
    auto index = run(shelf.current(tenant_->organization(), set));
    const double load_s = milliseconds(from) / 1e3;
    const auto queries = made(kQueries);
    const auto exact = answers(*index, queries);
    from = Clock::now();
    while (!index->in_graph()) std::this_thread::sleep_for(std::chrono::milliseconds(50));
    const double build_s = milliseconds(from) / 1e3;
    const auto ours = answers(*index, queries);
    std::size_t found = 0;
    for (std::size_t i = 0; i < queries.size(); ++i) {
      for (const auto& subject : ours.subjects[i]) found += exact.subjects[i].contains(subject);
    }
    const auto service = by_service(assets);
    fmt::print(
        "{{\"entries\":{},\"dims\":{},\"real\":{},\"load_s\":{:.1f},\"build_s\":{:.1f},"
        "\"exact_ms\":{:.3f},\"index_ms\":{:.3f},\"index_p99_ms\":{:.3f},\"service_ms\":{:.3f},"
        "\"service_p99_ms\":{:.3f},\"recall\":{:.4f},\"bytes\":{}}}\n",
        entries, real_[0].size(), real_.size(), load_s, build_s, median(exact.times),
        median(ours.times), high(ours.times), median(service), high(service),
        static_cast<double>(found) / static_cast<double>(kQueries * kNeighbours), index->bytes());
  }

 private:
  struct Answers {
    std::vector<std::set<Uuid>> subjects;
    std::vector<double> times;
  };

  Vectors real_embeddings() {
    const auto embedder = search::pick_embedder(world_->models, std::nullopt, world_->executors);
    Vectors out;
    for (const auto& name : photo_names()) {
      const auto photo = fixture::photo(name);
      for (const double size : {1.0, 0.5}) {
        const auto part = photo.view().crop(0, 0, static_cast<int>(photo.width() * size),
                                            static_cast<int>(photo.height() * size));
        auto image = std::make_shared<const raster::Image>(fixture::shrunk(part, 512, 384));
        search::Picture picture{{std::nullopt, name + std::to_string(size)},
                                [image]() -> runtime::Task<modelzoo::Pixels> { co_return image; },
                                image->width(),
                                image->height()};
        out.push_back(run(embedder->embed(std::move(picture), {}, inference::Lane::bulk)).image);
      }
    }
    return out;
  }

  std::vector<float> one() {
    const auto pick = [&] { return random_() % real_.size(); };
    auto out = real_[pick()];
    const auto& from = real_[pick()];
    const auto& to = real_[pick()];
    const float noise = 0.1F / std::sqrt(static_cast<float>(out.size()));
    for (std::size_t i = 0; i < out.size(); ++i) {
      out[i] += (to[i] - from[i]) / 3 + noise * normal_(random_);
    }
    learning::normalise(out);
    return out;
  }
  Vectors made(std::size_t count) {
    Vectors out;
    for (std::size_t i = 0; i < count; ++i) out.push_back(one());
    return out;
  }

  // Rows of assets are copies of one real upload's.
  std::vector<AssetId> fill(std::size_t entries, search::SetKey set) {
    const auto first = upload_png(*tenant_, project_);
    std::vector<AssetId> ids;
    for (std::size_t i = 0; i < entries; ++i) ids.push_back(fresh<AssetId>());
    bare(
        "INSERT INTO assets (id, organization_id, project_id, rank, filename, kind, format, width, "
        "height, sha256, size_bytes, status, created_by, created_at) "
        "SELECT j.value, organization_id, project_id, j.key + 1, j.key || '.png', kind, format, "
        "width, height, sha256, size_bytes, status, created_by, created_at "
        "FROM assets a, json_each($2) j WHERE a.id = $1",
        db::args(first.id, json::write(ids)));
    run(put_all(ids, std::move(set), first.sha256));
    return ids;
  }

  runtime::Task<> put_all(std::vector<AssetId> ids, search::SetKey set, std::string content) {
    search::EmbeddingTable table(*world_->database, world_->clock);
    auto transaction = co_await world_->database->begin(tenant_->scope());
    for (std::size_t i = 0; i < ids.size(); ++i) {
      search::StoredEmbedding row;
      row.subject = ids[i].uuid;
      row.asset_id = ids[i];
      row.content = content;
      row.vector = one();
      co_await table.put(*transaction, tenant_->organization(), set, std::move(row));
      if (i % 2000 != 1999) continue;
      co_await transaction->commit();
      transaction = co_await world_->database->begin(tenant_->scope());
    }
    co_await transaction->commit();
  }

  static Answers answers(const search::ProjectIndex& index, const Vectors& queries) {
    Answers out;
    for (const auto& query : queries) {
      const auto from = Clock::now();
      const auto hits = index.search(query, kNeighbours);
      out.times.push_back(milliseconds(from));
      auto& subjects = out.subjects.emplace_back();
      for (const auto& hit : hits) subjects.insert(hit.subject);
    }
    return out;
  }

  // The first one loads and builds.
  std::vector<double> by_service(const std::vector<AssetId>& assets) {
    const auto find = [&](std::size_t i) {
      search::Query query;
      query.asset_id = assets[i * 7919 % assets.size()];
      query.limit = kNeighbours;
      return run(world_->search.find(*tenant_, project_, query)).items.size();
    };
    find(0);
    const auto embedder = run(world_->search.embedder_for(tenant_->organization(), project_));
    const auto index = run(world_->search.index_for(
        tenant_->organization(), project_, embedder->model_version(), search::SubjectKind::image));
    while (!index->in_graph()) std::this_thread::sleep_for(std::chrono::milliseconds(50));
    std::vector<double> times;
    for (std::size_t i = 0; i < kServiceQueries; ++i) {
      const auto from = Clock::now();
      if (find(i) != kNeighbours) throw std::runtime_error("too few were found");
      times.push_back(milliseconds(from));
    }
    return times;
  }

  std::mt19937 random_{kSeed};
  std::normal_distribution<float> normal_;
  Vectors real_;
  std::optional<tenancy::Tenant> tenant_;
  ProjectId project_;
};

}  // namespace
}  // namespace aa

int main(int argc, char** argv) {
  aa::SearchBench bench;
  bench.measure(argc > 1 ? std::stoul(argv[1]) : aa::kEntries);
  return 0;
}
