// Pre-annotation: models propose, people decide.
//
// A job asks a detector, or any other model or pipeline that gives shapes, about each image,
// segments the boxes where the project wants regions, and writes suggestions. Suggestions stand
// apart from annotations: nothing a person made is touched, and what an annotation of the same
// label covers already is not proposed again. Accepting appends a put operation of source "model"
// to the asset's log; other detectors' proposals of the same thing count as accepted with it.
//
// A rejection is a person's answer to one question: is there a thing of this class at this place?
// The same detector, by id and version, does not ask it again: what it proposes with the same class
// and bounds of IoU >= 0.9 with a rejected suggestion is left out. Another detector, or another
// version, may know better and may ask once more, and so may the same one about another place.
//
// A new run of a detector replaces what that detector proposed before and nobody decided on. What
// people decided calibrates the scores of later proposals (kernel/learning/calibration.hpp).
//
// Thread rule: shared by all coroutines. Errors: not_found; conflict "already_decided",
// "no_label"; those of Vision.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <mutex>

#include "driver/db/database.hpp"
#include "kernel/learning/calibration.hpp"
#include "service/annotation/annotations.hpp"
#include "service/assets/assets.hpp"
#include "service/jobs/job_queue.hpp"
#include "service/metering/metering.hpp"
#include "service/modelzoo/model_zoo.hpp"
#include "service/prelabel/prelabel_types.hpp"
#include "service/projects/projects.hpp"

namespace aa::prelabel {

using runtime::Task;

inline constexpr std::string_view kJobKind = "preannotate";

inline constexpr int kPreviewSide = 512;

decode::sam::Prompt to_prompt(const Prompts& prompts, int width, int height);
modelzoo::SegmentOptions to_options(const Prompts& prompts);

class Prelabel {
 public:
  Prelabel(db::Database& database, audit::Trail& trail, jobs::Queue& jobs,
           projects::Projects& projects, assets::Assets& assets,
           annotation::Annotations& annotations, modelzoo::ModelZoo& models,
           metering::Metering& metering, const Clock& clock, IdSource& ids,
           runtime::Executors& executors);

  jobs::Kind job_kind();
  Task<JobId> start(tenancy::Tenant tenant, ProjectId project, Preannotate request);

  Task<modelzoo::DetectOutcome> detect(tenancy::Tenant tenant, DetectRequest request);
  Task<modelzoo::SegmentOutcome> segment(tenancy::Tenant tenant, SegmentRequest request);
  Task<modelzoo::SegmentOutcome> preview(tenancy::Tenant tenant, PreviewRequest request);
  // The mask with what the clicks say changed and as little else as the model's answers allow.
  Task<modelzoo::SegmentOutcome> refine(tenancy::Tenant tenant, RefineRequest request);
  Task<modelzoo::Analysis> analyze(tenancy::Tenant tenant, AnalyzeRequest request);
  // Warms the embedding of an image that is being looked at, or, in the bulk lane, of one that may
  // be looked at next.
  Task<> prepare(tenancy::Tenant tenant, AssetId asset, inference::Lane lane);
  // Proposes what looks like a shape in the same image: places whose features are alike (kernel/
  // learning/alike_places.hpp), outlined by the promptable segmenter.
  Task<AlikeFound> find_alike(tenancy::Tenant tenant, AssetId asset, AlikeRequest request);

  Task<std::vector<Suggestion>> list(tenancy::Tenant tenant, AssetId asset);
  Task<Accepted> accept(tenancy::Tenant tenant, SuggestionId id, AcceptOne choice);
  Task<> reject(tenancy::Tenant tenant, SuggestionId id);
  Task<Accepted> accept_above(tenancy::Tenant tenant, AssetId asset, AcceptAbove choice);
  // Those of them that are pending; how many were.
  Task<std::int64_t> reject_all(tenancy::Tenant tenant, AssetId asset,
                                std::vector<SuggestionId> chosen);
  // After an accept was undone, or done again: proposals are pending where what they became is no
  // more, accepted where it is there.
  Task<> settle(tenancy::Tenant tenant, AssetId asset, std::vector<AnnotationId> made);

  // How far people's decisions calibrate the scores; empty until a detector has enough of them.
  Task<std::vector<CalibrationRow>> calibration(tenancy::Tenant tenant, ProjectId project);
  Task<ProjectId> project_for(OrganizationId organization, SuggestionId id);
  // For services above, on an organisation's behalf.
  Task<std::shared_ptr<const learning::Calibration>> calibration_for(OrganizationId organization,
                                                                     ProjectId project);
  // By asset, best first; at most `limit`, the rest is not looked at.
  Task<std::vector<Suggestion>> pending_for(OrganizationId organization, ProjectId project,
                                            int limit);
  // Stores proposals that no run of a detector made, but those that an annotation or a pending
  // proposal covers or a person refused before; how many were stored. Ids are given here.
  Task<std::int64_t> propose_for(audit::Actor actor, AssetId asset,
                                 std::vector<Suggestion> proposals);

 private:
  // Counts what a model took.
  template <class Outcome>
  Task<Outcome> counted(OrganizationId organization, Task<Outcome> running) {
    auto out = co_await std::move(running);
    co_await metering_.add_model_time(organization, out.timing.run);
    co_return out;
  }
  struct Plan;
  struct Sought;
  Task<Sought> sought(const assets::Asset& asset, modelzoo::EmbeddingKey key,
                      modelzoo::PixelSource source, AlikeRequest request);
  // The model that a request names, when it can propose shapes; or the default detector.
  std::string proposer(const std::optional<std::string>& name) const;
  Task<> run_job(jobs::Run& run);
  Task<> run_step(jobs::Run& run, const Plan& plan, jobs::Run::Step step);
  Task<std::vector<Suggestion>> propose(const Plan& plan, assets::Asset asset,
                                        modelzoo::Pixels pixels);
  Task<> outline(const Plan& plan, assets::Asset asset, modelzoo::Pixels pixels,
                 std::vector<Suggestion>& proposed);
  // Of what a model says besides, that which the label knows as attributes.
  static json::Object fitting_attributes(const json::Object& offered,
                                         const document::Annotation& annotation,
                                         const document::LabelSchema& labels,
                                         const assets::Asset& asset);
  Task<> save(jobs::Run& run, const Plan& plan, jobs::Run::Step step, assets::Asset asset,
              std::vector<Suggestion> found);
  Task<Accepted> accept_rows(tenancy::Tenant tenant, assets::Asset asset,
                             std::vector<Suggestion> chosen);
  Task<annotation::Outcome> put_all(db::Transaction& transaction, annotation::Author author,
                                    assets::Asset asset, document::LabelSchema labels,
                                    std::vector<Suggestion> chosen, std::optional<UserId> decider);
  Task<> accept_same(db::Transaction& transaction, const tenancy::Tenant& tenant, AssetId asset,
                     std::vector<document::Annotation> made);
  Task<> insert(db::Transaction& transaction, OrganizationId organization, ProjectId project,
                std::optional<JobId> job, Suggestion suggestion);
  void forget_calibration(ProjectId project);

  struct Calibrated {
    std::chrono::steady_clock::time_point at;
    std::shared_ptr<const learning::Calibration> calibration;
  };
  std::mutex mutex_;
  std::map<ProjectId, Calibrated> calibrated_;
  db::Database& database_;
  audit::Trail& trail_;
  jobs::Queue& jobs_;
  projects::Projects& projects_;
  assets::Assets& assets_;
  annotation::Annotations& annotations_;
  modelzoo::ModelZoo& models_;
  metering::Metering& metering_;
  const Clock& clock_;
  IdSource& ids_;
  runtime::Executors& executors_;
};

}  // namespace aa::prelabel
