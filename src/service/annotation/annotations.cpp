#include "service/annotation/annotations.hpp"

#include "driver/db/bulk.hpp"
#include "service/annotation/operation_log.hpp"
#include "service/annotation/room_log.hpp"
#include "service/annotation/statements.hpp"

namespace aa::annotation {

using document::Annotation;
using tenancy::Permission;

Annotations::Annotations(db::Database& database, audit::Trail& trail, projects::Projects& projects,
                         assets::Assets& assets, const Clock& clock, IdSource& ids)
    : database_(database),
      projects_(projects),
      assets_(assets),
      clock_(clock),
      ids_(ids),
      log_(std::make_unique<OperationLog>(database, trail, clock)),
      rooms_(std::make_unique<RoomLog>(database, *log_, projects, assets, clock)) {}

Annotations::~Annotations() = default;

LiveLog& Annotations::live_log() { return *rooms_; }

void Annotations::set_listener(LogListener* listener) { log_->set_listener(listener); }

Task<std::string> Annotations::snapshot(tenancy::Tenant tenant, AssetId asset) {
  tenant.require(Permission::annotation_read);
  const auto reading = log_->reading(tenant.organization());
  auto args = db::args(asset, tenant.organization());
  const auto rows = co_await reading.rows(sql::open_document, std::move(args));
  if (rows.empty()) throw not_found("asset");
  std::string out = R"({"revision":)" + std::to_string(rows[0].get<std::int64_t>("revision"));
  out += R"(,"items":[)";
  bool first = true;
  for (const auto& row : rows) {
    const auto* body = std::get_if<std::string>(&row.at("body"));
    if (body == nullptr) continue;
    if (!std::exchange(first, false)) out += ',';
    out += *body;
  }
  co_return out + "]}";
}

Task<> Annotations::took_in(std::size_t count) {
  if (count < db::kBulkRows) co_return;
  co_await database_.write(db::Scope::system(), sql::analyze_annotations);
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
  Author author{tenant.actor(), tenant.user(), document::Source::manual};
  auto outcome = co_await apply_in(*transaction, std::move(author), std::move(asset),
                                   std::move(labels), std::move(batch));
  if (outcome.rejected.empty()) co_await transaction->commit();
  co_return outcome;
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
