// Keys of an installation and their rotation while it serves: the master key, data keys of
// organisations, keys that sign access tokens.
//
// Rotating the master key adds a version to its file and wraps everything anew; one that was
// interrupted is ended by the next call before another begins. Rotating a data key lets new files
// be encrypted by the new one; a job (kind "reencrypt") brings older files after it when asked.
//
// Thread rule: any coroutine. Errors: conflict "rotation_running"; those of blob::MasterKeys.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/runtime/executors.hpp"
#include "driver/blob/file_store.hpp"
#include "driver/blob/key_ring.hpp"
#include "service/audit/audit_trail.hpp"
#include "service/identity/signing_keys.hpp"
#include "service/jobs/job_queue.hpp"
#include "service/tenancy/tenant.hpp"

namespace aa::keys {

using runtime::Task;

struct KeysState {
  std::uint32_t master_key_version = 0;
  std::uint32_t data_key_version = 0;  // 0: the organisation has stored nothing yet
  std::uint32_t data_key_wrapped_by = 0;
  std::vector<identity::SigningKeyView> token_keys;
};
BOOST_DESCRIBE_STRUCT(KeysState, (),
                      (master_key_version, data_key_version, data_key_wrapped_by, token_keys))

struct DataRotation {
  bool reencrypt = false;
};
BOOST_DESCRIBE_STRUCT(DataRotation, (), (reencrypt))

struct DataRotated {
  std::uint32_t data_key_version = 0;
  std::optional<JobId> job_id;
};
BOOST_DESCRIBE_STRUCT(DataRotated, (), (data_key_version, job_id))

struct MasterRotated {
  std::uint32_t version = 0;
  int rewrapped = 0;     // organisations
  int resealed = 0;      // secrets of the installation
  bool resumed = false;  // only ended what had begun
};

struct KeysParts {
  db::Database& database;
  blob::Store& blobs;
  blob::KeyRing& ring;
  identity::SigningKeys& signing;
  audit::Trail& trail;
  jobs::Queue& queue;
  runtime::Executors& executors;
};

class Keys {
 public:
  explicit Keys(KeysParts parts) : parts_(parts) {}

  identity::SigningKeys& signing() { return parts_.signing; }
  Task<KeysState> state(tenancy::Tenant tenant);
  Task<DataRotated> rotate_data(tenancy::Tenant tenant, DataRotation how);
  jobs::Kind reencrypt_kind();

  // For the command line. `rewrap` adds no version: the operator has put one into the file.
  Task<MasterRotated> rotate_master(bool rewrap);
  Task<> retire_old_masters();
  Task<std::uint32_t> rotate_data_of(OrganizationId organization);
  Task<blob::Renewal> reencrypt(OrganizationId organization);

 private:
  Task<int> rewrap_all();
  Task<> run_reencrypt(jobs::Run& run);
  Task<blob::Renewal> renew_some(OrganizationId organization, std::string from);

  KeysParts parts_;
};

}  // namespace aa::keys
