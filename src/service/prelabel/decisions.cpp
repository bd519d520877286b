// What people decided, and what follows from it: calibrated scores, proposals that count as
// accepted with another; and proposals that come from no detector's run.
#include <algorithm>

#include "service/prelabel/prelabel.hpp"
#include "service/prelabel/statements.hpp"
#include "service/prelabel/suggestion_rows.hpp"

namespace aa::prelabel {
namespace {

constexpr int kDecisionsMax = 20'000;                // the latest
constexpr std::chrono::seconds kCalibrationAge{30};  // another process may have taken decisions
constexpr std::size_t kCalibrationsKept = 1'000;

struct DecisionRow {
  std::string class_name;
  std::string model_version;
  double score = 0;
  SuggestionState state = SuggestionState::accepted;
};
BOOST_DESCRIBE_STRUCT(DecisionRow, (), (class_name, model_version, score, state))

std::vector<learning::JudgedProposal> to_judged(const db::Rows& rows) {
  std::vector<learning::JudgedProposal> out;
  for (auto& row : rows.as<DecisionRow>()) {
    const auto detector = row.model_version.substr(0, row.model_version.find('+'));
    out.push_back(
        {detector, std::move(row.class_name), {row.score, row.state == SuggestionState::accepted}});
  }
  return out;
}

}  // namespace

Task<std::vector<CalibrationRow>> Prelabel::calibration(tenancy::Tenant tenant, ProjectId project) {
  tenant.require(tenancy::Permission::annotation_read);
  co_await projects_.require(tenant, project);
  const auto rows = co_await database_.query(
      tenant.scope(), sql::list_decided, db::args(project, tenant.organization(), kDecisionsMax));
  auto work = [&rows] { return learning::calibration_report(to_judged(rows)); };
  const auto report = co_await runtime::run_on(executors_.compute(), work);
  std::vector<CalibrationRow> out;
  for (const auto& row : report) {
    out.push_back({row.class_name, row.model, static_cast<std::int64_t>(row.decided),
                   row.ece_before, row.ece_after});
  }
  co_return out;
}

Task<std::shared_ptr<const learning::Calibration>> Prelabel::calibration_for(
    OrganizationId organization, ProjectId project) {
  {
    const std::lock_guard lock(mutex_);
    const auto it = calibrated_.find(project);
    if (it != calibrated_.end() && clock_.steady() - it->second.at < kCalibrationAge) {
      co_return it->second.calibration;
    }
  }
  const auto at = clock_.steady();
  const auto rows = co_await database_.query(db::Scope::tenant(organization), sql::list_decided,
                                             db::args(project, organization, kDecisionsMax));
  auto work = [&rows] { return std::make_shared<const learning::Calibration>(to_judged(rows)); };
  auto calibration = co_await runtime::run_on(executors_.compute(), work);
  const std::lock_guard lock(mutex_);
  if (calibrated_.size() >= kCalibrationsKept) calibrated_.clear();
  calibrated_[project] = {at, calibration};
  co_return calibration;
}

void Prelabel::forget_calibration(ProjectId project) {
  const std::lock_guard lock(mutex_);
  calibrated_.erase(project);
}

Task<> Prelabel::accept_same(db::Transaction& transaction, const tenancy::Tenant& tenant,
                             AssetId asset, std::vector<document::Annotation> made) {
  const auto rows =
      co_await transaction.exec(sql::list_suggestions, db::args(asset, tenant.organization()));
  for (const auto& one : to_suggestions(rows)) {
    if (one.state != SuggestionState::pending) continue;
    const auto same = std::ranges::find_if(made, [&](const document::Annotation& annotation) {
      return one.label_id == annotation.label_id &&
             detector_of(one) !=
                 annotation.model_version->substr(0, annotation.model_version->find('+')) &&
             covers(annotation.shape, one.shape, kCoveredIou);
    });
    if (same == made.end()) continue;
    co_await transaction.exec(sql::accept, db::args(one.id, tenant.organization(), same->id,
                                                    same->label_id, clock_.now(), tenant.user()));
  }
}

Task<> Prelabel::settle(tenancy::Tenant tenant, AssetId id, std::vector<AnnotationId> made) {
  tenant.require(tenancy::Permission::annotation_write);
  const auto asset = co_await assets_.get(tenant, id);
  const auto present = co_await annotations_.list_for(tenant.organization(), id);
  auto transaction = co_await database_.begin(tenant.scope());
  for (const auto& annotation : made) {
    const bool alive =
        std::ranges::find(present, annotation, &document::Annotation::id) != present.end();
    const auto from = alive ? SuggestionState::pending : SuggestionState::accepted;
    const auto to = alive ? SuggestionState::accepted : SuggestionState::pending;
    std::optional<Timestamp> at;
    std::optional<UserId> by;
    if (alive) {
      at = clock_.now();
      by = tenant.user();
    }
    co_await transaction->exec(sql::settle,
                               db::args(annotation, tenant.organization(), id, to, at, by, from));
  }
  co_await transaction->exec(sql::count_pending, db::args(id, tenant.organization()));
  audit::Entry entry("suggestion.settle", "asset", id.str());
  entry.detail["annotations"] = made.size();
  co_await trail_.append(*transaction, tenant.actor(), std::move(entry));
  co_await transaction->commit();
  forget_calibration(asset.project_id);
}

Task<> Prelabel::insert(db::Transaction& transaction, OrganizationId organization,
                        ProjectId project, std::optional<JobId> job, Suggestion suggestion) {
  co_await transaction.exec(
      sql::insert_suggestion,
      db::args(suggestion.id, organization, project, suggestion.asset_id, suggestion.label_id,
               suggestion.class_name, json::write(suggestion.shape), suggestion.score,
               suggestion.model_version, json::write(suggestion.attributes), job,
               suggestion.created_at, json::write(suggestion.reasons)));
}

Task<std::vector<Suggestion>> Prelabel::pending_for(OrganizationId organization, ProjectId project,
                                                    int limit) {
  const auto rows =
      co_await database_.query(db::Scope::tenant(organization), sql::list_project_pending,
                               db::args(project, organization, limit));
  auto work = [&rows] { return to_suggestions(rows); };
  co_return co_await runtime::run_on(executors_.compute(), work);
}

Task<std::int64_t> Prelabel::propose_for(audit::Actor actor, AssetId id,
                                         std::vector<Suggestion> proposals) {
  const auto organization = actor.organization;
  const auto asset = co_await assets_.get_for(organization, id);
  const auto present = co_await annotations_.list_for(organization, id);
  std::erase_if(proposals, [&](const Suggestion& s) { return covered(s, present); });
  auto transaction = co_await database_.begin(db::Scope::tenant(organization));
  const auto rows = co_await transaction->exec(sql::list_suggestions, db::args(id, organization));
  const auto known = to_suggestions(rows);
  std::int64_t stored = 0;
  for (auto& proposal : proposals) {
    const bool told = std::ranges::any_of(known, [&](const Suggestion& old) {
      return old.state == SuggestionState::pending && old.class_name == proposal.class_name &&
             covers(old.shape, proposal.shape, kCoveredIou);
    });
    std::vector<Suggestion> rejected = known;
    std::erase_if(rejected, [](const auto& s) { return s.state != SuggestionState::rejected; });
    if (told || refused_before(proposal, rejected)) continue;
    proposal.id = ids_.next_as<SuggestionId>();
    proposal.asset_id = id;
    proposal.created_at = clock_.now();
    co_await insert(*transaction, organization, asset.project_id, std::nullopt, proposal);
    ++stored;
  }
  co_await transaction->exec(sql::count_pending, db::args(id, organization));
  if (stored > 0) {
    audit::Entry entry("suggestion.propose", "asset", id.str());
    entry.detail["suggestions"] = stored;
    co_await trail_.append(*transaction, std::move(actor), std::move(entry));
  }
  co_await transaction->commit();
  co_return stored;
}

}  // namespace aa::prelabel
