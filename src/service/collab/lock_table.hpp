// Soft locks of a room: who drags what. Advice for others' screens; each ends by itself.
//
// The first who holds a target keeps it. Locks of other instances' members come as whole lists.
// Thread rule: one owner.
#pragma once

#include <chrono>
#include <map>
#include <string>

#include "base/id.hpp"

namespace aa::collab {

class LockTable {
 public:
  using Time = std::chrono::steady_clock::time_point;

  // True when somebody must be told.
  bool hold(const AnnotationId& target, const Uuid& session, Time now);
  bool release(const AnnotationId& target, const Uuid& session);
  bool release_all(const Uuid& session);
  bool replace_foreign(const std::string& instance, const std::map<AnnotationId, Uuid>& locks,
                       Time now);
  bool expire(Time now);

  bool empty() const { return locks_.empty(); }
  std::string json() const;      // [{"target","s"}]
  std::string own_json() const;  // of this instance's members

 private:
  struct Entry {
    Uuid session;
    std::string instance;  // empty: this one
    Time until;
  };
  std::string write(bool own_only) const;
  std::map<AnnotationId, Entry> locks_;
};

}  // namespace aa::collab
