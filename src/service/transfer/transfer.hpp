// Datasets in and out, as jobs over kernel/formats.
//
// An export streams: a page of assets at a time, straight into an encrypted blob. An import keeps
// what fits and reports each problem with its place; asking twice, or being killed in the middle,
// makes nothing double (import_run.hpp). COCO comes as JSON or as a zip with pictures, YOLO as a
// zip: what the exports write comes back whole, into an empty project too, as far as the format
// carries it. How images are named on the way out and found on the way in: asset_names.hpp.
//
// Thread rule: shared by all coroutines. Errors: not_found; invalid_argument "unknown_format";
// conflict "export_not_ready".
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>

#include "driver/blob/sweep.hpp"
#include "driver/db/database.hpp"
#include "kernel/formats/coco.hpp"
#include "service/annotation/annotations.hpp"
#include "service/assets/assets.hpp"
#include "service/jobs/job_queue.hpp"
#include "service/projects/projects.hpp"
#include "service/transfer/transfer_types.hpp"

namespace aa::transfer {

using runtime::Task;

inline constexpr std::string_view kExportKind = "export";
inline constexpr std::string_view kImportKind = "import";

// An import's file while it arrives.
struct Arrival {
  std::string blob;
  std::shared_ptr<blob::Writer> writer;
};

class Transfer {
 public:
  Transfer(db::Database& database, blob::Store& blobs, audit::Trail& trail, jobs::Queue& jobs,
           projects::Projects& projects, assets::Assets& assets,
           annotation::Annotations& annotations, const Clock& clock, IdSource& ids,
           runtime::Executors& executors);

  jobs::Kind export_kind();
  jobs::Kind import_kind();
  blob::OwnedFolder export_folder();
  blob::OwnedFolder import_folder();

  Task<JobId> start_export(tenancy::Tenant tenant, ProjectId project, ExportRequest request);
  Task<ExportFile> export_file(tenancy::Tenant tenant, JobId job);
  Task<std::shared_ptr<blob::Reader>> export_content(tenancy::Tenant tenant, JobId job);

  Task<Arrival> begin_import(tenancy::Tenant tenant, ProjectId project);
  Task<> write_import(Arrival& arrival, std::span<const std::byte> bytes);
  Task<JobId> start_import(tenancy::Tenant tenant, ProjectId project, Arrival arrival,
                           std::string filename, std::string format);

 private:
  friend class ExportRun;
  friend class ImportRun;
  Task<std::set<std::string>> known_exports(OrganizationId organization, blob::Names names);
  Task<std::set<std::string>> awaited_imports(OrganizationId organization, blob::Names names);
  Task<> run_export(jobs::Run& run);
  Task<> run_import(jobs::Run& run);

  db::Database& database_;
  blob::Store& blobs_;
  audit::Trail& trail_;
  jobs::Queue& jobs_;
  projects::Projects& projects_;
  assets::Assets& assets_;
  annotation::Annotations& annotations_;
  const Clock& clock_;
  IdSource& ids_;
  runtime::Executors& executors_;
};

}  // namespace aa::transfer
