// The blob store on local files.
//
//   DATA/master.key                               the master key, unless master_key_file says else
//   DATA/keys/<organisation>.key                  wrapped data keys (key_ring.hpp)
//   DATA/blobs/<organisation>/<name>/@<version>   one file per version (chunk_file.hpp)
//   DATA/blobs/.new/<random>                      being written; swept at the start
//   DATA/blobs/.hold                              locked by who copies: nothing is removed
//   meanwhile
//
// A version becomes visible by one rename after its bytes are durable, so that a crash leaves the
// old versions or the old ones and the new one. The newest version, by its UUIDv7, is current.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include "base/clock.hpp"
#include "base/id.hpp"
#include "driver/blob/file_system.hpp"
#include "driver/blob/key_ring.hpp"
#include "driver/blob/store.hpp"

namespace aa::blob {

inline constexpr const char* kHoldFile = ".hold";

struct FileStoreSettings {
  std::filesystem::path data_dir;
  std::filesystem::path master_key_file;  // empty: data_dir/master.key
};

std::shared_ptr<KeyRing> open_key_ring(const FileStoreSettings& settings,
                                       FileSystem& files = posix_file_system());

// While the file is open no process removes blobs: those that a snapshot of the database names stay
// until they are copied. Error conflict "backup_running" when somebody else holds it. An
// organisation's destruction does not wait.
File hold_removals(const FileStoreSettings& settings, FileSystem& files = posix_file_system());

// `clock` and `ids` must outlive the store and its writers.
std::unique_ptr<Store> open_file_store(const FileStoreSettings& settings, const Clock& clock,
                                       IdSource& ids);
// With a key ring that a Sealer uses too, and with another file system in tests.
std::unique_ptr<Store> open_file_store(const FileStoreSettings& settings,
                                       std::shared_ptr<KeyRing> keys, const Clock& clock,
                                       IdSource& ids, FileSystem& files = posix_file_system());

struct Renewal {
  std::string last;  // name of the blob looked at last
  std::uint64_t looked_at = 0;
  std::uint64_t renewed = 0;
  std::uint64_t damaged = 0;
  bool ended = true;  // looked at all
};

// Encrypts again, under the newest data key, what older ones encrypted; contents and versions stay.
// `go_on` is asked after each; who ended it goes on `from` the last name. A damaged blob is counted
// and left. Nothing to do for a store that is not one of files.
Renewal renew(Store& store, OrganizationId organization, const std::string& from,
              const std::function<bool(const Renewal&)>& go_on);

}  // namespace aa::blob
