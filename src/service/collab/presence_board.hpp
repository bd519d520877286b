// Who is in a room and what each shows, as JSON text of one member each; and what of it changed
// since it was last told.
//
// Members of other instances are forgotten when their instance falls silent.
// Thread rule: one owner.
#pragma once

#include <chrono>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "service/collab/client_message.hpp"
#include "service/collab/member.hpp"

namespace aa::collab {

std::string presence_json(const Member& member, const Presence& shown);

class PresenceBoard {
 public:
  using Time = std::chrono::steady_clock::time_point;

  void show(const Uuid& session, std::string json);
  void leave(const Uuid& session);

  // From another instance; `all`: those it does not name have left.
  void show_foreign(const std::string& instance, const std::map<Uuid, std::string>& members,
                    const std::vector<Uuid>& left, bool all, Time now);
  void expire(Time now);

  bool changed() const { return !changed_.empty() || !left_.empty(); }
  bool has_foreign() const { return !heard_.empty(); }
  // The one session that all news are about, if so: it need not be told.
  std::optional<Uuid> only_about() const;
  std::string changes_message() const;  // {"t":"presence",...}
  std::string all_message() const;
  // What this instance tells the others: its own members that changed, or all.
  std::string own_changes(const std::string& instance) const;
  std::string own_all(const std::string& instance) const;
  void told();  // the changes are

  std::string others_of(const Uuid& session) const;  // a JSON array

 private:
  struct Entry {
    std::string json;
    std::string instance;  // empty: this one
  };
  void drop(std::map<Uuid, Entry>::iterator at);
  std::map<Uuid, Entry> entries_;
  std::set<Uuid> changed_;
  std::map<Uuid, bool> left_;  // whether it was of this instance
  std::map<std::string, Time> heard_;
};

}  // namespace aa::collab
