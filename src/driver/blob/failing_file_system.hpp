// The file system's failing twin, for tests: passes everything on until the n-th changing
// operation (create, write, fsync, rename, remove, make), which fails with the given errno.
//
// With `stay_broken`, every later changing operation fails too, as after a power cut.
// Thread rule: may be shared.
#pragma once

#include <atomic>

#include "driver/blob/file_system.hpp"

namespace aa::blob {

class FailingFileSystem final : public FileSystem {
 public:
  FailingFileSystem(FileSystem& inner, int error_number, bool stay_broken)
      : inner_(inner), error_number_(error_number), stay_broken_(stay_broken) {}

  // Counts from 1; 0 never fails. Starts counting anew.
  void fail_at(long n) {
    n_ = n;
    count_ = 0;
  }
  long count() const { return count_; }  // changing operations since fail_at

  File create(const Path& path) override;
  File open(const Path& path) override { return inner_.open(path); }
  void write_at(const File& file, std::uint64_t offset, std::span<const std::byte> bytes) override;
  std::size_t read_at(const File& file, std::uint64_t offset, std::span<std::byte> bytes) override {
    return inner_.read_at(file, offset, bytes);
  }
  std::uint64_t size(const File& file) override { return inner_.size(file); }
  unsigned mode(const File& file) override { return inner_.mode(file); }
  void sync(const File& file) override;
  void sync_folder(const Path& path) override;
  bool rename(const Path& from, const Path& to) override;
  void replace(const Path& from, const Path& to) override;
  void remove_file(const Path& path) override;
  bool remove_folder(const Path& path) override;
  void make_folder(const Path& path) override;
  std::vector<Entry> list(const Path& path) override { return inner_.list(path); }
  bool try_lock(const File& file, bool exclusive) override {
    return inner_.try_lock(file, exclusive);
  }

 private:
  void step(const char* what, const Path& path);

  FileSystem& inner_;
  const int error_number_;
  const bool stay_broken_;
  std::atomic<long> n_ = 0;
  std::atomic<long> count_ = 0;
};

}  // namespace aa::blob
