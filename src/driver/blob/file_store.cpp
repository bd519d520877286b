#include "driver/blob/file_store.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

#include "base/error.hpp"
#include "base/hash.hpp"
#include "driver/blob/chunk_file.hpp"

namespace aa::blob {
namespace {

using Path = std::filesystem::path;

// No part of a name may start with it.
constexpr char kVersionMark = '@';

// Shared by the store and its writers, which may outlive it.
struct Shared {
  Shared(Path data_dir, std::shared_ptr<KeyRing> key_ring, const Clock& the_clock,
         IdSource& the_ids, FileSystem& the_files)
      : root(data_dir / "blobs"),
        fresh(root / ".new"),
        keys(std::move(key_ring)),
        clock(the_clock),
        ids(the_ids),
        files(the_files) {}

  Path organization_folder(OrganizationId organization) const { return root / organization.str(); }
  Path folder(const Key& key) const { return organization_folder(key.organization) / key.name; }
  Path file(const Key& key, const std::string& version) const {
    return folder(key) / (kVersionMark + version);
  }
  // Oldest first.
  std::vector<std::string> version_ids(const Key& key) const {
    std::vector<std::string> found;
    for (const auto& entry : files.list(folder(key))) {
      if (entry.is_folder || entry.name.front() != kVersionMark) continue;
      if (Uuid::parse(entry.name.substr(1))) found.push_back(entry.name.substr(1));
    }
    return found;
  }

  const Path root;
  const Path fresh;
  const std::shared_ptr<KeyRing> keys;
  const Clock& clock;
  IdSource& ids;
  FileSystem& files;
  File lock;
  std::atomic<bool> healthy = true;
  std::mutex tree;  // held while folders and names appear or go, not while bytes are written
};

// After `newest`, even when the clock was set back.
std::string next_version_id(IdSource& ids, const std::vector<std::string>& present) {
  Uuid id = ids.next();
  const auto newest = present.empty() ? std::nullopt : Uuid::parse(present.back());
  if (newest && id <= *newest) {
    std::copy_n(newest->bytes.begin(), 6, id.bytes.begin());
    for (std::size_t i = 6; i-- > 0;) {
      if (++id.bytes[i] != 0) break;
    }
  }
  return id.str();
}

class FileWriter final : public Writer {
 public:
  FileWriter(std::shared_ptr<Shared> shared, const Key& key)
      : shared_(std::move(shared)),
        key_(key),
        data_key_(shared_->keys->get_or_create(key.organization)),
        temporary_(shared_->fresh / shared_->ids.next().str()),
        chunks_(shared_->files, shared_->files.create(temporary_), key, *data_key_) {}

  ~FileWriter() override {
    if (!renamed_) discard(temporary_);
  }

  void write(std::span<const std::byte> bytes) override {
    require_usable();
    usable_ = false;  // stays so when this throws: the file then lacks a part
    chunks_.write(bytes);
    usable_ = true;
  }

  std::uint64_t size() const override { return chunks_.size(); }

  Version commit() override {
    require_usable();
    usable_ = false;
    try {
      return publish();
    } catch (const Error& error) {
      // After a failed fsync the kernel may have dropped the dirty pages: nobody can know what
      // is on the disk, so the node stops calling itself ready.
      if (error.slug() == "storage_not_durable") shared_->healthy = false;
      throw;
    }
  }

 private:
  void require_usable() const {
    if (!usable_) throw internal_error("a blob writer was used after commit or a failure");
  }

  void discard(const Path& path) noexcept {
    try {
      shared_->files.remove_file(path);
    } catch (const Error&) {  // swept at the next start
    }
  }

  Version publish() {
    const auto folder = shared_->folder(key_);
    auto id = next_version_id(shared_->ids, shared_->version_ids(key_));
    const auto version = chunks_.finish(id, shared_->clock.now());
    try {
      for (const auto& above : place(folder, id)) shared_->files.sync(above);
    } catch (...) {
      if (renamed_) discard(shared_->file(key_, id));
      throw;
    }
    return version;
  }

  // Gives the file its name; returns the folders whose entries that changed, the innermost first.
  std::vector<File> place(const Path& folder, const std::string& id) {
    const std::lock_guard lock(shared_->tree);
    const auto data_keys = shared_->keys->all(key_.organization);
    const auto is_mine = [&](const DataKeyVersion& one) {
      return one.key->reveal() == data_key_->reveal();
    };
    // Rotated meanwhile is fine, destroyed is not.
    if (!data_keys || std::ranges::none_of(*data_keys, is_mine)) throw not_found("organization");
    make_folders(folder);
    if (!shared_->files.rename(temporary_, shared_->file(key_, id))) {
      throw internal_error("two versions of a blob with one id");
    }
    renamed_ = true;
    return open_folders(folder);
  }

  void make_folders(const Path& folder) {
    Path at = shared_->root;
    for (const auto& part : folder.lexically_relative(shared_->root)) {
      at /= part;
      shared_->files.make_folder(at);
    }
  }

  // All the way up each time: a folder that is there may have been made by a writer that has not
  // made it durable yet. Costs little when nothing changed. Opened while nobody can take them away:
  // whoever removes the blob right after is no reason to fail.
  std::vector<File> open_folders(Path folder) {
    std::vector<File> opened;
    for (; folder != shared_->root; folder = folder.parent_path()) {
      opened.push_back(shared_->files.open(folder));
    }
    opened.push_back(shared_->files.open(shared_->root));
    return opened;
  }

  std::shared_ptr<Shared> shared_;
  Key key_;
  DataKey data_key_;
  Path temporary_;
  ChunkWriter chunks_;
  bool usable_ = true;
  bool renamed_ = false;
};

class FileStore final : public Store {
 public:
  explicit FileStore(std::shared_ptr<Shared> shared) : shared_(std::move(shared)) {
    auto& files = shared_->files;
    files.make_folder(shared_->root);
    files.make_folder(shared_->fresh);
    files.sync_folder(shared_->root.parent_path());
    files.sync_folder(shared_->root);
    sweep();
    for (const auto organization : shared_->keys->destroyed()) {
      shared_->keys->destroy(organization);
      remove_tree(shared_->organization_folder(organization));
    }
  }

  std::unique_ptr<Writer> create(const Key& key) override {
    check_key(key);
    return std::make_unique<FileWriter>(shared_, key);
  }

  std::unique_ptr<Reader> open(const Key& key, const std::optional<std::string>& version) override {
    check_key(key);
    if (!version) return open_newest(key);
    // As text that came from outside: only the one spelling of a UUID names a file.
    const auto id = Uuid::parse(*version);
    if (!id || id->str() != *version) throw not_found("blob version");
    auto reader = open_version(key, *version);
    if (!reader) throw not_found("blob version");
    return reader;
  }

  std::vector<Version> versions(const Key& key) override {
    check_key(key);
    std::vector<Version> found;
    for (const auto& id : shared_->version_ids(key)) {
      if (const auto reader = open_version(key, id)) found.push_back(reader->version());
    }
    return found;
  }

  Version restore(const Key& key, const std::string& version) override {
    const auto reader = open(key, version);
    const auto writer = create(key);
    copy(*reader, *writer);
    return writer->commit();
  }

  void remove(const Key& key) override {
    check_key(key);
    const auto hold = shared_->files.open(shared_->root / kHoldFile);
    if (hold && !shared_->files.try_lock(hold, false)) return;  // left to the sweep
    const std::lock_guard lock(shared_->tree);
    const auto folder = shared_->folder(key);
    const auto ids = shared_->version_ids(key);
    if (ids.empty()) return;
    // Newest last: a crash half-way leaves the current version or nothing, never an older one.
    for (const auto& id : ids) shared_->files.remove_file(shared_->file(key, id));
    auto at = folder;
    while (at.parent_path() != shared_->root && shared_->files.remove_folder(at)) {
      at = at.parent_path();
    }
    shared_->files.sync_folder(at);
  }

  void destroy_organization(OrganizationId organization) override {
    {
      const std::lock_guard lock(shared_->tree);
      shared_->keys->destroy(organization);
    }
    remove_tree(shared_->organization_folder(organization));
    shared_->files.sync_folder(shared_->root);
  }

  std::vector<OrganizationId> organizations() override {
    std::vector<OrganizationId> found;
    for (const auto& entry : shared_->files.list(shared_->root)) {
      const auto id = OrganizationId::parse(entry.name);
      if (entry.is_folder && id) found.push_back(*id);
    }
    return found;
  }

  std::vector<std::string> names(OrganizationId organization, const std::string& folder) override {
    const Key key{organization, folder};
    check_key(key);
    std::vector<std::string> found;
    for (const auto& entry : shared_->files.list(shared_->folder(key))) {
      if (entry.is_folder) found.push_back(entry.name);
    }
    return found;
  }

  Renewal renew(OrganizationId organization, const std::string& from,
                const std::function<bool(const Renewal&)>& go_on) {
    Renewal done;
    const auto keys = shared_->keys->reread(organization);
    if (keys) done.ended = renew_folder({organization, ""}, from, keys->front(), done, go_on);
    return done;
  }

  bool opened_alone() const override { return opened_alone_; }
  bool healthy() const override { return shared_->healthy; }

 private:
  // Only when no other process has the store open: those files may be its writes.
  void sweep() {
    auto& files = shared_->files;
    const auto path = shared_->root / ".lock";
    shared_->lock = files.open(path);
    if (!shared_->lock) shared_->lock = files.create(path);
    opened_alone_ = files.try_lock(shared_->lock, true);
    if (opened_alone_) {
      for (const auto& entry : files.list(shared_->fresh)) {
        files.remove_file(shared_->fresh / entry.name);
      }
    }
    files.try_lock(shared_->lock, false);
  }

  void remove_tree(const Path& folder) {
    auto& files = shared_->files;
    for (const auto& entry : files.list(folder)) {
      if (entry.is_folder)
        remove_tree(folder / entry.name);
      else
        files.remove_file(folder / entry.name);
    }
    files.remove_folder(folder);
  }

  // Entries before the first part of `from` are done. False when it shall stop.
  bool renew_folder(const Key& at, std::string_view from, const DataKeyVersion& newest,
                    Renewal& done, const std::function<bool(const Renewal&)>& go_on) {
    const auto slash = from.find('/');
    const auto first = from.substr(0, slash);
    const auto rest = slash == from.npos ? std::string_view() : from.substr(slash + 1);
    for (const auto& entry : shared_->files.list(shared_->folder(at))) {
      if (entry.is_folder) {
        const Key below{at.organization, at.name.empty() ? entry.name : at.name + "/" + entry.name};
        if (entry.name < first) continue;
        const auto below_from = entry.name == first ? rest : std::string_view();
        if (!renew_folder(below, below_from, newest, done, go_on)) return false;
      } else if (entry.name.front() == kVersionMark) {
        ++done.looked_at;
        done.last = at.name;
        try {
          done.renewed += renew_version(at, entry.name.substr(1), newest) ? 1 : 0;
        } catch (const Error& error) {
          if (error.slug() != "blob_damaged") throw;
          ++done.damaged;
        }
        if (!go_on(done)) return false;
      }
    }
    return true;
  }

  // Under the same id, so that whoever has the old file open reads on and nobody notices.
  bool renew_version(const Key& key, const std::string& id, const DataKeyVersion& newest) {
    auto& files = shared_->files;
    const auto path = shared_->file(key, id);
    const auto reader = open_version(key, id);
    const auto* old = dynamic_cast<ChunkReader*>(reader.get());
    if (old == nullptr || old->data_key_version() >= newest.version) return false;
    const auto temporary = shared_->fresh / shared_->ids.next().str();
    try {
      ChunkWriter writer(files, files.create(temporary), key, *newest.key);
      copy(*reader, writer);
      const auto copied = writer.finish(id, reader->version().created_at);
      if (copied.sha256 != reader->version().sha256) throw blob_damaged(key, "another content");
      const std::lock_guard lock(shared_->tree);
      const bool removed = !files.open(path);
      if (removed) {
        files.remove_file(temporary);
        return false;
      }
      files.replace(temporary, path);
    } catch (...) {
      files.remove_file(temporary);
      throw;
    }
    files.sync_folder(shared_->folder(key));
    return true;
  }

  static void copy(Reader& reader, auto& writer) {
    std::vector<std::byte> buffer(kChunkBytes);
    for (std::uint64_t at = 0;;) {
      const auto count = reader.read_at(at, buffer);
      if (count == 0) return;
      writer.write(std::span(buffer).first(count));
      at += count;
    }
  }

  std::unique_ptr<Reader> open_version(const Key& key, const std::string& id) {
    const auto data_keys = shared_->keys->all(key.organization);
    if (!data_keys) return nullptr;
    File file = shared_->files.open(shared_->file(key, id));
    if (!file) return nullptr;
    try {
      return std::make_unique<ChunkReader>(shared_->files, std::move(file), key, id, *data_keys);
    } catch (const Error&) {
      // Perhaps another process rotated the key a moment ago, and wrote this with the new one.
      const auto again = shared_->keys->reread(key.organization);
      if (!again) return nullptr;
      if (again->front().version == data_keys->front().version) throw;
      file = shared_->files.open(shared_->file(key, id));
      if (!file) return nullptr;
      return std::make_unique<ChunkReader>(shared_->files, std::move(file), key, id, *again);
    }
  }

  std::unique_ptr<Reader> open_newest(const Key& key) {
    // Again when it is removed between listing and opening.
    for (int attempt = 0; attempt < 3; ++attempt) {
      const auto ids = shared_->version_ids(key);
      if (ids.empty()) break;
      if (auto reader = open_version(key, ids.back())) return reader;
    }
    throw not_found("blob");
  }

  std::shared_ptr<Shared> shared_;
  bool opened_alone_ = false;
};

}  // namespace

std::shared_ptr<KeyRing> open_key_ring(const FileStoreSettings& settings, FileSystem& files) {
  return std::make_shared<KeyRing>(files, settings.data_dir, settings.master_key_file);
}

Renewal renew(Store& store, OrganizationId organization, const std::string& from,
              const std::function<bool(const Renewal&)>& go_on) {
  auto* files = dynamic_cast<FileStore*>(&store);
  return files != nullptr ? files->renew(organization, from, go_on) : Renewal();
}

File hold_removals(const FileStoreSettings& settings, FileSystem& files) {
  const auto path = settings.data_dir / "blobs" / kHoldFile;
  constexpr int kTries = 100;
  constexpr std::chrono::milliseconds kPause{50};
  files.make_folder(path.parent_path());
  File file = files.open(path);
  if (!file) file = files.create(path);
  for (int i = 0; i < kTries; ++i) {
    if (files.try_lock(file, true)) return file;
    std::this_thread::sleep_for(kPause);  // somebody is removing something
  }
  throw conflict("backup_running", "Another backup of this data folder is running.");
}

std::unique_ptr<Store> open_file_store(const FileStoreSettings& settings, const Clock& clock,
                                       IdSource& ids) {
  return open_file_store(settings, open_key_ring(settings), clock, ids);
}

std::unique_ptr<Store> open_file_store(const FileStoreSettings& settings,
                                       std::shared_ptr<KeyRing> keys, const Clock& clock,
                                       IdSource& ids, FileSystem& files) {
  return std::make_unique<FileStore>(
      std::make_shared<Shared>(settings.data_dir, std::move(keys), clock, ids, files));
}

}  // namespace aa::blob
