#include "service/annotation/annotations.hpp"

#include <set>

#include "base/hash.hpp"
#include "service/annotation/statements.hpp"

namespace aa::annotation {
namespace {

using document::Annotation;
using tenancy::Permission;

constexpr std::chrono::minutes kAnchorEvery{1};

struct HeadRow {
  std::int64_t revision = 0;
  std::string log_hash;
  Timestamp anchored_at;
};
BOOST_DESCRIBE_STRUCT(HeadRow, (), (revision, log_hash, anchored_at))

struct BodyRow {
  AnnotationId id;
  AssetId asset_id;
  std::string body;
};
BOOST_DESCRIBE_STRUCT(BodyRow, (), (id, asset_id, body))

struct LogRow {
  std::int64_t revision = 0;
  OperationId id;
  std::string body;
  document::Source source = document::Source::manual;
  UserId actor_id;
  Timestamp created_at;
  std::string hash;
};
BOOST_DESCRIBE_STRUCT(LogRow, (), (revision, id, body, source, actor_id, created_at, hash))

Annotation parse_annotation(const std::string& body) {
  return json::read<Annotation>(json::parse(body));
}

// The chain of an asset's log (docs/architecture.md, "Audit").
std::string chain(const std::string& previous, AssetId asset, const LogRow& row) {
  std::string text = previous + asset.str() + std::to_string(row.revision) + row.id.str();
  text += row.actor_id.str() + std::to_string(row.created_at.micros) + row.body;
  return to_hex(sha256(text));
}

json::Object as_stored(const LogRow& row) {
  json::Object out = json::parse(row.body).as_object();
  out["revision"] = row.revision;
  out["created_by"] = row.actor_id.str();
  out["created_at"] = row.created_at.str();
  return out;
}

// The ids a batch touches, as a JSON list for the database.
std::string target_list(const Batch& batch) {
  json::Array ids;
  for (const auto& operation : batch.operations) {
    ids.emplace_back(document::target_of(operation.change).str());
  }
  return json::to_text(json::Value(std::move(ids)));
}

std::string id_list(const Batch& batch) {
  json::Array ids;
  for (const auto& operation : batch.operations) ids.emplace_back(operation.id.str());
  return json::to_text(json::Value(std::move(ids)));
}

bool replaces_geometry(const document::Change& change) {
  if (std::holds_alternative<document::Put>(change)) return true;
  const auto* set = std::get_if<document::SetField>(&change);
  return set != nullptr && set->field == "shape";
}

void refuse(std::vector<ErrorDetail> problems) {
  if (problems.empty()) return;
  const std::string first = problems[0].pointer + " " + problems[0].detail + ".";
  throw invalid("invalid_operation", first, std::move(problems));
}

void check_client_ids(const Batch& batch) {
  std::set<OperationId> seen;
  std::vector<ErrorDetail> problems;
  for (std::size_t i = 0; i < batch.operations.size(); ++i) {
    const auto& id = batch.operations[i].id;
    const std::string pointer = "/operations/" + std::to_string(i) + "/id";
    if (id.uuid.version() != 7) problems.push_back({pointer, "must be a UUID of version 7"});
    if (!seen.insert(id).second) problems.push_back({pointer, "stands twice in the batch"});
  }
  refuse(std::move(problems));
}

}  // namespace

// One batch on its way through.
struct Annotations::Session {
  Author author;
  assets::Asset asset;
  document::LabelSchema labels;
  HeadRow head;
  document::Document document;
  std::set<AnnotationId> elsewhere;  // ids that belong to another asset
  std::map<AnnotationId, std::int64_t> seen_revision;
  std::set<AnnotationId> touched;
  std::int64_t count_change = 0;
  std::vector<LogRow> log;
  Outcome outcome;
};

Task<std::string> Annotations::snapshot(tenancy::Tenant tenant, AssetId asset_id) {
  tenant.require(Permission::annotation_read);
  // Revision first: a write in between makes the items newer than the revision, never older, and
  // operations are idempotent, so the client loses nothing.
  const auto asset = co_await assets_.get(tenant, asset_id);
  const auto rows = co_await database_.query(tenant.scope(), sql::list_bodies,
                                             db::args(asset_id, tenant.organization()));
  std::string out = R"({"revision":)" + std::to_string(asset.revision) + R"(,"items":[)";
  for (bool first = true; const auto& row : rows) {
    if (!std::exchange(first, false)) out += ',';
    out += std::get<std::string>(row.at("body"));
  }
  out += "]}";
  co_return out;
}

Task<std::vector<Annotation>> Annotations::list_for(OrganizationId organization, AssetId asset) {
  const auto rows = co_await database_.query(db::Scope::tenant(organization), sql::list_bodies,
                                             db::args(asset, organization));
  std::vector<Annotation> out;
  out.reserve(rows.size());
  for (const auto& row : rows) out.push_back(parse_annotation(row.get<std::string>("body")));
  co_return out;
}

Task<Outcome> Annotations::apply(tenancy::Tenant tenant, AssetId asset_id, Batch batch) {
  tenant.require(Permission::annotation_write);
  auto asset = co_await assets_.get(tenant, asset_id);
  auto labels = co_await projects_.labels_for(tenant.organization(), asset.project_id);
  auto transaction = co_await database_.begin(tenant.scope());
  auto outcome = co_await apply_in(*transaction,
                                   Author{tenant.actor(), tenant.user(), document::Source::manual},
                                   std::move(asset), std::move(labels), std::move(batch));
  if (outcome.rejected.empty()) co_await transaction->commit();
  co_return outcome;
}

Task<Outcome> Annotations::apply_in(db::Transaction& transaction, Author author,
                                    assets::Asset asset, document::LabelSchema labels,
                                    Batch batch) {
  check_client_ids(batch);
  Session session;
  session.author = std::move(author);
  session.asset = std::move(asset);
  session.labels = std::move(labels);
  const auto rows = co_await transaction.exec(
      sql::lock_head, db::args(session.asset.id, session.author.actor.organization));
  const auto head = rows.first<HeadRow>();
  if (!head) throw not_found("asset");
  session.head = *head;
  session.outcome.revision = head->revision;
  if (batch.base_revision > head->revision) {
    throw invalid("invalid_operation", "/base_revision is newer than the asset's revision.",
                  {{"/base_revision", "is newer than the asset's revision"}});
  }
  const bool repeated = co_await answered_before(transaction, session, batch);
  if (repeated) co_return std::move(session.outcome);
  co_await load_targets(transaction, session, batch);
  session.document.set_revision(head->revision);
  for (std::size_t i = 0; i < batch.operations.size(); ++i) apply_one(session, batch, i);
  if (session.outcome.rejected.empty()) {
    co_await store(transaction, session);
    co_await anchor(transaction, session);
  } else {
    session.outcome.applied.clear();
    session.outcome.revision = head->revision;
  }
  co_return std::move(session.outcome);
}

// The same batch again: the same answer, no effect. Operations of it that were stored before are
// left out of what is applied now.
Task<bool> Annotations::answered_before(db::Transaction& transaction, Session& session,
                                        const Batch& batch) {
  const auto rows =
      co_await transaction.exec(sql::find_operations, db::args(session.asset.id, id_list(batch)));
  if (rows.empty()) co_return false;
  for (const auto& row : rows.as<LogRow>()) {
    session.outcome.applied.push_back(as_stored(row));
    session.outcome.revision = row.revision;
  }
  if (rows.size() == batch.operations.size()) co_return true;
  // A part of the batch is there: it was sent in other company before. Only a client with a defect
  // does so; it is told instead of being guessed at.
  session.outcome.applied.clear();
  session.outcome.revision = session.head.revision;
  for (const auto& row : rows) {
    session.outcome.rejected.push_back(
        {row.get<OperationId>("id"), "already_applied", "was applied before, in another batch"});
  }
  co_return true;
}

Task<> Annotations::load_targets(db::Transaction& transaction, Session& session,
                                 const Batch& batch) {
  const auto rows = co_await transaction.exec(
      sql::find_bodies, db::args(session.author.actor.organization, target_list(batch)));
  document::Snapshot snapshot;
  for (const auto& row : rows.as<BodyRow>()) {
    if (row.asset_id != session.asset.id) {
      session.elsewhere.insert(row.id);
      continue;
    }
    snapshot.items.push_back(parse_annotation(row.body));
    session.seen_revision[row.id] = snapshot.items.back().revision;
  }
  session.document = document::Document(std::move(snapshot));
}

void Annotations::apply_one(Session& session, const Batch& batch, std::size_t index) {
  auto operation = batch.operations[index];
  const auto target = document::target_of(operation.change);
  auto reject = [&](std::string code, std::string detail) {
    session.outcome.rejected.push_back({operation.id, std::move(code), std::move(detail)});
  };
  if (session.elsewhere.contains(target)) {
    return reject("id_taken", "an annotation of another asset has this id");
  }
  const auto seen = session.seen_revision.find(target);
  if (seen != session.seen_revision.end() && seen->second > batch.base_revision &&
      replaces_geometry(operation.change)) {
    return reject("changed_meanwhile", "someone changed this object after you loaded it");
  }
  if (auto* put = std::get_if<document::Put>(&operation.change)) {
    put->annotation.asset_id = session.asset.id;
    const auto* old = session.document.find(target);
    put->annotation.created_by = old != nullptr ? old->created_by : session.author.user;
    document::fill_defaults(put->annotation, session.labels);
  }
  const bool existed = session.document.find(target) != nullptr;
  const auto result = session.document.apply(operation.change);
  if (!result.ok) return reject(result.code, result.detail);
  const auto* now = session.document.find(target);
  session.count_change += static_cast<int>(now != nullptr) - static_cast<int>(existed);
  if (now != nullptr) {
    auto problems =
        document::validate(*now, session.labels,
                           {static_cast<std::uint32_t>(session.asset.width),
                            static_cast<std::uint32_t>(session.asset.height), std::nullopt});
    const std::string where = "/operations/" + std::to_string(index);
    for (auto& problem : problems) problem.pointer = where + "/annotation" + problem.pointer;
    refuse(std::move(problems));
  }
  session.touched.insert(target);
  LogRow row{.revision = session.document.revision(),
             .id = operation.id,
             .body = document::write_operation(operation),
             .source = session.author.source,
             .actor_id = session.author.user,
             .created_at = clock_.now(),
             .hash = {}};
  const auto& previous = session.log.empty() ? session.head.log_hash : session.log.back().hash;
  row.hash = chain(previous, session.asset.id, row);
  session.outcome.applied.push_back(as_stored(row));
  session.outcome.revision = row.revision;
  session.log.push_back(std::move(row));
}

Task<> Annotations::store(db::Transaction& transaction, Session& session) {
  const auto organization = session.author.actor.organization;
  const auto& asset = session.asset;
  for (const auto& id : session.touched) {
    const auto* now = session.document.find(id);
    if (now == nullptr) {
      co_await transaction.exec(sql::delete_annotation, db::args(id, organization));
      continue;
    }
    const auto type = document::to_string(document::shape_type(now->shape));
    if (session.seen_revision.contains(id)) {
      co_await transaction.exec(
          sql::update_annotation,
          db::args(id, organization, now->label_id, type, now->source, now->score,
                   json::write(*now), clock_.now(), now->revision));
    } else {
      co_await insert(transaction, session, *now);
    }
  }
  for (std::size_t i = 0; i < session.log.size(); ++i) {
    const auto& row = session.log[i];
    const auto target = json::parse(row.body).as_object();
    const auto* annotation = target.if_contains("annotation");
    const auto& id = annotation != nullptr ? annotation->at("id") : target.at("target");
    co_await transaction.exec(
        sql::insert_operation,
        db::args(asset.id, row.revision, organization, row.id, std::string(id.as_string()),
                 row.body, row.source, row.actor_id, row.created_at, row.hash));
  }
  co_await transaction.exec(sql::set_head,
                            db::args(asset.id, organization, session.outcome.revision,
                                     session.log.back().hash, session.count_change));
}

Task<> Annotations::insert(db::Transaction& transaction, const Session& session,
                           const Annotation& annotation) {
  const auto& asset = session.asset;
  try {
    co_await transaction.exec(
        sql::insert_annotation,
        db::args(annotation.id, session.author.actor.organization, asset.project_id, asset.id,
                 annotation.label_id, document::to_string(document::shape_type(annotation.shape)),
                 annotation.source, annotation.score, json::write(annotation), session.author.user,
                 clock_.now(), annotation.revision));
  } catch (const Error& e) {
    // Another organisation's, which this one cannot see, or another asset's of this moment.
    if (e.code() != ErrorCode::already_exists) throw;
    throw conflict("id_taken",
                   "The annotation id " + annotation.id.str() + " is taken. Make a new one.");
  }
}

Task<> Annotations::anchor(db::Transaction& transaction, Session& session) {
  const auto now = clock_.now();
  if (now - session.head.anchored_at < kAnchorEvery) co_return;
  audit::Entry entry{"annotation.anchor", "asset", session.asset.id.str(), {}};
  entry.detail["revision"] = session.outcome.revision;
  entry.detail["log_hash"] = session.log.back().hash;
  co_await trail_.append(transaction, session.author.actor, std::move(entry));
  co_await transaction.exec(sql::set_anchored,
                            db::args(session.asset.id, session.author.actor.organization, now));
}

Task<Annotation> Annotations::get(tenancy::Tenant tenant, AnnotationId id) {
  tenant.require(Permission::annotation_read);
  const auto rows =
      co_await database_.query(tenant.scope(), sql::get_body, db::args(id, tenant.organization()));
  if (rows.empty()) throw not_found("annotation");
  co_return parse_annotation(rows[0].get<std::string>("body"));
}

Task<Annotation> Annotations::create(tenancy::Tenant tenant, ProjectId project,
                                     NewAnnotation input) {
  tenant.require(Permission::annotation_write);
  const auto asset = co_await assets_.get(tenant, input.asset_id);
  if (asset.project_id != project) throw not_found("asset");
  Annotation annotation;
  annotation.id = input.id.value_or(ids_.next_as<AnnotationId>());
  annotation.asset_id = input.asset_id;
  annotation.label_id = input.label_id;
  annotation.shape = std::move(input.shape);
  annotation.attributes = input.attributes.value_or(json::Object{});
  annotation.score = input.score;
  annotation.source = input.source.value_or(document::Source::manual);
  annotation.model_version = std::move(input.model_version);
  annotation.track_id = std::move(input.track_id);
  annotation.frame = input.frame;
  annotation.group = std::move(input.group);
  std::vector<document::Change> changes;
  changes.emplace_back(document::Put{annotation});
  co_return co_await apply_single(std::move(tenant), std::move(annotation), std::move(changes),
                                  std::nullopt);
}

Task<Annotation> Annotations::patch(tenancy::Tenant tenant, AnnotationId id, PatchAnnotation change,
                                    std::optional<std::int64_t> if_revision) {
  tenant.require(Permission::annotation_write);
  auto present = co_await get(tenant, id);
  std::vector<document::Change> changes;
  if (change.label_id) {
    changes.emplace_back(
        document::SetField{id, "label_id", json::Value(change.label_id->str()), {}});
  }
  if (change.shape) {
    changes.emplace_back(
        document::SetField{id, "shape", json::parse(json::write(*change.shape)), {}});
  }
  if (change.attributes) {
    changes.emplace_back(document::SetField{id, "attributes", json::Value(*change.attributes), {}});
  }
  if (changes.empty()) co_return present;
  co_return co_await apply_single(std::move(tenant), std::move(present), std::move(changes),
                                  if_revision);
}

Task<> Annotations::remove(tenancy::Tenant tenant, AnnotationId id,
                           std::optional<std::int64_t> if_revision) {
  tenant.require(Permission::annotation_write);
  auto present = co_await get(tenant, id);
  std::vector<document::Change> changes;
  changes.emplace_back(document::Delete{id});
  co_await apply_single(std::move(tenant), std::move(present), std::move(changes), if_revision);
}

// REST's way in: made into a batch on the present revision.
Task<Annotation> Annotations::apply_single(tenancy::Tenant tenant, Annotation present,
                                           std::vector<document::Change> changes,
                                           std::optional<std::int64_t> if_revision) {
  if (if_revision && *if_revision != present.revision) {
    throw Error(ErrorCode::precondition_failed, "revision_differs",
                "The annotation was changed meanwhile. Load it again, then repeat the change.");
  }
  const auto asset = co_await assets_.get(tenant, present.asset_id);
  Batch batch;
  batch.base_revision = asset.revision;
  const bool removes = std::holds_alternative<document::Delete>(changes.back());
  for (auto& change : changes) {
    batch.operations.push_back({ids_.next_as<OperationId>(), std::move(change)});
  }
  const auto outcome = co_await apply(tenant, asset.id, std::move(batch));
  if (!outcome.rejected.empty()) {
    throw conflict(outcome.rejected[0].code,
                   "The change was refused: " + outcome.rejected[0].detail + ".");
  }
  if (removes) co_return present;
  co_return co_await get(tenant, present.id);
}

Task<std::vector<HistoryEntry>> Annotations::history(tenancy::Tenant tenant, AnnotationId id) {
  tenant.require(Permission::annotation_read);
  const auto rows =
      co_await database_.query(tenant.scope(), sql::history, db::args(id, tenant.organization()));
  if (rows.empty()) throw not_found("annotation");
  std::vector<HistoryEntry> out;
  for (const auto& row : rows.as<LogRow>()) {
    out.push_back({row.revision, json::parse(row.body).as_object(), row.actor_id, row.source,
                   row.created_at});
  }
  co_return out;
}

Task<std::optional<std::int64_t>> Annotations::verify_log(OrganizationId organization,
                                                          AssetId asset) {
  constexpr int kPage = 1000;
  std::string previous;
  std::int64_t after = 0;
  // The head is read before the page that must reach it: writers may go on meanwhile.
  while (true) {
    const auto heads = co_await database_.query(db::Scope::tenant(organization), sql::head,
                                                db::args(asset, organization));
    const auto head = heads.first<HeadRow>();
    const auto rows = co_await database_.query(db::Scope::tenant(organization), sql::page_log,
                                               db::args(asset, organization, after, kPage));
    for (const auto& row : rows.as<LogRow>()) {
      if (row.revision != after + 1 || row.hash != chain(previous, asset, row)) {
        co_return after + 1;
      }
      previous = row.hash;
      ++after;
      if (head && head->revision == after && head->log_hash != previous) co_return after;
    }
    if (rows.size() == kPage) continue;
    if (!head ? after > 0 : head->revision > after) co_return after + 1;
    co_return std::nullopt;
  }
}

}  // namespace aa::annotation
