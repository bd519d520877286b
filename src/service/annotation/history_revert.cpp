// Bringing back an earlier revision, and taking back what one person or one model run did.
#include "service/annotation/gestures.hpp"
#include "service/annotation/history.hpp"
#include "service/annotation/statements.hpp"
#include "service/annotation/take_back.hpp"
#include "service/annotation/transactions.hpp"

namespace aa::annotation {
namespace {

using document::Annotation;
using document::Change;
using tenancy::Permission;

constexpr std::string_view kJobKind = "revert";
constexpr int kStepsAtOnce = 32;
constexpr std::size_t kKeptTold = 1'000;

bool same_content(const Annotation& a, Annotation b) {
  b.revision = a.revision;
  return a == b;
}

// What makes `now` into `then`.
std::vector<Change> difference(const document::Document& now, const document::Document& then) {
  std::vector<Change> out;
  for (const auto& [id, annotation] : now.items()) {
    if (then.find(id) == nullptr) out.emplace_back(document::Delete{id});
  }
  for (const auto& [id, annotation] : then.items()) {
    const auto* present = now.find(id);
    if (present == nullptr || !same_content(*present, *annotation)) {
      out.emplace_back(document::Put{*annotation});
    }
  }
  return out;
}

std::vector<document::Operation> as_step(std::vector<Change> changes, IdSource& ids) {
  const auto step = ids.next_as<StepId>();
  std::vector<document::Operation> out;
  for (auto& change : changes) {
    document::Operation operation{ids.next_as<OperationId>(), std::move(change)};
    operation.step = step;
    out.push_back(std::move(operation));
  }
  return out;
}

void check_choice(bool person, bool run) {
  if (person != run) return;
  throw invalid("invalid_revert", "Say either user_id or run: whose operations to take back.");
}

void require_revert(const tenancy::Tenant& tenant, const std::optional<UserId>& user) {
  tenant.require(Permission::annotation_write);
  if (user != tenant.user()) tenant.require(Permission::project_write);
}

// Operations of the person or run that are in effect: not those undone since, nor what undid them.
std::set<std::int64_t> in_effect(const std::vector<StoredOperation>& own,
                                 const std::set<std::int64_t>& chosen) {
  const auto gestures = gestures_of(own);
  std::set<StepId> effective;
  for (const auto& step : gestures.undo) effective.insert(gestures.latest.at(step));
  std::set<std::int64_t> out;
  for (const auto& stored : own) {
    const bool counts = chosen.contains(stored.revision);
    if (counts && effective.contains(step_of(stored.operation))) out.insert(stored.revision);
  }
  return out;
}

}  // namespace

Task<Restored> History::restore(tenancy::Tenant tenant, AssetId id, Restore to) {
  tenant.require(Permission::annotation_write);
  auto asset = co_await assets_.get(tenant, id);
  auto transaction = co_await database_.begin(tenant.scope());
  const auto revision = co_await lock(*transaction, tenant.organization(), id);
  if (to.revision > revision) {
    throw invalid("invalid_revision", "The asset has no such revision yet.",
                  {{"/revision", "is newer than the asset's revision"}});
  }
  const auto now = co_await fold(transaction.get(), tenant.organization(), id, revision);
  const auto then = co_await fold(transaction.get(), tenant.organization(), id, to.revision);
  auto operations = as_step(difference(now, then), ids_);
  Author author{tenant.actor(), tenant.user(), document::Source::manual};
  const auto appended = co_await append(*transaction, std::move(author), std::move(asset), revision,
                                        std::move(operations));
  audit::Entry entry{"annotation.restore", "asset", id.str(), {}};
  entry.detail["revision"] = to.revision;
  co_await trail_.append(*transaction, tenant.actor(), std::move(entry));
  co_await transaction->commit();
  Restored out;
  out.revision = appended.revision;
  out.applied = static_cast<std::int64_t>(appended.stored.size());
  for (const auto& fallen : appended.fallen) out.kept.push_back({fallen.why.id, fallen.why.code});
  co_return out;
}

Task<Reverted> History::revert(tenancy::Tenant tenant, AssetId id, Revert what) {
  check_choice(what.user_id.has_value(), what.run.has_value());
  require_revert(tenant, what.user_id);
  auto asset = co_await assets_.get(tenant, id);
  auto transaction = co_await database_.begin(tenant.scope());
  Author author{tenant.actor(), tenant.user(), document::Source::manual};
  Range range{what.user_id, what.run, what.from_revision.value_or(0), {}};
  auto out = co_await revert_in(*transaction, std::move(author), std::move(asset), range);
  co_await transaction->commit();
  co_return out;
}

Task<Reverted> History::revert_in(db::Transaction& transaction, Author author, assets::Asset asset,
                                  Range what) {
  const auto organization = author.actor.organization;
  const auto id = asset.id;
  const auto revision = co_await lock(transaction, organization, id);
  const Reading reading{database_, organization, &transaction};
  const auto& statement = what.user_id ? sql::of_person : sql::of_run;
  auto args = what.user_id ? db::args(id, organization, *what.user_id)
                           : db::args(id, organization, *what.run);
  const auto rows = co_await reading.rows(statement, std::move(args));
  const auto own = stored_of(rows);
  std::set<std::int64_t> all;
  std::set<AnnotationId> targets;
  for (const auto& stored : own) {
    if (stored.revision < what.from_revision || stored.at < what.from_time) continue;
    all.insert(stored.revision);
    targets.insert(document::target_of(stored.operation.change));
  }
  const auto effective = in_effect(own, all);
  const auto log = co_await OperationLog::of_targets(reading, id, 0, std::move(targets));
  TakeBack how;
  how.spare_changed = true;
  how.fate = [&](const StoredOperation& stored) {
    if (!all.contains(stored.revision)) return Fate::stays;
    return effective.contains(stored.revision) ? Fate::taken_back : Fate::skipped;
  };
  Reverted out;
  std::vector<Change> changes;
  for (auto& back : take_back(log, how)) {
    if (back.changes.empty()) {
      out.kept.push_back({back.of->operation.id, "changed_since"});
    } else {
      ++out.reverted;
    }
    std::move(back.changes.begin(), back.changes.end(), std::back_inserter(changes));
  }
  audit::Entry entry{"annotation.revert", "asset", id.str(), {}};
  entry.detail["of"] = what.user_id ? what.user_id->str() : what.run->str();
  co_await trail_.append(transaction, author.actor, std::move(entry));
  auto operations = as_step(std::move(changes), ids_);
  const auto appended = co_await append(transaction, std::move(author), std::move(asset), revision,
                                        std::move(operations));
  out.revision = appended.revision;
  for (const auto& fallen : appended.fallen) out.kept.push_back({fallen.why.id, fallen.why.code});
  co_return out;
}

Task<JobId> History::revert_project(tenancy::Tenant tenant, ProjectId project, RevertProject what) {
  check_choice(what.user_id.has_value(), what.run.has_value());
  require_revert(tenant, what.user_id);
  co_await projects_.require(tenant, project);
  const auto organization = tenant.organization();
  const auto from = what.from_time.value_or(Timestamp{});
  const auto& statement = what.user_id ? sql::assets_of_person : sql::assets_of_run;
  auto args = what.user_id ? db::args(project, organization, *what.user_id, from)
                           : db::args(project, organization, *what.run, from);
  const auto rows = co_await database_.query(tenant.scope(), statement, std::move(args));
  jobs::NewJob job;
  job.organization = organization;
  job.created_by = tenant.user();
  job.project = project;
  job.kind = std::string(kJobKind);
  job.unit = "images";
  job.payload = json::parse(json::write(what)).as_object();
  for (const auto& row : rows) job.subjects.push_back(row.get<AssetId>("id").str());
  if (job.subjects.empty()) {
    throw invalid("invalid_revert", "There is nothing in this project to take back.");
  }
  auto transaction = co_await database_.begin(tenant.scope());
  const auto id = co_await queue_.enqueue(*transaction, std::move(job));
  audit::Entry entry{"annotation.revert_project", "job", id.str(), {}};
  entry.detail["project"] = project.str();
  co_await trail_.append(*transaction, tenant.actor(), std::move(entry));
  co_await transaction->commit();
  co_return id;
}

jobs::Kind History::revert_kind() {
  return {std::string(kJobKind), [this](jobs::Run& run) { return run_job(run); }};
}

Task<> History::run_job(jobs::Run& run) {
  const auto what = json::read<RevertProject>(json::Value(run.payload()));
  for (auto steps = co_await run.pending(kStepsAtOnce); !steps.empty();
       steps = co_await run.pending(kStepsAtOnce)) {
    for (const auto& step : steps) {
      const bool stop = co_await run.should_stop();
      if (stop) co_return;
      co_await revert_step(run, step, what);
    }
  }
}

// One image; the step is done in the transaction that holds its effect.
Task<> History::revert_step(jobs::Run& run, jobs::Run::Step step, RevertProject what) {
  std::optional<std::string> failure;
  try {
    auto asset = co_await assets_.get_for(run.organization(), *AssetId::parse(step.subject));
    auto transaction = co_await database_.begin(run.scope());
    Author author{{run.organization(), run.created_by(), "", run.id().str()},
                  run.created_by(),
                  document::Source::manual};
    Range range{what.user_id, what.run, 0, what.from_time.value_or(Timestamp{})};
    co_await revert_in(*transaction, std::move(author), std::move(asset), range);
    co_await run.done(*transaction, step);
    co_await transaction->commit();
  } catch (const Error& error) {
    if (error.code() != ErrorCode::not_found) throw;
    failure = error.message();
  }
  if (failure) co_await run.failed(step, *failure);
}

}  // namespace aa::annotation
