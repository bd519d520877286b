#include "service/prelabel/prelabel.hpp"

#include <algorithm>

#include "core/observe/log.hpp"
#include "core/runtime/event.hpp"
#include "kernel/geometry/geometry.hpp"
#include "service/prelabel/plan.hpp"
#include "service/prelabel/statements.hpp"
#include "service/prelabel/suggestion_rows.hpp"

namespace aa::prelabel {
namespace {

using document::Annotation;
using tenancy::Permission;

constexpr int kStepsAtOnce = 64;
constexpr int kImagesInFlightPerCore = 2;
constexpr std::size_t kFailuresShown = 100;

}  // namespace

Prelabel::Prelabel(db::Database& database, audit::Trail& trail, jobs::Queue& jobs,
                   projects::Projects& projects, assets::Assets& assets,
                   annotation::Annotations& annotations, modelzoo::ModelZoo& models,
                   metering::Metering& metering, const Clock& clock, IdSource& ids,
                   runtime::Executors& executors)
    : database_(database),
      trail_(trail),
      jobs_(jobs),
      projects_(projects),
      assets_(assets),
      annotations_(annotations),
      models_(models),
      metering_(metering),
      clock_(clock),
      ids_(ids),
      executors_(executors) {}

jobs::Kind Prelabel::job_kind() {
  return {.name = std::string(kJobKind),
          .run = [this](jobs::Run& run) { return run_job(run); },
          .group = "preannotation"};
}

Task<JobId> Prelabel::start(tenancy::Tenant tenant, ProjectId project, Preannotate request) {
  tenant.require(Permission::prelabel_run);
  co_await metering_.require_model_time(tenant.organization());
  const auto described = co_await projects_.get(tenant, project);
  // A wrong model or label is told now, not by a failed job.
  const auto named = co_await models_.resolve(tenant, request.detector);
  const std::string detector = proposer(named);
  json::Object payload{{"detector", detector}};
  const bool wants_regions =
      described.type == projects::ProjectType::segmentation || request.segmenter.has_value() ||
      std::ranges::any_of(described.labels, [](const auto& l) { return takes_regions(l.kind); });
  if (wants_regions) {
    const auto segmenter = co_await models_.resolve(tenant, request.segmenter);
    payload["segmenter"] = models_.vision().segmenter(segmenter);
  }
  payload["regions"] =
      described.type == projects::ProjectType::segmentation || request.segmenter.has_value();
  payload["min_score"] = request.min_score.value_or(kDefaultMinScore);
  if (request.auto_accept_score) payload["auto_accept_score"] = *request.auto_accept_score;
  json::Object label_map;
  for (const auto& [name, label] : request.label_map.value_or(std::map<std::string, LabelId>{})) {
    if (std::ranges::find(described.labels, label, &document::Label::id) ==
        described.labels.end()) {
      throw invalid("invalid_body", "/label_map/" + name + " is no label of the project.",
                    {{"/label_map/" + name, "is no label of the project"}});
    }
    label_map[name] = label.str();
  }
  payload["label_map"] = std::move(label_map);
  std::vector<std::string> subjects;
  if (request.asset_ids) {
    for (const auto& id : *request.asset_ids) {
      const auto asset = co_await assets_.get(tenant, id);
      if (asset.project_id != project) throw not_found("asset");
      subjects.push_back(id.str());
    }
  } else {
    const auto rows = co_await database_.query(tenant.scope(), sql::project_asset_ids,
                                               db::args(project, tenant.organization()));
    for (const auto& row : rows) subjects.push_back(row.get<std::string>("id"));
  }
  if (subjects.empty()) {
    throw invalid("no_assets", "The project has no images yet. Upload some first.");
  }
  auto transaction = co_await database_.begin(tenant.scope());
  jobs::NewJob job{tenant.organization(), tenant.user(), project,
                   std::string(kJobKind), "images",      std::move(payload),
                   std::move(subjects)};
  const auto id = co_await jobs_.enqueue(*transaction, std::move(job));
  audit::Entry entry{"prelabel.start", "job", id.str(), {}};
  entry.detail["project"] = project.str();
  co_await trail_.append(*transaction, tenant.actor(), std::move(entry));
  co_await transaction->commit();
  co_return id;
}

Task<> Prelabel::run_job(jobs::Run& run) {
  Plan plan;
  plan.organization = run.organization();
  const auto& payload = run.payload();
  plan.detector = std::string(payload.at("detector").as_string());
  if (const auto* name = payload.if_contains("segmenter")) plan.segmenter = name->as_string();
  plan.regions = payload.at("regions").as_bool();
  plan.min_score = payload.at("min_score").to_number<double>();
  if (const auto* score = payload.if_contains("auto_accept_score")) {
    plan.auto_accept_score = score->to_number<double>();
  }
  for (const auto& [name, label] : payload.at("label_map").as_object()) {
    plan.label_map[std::string(name)] = *LabelId::parse(label.as_string());
  }
  plan.labels = co_await projects_.labels_for(run.organization(), *run.project());
  const auto in_flight = kImagesInFlightPerCore * executors_.compute_threads();
  while (true) {
    const auto steps = co_await run.pending(kStepsAtOnce);
    if (steps.empty()) break;
    const bool stop = co_await run.should_stop();
    if (stop) break;
    co_await metering_.require_model_time(run.organization());
    const std::function<Task<>(std::size_t)> work = [&](std::size_t i) {
      return run_step(run, plan, steps[i]);
    };
    co_await runtime::for_each_limited(executors_.io(), steps.size(), in_flight, work);
  }
  const auto failures = co_await run.failures(kFailuresShown);
  json::Array problems;
  for (const auto& [subject, reason] : failures) {
    problems.push_back({{"asset_id", subject}, {"detail", reason}});
  }
  run.set_result(
      {{"model", modelzoo::public_id(plan.detector)}, {"problems", std::move(problems)}});
  const auto labelled = co_await run.done_steps();
  if (labelled == 0 && !failures.empty()) {
    throw invalid("all_images_failed",
                  "None of the images could be labelled. The first: " + failures.front().second);
  }
}

Task<> Prelabel::run_step(jobs::Run& run, const Plan& plan, jobs::Run::Step step) {
  std::optional<Error> failure;
  try {
    const bool stop = co_await run.should_stop();
    if (stop) co_return;
    const auto asset = co_await assets_.get_for(run.organization(), *AssetId::parse(step.subject));
    auto pixels = co_await assets_.pixels_for(run.organization(), asset.id);
    auto found = co_await propose(plan, asset, std::move(pixels));
    co_await save(run, plan, step, asset, std::move(found));
  } catch (const Error& e) {
    failure = e;
  }
  if (!failure) co_return;
  // What another try would mend is left to the job's retry; the rest is this image's own failure.
  if (failure->code() == ErrorCode::unavailable || failure->code() == ErrorCode::cancelled) {
    throw *failure;
  }
  observe::warn("prelabel.image_failed",
                {{"asset", step.subject}, {"error", std::string_view(failure->what())}});
  co_await run.failed(step, failure->message());
}

Task<> Prelabel::save(jobs::Run& run, const Plan& plan, jobs::Run::Step step, assets::Asset asset,
                      std::vector<Suggestion> found) {
  const auto present = co_await annotations_.list_for(run.organization(), asset.id);
  std::erase_if(found, [&](const Suggestion& s) { return covered(s, present); });
  auto transaction = co_await database_.begin(run.scope());
  // What the same detector proposed before and nobody decided on.
  co_await transaction->exec(sql::delete_pending,
                             db::args(asset.id, run.organization(), plan.detector + "@"));
  const auto rows =
      co_await transaction->exec(sql::list_rejected, db::args(asset.id, run.organization()));
  const auto rejected = to_suggestions(rows);
  std::erase_if(found, [&](const Suggestion& s) { return refused_before(s, rejected); });
  std::vector<Suggestion> at_once;
  for (const auto& suggestion : found) {
    co_await insert(*transaction, run.organization(), *run.project(), run.id(), suggestion);
    if (plan.auto_accept_score && suggestion.label_id &&
        suggestion.score >= *plan.auto_accept_score) {
      at_once.push_back(suggestion);
    }
  }
  if (!at_once.empty()) {
    annotation::Author author{{run.organization(), run.created_by(), "", run.id().str()},
                              run.created_by(),
                              document::Source::model};
    author.run = run.id();
    auto fresh = asset;
    const auto outcome = co_await put_all(*transaction, std::move(author), std::move(fresh),
                                          plan.labels, std::move(at_once), std::nullopt);
    if (!outcome.rejected.empty()) {
      throw conflict(outcome.rejected[0].code, outcome.rejected[0].detail);
    }
  }
  co_await transaction->exec(sql::count_pending, db::args(asset.id, run.organization()));
  co_await run.done(*transaction, step);
  co_await transaction->commit();
}

// Appends the chosen suggestions as annotations and marks them accepted. Without a decider, no
// person did, and nothing is learnt from it.
Task<annotation::Outcome> Prelabel::put_all(db::Transaction& transaction, annotation::Author author,
                                            assets::Asset asset, document::LabelSchema labels,
                                            std::vector<Suggestion> chosen,
                                            std::optional<UserId> decider) {
  annotation::Batch batch;
  for (const auto& suggestion : chosen) {
    Annotation annotation;
    annotation.id = ids_.next_as<AnnotationId>();
    annotation.asset_id = asset.id;
    annotation.label_id = *suggestion.label_id;
    annotation.shape = suggestion.shape;
    annotation.score = suggestion.score;
    annotation.source = document::Source::model;
    annotation.model_version = suggestion.model_version;
    annotation.attributes = fitting_attributes(suggestion.attributes, annotation, labels, asset);
    const auto marked = co_await transaction.exec(
        sql::accept, db::args(suggestion.id, author.actor.organization, annotation.id,
                              *suggestion.label_id, clock_.now(), decider));
    if (marked.affected() == 0) continue;  // decided meanwhile
    document::Operation put{ids_.next_as<OperationId>(), document::Put{std::move(annotation)}};
    // What no person accepted is no step of a person: the run itself is the gesture.
    if (!decider && author.run) put.step = StepId{author.run->uuid};
    batch.operations.push_back(std::move(put));
  }
  if (batch.operations.empty()) co_return annotation::Outcome{asset.revision, {}, {}};
  co_return co_await annotations_.apply_in(transaction, std::move(author), std::move(asset),
                                           std::move(labels), std::move(batch));
}

Task<std::vector<Suggestion>> Prelabel::list(tenancy::Tenant tenant, AssetId id) {
  tenant.require(Permission::annotation_read);
  const auto asset = co_await assets_.get(tenant, id);
  const auto rows = co_await database_.query(tenant.scope(), sql::list_suggestions,
                                             db::args(asset.id, tenant.organization()));
  auto found = to_suggestions(rows);
  const auto calibration = co_await calibration_for(tenant.organization(), asset.project_id);
  explain(found, *calibration);
  co_return found;
}

Task<ProjectId> Prelabel::project_for(OrganizationId organization, SuggestionId id) {
  const auto rows = co_await database_.query(
      db::Scope::tenant(organization), sql::project_of_suggestion, db::args(id, organization));
  if (rows.empty()) throw not_found("suggestion");
  co_return rows[0].get<ProjectId>("project_id");
}

Task<Accepted> Prelabel::accept(tenancy::Tenant tenant, SuggestionId id, AcceptOne choice) {
  tenant.require(Permission::annotation_write);
  const auto rows = co_await database_.query(tenant.scope(), sql::get_suggestion,
                                             db::args(id, tenant.organization()));
  auto found = to_suggestions(rows);
  if (found.empty()) throw not_found("suggestion");
  if (found[0].state != SuggestionState::pending) {
    throw conflict("already_decided", "This suggestion was decided already.");
  }
  if (choice.label_id) found[0].label_id = choice.label_id;
  auto asset = co_await assets_.get(tenant, found[0].asset_id);
  co_return co_await accept_rows(std::move(tenant), std::move(asset), std::move(found));
}

Task<Accepted> Prelabel::accept_above(tenancy::Tenant tenant, AssetId id, AcceptAbove choice) {
  tenant.require(Permission::annotation_write);
  auto asset = co_await assets_.get(tenant, id);
  const auto rows = co_await database_.query(tenant.scope(), sql::list_suggestions,
                                             db::args(asset.id, tenant.organization()));
  auto found = to_suggestions(rows);
  std::erase_if(found, [&](const Suggestion& s) {
    const auto& ids = choice.suggestion_ids;
    return s.state != SuggestionState::pending || s.score < choice.min_score ||
           (ids && std::ranges::find(*ids, s.id) == ids->end());
  });
  co_return co_await accept_rows(std::move(tenant), std::move(asset), std::move(found));
}

Task<Accepted> Prelabel::accept_rows(tenancy::Tenant tenant, assets::Asset asset,
                                     std::vector<Suggestion> chosen) {
  for (auto& suggestion : chosen) {
    if (suggestion.label_id) continue;
    const auto label =
        co_await projects_.ensure_label(tenant, asset.project_id, suggestion.class_name);
    suggestion.label_id = label.id;
  }
  auto labels = co_await projects_.labels_for(tenant.organization(), asset.project_id);
  auto transaction = co_await database_.begin(tenant.scope());
  const auto id = asset.id;
  const auto project = asset.project_id;
  std::map<std::optional<JobId>, std::vector<Suggestion>> by_run;
  for (auto& suggestion : chosen) by_run[suggestion.run].push_back(std::move(suggestion));
  Accepted accepted{0, asset.revision, {}};
  std::vector<Annotation> made;
  for (auto& [run, suggestions] : by_run) {
    annotation::Author author{tenant.actor(), tenant.user(), document::Source::model};
    author.run = run;
    const auto outcome = co_await put_all(*transaction, std::move(author), asset, labels,
                                          std::move(suggestions), tenant.user());
    if (!outcome.rejected.empty()) {
      throw conflict(outcome.rejected[0].code, outcome.rejected[0].detail);
    }
    accepted.revision = outcome.revision;
    for (const auto& operation : outcome.applied) {
      made.push_back(json::read<Annotation>(operation.at("annotation")));
      accepted.annotation_ids.push_back(made.back().id);
    }
  }
  accepted.accepted = static_cast<std::int64_t>(made.size());
  co_await accept_same(*transaction, tenant, id, std::move(made));
  co_await transaction->exec(sql::count_pending, db::args(id, tenant.organization()));
  co_await transaction->commit();
  forget_calibration(project);
  co_return accepted;
}

Task<> Prelabel::reject(tenancy::Tenant tenant, SuggestionId id) {
  tenant.require(Permission::annotation_write);
  const auto rows = co_await database_.query(tenant.scope(), sql::get_suggestion,
                                             db::args(id, tenant.organization()));
  const auto found = to_suggestions(rows);
  if (found.empty()) throw not_found("suggestion");
  const auto asset = co_await assets_.get(tenant, found[0].asset_id);
  auto transaction = co_await database_.begin(tenant.scope());
  const auto marked = co_await transaction->exec(
      sql::reject, db::args(id, tenant.organization(), clock_.now(), tenant.user()));
  if (marked.affected() == 0) {
    throw conflict("already_decided", "This suggestion was decided already.");
  }
  co_await transaction->exec(sql::count_pending, db::args(asset.id, tenant.organization()));
  audit::Entry entry{"suggestion.reject", "suggestion", id.str(), {}};
  co_await trail_.append(*transaction, tenant.actor(), std::move(entry));
  co_await transaction->commit();
  forget_calibration(asset.project_id);
}

Task<std::int64_t> Prelabel::reject_all(tenancy::Tenant tenant, AssetId id,
                                        std::vector<SuggestionId> chosen) {
  tenant.require(Permission::annotation_write);
  const auto asset = co_await assets_.get(tenant, id);
  const auto rows = co_await database_.query(tenant.scope(), sql::list_suggestions,
                                             db::args(asset.id, tenant.organization()));
  auto transaction = co_await database_.begin(tenant.scope());
  std::int64_t count = 0;
  for (const auto& suggestion : to_suggestions(rows)) {
    if (std::ranges::find(chosen, suggestion.id) == chosen.end()) continue;
    const auto marked = co_await transaction->exec(
        sql::reject, db::args(suggestion.id, tenant.organization(), clock_.now(), tenant.user()));
    if (marked.affected() == 0) continue;
    ++count;
    audit::Entry entry{"suggestion.reject", "suggestion", suggestion.id.str(), {}};
    co_await trail_.append(*transaction, tenant.actor(), std::move(entry));
  }
  co_await transaction->exec(sql::count_pending, db::args(asset.id, tenant.organization()));
  co_await transaction->commit();
  forget_calibration(asset.project_id);
  co_return count;
}

}  // namespace aa::prelabel
