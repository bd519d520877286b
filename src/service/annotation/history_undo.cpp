// Undo and redo of one person's steps.
#include "service/annotation/gestures.hpp"
#include "service/annotation/history.hpp"
#include "service/annotation/statements.hpp"
#include "service/annotation/take_back.hpp"
#include "service/annotation/transactions.hpp"

namespace aa::annotation {
namespace {

using tenancy::Permission;

constexpr int kOwnOperationsMax = 5'000;  // the latest of a person, that are looked through

json::Object draft_of(const document::Change& change) {
  auto out = json::parse(document::write_change(change)).as_object();
  out.erase("id");
  return out;
}

}  // namespace

// Steps with what takes them back, latest last; none of them is empty.
struct History::Stack {
  struct Step {
    StepId step;
    std::vector<document::Change> changes;
  };
  std::vector<Step> steps;
};

Task<History::Stack> History::stack_of(db::Transaction* inside, OrganizationId organization,
                                       UserId user, AssetId asset, std::int64_t revision,
                                       Direction direction, std::optional<StepId> only) {
  const Reading reading{database_, organization, inside};
  auto mine = db::args(asset, organization, user, kOwnOperationsMax);
  const auto rows = co_await reading.rows(sql::own_steps, std::move(mine));
  auto own = stored_of(rows);
  const bool cut = own.size() == kOwnOperationsMax;  // the first step may lack its beginning
  std::reverse(own.begin(), own.end());
  // The log only grows, so what stood at a revision can be read without stopping anybody.
  const auto later = [revision](const StoredOperation& stored) {
    return stored.revision > revision;
  };
  std::erase_if(own, later);
  const auto gestures = gestures_of(own);
  auto wanted = direction == Direction::undo ? gestures.undo : gestures.redo;
  if (cut && !wanted.empty()) wanted.erase(wanted.begin());
  if (wanted.size() > kStepsMax) wanted.erase(wanted.begin(), wanted.end() - kStepsMax);
  if (only) std::erase_if(wanted, [&](const StepId& step) { return step != *only; });
  std::map<StepId, StepId> chosen;  // the step to take back, and its name
  for (const auto& step : wanted) chosen.emplace(gestures.latest.at(step), step);
  std::set<std::int64_t> revisions;
  std::set<AnnotationId> targets;
  for (const auto& stored : own) {
    revisions.insert(stored.revision);
    if (!chosen.contains(step_of(stored.operation))) continue;
    targets.insert(document::target_of(stored.operation.change));
  }
  auto log = co_await OperationLog::of_targets(reading, asset, 0, std::move(targets));
  std::erase_if(log, later);
  TakeBack how;
  how.fate = [&](const StoredOperation& stored) {
    if (!revisions.contains(stored.revision)) return Fate::stays;
    if (chosen.contains(step_of(stored.operation))) return Fate::taken_back;
    return only ? Fate::stays : Fate::skipped;
  };
  Stack out;
  std::map<StepId, std::vector<document::Change>> changes;
  for (auto& back : take_back(log, how)) {
    auto& list = changes[chosen.at(step_of(back.of->operation))];
    std::move(back.changes.begin(), back.changes.end(), std::back_inserter(list));
  }
  for (const auto& step : wanted) {
    if (!changes[step].empty()) out.steps.push_back({step, std::move(changes[step])});
  }
  co_return out;
}

Task<UndoSteps> History::undo_steps(tenancy::Tenant tenant, AssetId id) {
  tenant.require(Permission::annotation_read);
  const auto asset = co_await assets_.get(tenant, id);
  UndoSteps out;
  out.revision = asset.revision;
  for (const auto direction : {Direction::undo, Direction::redo}) {
    const auto stack = co_await stack_of(nullptr, tenant.organization(), tenant.user(), id,
                                         out.revision, direction, std::nullopt);
    auto& list = direction == Direction::undo ? out.undo : out.redo;
    for (const auto& step : stack.steps) {
      auto& told = list.emplace_back(UndoStep{step.step, {}});
      for (const auto& change : step.changes) told.operations.push_back(draft_of(change));
    }
  }
  co_return out;
}

Task<Outcome> History::undo(tenancy::Tenant tenant, AssetId asset, ChooseStep which) {
  return turn(std::move(tenant), asset, which, Direction::undo);
}

Task<Outcome> History::redo(tenancy::Tenant tenant, AssetId asset, ChooseStep which) {
  return turn(std::move(tenant), asset, which, Direction::redo);
}

Task<Outcome> History::turn(tenancy::Tenant tenant, AssetId id, ChooseStep which,
                            Direction direction) {
  tenant.require(Permission::annotation_write);
  auto asset = co_await assets_.get(tenant, id);
  auto transaction = co_await database_.begin(tenant.scope());
  const auto revision = co_await lock(*transaction, tenant.organization(), id);
  auto stack = co_await stack_of(transaction.get(), tenant.organization(), tenant.user(), id,
                                 revision, direction, which.step);
  if (stack.steps.empty()) {
    throw direction == Direction::undo
        ? conflict("nothing_to_undo", "Of what you did here, nothing is left to be undone.")
        : conflict("nothing_to_redo", "Of what you undid here, nothing is left to be done again.");
  }
  auto& step = stack.steps.back();
  const auto turned = ids_.next_as<StepId>();
  std::vector<document::Operation> operations;
  for (auto& change : step.changes) {
    document::Operation operation{ids_.next_as<OperationId>(), std::move(change)};
    operation.step = turned;
    operation.undoes = step.step;
    operations.push_back(std::move(operation));
  }
  Author author{tenant.actor(), tenant.user(), document::Source::manual};
  auto appended = co_await append(*transaction, std::move(author), std::move(asset), revision,
                                  std::move(operations));
  co_await transaction->commit();
  Outcome out;
  out.revision = appended.revision;
  for (const auto& stored : appended.stored) {
    out.applied.push_back(json::parse(stored.json()).as_object());
  }
  co_return out;
}

}  // namespace aa::annotation
