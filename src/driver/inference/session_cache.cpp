#include "driver/inference/session_cache.hpp"

#include <algorithm>

namespace aa::inference::detail {

SessionCache::State SessionCache::state(const SessionKey& key) const {
  const auto found = entries_.find(key);
  if (found == entries_.end()) return State::absent;
  return found->second.session ? State::loaded : State::loading;
}

SessionPtr SessionCache::lease(const SessionKey& key) {
  const auto found = entries_.find(key);
  if (found == entries_.end()) return nullptr;
  found->second.last_use = ++uses_;
  return found->second.session;
}

void SessionCache::begin_loading(const SessionKey& key) { entries_[key] = {}; }

void SessionCache::finish_loading(const SessionKey& key, SessionPtr session) {
  if (session)
    entries_[key] = {std::move(session), ++uses_};
  else
    entries_.erase(key);
}

std::vector<SessionPtr> SessionCache::make_room(std::uint64_t needed, std::uint64_t budget) {
  std::vector<SessionPtr> out;
  while (bytes() + needed > budget) {
    auto oldest = entries_.end();
    for (auto it = entries_.begin(); it != entries_.end(); ++it) {
      if (!it->second.session || it->second.session.use_count() > 1) continue;
      if (oldest == entries_.end() || it->second.last_use < oldest->second.last_use) oldest = it;
    }
    if (oldest == entries_.end()) break;
    out.push_back(std::move(oldest->second.session));
    entries_.erase(oldest);
  }
  return out;
}

std::vector<SessionPtr> SessionCache::take_unleased() { return make_room(0, 0); }

std::vector<SessionPtr> SessionCache::take_unleased(const std::string& path) {
  std::vector<SessionPtr> out;
  std::erase_if(entries_, [&](auto& entry) {
    auto& session = entry.second.session;
    if (entry.first.path != path || !session || session.use_count() > 1) return false;
    out.push_back(std::move(session));
    return true;
  });
  return out;
}

std::uint64_t SessionCache::bytes() const {
  std::uint64_t total = 0;
  for (const auto& [key, entry] : entries_) total += entry.session ? entry.session->bytes() : 0;
  return total;
}

}  // namespace aa::inference::detail
