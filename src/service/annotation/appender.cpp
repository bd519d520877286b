#include "service/annotation/appender.hpp"

#include <algorithm>

#include "service/annotation/append_steps.hpp"
#include "service/annotation/statements.hpp"

namespace aa::annotation {
namespace {

using document::Change;
using document::Operation;

bool overwrites(const Change& change) {
  if (std::holds_alternative<document::Put>(change)) return true;
  const auto* set = std::get_if<document::SetField>(&change);
  return set != nullptr && set->field == "shape" && !set->prev;
}

}  // namespace

void refuse(std::vector<ErrorDetail> problems) {
  if (problems.empty()) return;
  const std::string first = problems[0].pointer + " " + problems[0].detail + ".";
  throw invalid("invalid_operation", first, std::move(problems));
}

void check_operation_ids(const std::vector<Operation>& operations) {
  std::set<OperationId> seen;
  std::vector<ErrorDetail> problems;
  for (std::size_t i = 0; i < operations.size(); ++i) {
    const auto& id = operations[i].id;
    const std::string pointer = "/operations/" + std::to_string(i) + "/id";
    if (id.uuid.version() != 7) problems.push_back({pointer, "must be a UUID of version 7"});
    if (!seen.insert(id).second) problems.push_back({pointer, "stands twice in the batch"});
  }
  refuse(std::move(problems));
}

Appender::Appender(Ground ground) : ground_(std::move(ground)), head_(ground_.head) {
  for (const auto& [id, annotation] : ground_.document.items()) seen_[id] = annotation->revision;
  ground_.document.set_revision(head_.revision);
}

namespace {

// Operations that come together without saying which gesture they belong to are one.
void name_step(std::vector<Operation>& operations) {
  const auto nameless = [](const Operation& operation) { return !operation.step; };
  if (std::count_if(operations.begin(), operations.end(), nameless) < 2) return;
  const StepId step{std::find_if(operations.begin(), operations.end(), nameless)->id.uuid};
  for (auto& operation : operations) {
    if (!operation.step) operation.step = step;
  }
}

}  // namespace

Taken Appender::take(Arrival arrival) {
  Taken taken;
  name_step(arrival.operations);
  arrival.since.insert(arrival.since.end(), made_.begin(), made_.end());
  auto merged = merge_since(arrival.operations, arrival.since);
  for (std::size_t i = 0; i < merged.size(); ++i) {
    if (merged[i].change) {
      take_one(arrival, i, std::move(merged[i]), taken);
    } else {
      const auto& operation = arrival.operations[i];
      taken.fallen.push_back({i, lost_to(ground_.document, operation, merged[i].rule), {}});
    }
  }
  made_.insert(made_.end(), taken.stored.begin(), taken.stored.end());
  return taken;
}

std::optional<DroppedOperation> Appender::refusal(const Arrival& arrival,
                                                  const Operation& operation) const {
  const auto target = document::target_of(operation.change);
  if (ground_.elsewhere.contains(target)) {
    return DroppedOperation{
        operation.id, "id_taken", {}, "an annotation of another asset has this id"};
  }
  const auto seen = seen_.find(target);
  if (arrival.strict && seen != seen_.end() && seen->second > arrival.base_revision &&
      overwrites(operation.change)) {
    return DroppedOperation{
        operation.id, "changed_meanwhile", {}, "someone changed this object after you loaded it"};
  }
  return std::nullopt;
}

// What the server knows better than who sends it.
void Appender::complete(const Author& author, Change& change) const {
  auto* put = std::get_if<document::Put>(&change);
  if (put == nullptr) return;
  const auto* old = ground_.document.find(put->annotation.id);
  put->annotation.asset_id = ground_.asset.id;
  put->annotation.created_by = old != nullptr ? old->created_by : author.user;
  document::fill_defaults(put->annotation, *ground_.labels);
}

namespace {

// Another value that does not fit is a problem of the operation that sets it.
bool same_attribute(const document::Annotation& a, const document::Annotation& b,
                    const std::string& pointer) {
  const json::Value before{{"attributes", a.attributes}};
  const json::Value after{{"attributes", b.attributes}};
  boost::system::error_code ignored;
  const auto* was = before.find_pointer(pointer, ignored);
  const auto* is = after.find_pointer(pointer, ignored);
  return (was == nullptr) == (is == nullptr) && (was == nullptr || *was == *is);
}

}  // namespace

// Of what the operation brought: an object that no longer fits labels which were changed after it
// was drawn can still be edited.
std::vector<ErrorDetail> Appender::problems_of(const AnnotationId& target, std::size_t index,
                                               const document::Document& before) const {
  const auto* now = ground_.document.find(target);
  if (now == nullptr) return {};
  const document::AssetExtent extent{static_cast<std::uint32_t>(ground_.asset.width),
                                     static_cast<std::uint32_t>(ground_.asset.height),
                                     std::nullopt};
  auto problems = document::validate(*now, *ground_.labels, extent);
  const auto* old = problems.empty() ? nullptr : before.find(target);
  if (old != nullptr) {
    const auto known = document::validate(*old, *ground_.labels, extent);
    std::erase_if(problems, [&](const ErrorDetail& problem) {
      return std::ranges::any_of(known, [&](const ErrorDetail& other) {
        return other.pointer == problem.pointer && other.detail == problem.detail &&
               same_attribute(*old, *now, problem.pointer);
      });
    });
  }
  const std::string where = "/operations/" + std::to_string(index) + "/annotation";
  for (auto& problem : problems) problem.pointer = where + problem.pointer;
  return problems;
}

void Appender::take_one(const Arrival& arrival, std::size_t index, ot::Merge merged, Taken& taken) {
  Operation operation = arrival.operations[index];
  if (auto refused = refusal(arrival, operation)) {
    taken.fallen.push_back({index, std::move(*refused), {}});
    return;
  }
  operation.change = std::move(*merged.change);
  complete(arrival.author, operation.change);
  const auto target = document::target_of(operation.change);
  const auto revision = ground_.document.revision();
  document::Document before;
  before.adopt(target, ground_.document);
  const auto result = ground_.document.apply(operation.change);
  if (!result.ok) {
    DroppedOperation why{operation.id, result.code, std::string(merged.rule), result.detail};
    taken.fallen.push_back({index, std::move(why), {}});
    return;
  }
  auto problems = problems_of(target, index, before);
  if (!problems.empty()) {
    ground_.document.adopt(target, before);
    ground_.document.set_revision(revision);
    DroppedOperation why{operation.id, "invalid_operation", std::string(merged.rule),
                         problems[0].pointer + " " + problems[0].detail};
    taken.fallen.push_back({index, std::move(why), std::move(problems)});
    return;
  }
  touched_.insert(target);
  taken.stored.push_back(log(arrival, std::move(operation)));
}

StoredOperation Appender::log(const Arrival& arrival, Operation operation) {
  StoredOperation stored;
  stored.revision = ground_.document.revision();
  stored.operation = std::move(operation);
  stored.author = arrival.author.user;
  stored.source = arrival.author.source;
  stored.at = arrival.at;
  stored.run = arrival.author.run;
  LogRow row{.revision = stored.revision,
             .id = stored.operation.id,
             .body = document::write_operation(stored.operation),
             .source = stored.source,
             .actor_id = stored.author,
             .created_at = stored.at,
             .run = stored.run,
             .hash = {}};
  row.hash = chain(head_.log_hash, ground_.asset.id, row);
  stored.text = stored_json(stored, row.body);
  head_.revision = row.revision;
  head_.log_hash = row.hash;
  append_row(rows_, row, stored.operation);
  return stored;
}

std::vector<db::Step> Appender::steps(Timestamp now) const {
  std::int64_t count_change = 0;
  for (const auto& id : touched_) {
    count_change += static_cast<int>(ground_.document.find(id) != nullptr) -
                    static_cast<int>(seen_.contains(id));
  }
  std::vector<db::Step> out;
  const auto& asset = ground_.asset;
  out.emplace_back(sql::advance_head,
                   db::args(asset.id, ground_.organization, head_.revision, head_.log_hash,
                            count_change, ground_.head.revision),
                   true);
  out.emplace_back(sql::insert_operations, db::args(asset.id, ground_.organization, rows_ + "]"));
  add_annotation_steps(out, now);
  return out;
}

void Appender::add_annotation_steps(std::vector<db::Step>& steps, Timestamp now) const {
  std::string fresh = "[";
  std::string changed = "[";
  std::vector<AnnotationId> gone;
  for (const auto& id : touched_) {
    const auto* annotation = ground_.document.find(id);
    const bool was_there = seen_.contains(id);
    if (annotation != nullptr) append_row(was_there ? changed : fresh, *annotation);
    if (annotation == nullptr && was_there) gone.push_back(id);
  }
  const auto& asset = ground_.asset;
  const auto& organization = ground_.organization;
  if (fresh.size() > 1) {
    steps.emplace_back(sql::insert_annotations,
                       db::args(asset.id, organization, asset.project_id, fresh + "]", now));
  }
  if (changed.size() > 1) {
    steps.emplace_back(sql::update_annotations, db::args(organization, changed + "]", now));
  }
  if (!gone.empty()) {
    steps.emplace_back(sql::delete_annotations, db::args(organization, id_list(gone)));
  }
}

}  // namespace aa::annotation
