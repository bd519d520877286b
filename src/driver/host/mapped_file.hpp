// A regular file's bytes without reading them into memory.
//
// Who can write the file can change what is seen: only for files that are this program's own.
// Thread rule: a value that is only read. Errors: not_found, too_large "file_too_large".
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

namespace aa::host {

class MappedFile {
 public:
  explicit MappedFile(const std::filesystem::path& path);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  std::span<const std::byte> bytes() const { return {static_cast<const std::byte*>(data_), size_}; }

 private:
  void* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace aa::host
