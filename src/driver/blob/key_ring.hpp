// Data keys: one random 256-bit key per organisation, wrapped by the installation's master key
// (AES-256-GCM, bound to organisation and master key version) in DATA/keys/<organisation>.key.
//
// The master key file holds one line per version, "VERSION:BASE64" or, for version 1, plain
// "BASE64", of 32 bytes each; lines starting with '#' are skipped. The highest version wraps new
// keys, older ones still unwrap. It is made at the first start with mode 0600. Destroying an
// organisation's key makes all its blobs and sealed values unreadable for ever (crypto-shredding)
// and leaves DATA/keys/<organisation>.destroyed, so that nothing is written under that id again.
//
// Thread rule: may be shared. Blocks on disk.
// Errors at the start (invalid_argument): "master_key_missing" while wrapped keys exist,
// "master_key_exposed" when group or others have any permission, "master_key_invalid" when the
// file cannot be parsed, "master_key_wrong" when it does not unwrap what it must.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/id.hpp"
#include "base/secret.hpp"
#include "driver/blob/file_system.hpp"

namespace aa::blob {

using DataKey = std::shared_ptr<const Secret>;  // 32 bytes

class KeyRing {
 public:
  // `master_key_file` empty means DATA/master.key.
  KeyRing(FileSystem& files, std::filesystem::path data_dir, std::filesystem::path master_key_file);

  DataKey get_or_create(OrganizationId organization);  // not_found when destroyed
  DataKey find(OrganizationId organization);           // null when there is none
  void destroy(OrganizationId organization);
  std::vector<OrganizationId> destroyed() const;  // since ever

 private:
  using Path = std::filesystem::path;

  void load_master_keys(bool wrapped_keys_exist);
  void make_master_key_file();
  void parse_master_keys(std::string_view text);
  void check_wrapped_keys();
  Path key_path(OrganizationId organization) const;
  Path tombstone_path(OrganizationId organization) const;
  DataKey load(OrganizationId organization);
  DataKey make(OrganizationId organization);
  DataKey unwrap(OrganizationId organization, std::string_view text) const;
  std::string wrap(OrganizationId organization, const Secret& key) const;

  FileSystem& files_;
  const Path folder_;
  const Path master_key_file_;
  std::map<std::uint32_t, Secret> master_keys_;
  std::mutex mutex_;
  std::unordered_map<OrganizationId, DataKey> known_;
};

}  // namespace aa::blob
