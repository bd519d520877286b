// The directory of an untrusted zip, read and checked as a whole before anything is unpacked.
//
// It is taken only when there is one way to read it: the end record closes the file, the directory
// fills the place it names, every entry's local header says the same as its row, and no two entries
// share bytes or a name. Links, devices, setuid files, encryption, methods other than stored and
// deflate, and sizes beyond the limits refuse the zip, in words that name the entry. Zip64 is read.
//
// Memory: one row for each entry, at most ZipLimits::entries, and 16 MiB while reading.
// Thread rule: pure but for the source. Errors: malformed "zip_damaged"; invalid_argument
// "zip_entry_path", "zip_entry_type", "zip_duplicate_entry"; unsupported "zip_encrypted",
// "zip_unsupported"; too_large "zip_too_many_entries", "zip_bomb"; those of the source.
// Source: PKWARE APPNOTE 6.3.10.
#pragma once

#include <string>
#include <vector>

#include "base/limits.hpp"
#include "driver/archive/source.hpp"

namespace aa::archive {

struct ZipLimits {
  std::uint64_t entries = limits::kArchiveEntries;
  std::uint64_t entry_bytes = limits::kUploadFileBytes;    // unpacked
  std::uint64_t total_bytes = limits::kArchiveBytes;       // unpacked
  std::uint64_t ratio = limits::kArchiveRatio;             // unpacked to packed ...
  std::uint64_t ratio_floor = limits::kArchiveRatioFloor;  // ... of what unpacks to more than this
};

struct ZipEntry {
  std::string path;  // see zip_name.hpp
  bool folder = false;
  std::uint64_t size = 0;  // unpacked
  std::uint64_t packed_size = 0;
  std::uint64_t offset = 0;  // of its packed bytes, in the zip
  std::uint32_t crc32 = 0;   // of the unpacked bytes
  std::uint16_t method = 0;  // kStored or kDeflate
};

inline constexpr std::uint16_t kStored = 0;
inline constexpr std::uint16_t kDeflate = 8;

// Does a file that begins like this claim to be a zip? Four bytes decide.
bool looks_like_zip(std::string_view head);

// In the order of their bytes in the zip.
std::vector<ZipEntry> read_zip_directory(Source& zip, const ZipLimits& limits = {});

}  // namespace aa::archive
