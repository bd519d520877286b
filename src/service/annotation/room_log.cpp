#include "service/annotation/room_log.hpp"

#include <algorithm>

#include "service/annotation/statements.hpp"

namespace aa::annotation {
namespace {

constexpr int kFreeTries = 2;  // races lost before the head is locked
constexpr int kTries = 10;
constexpr int kPage = 500;

struct OpenRow {
  std::int64_t revision = 0;
  std::string log_hash;
  Timestamp anchored_at;
  std::optional<std::string> body;
};
BOOST_DESCRIBE_STRUCT(OpenRow, (), (revision, log_hash, anchored_at, body))

RoomDocument& room_of(LiveDocument& document) { return static_cast<RoomDocument&>(document); }

document::Document part_of(const document::Document& whole, const std::set<AnnotationId>& ids) {
  document::Document out;
  for (const auto& id : ids) out.adopt(id, whole);
  return out;
}

Error behind(std::int64_t revision) {
  return invalid("invalid_operation",
                 "base_revision is newer than the asset's revision " + std::to_string(revision) +
                     ". Load the asset again.",
                 {{"/base_revision", "is newer than the asset's revision"}});
}

}  // namespace

void RoomDocument::take(const StoredOperation& stored) {
  const auto result = present.apply(stored.operation.change);
  if (!result.ok || present.revision() != stored.revision) {
    throw internal_error("the log of asset " + about.id.str() + " does not apply at revision " +
                         std::to_string(stored.revision));
  }
  recent.add(stored);
}

Task<std::unique_ptr<LiveDocument>> RoomLog::open(OrganizationId organization, AssetId asset) {
  auto room = std::make_unique<RoomDocument>();
  room->about = co_await assets_.get_for(organization, asset);
  room->organization = organization;
  const auto reading = log_.reading(organization);
  const auto rows = co_await reading.rows(sql::open_document, db::args(asset, organization));
  if (rows.empty()) throw not_found("asset");
  document::Snapshot snapshot;
  for (const auto& row : rows.as<OpenRow>()) {
    room->head = {row.revision, row.log_hash, row.anchored_at};
    if (row.body) snapshot.items.push_back(parse_annotation(*row.body));
  }
  snapshot.revision = room->head.revision;
  room->about.revision = room->head.revision;
  room->present = document::Document(std::move(snapshot));
  room->recent = RecentOperations(room->head.revision, clock_.now());
  co_return room;
}

Task<std::vector<StoredOperation>> RoomLog::since(OrganizationId organization, AssetId asset,
                                                  std::int64_t revision, int limit) {
  const auto reading = log_.reading(organization);
  auto args = db::args(asset, organization, revision, limit);
  const auto rows = co_await reading.rows(sql::page_log, std::move(args));
  co_return stored_of(rows);
}

Task<std::vector<StoredOperation>> RoomLog::catch_up(LiveDocument& document) {
  co_return co_await follow(room_of(document), nullptr);
}

Task<std::vector<StoredOperation>> RoomLog::follow(RoomDocument& room, db::Transaction* locked) {
  const auto reading = log_.reading(room.organization, locked);
  std::vector<StoredOperation> out;
  for (bool more = true; more;) {
    auto args = db::args(room.about.id, room.organization, room.head.revision, kPage);
    const auto rows = co_await reading.rows(sql::page_log, std::move(args));
    for (const auto& row : rows.as<LogRow>()) {
      out.push_back(stored_of(row));
      room.take(out.back());
      room.head.revision = row.revision;
      room.head.log_hash = row.hash;
    }
    more = rows.size() == kPage;
  }
  co_return out;
}

// ---- appending ---------------------------------------------------------------------------------

struct RoomLog::Known {
  std::map<OperationId, StoredOperation> stored;  // sent before
  std::vector<StoredOperation> since;             // older than what is in memory
  std::int64_t since_revision = 0;                // `since` is all after it, on the targets
};

struct RoomLog::Plan {
  std::shared_ptr<Appender> appender;
  std::vector<Verdict> verdicts;
  bool sure = true;     // nothing fell for want of an operation or a label that memory lacks
  bool behind = false;  // what was sent before stands at a revision that memory has not reached
};

// Everything that the database must be asked for: nothing at all, in the common case.
Task<RoomLog::Known> RoomLog::ask(RoomDocument& room, const std::vector<Submission>& submissions,
                                  bool all_ids, db::Transaction* locked) {
  Known out;
  std::vector<OperationId> ids;
  std::set<AnnotationId> targets;
  out.since_revision = room.head.revision;
  for (const auto& submission : submissions) {
    out.since_revision = std::min(out.since_revision, submission.base_revision);
    for (const auto& operation : submission.operations) {
      targets.insert(document::target_of(operation.change));
      const auto* found = room.recent.find(operation.id);
      if (found != nullptr) out.stored.emplace(operation.id, *found);
      const bool unsure = all_ids || room.recent.may_be_older(operation.id);
      if (found == nullptr && unsure) ids.push_back(operation.id);
    }
  }
  const auto reading = log_.reading(room.organization, locked);
  if (!ids.empty()) {
    const auto found = co_await OperationLog::find(reading, room.about.id, std::move(ids));
    for (const auto& stored : found) out.stored.emplace(stored.operation.id, stored);
  }
  if (!room.recent.covers(out.since_revision)) {
    out.since =
        co_await OperationLog::of_targets(reading, room.about.id, out.since_revision, targets);
  } else {
    out.since = room.recent.since(out.since_revision, targets);
  }
  // The log may have grown since this document was brought up to date: that is for the next try.
  std::erase_if(out.since, [&](const auto& s) { return s.revision > room.head.revision; });
  co_return out;
}

namespace {

// The part of a submission that is not in the log yet; what is goes into the verdict.
Arrival arrival_of(const Submission& submission,
                   const std::map<OperationId, StoredOperation>& stored, Verdict& verdict) {
  Arrival out;
  out.author = submission.author;
  out.base_revision = submission.base_revision;
  for (const auto& operation : submission.operations) {
    const auto found = stored.find(operation.id);
    if (found == stored.end()) {
      out.operations.push_back(operation);
    } else {
      verdict.stored.push_back(found->second);
    }
  }
  return out;
}

std::set<AnnotationId> targets_of(const std::vector<Submission>& submissions) {
  std::set<AnnotationId> out;
  for (const auto& submission : submissions) {
    for (const auto& operation : submission.operations) {
      out.insert(document::target_of(operation.change));
    }
  }
  return out;
}

std::optional<Error> unreadable(const Submission& submission, std::int64_t revision) {
  if (submission.base_revision > revision || submission.base_revision < 0) return behind(revision);
  try {
    check_operation_ids(submission.operations);
  } catch (const Error& error) {
    return error;
  }
  return std::nullopt;
}

}  // namespace

Task<RoomLog::Plan> RoomLog::plan(RoomDocument& room, const std::vector<Submission>& submissions,
                                  bool all_ids, db::Transaction* locked) {
  auto known = co_await ask(room, submissions, all_ids, locked);
  Ground ground;
  ground.organization = room.organization;
  ground.asset = room.about;
  ground.labels = co_await labels_.labels_of(room.organization, room.about.project_id);
  ground.head = room.head;
  ground.document = part_of(room.present, targets_of(submissions));
  ground.elsewhere = room.elsewhere;
  Plan out;
  out.appender = std::make_shared<Appender>(std::move(ground));
  const auto now = clock_.now();
  for (const auto& submission : submissions) {
    Verdict& verdict = out.verdicts.emplace_back();
    verdict.refusal = unreadable(submission, room.head.revision);
    if (verdict.refusal) continue;
    Arrival arrival = arrival_of(submission, known.stored, verdict);
    arrival.at = now;
    for (const auto& again : verdict.stored) {
      out.behind = out.behind || again.revision > room.head.revision;
    }
    for (const auto& stored : known.since) {
      if (stored.revision > submission.base_revision) arrival.since.push_back(stored);
    }
    verdict.refusal = too_far_behind(arrival.operations.size(), arrival.since);
    if (verdict.refusal) continue;
    auto taken = out.appender->take(std::move(arrival));
    for (auto& stored : taken.stored) {
      known.stored.emplace(stored.operation.id, stored);
      verdict.stored.push_back(std::move(stored));
    }
    for (auto& fallen : taken.fallen) verdict.dropped.push_back(std::move(fallen.why));
    out.sure = out.sure && (all_ids || verdict.dropped.empty());
  }
  co_return out;
}

Task<RoomLog::Stored> RoomLog::store(RoomDocument& room, const Plan& plan, audit::Actor actor,
                                     db::Transaction* locked) {
  bool stored = false;
  const bool anchored = log_.is_anchor_due(room.head);
  try {
    if (locked == nullptr) {
      stored = co_await log_.store(plan.appender, std::move(actor));
    } else {
      stored = co_await log_.store_in(*locked, plan.appender, std::move(actor));
      if (stored) co_await locked->commit();
    }
  } catch (const Error& error) {
    if (error.slug() == "id_taken") co_return Stored::id_taken;
    if (error.code() == ErrorCode::already_exists) co_return Stored::id_repeated;
    throw;
  }
  if (!stored) co_return Stored::lost_race;
  const auto& appender = *plan.appender;
  for (const auto& id : appender.touched()) room.present.adopt(id, appender.ground().document);
  for (const auto& one : appender.made()) room.recent.add(one);
  room.head = appender.head();
  if (anchored) room.head.anchored_at = clock_.now();
  room.present.set_revision(room.head.revision);
  co_return Stored::done;
}

// The race was lost, or the asset is gone.
Task<> RoomLog::renew(RoomDocument& room, Appended& out) {
  auto foreign = co_await catch_up(room);
  if (foreign.empty()) {
    const auto reading = log_.reading(room.organization);
    auto args = db::args(room.about.id, room.organization);
    const auto rows = co_await reading.rows(sql::head, std::move(args));
    if (rows.empty()) throw not_found("asset");
  }
  std::move(foreign.begin(), foreign.end(), std::back_inserter(out.foreign));
}

// New annotations of a submission have ids that are taken.
Task<> RoomLog::find_elsewhere(RoomDocument& room, const std::vector<Submission>& submissions) {
  std::set<AnnotationId> fresh = targets_of(submissions);
  std::erase_if(fresh, [&](const auto& id) { return room.present.find(id) != nullptr; });
  room.elsewhere = co_await log_.taken(std::move(fresh));
}

// Nobody else appends to this log until the transaction ends.
Task<std::unique_ptr<db::Transaction>> RoomLog::lock(RoomDocument& room, Appended& out) {
  auto transaction = co_await database_.begin(db::Scope::tenant(room.organization));
  const auto rows =
      co_await transaction->exec(sql::lock_head, db::args(room.about.id, room.organization));
  if (rows.empty()) throw not_found("asset");
  auto foreign = co_await follow(room, transaction.get());
  std::move(foreign.begin(), foreign.end(), std::back_inserter(out.foreign));
  co_return transaction;
}

Task<Appended> RoomLog::append(LiveDocument& document, std::vector<Submission> submissions) {
  auto& room = room_of(document);
  Appended out;
  bool all_ids = false;
  int races = 0;
  for (int i = 0; i < kTries; ++i) {
    std::unique_ptr<db::Transaction> locked;
    if (races >= kFreeTries) locked = co_await lock(room, out);
    const bool ahead = std::any_of(submissions.begin(), submissions.end(), [&](const auto& s) {
      return s.base_revision > room.head.revision;
    });
    if (ahead && !locked) co_await renew(room, out);
    auto planned = co_await plan(room, submissions, all_ids, locked.get());
    if (planned.behind && !locked) {
      // Sent to another room, or to a server that is gone: the document follows before it answers.
      co_await renew(room, out);
      continue;
    }
    if (!planned.sure && !std::exchange(all_ids, true)) {
      labels_.forget(room.about.project_id);
      continue;
    }
    auto stored = Stored::done;
    if (!planned.appender->empty()) {
      auto actor = submissions[0].author.actor;
      stored = co_await store(room, planned, std::move(actor), locked.get());
    }
    if (stored == Stored::done) {
      for (auto& verdict : planned.verdicts) verdict.revision = room.head.revision;
      out.verdicts = std::move(planned.verdicts);
      room.elsewhere.clear();
      co_return out;
    }
    if (stored == Stored::id_repeated) all_ids = true;
    if (stored == Stored::lost_race && ++races < kFreeTries) co_await renew(room, out);
    if (stored == Stored::id_taken) co_await find_elsewhere(room, submissions);
  }
  throw conflict("too_many_writers", "Others write to this asset all the time. Try again.");
}

}  // namespace aa::annotation
