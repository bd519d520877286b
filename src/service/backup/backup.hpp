// A backup of a whole installation, taken while it serves, and its restoration elsewhere.
//
//   DIR/database/...      a consistent snapshot of the database (driver/db/snapshot.hpp)
//   DIR/data/...          the data folder's files: encrypted blobs, wrapped keys, models
//   DIR/data/master.key   only when it lies in the data folder and was not left out
//   DIR/SHA256SUMS        of every file, as sha256sum -c reads it
//   DIR/manifest.json     written last: without it a backup is none
//
// Blobs that the snapshot names cannot go while they are copied (blob::hold_removals), and keys do
// not change (blob::KeyRing::lock_rotation). What is copied and no row of the snapshot names is
// swept away after the restoration, as after a crash. A restoration that was interrupted leaves
// DATA/.restoring, keeps servers from starting, and begins anew when it is called again.
//
// Thread rule: blocks; for commands. Errors: conflict "backup_running", "rotation_running",
// "backup_target_not_empty", "restore_target_not_empty", "database_not_empty"; invalid_argument
// "backup_damaged", "backup_engine", "backup_lacks_master_key".
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "base/clock.hpp"
#include "base/secret.hpp"
#include "driver/blob/file_store.hpp"

namespace aa::backup {

inline constexpr const char* kRestoringMark = ".restoring";

struct Installation {
  blob::FileStoreSettings files;
  Secret database_url;
};

struct Manifest {
  int format = 1;
  std::string engine;
  Timestamp created_at;
  bool master_key = false;  // is in it
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
  std::string sums_sha256;
};

Manifest take(const Installation& from, const std::filesystem::path& folder, Timestamp now,
              bool with_master_key);
Manifest restore(const std::filesystem::path& folder, const Installation& to);

}  // namespace aa::backup
