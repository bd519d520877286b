// Untrusted zips, unpacked entry by entry as a stream. libarchive inflates and compares checksums;
// what it is given is the packed bytes alone, behind a header that the checked directory made.
//
// Memory: the directory's rows and some 0.5 MiB for each stream. Nothing touches a file system.
// Thread rule: one owner; a stream must not outlive its reader. All calls block.
// Errors: those of zip_directory.hpp; malformed "zip_damaged" naming the entry when its bytes do
// not unpack to the size and the checksum that the directory gives.
#pragma once

#include <memory>
#include <span>

#include "driver/archive/zip_directory.hpp"

namespace aa::archive {

// One entry's content, from its first byte to its last.
class ZipStream {
 public:
  ~ZipStream();
  // Up to buffer.size() bytes; 0 at the end, which is reached only when all was right.
  std::size_t read(std::span<std::byte> buffer);

 private:
  friend class ZipReader;
  struct State;
  explicit ZipStream(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

class ZipReader {
 public:
  explicit ZipReader(std::shared_ptr<Source> zip, const ZipLimits& limits = {})
      : zip_(std::move(zip)), entries_(read_zip_directory(*zip_, limits)) {}

  // In the order of their bytes.
  std::span<const ZipEntry> entries() const { return entries_; }
  const ZipEntry* find(std::string_view path) const;

  std::unique_ptr<ZipStream> open(const ZipEntry& entry) const;
  // Error too_large for an entry of more than `max_bytes`.
  std::string read_all(const ZipEntry& entry, std::uint64_t max_bytes) const;
  // Unpacks an entry, or all, and keeps nothing: after it, only the source itself can fail.
  void verify(const ZipEntry& entry) const;
  void verify() const;

 private:
  std::shared_ptr<Source> zip_;
  std::vector<ZipEntry> entries_;
};

}  // namespace aa::archive
