// The few file operations that the blob store stands on, behind an interface so that tests can
// make the n-th of them fail.
//
// Failures throw Error: out_of_space (ENOSPC, EDQUOT), unavailable (EMFILE, ENFILE), else internal
// with slug "storage_failed", or "storage_not_durable" for a failed fsync; the path and the
// system's words are in cause(). Files are made with mode 0600 and folders with 0700. Symbolic
// links are not followed in the last part of a path.
//
// Thread rule: may be shared; a File belongs to one thread at a time except for read_at.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"

namespace aa::blob {

// An open file, closed when it dies.
class File {
 public:
  File() = default;
  explicit File(int fd) : fd_(fd) {}
  File(File&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  File& operator=(File&& other) noexcept;
  ~File();

  int fd() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

class FileSystem {
 public:
  using Path = std::filesystem::path;
  struct Entry {
    std::string name;
    bool is_folder = false;
  };

  virtual ~FileSystem() = default;
  virtual File create(const Path& path) = 0;  // must be absent
  virtual File open(const Path& path) = 0;    // for reading; an empty File when absent
  virtual void write_at(const File& file, std::uint64_t offset,
                        std::span<const std::byte> bytes) = 0;  // all of them
  // Less than asked only at the end of the file.
  virtual std::size_t read_at(const File& file, std::uint64_t offset,
                              std::span<std::byte> bytes) = 0;
  virtual std::uint64_t size(const File& file) = 0;
  virtual unsigned mode(const File& file) = 0;  // permission bits
  virtual void sync(const File& file) = 0;
  virtual void sync_folder(const Path& path) = 0;
  // Never replaces: false when `to` is there already.
  virtual bool rename(const Path& from, const Path& to) = 0;
  virtual void replace(const Path& from, const Path& to) = 0;  // `to` may be there
  virtual void remove_file(const Path& path) = 0;              // absent is fine
  virtual bool remove_folder(const Path& path) = 0;       // false when not empty; absent is fine
  virtual void make_folder(const Path& path) = 0;         // there already is fine
  virtual std::vector<Entry> list(const Path& path) = 0;  // by name; empty when absent
  // Advisory, between processes, until the file is closed. False when another one holds it.
  virtual bool try_lock(const File& file, bool exclusive) = 0;
};

FileSystem& posix_file_system();

inline constexpr char kSyncOperation[] = "fsync";

// What the operation `what` on `path` failed with.
Error storage_error(const char* what, const std::filesystem::path& path, int error_number);

// All of a small file; Error internal when it is longer than max_bytes.
std::string read_small_file(FileSystem& files, const File& file, std::size_t max_bytes);

// Writes `temporary`, makes it durable and renames it to `path`; false when `path` is there.
bool write_new_file(FileSystem& files, const std::filesystem::path& temporary,
                    const std::filesystem::path& path, std::string_view bytes);

}  // namespace aa::blob
