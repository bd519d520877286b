#include "driver/blob/memory_store.hpp"

#include <algorithm>
#include <mutex>
#include <set>
#include <utility>

namespace aa::blob {

struct MemoryStore::Contents {
  struct Stored {
    Version version;
    std::shared_ptr<const std::string> bytes;
  };
  using Place = std::pair<OrganizationId, std::string>;

  Contents(const Clock& the_clock, IdSource& the_ids) : clock(the_clock), ids(the_ids) {}

  void step() {
    const std::lock_guard lock(mutex);
    if (fail_at > 0 && --fail_at == 0) throw *failure;
  }

  const Clock& clock;
  IdSource& ids;
  std::mutex mutex;
  std::map<Place, std::vector<Stored>> blobs;
  std::set<OrganizationId> destroyed;
  long fail_at = 0;
  std::optional<Error> failure;
};

class MemoryStore::MemoryWriter final : public Writer {
 public:
  MemoryWriter(std::shared_ptr<Contents> contents, Key key)
      : contents_(std::move(contents)), key_(std::move(key)) {}

  void write(std::span<const std::byte> bytes) override {
    contents_->step();
    bytes_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  }
  std::uint64_t size() const override { return bytes_.size(); }

  Version commit() override {
    contents_->step();
    const std::lock_guard lock(contents_->mutex);
    if (contents_->destroyed.contains(key_.organization)) throw not_found("organization");
    Version version{contents_->ids.next().str(), bytes_.size(), sha256(bytes_),
                    contents_->clock.now()};
    contents_->blobs[{key_.organization, key_.name}].push_back(
        {version, std::make_shared<const std::string>(std::move(bytes_))});
    return version;
  }

 private:
  std::shared_ptr<Contents> contents_;
  Key key_;
  std::string bytes_;
};

class MemoryStore::MemoryReader final : public Reader {
 public:
  explicit MemoryReader(Contents::Stored stored) : stored_(std::move(stored)) {}

  const Version& version() const override { return stored_.version; }
  std::size_t read_at(std::uint64_t offset, std::span<std::byte> bytes) override {
    const auto all = std::as_bytes(std::span(*stored_.bytes));
    if (offset >= all.size()) return 0;
    const auto from = all.subspan(static_cast<std::size_t>(offset));
    const auto count = std::min(from.size(), bytes.size());
    std::ranges::copy(from.first(count), bytes.begin());
    return count;
  }

 private:
  Contents::Stored stored_;
};

MemoryStore::MemoryStore(const Clock& clock, IdSource& ids)
    : contents_(std::make_shared<Contents>(clock, ids)) {}
MemoryStore::~MemoryStore() = default;

void MemoryStore::fail_at(long n, Error error) {
  const std::lock_guard lock(contents_->mutex);
  contents_->fail_at = n;
  contents_->failure = std::move(error);
}

std::unique_ptr<Writer> MemoryStore::create(const Key& key) {
  check_key(key);
  const std::lock_guard lock(contents_->mutex);
  if (contents_->destroyed.contains(key.organization)) throw not_found("organization");
  return std::make_unique<MemoryWriter>(contents_, key);
}

std::unique_ptr<Reader> MemoryStore::open(const Key& key,
                                          const std::optional<std::string>& version) {
  check_key(key);
  const std::lock_guard lock(contents_->mutex);
  const auto at = contents_->blobs.find({key.organization, key.name});
  if (at == contents_->blobs.end()) throw not_found(version ? "blob version" : "blob");
  if (!version) return std::make_unique<MemoryReader>(at->second.back());
  const auto found = std::ranges::find_if(
      at->second, [&](const Contents::Stored& stored) { return stored.version.id == *version; });
  if (found == at->second.end()) throw not_found("blob version");
  return std::make_unique<MemoryReader>(*found);
}

std::vector<Version> MemoryStore::versions(const Key& key) {
  check_key(key);
  const std::lock_guard lock(contents_->mutex);
  std::vector<Version> found;
  const auto at = contents_->blobs.find({key.organization, key.name});
  if (at == contents_->blobs.end()) return found;
  for (const auto& stored : at->second) found.push_back(stored.version);
  return found;
}

Version MemoryStore::restore(const Key& key, const std::string& version) {
  const auto reader = open(key, version);
  return put(*this, key, read_all(*reader, reader->version().size));
}

void MemoryStore::remove(const Key& key) {
  check_key(key);
  const std::lock_guard lock(contents_->mutex);
  contents_->blobs.erase({key.organization, key.name});
}

void MemoryStore::destroy_organization(OrganizationId organization) {
  const std::lock_guard lock(contents_->mutex);
  contents_->destroyed.insert(organization);
  std::erase_if(contents_->blobs,
                [&](const auto& entry) { return entry.first.first == organization; });
}

std::vector<OrganizationId> MemoryStore::organizations() {
  const std::lock_guard lock(contents_->mutex);
  std::set<OrganizationId> found;
  for (const auto& [place, stored] : contents_->blobs) found.insert(place.first);
  return {found.begin(), found.end()};
}

std::vector<std::string> MemoryStore::names(OrganizationId organization,
                                            const std::string& folder) {
  const std::lock_guard lock(contents_->mutex);
  std::set<std::string> found;
  for (const auto& [place, stored] : contents_->blobs) {
    if (place.first != organization || !place.second.starts_with(folder + "/")) continue;
    const auto rest = place.second.substr(folder.size() + 1);
    found.insert(rest.substr(0, rest.find('/')));
  }
  return {found.begin(), found.end()};
}

}  // namespace aa::blob
