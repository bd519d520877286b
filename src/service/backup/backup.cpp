#include "service/backup/backup.hpp"

#include <algorithm>
#include <fcntl.h>
#include <sstream>
#include <unistd.h>

#include "base/hash.hpp"
#include "base/json.hpp"
#include "driver/blob/key_ring.hpp"
#include "driver/db/snapshot.hpp"
#include "service/backup/sums.hpp"

namespace aa::backup {
BOOST_DESCRIBE_STRUCT(Manifest, (),
                      (format, engine, created_at, master_key, files, bytes, sums_sha256))

namespace {

namespace fs = std::filesystem;

constexpr const char* kManifest = "manifest.json";
constexpr const char* kSums = "SHA256SUMS";
constexpr const char* kMasterKey = "master.key";

std::string engine_name(const Secret& url) {
  return db::engine_of(url) == db::Engine::sqlite ? "sqlite" : "postgres";
}

fs::path data_of(const Installation& installation) {
  return fs::absolute(installation.files.data_dir).lexically_normal();
}

bool keeps_own_master_key(const Installation& installation) {
  const auto& file = installation.files.master_key_file;
  return file.empty() ||
         fs::absolute(file).lexically_normal() == data_of(installation) / kMasterKey;
}

bool is_empty_or_absent(const fs::path& folder) {
  return !fs::exists(folder) || fs::is_empty(folder);
}

// Locks, what is being written, and the database, of which there is a snapshot.
bool is_left_out(const fs::path& path, const fs::path& database) {
  const auto name = path.filename().string();
  const auto& whole = path.native();
  return name.starts_with('.') || name.ends_with(".restored") ||
         (!database.empty() && whole.starts_with(database.native()));
}

void sync_all(const fs::path& folder) {
  const blob::File file(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!file || ::syncfs(file.fd()) != 0) {
    throw blob::storage_error(blob::kSyncOperation, folder, errno);
  }
}

void write_text(const fs::path& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << text;
  out.close();
  if (!out) throw blob::storage_error("write", path, ENOSPC);
}

std::string read_text(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

// Writes what a backup consists of, and its sums.
class Taker {
 public:
  Taker(const Installation& from, const fs::path& folder)
      : from_(from), folder_(folder), data_(data_of(from)), sums_(folder / kSums) {}

  void database() {
    fs::create_directory(folder_ / "database");
    db::write_snapshot(from_.database_url, folder_ / "database");
    for (const auto& entry : fs::directory_iterator(folder_ / "database")) {
      note(hash_of_file(entry.path()), entry.path().lexically_relative(folder_));
      bytes_ += entry.file_size();
    }
  }

  // Keys last: then each copied blob's key is there.
  void files(bool with_master_key) {
    std::vector<fs::path> below;
    for (const auto& entry : fs::directory_iterator(data_)) below.push_back(entry.path());
    std::ranges::sort(below);
    for (const auto& path : below) {
      if (path.filename() != "keys" && path.filename() != kMasterKey) tree(path);
    }
    tree(data_ / "keys");
    if (with_master_key) file(data_ / kMasterKey);
  }

  Manifest finish(Timestamp now, bool with_master_key) {
    sums_.close();
    if (!sums_) throw blob::storage_error("write", folder_ / kSums, ENOSPC);
    Manifest out;
    out.engine = engine_name(from_.database_url);
    out.created_at = now;
    out.master_key = with_master_key;
    out.files = files_;
    out.bytes = bytes_;
    out.sums_sha256 = hash_of_file(folder_ / kSums);
    sync_all(folder_);
    write_text(folder_ / kManifest, json::write(out) + "\n");
    sync_all(folder_);
    return out;
  }

 private:
  void tree(const fs::path& path) {
    if (is_left_out(path, db::file_of(from_.database_url))) return;
    if (fs::is_symlink(path)) return;
    if (!fs::is_directory(path)) return file(path);
    std::error_code gone;
    fs::directory_iterator at(path, gone);
    for (; !gone && at != fs::directory_iterator(); at.increment(gone)) tree(at->path());
  }

  void file(const fs::path& path) {
    const auto relative = fs::path("data") / path.lexically_relative(data_);
    const auto hash = copy_hashed(path, folder_ / relative, bytes_);
    if (!hash.empty()) note(hash, relative);
  }

  void note(const std::string& hash, const fs::path& relative) {
    sums_ << hash << "  " << relative.generic_string() << "\n";
    ++files_;
  }

  const Installation& from_;
  const fs::path& folder_;
  const fs::path data_;
  std::ofstream sums_;
  std::uint64_t files_ = 0;
  std::uint64_t bytes_ = 0;
};

Manifest read_manifest(const fs::path& folder) {
  if (!fs::exists(folder / kManifest)) {
    throw invalid("backup_damaged", folder.string() +
                                        " is no backup that was finished: there is "
                                        "no manifest.json.");
  }
  auto manifest = json::read<Manifest>(json::parse(read_text(folder / kManifest)));
  if (manifest.format != 1) {
    throw invalid("backup_damaged", "The backup is of a newer format than this program knows.");
  }
  if (hash_of_file(folder / kSums) != manifest.sums_sha256) {
    throw invalid("backup_damaged", "SHA256SUMS is not what was written with the backup.");
  }
  return manifest;
}

void check_target(const Manifest& manifest, const Installation& to) {
  if (manifest.engine != engine_name(to.database_url)) {
    throw invalid("backup_engine", "The backup is of a " + manifest.engine +
                                       " database. Name one with DATABASE_URL, or leave it out "
                                       "for SQLite.");
  }
  const auto data = data_of(to);
  const auto key = keeps_own_master_key(to) ? data / kMasterKey : to.files.master_key_file;
  if (!manifest.master_key && !fs::exists(key)) {
    throw invalid("backup_lacks_master_key",
                  "The backup does not hold the master key. Put that of the installation at " +
                      key.string() + ", or name it with MASTER_KEY_FILE.");
  }
  const bool goes_on = fs::exists(data / kRestoringMark);
  // An SQLite file is in the folder that is cleared.
  if (!goes_on || db::engine_of(to.database_url) == db::Engine::postgres) {
    db::require_empty(to.database_url);
  }
  if (goes_on || !fs::exists(data)) return;
  for (const auto& entry : fs::directory_iterator(data)) {
    if (!manifest.master_key && entry.path() == key) continue;
    throw conflict("restore_target_not_empty",
                   data.string() + " is not empty. Restore into a new folder.");
  }
}

// What an earlier restoration had brought.
void clear(const fs::path& data, bool keep_key) {
  for (const auto& entry : fs::directory_iterator(data)) {
    const auto name = entry.path().filename();
    if (name == kRestoringMark || (keep_key && name == kMasterKey)) continue;
    fs::remove_all(entry.path());
  }
}

void restore_files(const fs::path& folder, const Installation& to) {
  const auto data = data_of(to);
  for_each_sum(folder / kSums, [&](const std::string& hash, const fs::path& path) {
    std::string found;
    if (*path.begin() == "data") {
      std::uint64_t bytes = 0;
      const auto below = path.lexically_relative("data");
      const bool key_goes_elsewhere = below == kMasterKey && !keeps_own_master_key(to);
      const auto target = key_goes_elsewhere ? to.files.master_key_file : data / below;
      const bool is_there = key_goes_elsewhere && fs::exists(target);
      found = is_there ? hash_of_file(folder / path) : copy_hashed(folder / path, target, bytes);
    } else {
      found = hash_of_file(folder / path);
    }
    if (found != hash) {
      throw invalid("backup_damaged", path.string() + " is damaged or missing in the backup.");
    }
  });
}

}  // namespace

Manifest take(const Installation& from, const fs::path& folder, Timestamp now,
              bool with_master_key) {
  if (!is_empty_or_absent(folder)) {
    throw conflict("backup_target_not_empty", folder.string() + " is not empty.");
  }
  const auto data = data_of(from);
  if (!fs::exists(data)) throw not_found("data folder");
  const auto inside = fs::absolute(folder).lexically_normal().lexically_relative(data);
  if (!inside.empty() && *inside.begin() != "..") {
    throw invalid("backup_inside_data", "The backup cannot lie in the data folder itself.");
  }
  fs::create_directories(folder);
  fs::permissions(folder, fs::perms::owner_all);
  const bool with_key = with_master_key && keeps_own_master_key(from);
  blob::KeyRing ring(blob::posix_file_system(), from.files.data_dir, from.files.master_key_file);
  const auto keys_stay = ring.lock_rotation();
  const auto blobs_stay = blob::hold_removals(from.files);
  Taker taker(from, folder);
  taker.database();
  taker.files(with_key);
  return taker.finish(now, with_key);
}

Manifest restore(const fs::path& folder, const Installation& to) {
  const auto manifest = read_manifest(folder);
  check_target(manifest, to);
  const auto data = data_of(to);
  fs::create_directories(data);
  fs::permissions(data, fs::perms::owner_all);
  write_text(data / kRestoringMark, "a restoration has not ended\n");
  clear(data, !manifest.master_key);
  restore_files(folder, to);
  // Opens the keys that it finds, and says so when the master key is another one.
  blob::KeyRing(blob::posix_file_system(), to.files.data_dir, to.files.master_key_file);
  sync_all(data);
  db::read_snapshot(to.database_url, folder / "database");
  fs::remove(data / kRestoringMark);
  sync_all(data);
  return manifest;
}

}  // namespace aa::backup
