// One annotation at a time, as REST has it.
#include "service/annotation/annotations.hpp"
#include "service/annotation/log_rows.hpp"
#include "service/annotation/statements.hpp"

namespace aa::annotation {

using document::Annotation;
using tenancy::Permission;

Task<Annotation> Annotations::get(tenancy::Tenant tenant, AnnotationId id) {
  tenant.require(Permission::annotation_read);
  const auto rows =
      co_await database_.query(tenant.scope(), sql::get_body, db::args(id, tenant.organization()));
  if (rows.empty()) throw not_found("annotation");
  co_return parse_annotation(rows[0].get<std::string>("body"));
}

Task<ProjectId> Annotations::project_for(OrganizationId organization, AnnotationId id) {
  const auto rows = co_await database_.query(
      db::Scope::tenant(organization), sql::project_of_annotation, db::args(id, organization));
  if (rows.empty()) throw not_found("annotation");
  co_return rows[0].get<ProjectId>("project_id");
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
  annotation.relations = std::move(input.relations);
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

}  // namespace aa::annotation
