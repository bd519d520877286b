#include "driver/blob/failing_file_system.hpp"

namespace aa::blob {

void FailingFileSystem::step(const char* what, const Path& path) {
  const long now = ++count_;
  const long n = n_;
  if (n > 0 && (now == n || (stay_broken_ && now > n))) {
    throw storage_error(what, path, error_number_);
  }
}

File FailingFileSystem::create(const Path& path) {
  step("create", path);
  return inner_.create(path);
}

void FailingFileSystem::write_at(const File& file, std::uint64_t offset,
                                 std::span<const std::byte> bytes) {
  try {
    step("write", {});
  } catch (const Error&) {
    // A full disk takes some of the bytes before it says no.
    inner_.write_at(file, offset, bytes.first(bytes.size() / 2));
    throw;
  }
  inner_.write_at(file, offset, bytes);
}

void FailingFileSystem::sync(const File& file) {
  step(kSyncOperation, {});
  inner_.sync(file);
}

void FailingFileSystem::sync_folder(const Path& path) {
  step(kSyncOperation, path);
  inner_.sync_folder(path);
}

bool FailingFileSystem::rename(const Path& from, const Path& to) {
  step("rename", to);
  return inner_.rename(from, to);
}

void FailingFileSystem::replace(const Path& from, const Path& to) {
  step("rename", to);
  inner_.replace(from, to);
}

void FailingFileSystem::remove_file(const Path& path) {
  step("unlink", path);
  inner_.remove_file(path);
}

bool FailingFileSystem::remove_folder(const Path& path) {
  step("rmdir", path);
  return inner_.remove_folder(path);
}

void FailingFileSystem::make_folder(const Path& path) {
  step("mkdir", path);
  inner_.make_folder(path);
}

}  // namespace aa::blob
