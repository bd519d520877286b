// The job that embeds a project's images and objects.
#include <algorithm>

#include "core/observe/log.hpp"
#include "core/runtime/event.hpp"
#include "kernel/learning/picture_hash.hpp"
#include "service/search/search.hpp"

namespace aa::search {
namespace {

constexpr int kStepsAtOnce = 64;
constexpr std::size_t kFailuresShown = 100;
constexpr std::size_t kObjectsMax = 1'000;  // of one image

struct Objects {
  std::vector<AnnotationId> ids;
  std::vector<ObjectRegion> regions;
};

Objects objects_of(const std::vector<document::Annotation>& annotations,
                   const assets::Asset& asset) {
  Objects out;
  for (const auto& annotation : annotations) {
    if (out.ids.size() == kObjectsMax) break;
    auto region = region_of(annotation, asset);
    if (!region) continue;
    out.ids.push_back(annotation.id);
    out.regions.push_back(std::move(*region));
  }
  return out;
}

StoredEmbedding row_of(const assets::Asset& asset, Uuid subject, std::uint64_t hash,
                       std::vector<float> vector) {
  StoredEmbedding row;
  row.subject = subject;
  row.asset_id = asset.id;
  row.content = asset.sha256;
  row.asset_revision = asset.revision;
  row.picture_hash = hash;
  row.vector = std::move(vector);
  return row;
}

}  // namespace

jobs::Kind Search::job_kind() {
  return {.name = std::string(kEmbedJob),
          .run = [this](jobs::Run& run) { return run_job(run); },
          .group = "index"};
}

Task<JobId> Search::start(tenancy::Tenant tenant, ProjectId project, EmbedRequest request) {
  tenant.require(tenancy::Permission::prelabel_run);
  co_await projects_.require(tenant, project);
  std::shared_ptr<Embedder> embedder;
  if (request.model) {
    embedder = pick_embedder(models_, request.model, executors_);
  } else {
    embedder = co_await embedder_for(tenant.organization(), project);
  }
  auto stale =
      co_await table_.stale_assets(tenant.organization(), project, embedder->model_version());
  if (stale.empty()) {
    throw conflict("up_to_date", "There is no image whose features are missing or out of date.");
  }
  auto transaction = co_await database_.begin(tenant.scope());
  jobs::NewJob job{tenant.organization(),  tenant.user(), project,
                   std::string(kEmbedJob), "images",      {{"model", embedder->id()}},
                   std::move(stale)};
  const auto id = co_await jobs_.enqueue(*transaction, std::move(job));
  audit::Entry entry("search.index", "job", id.str());
  co_await trail_.append(*transaction, tenant.actor(), std::move(entry));
  co_await transaction->commit();
  co_return id;
}

Task<> Search::run_job(jobs::Run& run) {
  const std::string model(run.payload().at("model").as_string());
  const auto embedder = pick_embedder(models_, model, executors_);
  while (true) {
    const auto steps = co_await run.pending(kStepsAtOnce);
    if (steps.empty()) break;
    const bool stop = co_await run.should_stop();
    if (stop) break;
    co_await metering_.require_model_time(run.organization());
    const std::function<Task<>(std::size_t)> work = [&](std::size_t i) {
      return run_step(run, embedder, steps[i]);
    };
    co_await runtime::for_each_limited(executors_.io(), steps.size(), executors_.compute_threads(),
                                       work);
  }
  const auto failures = co_await run.failures(kFailuresShown);
  json::Array problems;
  for (const auto& [subject, reason] : failures) {
    problems.push_back({{"asset_id", subject}, {"detail", reason}});
  }
  run.set_result({{"model", model}, {"problems", std::move(problems)}});
}

Task<> Search::run_step(jobs::Run& run, std::shared_ptr<Embedder> embedder, jobs::Run::Step step) {
  std::optional<Error> failure;
  try {
    const bool stop = co_await run.should_stop();
    if (stop) co_return;
    co_await embed_asset(run, embedder, step);
  } catch (const Error& e) {
    failure = e;
  }
  if (!failure) co_return;
  // What another try would mend is left to the job's retry; the rest is this image's own failure.
  const auto code = failure->code();
  if (code == ErrorCode::unavailable || code == ErrorCode::cancelled ||
      code == ErrorCode::rate_limited) {
    throw *failure;
  }
  observe::warn("search.image_failed",
                {{"asset", step.subject}, {"error", std::string_view(failure->what())}});
  co_await run.failed(step, failure->message());
}

Task<> Search::embed_asset(jobs::Run& run, std::shared_ptr<Embedder> embedder,
                           jobs::Run::Step step) {
  const auto organization = run.organization();
  const auto asset = co_await assets_.get_for(organization, *AssetId::parse(step.subject));
  const auto annotations = co_await annotations_.list_for(organization, asset.id);
  auto objects = objects_of(annotations, asset);
  const auto pixels = co_await assets_.pixels_for(organization, asset.id);
  auto features = co_await features_for(organization, embedder, asset, std::move(objects.regions),
                                        inference::Lane::bulk);
  if (features.image.empty()) {
    throw invalid("no_features", "The model gives no features for this image.");
  }
  auto look = [&pixels] { return learning::picture_hash(pixels->view()); };
  const auto hash = co_await runtime::run_on(executors_.compute(), look);
  const auto version = embedder->model_version();
  auto transaction = co_await database_.begin(run.scope());
  SetKey images{*run.project(), version, SubjectKind::image};
  co_await table_.put(*transaction, organization, std::move(images),
                      row_of(asset, asset.id.uuid, hash, std::move(features.image)));
  co_await table_.forget_objects(*transaction, organization, asset.id, version);
  for (std::size_t i = 0; i < objects.ids.size(); ++i) {
    if (features.objects[i].empty()) continue;
    SetKey set{*run.project(), version, SubjectKind::object};
    co_await table_.put(*transaction, organization, std::move(set),
                        row_of(asset, objects.ids[i].uuid, hash, std::move(features.objects[i])));
  }
  co_await run.done(*transaction, step);
  co_await transaction->commit();
}

}  // namespace aa::search
