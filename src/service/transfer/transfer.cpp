#include "service/transfer/transfer.hpp"

#include "service/transfer/statements.hpp"

namespace aa::transfer {
namespace {

using tenancy::Permission;

constexpr std::uint64_t kImportBytes = 2ULL << 30;

}  // namespace

Transfer::Transfer(db::Database& database, blob::Store& blobs, audit::Trail& trail,
                   jobs::Queue& jobs, projects::Projects& projects, assets::Assets& assets,
                   annotation::Annotations& annotations, const Clock& clock, IdSource& ids,
                   runtime::Executors& executors)
    : database_(database),
      blobs_(blobs),
      trail_(trail),
      jobs_(jobs),
      projects_(projects),
      assets_(assets),
      annotations_(annotations),
      clock_(clock),
      ids_(ids),
      executors_(executors) {}

jobs::Kind Transfer::export_kind() {
  return {.name = std::string(kExportKind),
          .run = [this](jobs::Run& run) { return run_export(run); },
          .group = "export"};
}

jobs::Kind Transfer::import_kind() {
  return {.name = std::string(kImportKind),
          .run = [this](jobs::Run& run) { return run_import(run); },
          .group = "import"};
}

Task<JobId> Transfer::start_export(tenancy::Tenant tenant, ProjectId project,
                                   ExportRequest request) {
  tenant.require(Permission::export_run);
  const auto* format = formats::find_format(request.format);
  if (format == nullptr || !format->can_write) {
    throw invalid("unknown_format", "/format is none that can be exported.",
                  {{"/format", "is none that can be exported"}});
  }
  co_await projects_.require(tenant, project);
  auto transaction = co_await database_.begin(tenant.scope());
  jobs::NewJob job{
      tenant.organization(), tenant.user(), project, std::string(kExportKind), "images", {}, {}};
  job.payload["format"] = request.format;
  job.payload["images"] = request.images.value_or(false);
  if (request.asset_ids) {
    json::Array wanted;
    for (const auto& asset : *request.asset_ids) wanted.emplace_back(asset.str());
    job.payload["asset_ids"] = std::move(wanted);
  }
  const auto id = co_await jobs_.enqueue(*transaction, std::move(job));
  audit::Entry entry{"export.start", "job", id.str(), {}};
  entry.detail["project"] = project.str();
  entry.detail["format"] = request.format;
  co_await trail_.append(*transaction, tenant.actor(), std::move(entry));
  co_await transaction->commit();
  co_return id;
}

Task<ExportFile> Transfer::export_file(tenancy::Tenant tenant, JobId job) {
  tenant.require(Permission::export_run);
  const auto rows = co_await database_.query(tenant.scope(), sql::get_export,
                                             db::args(job, tenant.organization()));
  if (auto file = rows.first<ExportFile>()) co_return std::move(*file);
  const auto known = co_await jobs_.get(tenant.scope(), job);
  if (known.kind != kExportKind) throw not_found("export");
  throw conflict("export_not_ready", "The export is not finished; follow its job.");
}

Task<std::shared_ptr<blob::Reader>> Transfer::export_content(tenancy::Tenant tenant, JobId job) {
  const auto file = co_await export_file(tenant, job);
  auto work = [this, organization = tenant.organization(), name = file.blob] {
    return std::shared_ptr<blob::Reader>(blobs_.open({organization, name}));
  };
  co_return co_await runtime::run_on(executors_.blocking(), std::move(work));
}

Task<Arrival> Transfer::begin_import(tenancy::Tenant tenant, ProjectId project) {
  tenant.require(Permission::import_run);
  co_await projects_.require(tenant, project);
  Arrival arrival{"imports/" + ids_.next().str(), nullptr};
  auto work = [this, organization = tenant.organization(), name = arrival.blob] {
    return std::shared_ptr<blob::Writer>(blobs_.create({organization, name}));
  };
  arrival.writer = co_await runtime::run_on(executors_.blocking(), std::move(work));
  co_return arrival;
}

Task<> Transfer::write_import(Arrival& arrival, std::span<const std::byte> bytes) {
  if (arrival.writer->size() + bytes.size() > kImportBytes) {
    throw too_large("file_too_large", "The file is larger than 2 GiB.");
  }
  auto work = [writer = arrival.writer, bytes] { writer->write(bytes); };
  co_await runtime::run_on(executors_.blocking(), work);
}

Task<JobId> Transfer::start_import(tenancy::Tenant tenant, ProjectId project, Arrival arrival,
                                   std::string filename, std::string format) {
  tenant.require(Permission::import_run);
  const auto* row = formats::find_format(format);
  if (row == nullptr || !row->can_read) {
    throw invalid("unknown_format", "/format is none that can be imported.",
                  {{"/format", "is none that can be imported"}});
  }
  auto commit = [writer = arrival.writer] { writer->commit(); };
  co_await runtime::run_on(executors_.blocking(), commit);
  auto transaction = co_await database_.begin(tenant.scope());
  jobs::NewJob job{
      tenant.organization(), tenant.user(), project, std::string(kImportKind), "images", {}, {}};
  job.payload["format"] = format;
  job.payload["blob"] = arrival.blob;
  job.payload["filename"] = filename;
  const auto id = co_await jobs_.enqueue(*transaction, std::move(job));
  audit::Entry entry{"import.start", "job", id.str(), {}};
  entry.detail["project"] = project.str();
  entry.detail["format"] = format;
  co_await trail_.append(*transaction, tenant.actor(), std::move(entry));
  co_await transaction->commit();
  co_return id;
}

Task<std::set<std::string>> Transfer::known_exports(OrganizationId organization,
                                                    blob::Names names) {
  std::set<std::string> out;
  // Before the rows: an export that ends in between has its row by then.
  for (const auto& [id, payload] : co_await jobs_.unfinished(organization)) out.insert(id.str());
  const auto rows = co_await database_.query(db::Scope::tenant(organization), sql::find_exports,
                                             db::args(organization, json::write(names)));
  for (const auto& row : rows) out.insert(row.get<JobId>("job_id").str());
  co_return out;
}

// An import's file is of use until its job has ended.
Task<std::set<std::string>> Transfer::awaited_imports(OrganizationId organization,
                                                      blob::Names names) {
  std::set<std::string> out;
  for (const auto& [id, payload] : co_await jobs_.unfinished(organization)) {
    for (const auto& name : names) {
      if (payload.find(name) != std::string::npos) out.insert(name);
    }
  }
  co_return out;
}

blob::OwnedFolder Transfer::export_folder() {
  return {"exports", {}, [this](OrganizationId organization, blob::Names names) {
            return known_exports(organization, std::move(names));
          }};
}

blob::OwnedFolder Transfer::import_folder() {
  return {"imports", {}, [this](OrganizationId organization, blob::Names names) {
            return awaited_imports(organization, std::move(names));
          }};
}

}  // namespace aa::transfer
