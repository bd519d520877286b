// A file that appears whole or not at all: written beside its place under another name, made
// durable, then renamed over what was there.
//
// Folders above are made. What is not committed is removed. Mode 0644 as the umask allows.
// Thread rule: one owner. Errors: Error out_of_space or internal, slug "cannot_write", naming the
// file and the system's reason; too_large "file_too_large" and not_found from read_file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace aa::host {

// Whether the file must outlive a failing machine, or only a failing program: thousands of small
// files that can be made again need no fsync each.
enum class Durable { yes, no };

class AtomicFile {
 public:
  explicit AtomicFile(std::filesystem::path path);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  void write(std::span<const std::byte> bytes);
  void write(std::string_view text) { write(std::as_bytes(std::span(text))); }
  void commit(Durable durable = Durable::yes);  // once

 private:
  [[noreturn]] void fail(int error_number) const;

  std::filesystem::path path_;
  std::string temporary_;
  int fd_ = -1;
};

void write_file(const std::filesystem::path& path, std::string_view bytes,
                Durable durable = Durable::yes);
// Bytes of a regular file of at most `max_bytes`.
std::string read_file(const std::filesystem::path& path, std::uint64_t max_bytes);

}  // namespace aa::host
