// The blob store on local files.
//
//   DATA/master.key                               the master key, unless master_key_file says else
//   DATA/keys/<organisation>.key                  wrapped data keys (key_ring.hpp)
//   DATA/blobs/<organisation>/<name>/@<version>   one file per version (chunk_file.hpp)
//   DATA/blobs/.new/<random>                      being written; swept at the start
//
// A version becomes visible by one rename after its bytes are durable, so that a crash leaves the
// old versions or the old ones and the new one. The newest version, by its UUIDv7, is current.
#pragma once

#include <filesystem>
#include <memory>

#include "base/clock.hpp"
#include "base/id.hpp"
#include "driver/blob/file_system.hpp"
#include "driver/blob/key_ring.hpp"
#include "driver/blob/store.hpp"

namespace aa::blob {

struct FileStoreSettings {
  std::filesystem::path data_dir;
  std::filesystem::path master_key_file;  // empty: data_dir/master.key
};

std::shared_ptr<KeyRing> open_key_ring(const FileStoreSettings& settings,
                                       FileSystem& files = posix_file_system());

// `clock` and `ids` must outlive the store and its writers.
std::unique_ptr<Store> open_file_store(const FileStoreSettings& settings, const Clock& clock,
                                       IdSource& ids);
// With a key ring that a Sealer uses too, and with another file system in tests.
std::unique_ptr<Store> open_file_store(const FileStoreSettings& settings,
                                       std::shared_ptr<KeyRing> keys, const Clock& clock,
                                       IdSource& ids, FileSystem& files = posix_file_system());

}  // namespace aa::blob
