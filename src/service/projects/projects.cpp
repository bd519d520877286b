#include "service/projects/projects.hpp"

#include <algorithm>
#include <array>

#include "driver/db/transact.hpp"
#include "service/projects/statements.hpp"

namespace aa::projects {
namespace {

using document::Label;
using tenancy::Permission;

// Twelve hues of equal lightness, told apart in the common kinds of colour blindness.
constexpr std::array<std::string_view, 12> kPalette = {"#4e9bff", "#ff7a59", "#2fbf71", "#f2c230",
                                                       "#b57bff", "#ff5fa2", "#19c3c9", "#c98a4b",
                                                       "#8bd450", "#7f8cff", "#ff9f1c", "#5ad1a4"};

struct ProjectRow {
  ProjectId id;
  std::string name;
  ProjectType type = ProjectType::detection;
  UserId created_by;
  Timestamp created_at;
  Timestamp updated_at;
  std::int64_t revision = 1;
};
BOOST_DESCRIBE_STRUCT(ProjectRow, (),
                      (id, name, type, created_by, created_at, updated_at, revision))

struct LabelRow {
  LabelId id;
  std::string name;
  std::string color;
  document::LabelKind kind = document::LabelKind::any;
  std::string attributes;
  std::optional<std::string> skeleton;
};
BOOST_DESCRIBE_STRUCT(LabelRow, (), (id, name, color, kind, attributes, skeleton))

Label to_label(LabelRow row) {
  Label label;
  label.id = row.id;
  label.name = std::move(row.name);
  label.color = std::move(row.color);
  label.kind = row.kind;
  label.attributes = json::read<std::vector<document::LabelAttribute>>(json::parse(row.attributes));
  if (row.skeleton) {
    label.skeleton = json::read<document::SkeletonTemplate>(json::parse(*row.skeleton));
  }
  return label;
}

std::vector<Label> to_labels(const db::Rows& rows) {
  std::vector<Label> out;
  for (auto& row : rows.as<LabelRow>()) out.push_back(to_label(std::move(row)));
  return out;
}

Project to_project(ProjectRow row, std::vector<Label> labels, Counts counts) {
  return {row.id,         std::move(row.name), row.type,       std::move(labels), counts,
          row.created_by, row.created_at,      row.updated_at, row.revision};
}

db::Args label_args(const Label& label, OrganizationId organization, ProjectId project,
                    std::size_t rank, Timestamp now) {
  std::optional<std::string> skeleton;
  if (label.skeleton) skeleton = json::write(*label.skeleton);
  return db::args(label.id, organization, project, label.name, label.color, label.kind,
                  json::write(label.attributes), skeleton, rank, now);
}

void refuse_bad(const std::vector<Label>& labels) {
  auto problems = document::check_labels(labels);
  if (problems.empty()) return;
  for (auto& problem : problems) problem.pointer = "/labels" + problem.pointer;
  const std::string first = problems.front().pointer + " " + problems.front().detail + ".";
  throw invalid("invalid_labels", first, std::move(problems));
}

// Those that are there, and after them what is wanted by a name that none of them has.
std::vector<LabelInput> with_missing(const std::vector<Label>& present,
                                     const std::vector<LabelInput>& wanted) {
  std::vector<LabelInput> out;
  for (const auto& label : present) out.push_back({.id = label.id, .name = label.name});
  for (const auto& input : wanted) {
    if (std::ranges::find(out, input.name, &LabelInput::name) == out.end()) out.push_back(input);
  }
  return out;
}

}  // namespace

// Fills in what a client left out, keeping what the label has already.
std::vector<Label> Projects::complete(const std::vector<LabelInput>& inputs,
                                      const std::vector<Label>& present) {
  std::vector<Label> out;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const auto& input = inputs[i];
    Label label;
    label.color = std::string(kPalette[i % kPalette.size()]);
    if (input.id) {
      const auto old = std::ranges::find(present, *input.id, &Label::id);
      if (old == present.end()) {
        throw invalid("invalid_labels", "A label of this id is not in the project.",
                      {{"/labels/" + std::to_string(i) + "/id", "is not in the project"}});
      }
      label = *old;
    } else {
      label.id = ids_.next_as<LabelId>();
    }
    label.name = input.name;
    if (input.color) label.color = *input.color;
    if (input.kind) label.kind = *input.kind;
    if (input.attributes) label.attributes = *input.attributes;
    if (input.skeleton) label.skeleton = *input.skeleton;
    out.push_back(std::move(label));
  }
  refuse_bad(out);
  return out;
}

Task<Project> Projects::create(tenancy::Tenant tenant, CreateProject input) {
  tenant.require(Permission::project_write);
  const auto now = clock_.now();
  const auto id = ids_.next_as<ProjectId>();
  auto labels = complete(input.labels.value_or(std::vector<LabelInput>{}), {});
  auto transaction = co_await database_.begin(tenant.scope());
  co_await transaction->exec(sql::insert_project, db::args(id, tenant.organization(), input.name,
                                                           input.type, tenant.user(), now));
  for (std::size_t i = 0; i < labels.size(); ++i) {
    co_await transaction->exec(sql::insert_label,
                               label_args(labels[i], tenant.organization(), id, i, now));
  }
  audit::Entry entry{"project.create", "project", id.str(), {}};
  entry.detail["labels"] = labels.size();
  co_await trail_.append(*transaction, tenant.actor(), std::move(entry));
  co_await transaction->commit();
  co_return Project{
      id, std::move(input.name), input.type, std::move(labels), {}, tenant.user(), now, now, 1};
}

Task<> Projects::require(tenancy::Tenant tenant, ProjectId id) {
  const auto rows = co_await database_.query(tenant.scope(), sql::get_project,
                                             db::args(id, tenant.organization()));
  if (rows.empty()) throw not_found("project");
}

Task<document::LabelSchema> Projects::labels_for(OrganizationId organization, ProjectId id) {
  const auto rows = co_await database_.query(db::Scope::tenant(organization), sql::list_labels,
                                             db::args(id, organization));
  co_return document::LabelSchema{to_labels(rows)};
}

Task<Project> Projects::get(tenancy::Tenant tenant, ProjectId id) {
  tenant.require(Permission::project_read);
  const auto rows = co_await database_.query(tenant.scope(), sql::get_project,
                                             db::args(id, tenant.organization()));
  auto row = rows.first<ProjectRow>();
  if (!row) throw not_found("project");
  auto schema = co_await labels_for(tenant.organization(), id);
  const auto counts = co_await database_.query(tenant.scope(), sql::project_counts,
                                               db::args(id, tenant.organization()));
  co_return to_project(std::move(*row), std::move(schema.labels), counts.one().as<Counts>());
}

Task<std::vector<Project>> Projects::list(tenancy::Tenant tenant, std::optional<ProjectId> before,
                                          int limit) {
  if (!tenant.principal().may(Permission::project_read) && tenant.principal().grants) {
    co_return co_await list_granted(std::move(tenant), before, limit);
  }
  tenant.require(Permission::project_read);
  const auto last = before ? before->str() : std::string("ffffffff-ffff-ffff-ffff-ffffffffffff");
  const auto rows = co_await database_.query(tenant.scope(), sql::list_projects,
                                             db::args(tenant.organization(), last, limit));
  std::vector<Project> out;
  for (const auto& row : rows) {
    auto project = row.as<ProjectRow>();
    const auto counts = row.as<Counts>();
    auto schema = co_await labels_for(tenant.organization(), project.id);
    out.push_back(to_project(std::move(project), std::move(schema.labels), counts));
  }
  co_return out;
}

// Those that the tenant may see by grants alone.
Task<std::vector<Project>> Projects::list_granted(tenancy::Tenant tenant,
                                                  std::optional<ProjectId> before, int limit) {
  std::vector<ProjectId> ids;
  for (const auto& [id, allowed] : *tenant.principal().grants) {
    if (allowed.has(Permission::project_read) && (!before || id < *before)) ids.push_back(id);
  }
  std::ranges::reverse(ids);  // newest first
  std::vector<Project> out;
  for (const auto& id : ids) {
    if (static_cast<int>(out.size()) == limit) break;
    const auto rows = co_await database_.query(tenant.scope(), sql::get_project,
                                               db::args(id, tenant.organization()));
    if (rows.empty()) continue;  // deleted
    out.push_back(co_await get(tenant.in(id), id));
  }
  co_return out;
}

Task<Label> Projects::ensure_label(tenancy::Tenant tenant, ProjectId project, std::string name) {
  for (int attempt = 0; attempt < 2; ++attempt) {
    const auto schema = co_await labels_for(tenant.organization(), project);
    if (const auto* label = schema.find_name(name)) co_return *label;
    tenant.require(Permission::project_write);
    std::vector<LabelInput> inputs(1);
    inputs[0].name = name;
    co_await add_labels_for(tenant.actor(), project, std::move(inputs));
  }
  throw internal_error("label was not added");
}

Task<std::string> Projects::name_for(OrganizationId organization, ProjectId id) {
  const auto rows = co_await database_.query(db::Scope::tenant(organization), sql::get_project,
                                             db::args(id, organization));
  if (rows.empty()) throw not_found("project");
  co_return rows[0].get<std::string>("name");
}

Task<> Projects::add_labels_for(audit::Actor actor, ProjectId project,
                                std::vector<LabelInput> inputs) {
  auto add = [&](db::Transaction& transaction) -> Task<> {
    const auto now = clock_.now();
    const auto found =
        co_await transaction.exec(sql::lock_project, db::args(project, actor.organization));
    const auto row = found.first<ProjectRow>();
    if (!row) throw not_found("project");
    const auto rows =
        co_await transaction.exec(sql::list_labels, db::args(project, actor.organization));
    const auto present = to_labels(rows);
    const auto wanted = complete(with_missing(present, inputs), present);
    for (std::size_t i = present.size(); i < wanted.size(); ++i) {
      co_await transaction.exec(sql::insert_label,
                                label_args(wanted[i], actor.organization, project, i, now));
    }
    co_await transaction.exec(sql::update_project,
                              db::args(project, actor.organization, row->name, row->type, now));
    audit::Entry entry{"project.add_labels", "project", project.str(), {}};
    co_await trail_.append(transaction, actor, std::move(entry));
  };
  co_await db::transact(database_, db::Scope::tenant(actor.organization), add);
}

Task<> Projects::replace_labels(db::Transaction& transaction, OrganizationId organization,
                                ProjectId project, std::vector<LabelInput> inputs) {
  const auto now = clock_.now();
  const auto rows = co_await transaction.exec(sql::list_labels, db::args(project, organization));
  const auto present = to_labels(rows);
  const auto wanted = complete(inputs, present);
  for (const auto& old : present) {
    if (std::ranges::find(wanted, old.id, &Label::id) != wanted.end()) continue;
    const auto used = co_await transaction.exec(sql::label_used, db::args(old.id, organization));
    if (!used.empty()) {
      throw conflict("label_in_use", "The label \"" + old.name +
                                         "\" is used by annotations. Change or delete them first.");
    }
    co_await transaction.exec(sql::delete_label, db::args(old.id, organization, now));
  }
  // Names may change places: each renamed label first takes a name that no other can have.
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const auto old = std::ranges::find(present, wanted[i].id, &Label::id);
    if (old == present.end() || old->name == wanted[i].name) continue;
    auto between = wanted[i];
    between.name = between.id.str();
    auto values = label_args(between, organization, project, i, now);
    values.pop_back();
    co_await transaction.exec(sql::update_label, std::move(values));
  }
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const bool known = std::ranges::find(present, wanted[i].id, &Label::id) != present.end();
    auto values = label_args(wanted[i], organization, project, i, now);
    if (known) values.pop_back();  // the time of creation stays
    if (known) {
      co_await transaction.exec(sql::update_label, std::move(values));
    } else {
      co_await transaction.exec(sql::insert_label, std::move(values));
    }
  }
}

Task<Project> Projects::patch(tenancy::Tenant tenant, ProjectId id, PatchProject change,
                              std::optional<std::int64_t> if_revision) {
  tenant.require(Permission::project_write);
  auto transaction = co_await database_.begin(tenant.scope());
  const auto rows =
      co_await transaction->exec(sql::lock_project, db::args(id, tenant.organization()));
  const auto row = rows.first<ProjectRow>();
  if (!row) throw not_found("project");
  if (if_revision && *if_revision != row->revision) {
    throw Error(ErrorCode::precondition_failed, "revision_differs",
                "The project was changed meanwhile. Load it again, then repeat the change.");
  }
  co_await transaction->exec(sql::update_project,
                             db::args(id, tenant.organization(), change.name.value_or(row->name),
                                      change.type.value_or(row->type), clock_.now()));
  if (change.labels) {
    co_await replace_labels(*transaction, tenant.organization(), id, std::move(*change.labels));
  }
  co_await trail_.append(*transaction, tenant.actor(), {"project.update", "project", id.str(), {}});
  co_await transaction->commit();
  co_return co_await get(tenant, id);
}

Task<> Projects::remove(tenancy::Tenant tenant, ProjectId id) {
  tenant.require(Permission::project_delete);
  auto transaction = co_await database_.begin(tenant.scope());
  const auto changed = co_await transaction->exec(
      sql::delete_project, db::args(id, tenant.organization(), clock_.now()));
  if (changed.affected() == 0) throw not_found("project");
  if (listener_ != nullptr) co_await listener_->removed(*transaction, tenant.organization(), id);
  co_await trail_.append(*transaction, tenant.actor(), {"project.delete", "project", id.str(), {}});
  co_await transaction->commit();
}

}  // namespace aa::projects
