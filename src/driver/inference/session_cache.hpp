// Loaded sessions by key, with in-flight leases and least-recently-used unloading.
//
// Thread rule: not synchronised; the owner holds its lock around every call. Sessions that leave
// are handed back so that they can be destroyed outside the lock. A lease is a shared_ptr; a
// session whose only holder is the cache may be unloaded.
// Errors: none.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "driver/inference/run_queue.hpp"
#include "driver/inference/session.hpp"

namespace aa::inference::detail {

using SessionPtr = std::shared_ptr<Session>;

class SessionCache {
 public:
  enum class State { absent, loading, loaded };

  State state(const SessionKey& key) const;
  SessionPtr lease(const SessionKey& key);  // null unless loaded
  void begin_loading(const SessionKey& key);
  void finish_loading(const SessionKey& key, SessionPtr session);  // null: it failed
  // Takes out unleased sessions, oldest first, until `needed` more bytes fit into `budget`.
  std::vector<SessionPtr> make_room(std::uint64_t needed, std::uint64_t budget);
  std::vector<SessionPtr> take_unleased();
  std::vector<SessionPtr> take_unleased(const std::string& path);  // both kinds
  std::uint64_t bytes() const;

 private:
  struct Entry {
    SessionPtr session;  // null while loading
    std::uint64_t last_use = 0;
  };
  std::map<SessionKey, Entry> entries_;
  std::uint64_t uses_ = 0;
};

}  // namespace aa::inference::detail
