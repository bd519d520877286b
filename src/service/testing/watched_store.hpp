// A blob store in memory that remembers every key it was asked to make, so that a test can say what
// was left behind.
//
// Thread rule: may be shared.
#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "driver/blob/memory_store.hpp"

namespace aa::fixture {

class WatchedStore final : public blob::Store {
 public:
  WatchedStore(const Clock& clock, IdSource& ids) : store_(clock, ids) {}

  // Keys that were begun at any time, and of those the ones that have a version now.
  std::vector<std::string> begun() const;
  std::vector<std::string> present();
  // Called whenever a key is begun, on the thread that begins it.
  void on_begin(std::function<void(const blob::Key&)> hook) { hook_ = std::move(hook); }
  void fail_at(long n, Error error) { store_.fail_at(n, std::move(error)); }

  std::unique_ptr<blob::Writer> create(const blob::Key& key) override;
  std::unique_ptr<blob::Reader> open(const blob::Key& key,
                                     const std::optional<std::string>& version) override {
    return store_.open(key, version);
  }
  std::vector<blob::Version> versions(const blob::Key& key) override {
    return store_.versions(key);
  }
  blob::Version restore(const blob::Key& key, const std::string& version) override {
    return store_.restore(key, version);
  }
  void remove(const blob::Key& key) override { store_.remove(key); }
  void destroy_organization(OrganizationId organization) override {
    store_.destroy_organization(organization);
  }
  std::vector<OrganizationId> organizations() override { return store_.organizations(); }
  std::vector<std::string> names(OrganizationId organization, const std::string& folder) override {
    return store_.names(organization, folder);
  }

 private:
  blob::MemoryStore store_;
  mutable std::mutex mutex_;
  std::vector<blob::Key> keys_;
  std::function<void(const blob::Key&)> hook_;
};

}  // namespace aa::fixture
