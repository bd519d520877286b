#include "driver/host/atomic_file.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <unistd.h>

#include "base/error.hpp"
#include "base/hash.hpp"

namespace aa::host {
namespace {

std::filesystem::path folder_of(const std::filesystem::path& path) {
  return path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
}

// Beside the file, so that renaming stays within one file system.
std::string beside(const std::filesystem::path& path) {
  constexpr std::size_t kSalt = 8;
  const auto salt = random_bytes(kSalt);
  const std::span bytes(reinterpret_cast<const std::uint8_t*>(salt.data()), salt.size());
  return (folder_of(path) / ("." + path.filename().string() + "." + to_hex(bytes))).string();
}

}  // namespace

AtomicFile::AtomicFile(std::filesystem::path path) : path_(std::move(path)) {
  std::error_code error;
  std::filesystem::create_directories(folder_of(path_), error);
  // Renaming over a device or a pipe would take it away from everybody.
  if (std::filesystem::exists(path_, error) && !std::filesystem::is_regular_file(path_, error)) {
    fail(std::filesystem::is_directory(path_, error) ? EISDIR : EINVAL);
  }
  temporary_ = beside(path_);
  fd_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (fd_ < 0) fail(errno);
}

AtomicFile::~AtomicFile() {
  if (fd_ < 0) return;
  ::close(fd_);
  ::unlink(temporary_.c_str());
}

void AtomicFile::fail(int error_number) const {
  const bool full = error_number == ENOSPC || error_number == EDQUOT;
  throw Error(full ? ErrorCode::out_of_space : ErrorCode::internal, "cannot_write",
              path_.string() + " cannot be written: " + std::strerror(error_number) + ".");
}

void AtomicFile::write(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(fd_, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail(errno);
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
}

void AtomicFile::commit(Durable durable) {
  if (durable == Durable::yes && ::fsync(fd_) != 0) fail(errno);
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) fail(errno);
  ::close(std::exchange(fd_, -1));
  if (durable == Durable::no) return;
  const int folder = ::open(folder_of(path_).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return;  // the name is there; a folder that cannot be opened cannot be synced
  ::fsync(folder);
  ::close(folder);
}

void write_file(const std::filesystem::path& path, std::string_view bytes, Durable durable) {
  AtomicFile file(path);
  file.write(bytes);
  file.commit(durable);
}

std::string read_file(const std::filesystem::path& path, std::uint64_t max_bytes) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) throw not_found("file " + path.string());
  const auto size = std::filesystem::file_size(path, error);
  if (error) throw not_found("file " + path.string());
  if (size > max_bytes) {
    throw too_large("file_too_large",
                    path.string() + " is larger than " + std::to_string(max_bytes >> 20) + " MiB.");
  }
  std::string out(size, '\0');
  std::ifstream in(path, std::ios::binary);
  in.read(out.data(), static_cast<std::streamsize>(size));
  if (!in) throw Error(ErrorCode::internal, "cannot_read", path.string() + " cannot be read.");
  return out;
}

}  // namespace aa::host
