// Data keys: random 256-bit keys of an organisation, in versions, wrapped by the installation's
// master key (master_keys.hpp) in DATA/keys/<organisation>.key. The newest version encrypts what is
// written, older ones still decrypt. Destroying an organisation's keys makes all its blobs and
// sealed values unreadable for ever (crypto-shredding) and leaves
// DATA/keys/<organisation>.destroyed, so that nothing is written under that id again.
//
// Another process may rotate or destroy keys: files are read again after kFresh, and by reread()
// when something does not open. Who rotates or copies keys holds the lock of lock_rotation().
//
// Thread rule: may be shared. Blocks on disk.
// Errors: those of MasterKeys, and invalid_argument "master_key_wrong" when it does not unwrap what
// it must; internal "data_key_damaged"; conflict "rotation_running".
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/id.hpp"
#include "base/secret.hpp"
#include "driver/blob/file_system.hpp"
#include "driver/blob/master_keys.hpp"

namespace aa::blob {

using DataKey = std::shared_ptr<const Secret>;  // 32 bytes

struct DataKeyVersion {
  std::uint32_t version = 1;
  std::uint32_t master = 1;  // what wraps it
  DataKey key;
};
using DataKeys = std::shared_ptr<const std::vector<DataKeyVersion>>;  // newest first

class KeyRing {
 public:
  static constexpr std::chrono::seconds kFresh{2};

  // `master_key_file` empty means DATA/master.key.
  KeyRing(FileSystem& files, std::filesystem::path data_dir, std::filesystem::path master_key_file);

  MasterKeys& master() { return master_; }

  DataKey get_or_create(OrganizationId organization);  // the newest; not_found when destroyed
  DataKey find(OrganizationId organization);           // the newest; null when there is none
  DataKeys all(OrganizationId organization);           // null when there is none
  DataKeys reread(OrganizationId organization);
  void destroy(OrganizationId organization);
  std::vector<OrganizationId> destroyed() const;      // since ever
  std::vector<OrganizationId> organizations() const;  // that have keys

  // Held while keys change or are copied; conflict when another process holds it.
  File lock_rotation();
  // A new newest version of an organisation that has keys; its number.
  std::uint32_t rotate(OrganizationId organization);
  // Wraps all versions with the newest master key; false when they are already.
  bool rewrap(OrganizationId organization);

 private:
  using Path = std::filesystem::path;
  using Time = std::chrono::steady_clock::time_point;
  struct Known {
    DataKeys keys;
    Time read_at;
  };

  void prepare_folder();
  void check_wrapped_keys();
  Path key_path(OrganizationId organization) const;
  Path tombstone_path(OrganizationId organization) const;
  DataKeys look_up(OrganizationId organization, bool again);
  DataKeys load(OrganizationId organization);
  DataKeys make(OrganizationId organization);
  DataKeys unwrap(OrganizationId organization, std::string_view text);
  std::string wrap(OrganizationId organization, const std::vector<DataKeyVersion>& keys);
  void replace(OrganizationId organization, const std::vector<DataKeyVersion>& keys);

  FileSystem& files_;
  const Path folder_;
  MasterKeys master_;
  std::mutex mutex_;
  std::unordered_map<OrganizationId, Known> known_;
};

}  // namespace aa::blob
