#include "service/testing/watched_store.hpp"

namespace aa::fixture {

std::vector<std::string> WatchedStore::begun() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> out;
  for (const auto& key : keys_) out.push_back(key.name);
  return out;
}

std::vector<std::string> WatchedStore::present() {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> out;
  for (const auto& key : keys_) {
    if (!store_.versions(key).empty()) out.push_back(key.name);
  }
  return out;
}

std::unique_ptr<blob::Writer> WatchedStore::create(const blob::Key& key) {
  if (hook_) hook_(key);
  const std::lock_guard lock(mutex_);
  keys_.push_back(key);
  return store_.create(key);
}

}  // namespace aa::fixture
