#include "service/backup/sums.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

#include "base/error.hpp"
#include "base/hash.hpp"
#include "driver/blob/file_system.hpp"

namespace aa::backup {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPiece = 1 << 20;
constexpr std::size_t kHashChars = 64;

blob::File open_to_read(const fs::path& path) {
  blob::File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!file && errno != ENOENT) throw blob::storage_error("open", path, errno);
  return file;
}

void make_folders(const fs::path& folder) {
  if (fs::exists(folder)) return;
  make_folders(folder.parent_path());
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
    throw blob::storage_error("mkdir", folder, errno);
  }
}

std::string finish(Sha256& hash) { return to_hex(hash.finish()); }

}  // namespace

std::string copy_hashed(const fs::path& from, const fs::path& to, std::uint64_t& bytes) {
  const auto source = open_to_read(from);
  if (!source) return "";
  make_folders(to.parent_path());
  const blob::File target(::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!target) throw blob::storage_error("create", to, errno);
  auto& files = blob::posix_file_system();
  std::vector<std::byte> piece(kPiece);
  Sha256 hash;
  for (std::uint64_t at = 0;;) {
    const auto count = files.read_at(source, at, piece);
    if (count == 0) break;
    const auto part = std::span<const std::byte>(piece).first(count);
    hash.update(part);
    files.write_at(target, at, part);
    at += count;
    bytes += count;
  }
  return finish(hash);
}

std::string hash_of_file(const fs::path& path) {
  const auto file = open_to_read(path);
  if (!file) return "";
  std::vector<std::byte> piece(kPiece);
  Sha256 hash;
  for (std::uint64_t at = 0;;) {
    const auto count = blob::posix_file_system().read_at(file, at, piece);
    if (count == 0) return finish(hash);
    hash.update(std::span<const std::byte>(piece).first(count));
    at += count;
  }
}

void for_each_sum(const fs::path& sums,
                  const std::function<void(const std::string&, const fs::path&)>& take) {
  std::ifstream in(sums, std::ios::binary);
  const auto bad = [](const std::string& line) {
    return invalid("backup_damaged", "A line of SHA256SUMS cannot be read: " + line);
  };
  for (std::string line; std::getline(in, line);) {
    if (line.size() < kHashChars + 3 || line.substr(kHashChars, 2) != "  ") throw bad(line);
    const fs::path path = line.substr(kHashChars + 2);
    const bool below = path.is_relative() && std::ranges::none_of(path, [](const fs::path& part) {
                         return part == ".." || part == ".";
                       });
    if (!below) throw bad(line);
    take(line.substr(0, kHashChars), path);
  }
}

}  // namespace aa::backup
