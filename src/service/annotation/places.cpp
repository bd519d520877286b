// Annotations by their ids, and what those that are gone looked like last.
#include "service/annotation/annotations.hpp"
#include "service/annotation/statements.hpp"

namespace aa::annotation {
namespace {

using document::Annotation;

Annotation annotation_in(const db::Row& row) {
  return json::read<Annotation>(json::parse(row.get<std::string>("body")));
}

}  // namespace

Task<std::map<AnnotationId, Annotation>> Annotations::find_for(OrganizationId organization,
                                                               std::vector<AnnotationId> ids) {
  const auto rows = co_await database_.query(db::Scope::tenant(organization), sql::find_bodies,
                                             db::args(organization, json::write(ids)));
  std::map<AnnotationId, Annotation> out;
  for (const auto& row : rows) out.emplace(row.get<AnnotationId>("id"), annotation_in(row));
  co_return out;
}

Task<std::optional<Annotation>> Annotations::last_for(OrganizationId organization,
                                                      AnnotationId id) {
  const auto rows = co_await database_.query(db::Scope::tenant(organization), sql::history,
                                             db::args(id, organization));
  document::Document document;
  std::optional<Annotation> last;
  for (const auto& row : rows) {
    document.apply(document::read_operation(std::string_view(row.get<std::string>("body"))));
    if (const auto* now = document.find(id)) last = *now;
  }
  co_return last;
}

}  // namespace aa::annotation
