// Appending inside a caller's transaction, on the objects that a batch touches alone.
#include "service/annotation/transactions.hpp"

#include "service/annotation/statements.hpp"

namespace aa::annotation {
namespace {

std::set<AnnotationId> targets_of(const Batch& batch) {
  std::set<AnnotationId> out;
  for (const auto& operation : batch.operations) {
    out.insert(document::target_of(operation.change));
  }
  return out;
}

std::vector<OperationId> ids_of(const Batch& batch) {
  std::vector<OperationId> out;
  for (const auto& operation : batch.operations) out.push_back(operation.id);
  return out;
}

Task<> load_targets(Reading reading, Ground& ground, std::set<AnnotationId> targets) {
  const auto rows =
      co_await reading.rows(sql::find_bodies, db::args(ground.organization, id_list(targets)));
  document::Snapshot snapshot;
  for (const auto& row : rows.as<BodyRow>()) {
    if (row.asset_id == ground.asset.id) {
      snapshot.items.push_back(parse_annotation(row.body));
    } else {
      ground.elsewhere.insert(row.id);
    }
  }
  ground.document = document::Document(std::move(snapshot));
}

// Did anybody change one of the objects after `revision`?
bool changed_since(const document::Document& targets, std::int64_t revision) {
  for (const auto& [id, annotation] : targets.items()) {
    if (annotation->revision > revision) return true;
  }
  return false;
}

Outcome outcome_of(Annotations::Appending appended, std::size_t batch_size) {
  Outcome out;
  out.revision = appended.revision;
  if (!appended.repeated.empty()) {
    // The same batch again: the same answer, no effect. When only a part of it is there, it was
    // sent in other company before, by a client with a defect: it is told, not guessed at.
    const bool whole = appended.repeated.size() == batch_size;
    for (const auto& stored : appended.repeated) {
      if (whole) {
        out.applied.push_back(json::parse(stored.json()).as_object());
        out.revision = stored.revision;
      } else {
        out.rejected.push_back(
            {stored.operation.id, "already_applied", "was applied before, in another batch"});
      }
    }
    return out;
  }
  for (auto& fallen : appended.fallen) {
    out.rejected.push_back(
        {fallen.why.id, std::move(fallen.why.code), std::move(fallen.why.detail)});
  }
  if (!out.rejected.empty()) return out;
  for (const auto& stored : appended.stored) {
    out.applied.push_back(json::parse(stored.json()).as_object());
  }
  return out;
}

}  // namespace

Task<Outcome> Annotations::apply_in(db::Transaction& transaction, Author author,
                                    assets::Asset asset, document::LabelSchema labels,
                                    Batch batch) {
  const auto size = batch.operations.size();
  auto appended = co_await append_in(transaction, std::move(author), std::move(asset),
                                     std::move(labels), std::move(batch), true);
  co_return outcome_of(std::move(appended), size);
}

Task<Annotations::Appending> Annotations::append_in(db::Transaction& transaction, Author author,
                                                    assets::Asset asset,
                                                    document::LabelSchema labels, Batch batch,
                                                    bool strict) {
  check_operation_ids(batch.operations);
  const auto organization = author.actor.organization;
  const auto reading = log_->reading(organization, &transaction);
  const auto rows = co_await reading.rows(sql::lock_head, db::args(asset.id, organization));
  const auto head = rows.first<HeadRow>();
  if (!head) throw not_found("asset");
  if (batch.base_revision > head->revision) {
    throw invalid("invalid_operation", "/base_revision is newer than the asset's revision.",
                  {{"/base_revision", "is newer than the asset's revision"}});
  }
  Appending out;
  out.revision = head->revision;
  out.repeated = co_await OperationLog::find(reading, asset.id, ids_of(batch));
  if (!out.repeated.empty()) co_return out;
  const auto targets = targets_of(batch);
  Ground ground;
  ground.organization = organization;
  ground.asset = std::move(asset);
  ground.labels = std::make_shared<const document::LabelSchema>(std::move(labels));
  ground.head = *head;
  co_await load_targets(reading, ground, targets);
  Arrival arrival;
  if (changed_since(ground.document, batch.base_revision)) {
    arrival.since =
        co_await OperationLog::of_targets(reading, ground.asset.id, batch.base_revision, targets);
  }
  if (const auto refused = too_far_behind(batch.operations.size(), arrival.since)) throw *refused;
  arrival.author = author;
  arrival.base_revision = batch.base_revision;
  arrival.operations = std::move(batch.operations);
  arrival.at = clock_.now();
  arrival.strict = strict;
  auto appender = std::make_shared<Appender>(std::move(ground));
  auto taken = appender->take(std::move(arrival));
  for (auto& fallen : taken.fallen) {
    if (strict) refuse(std::move(fallen.problems));
  }
  out.fallen = std::move(taken.fallen);
  if (appender->empty() || (strict && !out.fallen.empty())) co_return out;
  const bool stored = co_await log_->store_in(transaction, appender, author.actor);
  if (!stored) throw internal_error("the head of the log moved although it was locked");
  out.revision = appender->head().revision;
  out.stored = std::move(taken.stored);
  co_return out;
}

}  // namespace aa::annotation
