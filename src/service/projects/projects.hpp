// Projects service.
//
// Thread rule: shared by all coroutines.
// Errors: not_found; invalid_argument "invalid_labels" with pointers; precondition_failed
// "revision_differs"; conflict "label_in_use".
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "driver/db/database.hpp"
#include "service/audit/audit_trail.hpp"
#include "service/projects/project_types.hpp"
#include "service/tenancy/tenant.hpp"

namespace aa::projects {

using runtime::Task;

// Who keeps something in projects and must know, in the same transaction, when one is deleted.
class Listener {
 public:
  virtual ~Listener() = default;
  virtual Task<> removed(db::Transaction& transaction, OrganizationId organization,
                         ProjectId project) = 0;
};

class Projects {
 public:
  Projects(db::Database& database, audit::Trail& trail, const Clock& clock, IdSource& ids)
      : database_(database), trail_(trail), clock_(clock), ids_(ids) {}

  void set_listener(Listener* listener) { listener_ = listener; }

  Task<Project> create(tenancy::Tenant tenant, CreateProject input);
  Task<Project> get(tenancy::Tenant tenant, ProjectId id);
  // Newest first, those older than `before`.
  Task<std::vector<Project>> list(tenancy::Tenant tenant, std::optional<ProjectId> before,
                                  int limit);
  Task<Project> patch(tenancy::Tenant tenant, ProjectId id, PatchProject change,
                      std::optional<std::int64_t> if_revision);
  Task<> remove(tenancy::Tenant tenant, ProjectId id);

  // Throws not_found unless the project is the tenant's.
  Task<> require(tenancy::Tenant tenant, ProjectId id);
  // The label that find_name() gives, made when there is none and the tenant may.
  Task<document::Label> ensure_label(tenancy::Tenant tenant, ProjectId project, std::string name);
  // For workers, and for services that check annotations.
  Task<document::LabelSchema> labels_for(OrganizationId organization, ProjectId id);
  Task<std::string> name_for(OrganizationId organization, ProjectId id);
  // Appends labels; names that are there already are left out.
  Task<> add_labels_for(audit::Actor actor, ProjectId project, std::vector<LabelInput> inputs);

 private:
  Task<std::vector<Project>> list_granted(tenancy::Tenant tenant, std::optional<ProjectId> before,
                                          int limit);
  Task<> replace_labels(db::Transaction& transaction, OrganizationId organization,
                        ProjectId project, std::vector<LabelInput> inputs);
  std::vector<document::Label> complete(const std::vector<LabelInput>& inputs,
                                        const std::vector<document::Label>& present);

  db::Database& database_;
  audit::Trail& trail_;
  const Clock& clock_;
  IdSource& ids_;
  Listener* listener_ = nullptr;
};

}  // namespace aa::projects
