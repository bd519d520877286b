// The models an organisation has: those of the installation, its own, and remote ones.
//
// A model that is uploaded is checked and probed by a job (model_import.hpp) and is seen by its
// organisation alone, as is a remote one. A model of the zoo is brought by a job for everybody.
// Every change is in the organisation's audit chain.
//
// Limits: kUploadBytes a file, kOwnModelsMax models and kOwnBytesMax bytes an organisation,
// kRemoteMax remote ones. Thread rule: shared by all coroutines. Errors: not_found;
// already_exists "model_exists"; conflict "not_removable", "not_installable"; out_of_space
// "model_quota"; too_large "file_too_large"; those of Importer, Puller and RemoteClient.
#pragma once

#include <functional>
#include <set>
#include <span>

#include "driver/blob/sweep.hpp"
#include "driver/db/database.hpp"
#include "service/audit/audit_trail.hpp"
#include "service/jobs/job_queue.hpp"
#include "service/modelregistry/registry_types.hpp"
#include "service/modelzoo/model_import.hpp"
#include "service/modelzoo/pull.hpp"
#include "service/modelzoo/remote_client.hpp"
#include "service/modelzoo/remote_models.hpp"
#include "service/tenancy/tenant.hpp"

namespace aa::modelregistry {

using runtime::Task;

inline constexpr std::string_view kImportKind = "model_import";
inline constexpr std::string_view kInstallKind = "model_install";
inline constexpr std::uint64_t kUploadBytes = 2ULL << 30;
inline constexpr std::size_t kOwnModelsMax = 100;
inline constexpr std::int64_t kOwnBytesMax = 20LL << 30;
inline constexpr std::size_t kRemoteMax = 100;

struct RegistrySettings {
  modelzoo::Probe probe;
  modelzoo::PullSettings pull;
  http::OutboundSettings outbound;  // to remote models
};

struct RegistryParts {
  db::Database& database;
  blob::Store& blobs;
  audit::Trail& trail;
  jobs::Queue& jobs;
  modelzoo::Catalogue& catalogue;
  const Clock& clock;
  IdSource& ids;
  runtime::Executors& executors;
};

class Registry final : public modelzoo::RemoteModels {
 public:
  Registry(RegistryParts parts, RegistrySettings settings);

  Task<std::vector<modelzoo::Card>> list(tenancy::Tenant tenant, ModelFilter filter);
  // A remote one is asked how it is when that is not known from just now.
  Task<modelzoo::Card> get(tenancy::Tenant tenant, std::string id);
  Task<> remove(tenancy::Tenant tenant, std::string id);

  Task<ArrivingFile> begin_file(tenancy::Tenant tenant, std::string part, std::string filename);
  Task<> write_file(ArrivingFile& file, std::span<const std::byte> bytes);
  // Refuses at once what its first bytes say is no model.
  Task<JobId> start_import(tenancy::Tenant tenant, std::vector<ArrivingFile> files,
                           ImportFields fields);
  Task<JobId> start_install(tenancy::Tenant tenant, std::string id);
  Task<modelzoo::Card> add_remote(tenancy::Tenant tenant, NewRemote request);

  Task<bool> knows(modelzoo::RemoteKey key) override;
  Task<modelzoo::RemoteLook> look(modelzoo::RemoteKey key, modelzoo::Pixels image) override;

  jobs::Kind import_kind();
  jobs::Kind install_kind();
  blob::OwnedFolder upload_folder();

 private:
  struct RemoteRow;
  struct Bringing;
  template <class F>
  Task<std::invoke_result_t<F>> on_disk(F work) {
    co_return co_await runtime::run_on(parts_.executors.blocking(), std::move(work));
  }
  Task<std::optional<RemoteRow>> find_remote(OrganizationId organization, std::string id);
  Task<std::vector<modelzoo::Card>> remote_cards(tenancy::Tenant tenant);
  static modelzoo::Card card_of(const RemoteRow& row);
  static modelzoo::RemoteBackend backend_of(OrganizationId organization, const RemoteRow& row);
  Task<> mark(modelzoo::RemoteKey key, std::string version, std::optional<std::string> problem);
  Task<modelzoo::Card> checked_card(OrganizationId organization, RemoteRow row);
  Task<> mark_installing(tenancy::Tenant tenant, std::vector<modelzoo::Card>& cards);
  std::string key_of(const tenancy::Tenant& tenant, const std::string& id) const;
  void require_room(const OrganizationId& organization, std::int64_t more) const;

  Task<> run_import(jobs::Run& run);
  Task<modelzoo::ImportedModel> import_files(jobs::Run& run, ImportPayload payload);
  Task<> forget_files(OrganizationId organization, std::vector<ImportFile> files);
  Task<> run_install(jobs::Run& run);
  Task<> bring(jobs::Run& run, std::string id);
  Task<std::set<std::string>> awaited_uploads(OrganizationId organization, blob::Names names);

  RegistryParts parts_;
  RegistrySettings settings_;
  modelzoo::RemoteClient remote_;
};

}  // namespace aa::modelregistry
