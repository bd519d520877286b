#include "driver/blob/file_system.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include <fmt/format.h>

namespace aa::blob {
namespace {

namespace fs = std::filesystem;

class PosixFileSystem final : public FileSystem {
 public:
  File create(const Path& path) override {
    const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) throw storage_error("create", path, errno);
    return File(fd);
  }

  File open(const Path& path) override {
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd >= 0) return File(fd);
    if (errno == ENOENT || errno == ENOTDIR) return {};
    throw storage_error("open", path, errno);
  }

  void write_at(const File& file, std::uint64_t offset, std::span<const std::byte> bytes) override {
    while (!bytes.empty()) {
      const auto count =
          ::pwrite(file.fd(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) throw storage_error("write", {}, count < 0 ? errno : EIO);
      bytes = bytes.subspan(static_cast<std::size_t>(count));
      offset += static_cast<std::uint64_t>(count);
    }
  }

  std::size_t read_at(const File& file, std::uint64_t offset, std::span<std::byte> bytes) override {
    std::size_t done = 0;
    while (done < bytes.size()) {
      const auto count = ::pread(file.fd(), bytes.data() + done, bytes.size() - done,
                                 static_cast<off_t>(offset + done));
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) throw storage_error("read", {}, errno);
      if (count == 0) break;
      done += static_cast<std::size_t>(count);
    }
    return done;
  }

  std::uint64_t size(const File& file) override {
    return static_cast<std::uint64_t>(status(file).st_size);
  }
  unsigned mode(const File& file) override { return status(file).st_mode & 07777; }

  void sync(const File& file) override {
    if (::fsync(file.fd()) != 0) throw storage_error(kSyncOperation, {}, errno);
  }

  void sync_folder(const Path& path) override {
    const File folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder) throw storage_error("open", path, errno);
    if (::fsync(folder.fd()) != 0) throw storage_error(kSyncOperation, path, errno);
  }

  bool rename(const Path& from, const Path& to) override {
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) {
      return true;
    }
    if (errno == EEXIST) return false;
    if (errno != EINVAL && errno != ENOSYS) throw storage_error("rename", to, errno);
    // Network file systems without the flag: a hard link is as exclusive.
    if (::link(from.c_str(), to.c_str()) != 0) {
      if (errno == EEXIST) return false;
      throw storage_error("link", to, errno);
    }
    remove_file(from);
    return true;
  }

  void replace(const Path& from, const Path& to) override {
    if (::rename(from.c_str(), to.c_str()) != 0) throw storage_error("rename", to, errno);
  }

  void remove_file(const Path& path) override {
    if (::unlink(path.c_str()) != 0 && errno != ENOENT && errno != ENOTDIR) {
      throw storage_error("unlink", path, errno);
    }
  }

  bool remove_folder(const Path& path) override {
    if (::rmdir(path.c_str()) == 0 || errno == ENOENT) return true;
    if (errno == ENOTEMPTY || errno == EEXIST) return false;
    throw storage_error("rmdir", path, errno);
  }

  void make_folder(const Path& path) override {
    if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) {
      throw storage_error("mkdir", path, errno);
    }
  }

  std::vector<Entry> list(const Path& path) override {
    std::vector<Entry> entries;
    std::error_code error;
    fs::directory_iterator at(path, error);
    for (; !error && at != fs::directory_iterator(); at.increment(error)) {
      std::error_code kind;
      entries.push_back({at->path().filename().string(),
                         at->symlink_status(kind).type() == fs::file_type::directory});
    }
    if (error && error != std::errc::no_such_file_or_directory &&
        error != std::errc::not_a_directory) {
      throw storage_error("list", path, error.value());
    }
    std::ranges::sort(entries, {}, &Entry::name);
    return entries;
  }

  bool try_lock(const File& file, bool exclusive) override {
    if (::flock(file.fd(), (exclusive ? LOCK_EX : LOCK_SH) | LOCK_NB) == 0) return true;
    if (errno == EWOULDBLOCK) return false;
    throw storage_error("flock", {}, errno);
  }

 private:
  static struct stat status(const File& file) {
    struct stat found {};
    if (::fstat(file.fd(), &found) != 0) throw storage_error("fstat", {}, errno);
    return found;
  }
};

}  // namespace

File& File::operator=(File&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

File::~File() {
  if (fd_ >= 0) ::close(fd_);
}

FileSystem& posix_file_system() {
  static PosixFileSystem files;
  return files;
}

Error storage_error(const char* what, const fs::path& path, int error_number) {
  auto cause =
      fmt::format("{} {}: {}", what, path.string(), std::generic_category().message(error_number));
  switch (error_number) {
    case ENOSPC:
    case EDQUOT:
      return Error(ErrorCode::out_of_space, "out_of_space",
                   "The server's disk is full. Nothing was stored; ask its administrator to "
                   "free space, then try again.")
          .with_cause(std::move(cause));
    case EMFILE:
    case ENFILE:
      return Error(ErrorCode::unavailable, "too_many_files",
                   "The server has too many files open. Try again in a moment.")
          .with_cause(std::move(cause));
    default:
      return Error(ErrorCode::internal,
                   std::string_view(what) == kSyncOperation ? "storage_not_durable"
                                                            : "storage_failed",
                   "The server's storage failed. Nothing was stored.")
          .with_cause(std::move(cause));
  }
}

std::string read_small_file(FileSystem& files, const File& file, std::size_t max_bytes) {
  std::string bytes(max_bytes + 1, '\0');
  bytes.resize(files.read_at(file, 0, std::as_writable_bytes(std::span(bytes))));
  if (bytes.size() > max_bytes) throw internal_error("a key file is longer than it can be");
  return bytes;
}

bool write_new_file(FileSystem& files, const fs::path& temporary, const fs::path& path,
                    std::string_view bytes) {
  bool is_new = false;
  try {
    const File file = files.create(temporary);
    files.write_at(file, 0, std::as_bytes(std::span(bytes)));
    files.sync(file);
    is_new = files.rename(temporary, path);
    if (!is_new) files.remove_file(temporary);
    files.sync_folder(path.parent_path());
    return is_new;
  } catch (...) {
    try {
      files.remove_file(is_new ? path : temporary);
    } catch (const Error&) {  // swept at the next start
    }
    throw;
  }
}

}  // namespace aa::blob
