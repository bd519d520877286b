#include "service/collab/presence_board.hpp"

#include <algorithm>

namespace aa::collab {
namespace {

constexpr std::chrono::seconds kSilenceMax{15};

void append_item(std::string& out, std::string_view item) {
  if (out.back() != '[') out += ',';
  out += item;
}

void append_id(std::string& out, const Uuid& id) { append_item(out, '"' + id.str() + '"'); }

}  // namespace

std::string presence_json(const Member& member, const Presence& shown) {
  std::string out = R"({"s":")" + member.session.str() + R"(","user":)" + member.person_json;
  auto append = [&](std::string_view name, const auto& value) {
    if (!value) return;
    out += ",\"";
    out += name;
    out += "\":";
    json::append(out, *value);
  };
  append("cursor", shown.cursor);
  out += R"(,"selection":)";
  json::append(out, shown.selection);
  append("tool", shown.tool);
  append("view", shown.view);
  append("frame", shown.frame);
  return out += '}';
}

void PresenceBoard::show(const Uuid& session, std::string json) {
  auto& entry = entries_[session];
  if (entry.json == json) return;
  entry.json = std::move(json);
  changed_.insert(session);
}

void PresenceBoard::drop(std::map<Uuid, Entry>::iterator at) {
  changed_.erase(at->first);
  left_[at->first] = at->second.instance.empty();
  entries_.erase(at);
}

void PresenceBoard::leave(const Uuid& session) {
  const auto at = entries_.find(session);
  if (at != entries_.end()) drop(at);
}

void PresenceBoard::show_foreign(const std::string& instance,
                                 const std::map<Uuid, std::string>& members,
                                 const std::vector<Uuid>& left, bool all, Time now) {
  heard_[instance] = now;
  for (auto at = entries_.begin(); at != entries_.end();) {
    const auto here = at++;
    if (here->second.instance != instance) continue;
    const bool gone =
        all ? !members.contains(here->first) : std::ranges::count(left, here->first) > 0;
    if (gone) drop(here);
  }
  for (const auto& [session, json] : members) {
    auto& entry = entries_[session];
    if (entry.json == json) continue;
    entry = {json, instance};
    left_.erase(session);
    changed_.insert(session);
  }
}

void PresenceBoard::expire(Time now) {
  for (auto at = heard_.begin(); at != heard_.end();) {
    const auto here = at++;
    if (now - here->second < kSilenceMax) continue;
    const std::string instance = here->first;
    heard_.erase(here);
    for (auto entry = entries_.begin(); entry != entries_.end();) {
      const auto candidate = entry++;
      if (candidate->second.instance == instance) drop(candidate);
    }
  }
}

std::optional<Uuid> PresenceBoard::only_about() const {
  if (changed_.size() != 1 || !left_.empty()) return std::nullopt;
  return *changed_.begin();
}

std::string PresenceBoard::changes_message() const {
  std::string out = R"({"t":"presence","members":[)";
  for (const auto& session : changed_) append_item(out, entries_.at(session).json);
  out += R"(],"left":[)";
  for (const auto& [session, own] : left_) append_id(out, session);
  return out += "]}";
}

std::string PresenceBoard::all_message() const {
  std::string out = R"({"t":"presence","members":[)";
  for (const auto& [session, entry] : entries_) append_item(out, entry.json);
  return out += R"(],"left":[]})";
}

std::string PresenceBoard::own_changes(const std::string& instance) const {
  std::string out = R"({"k":"presence","i":")" + instance + R"(","members":[)";
  const auto empty = out.size();
  for (const auto& session : changed_) {
    const auto& entry = entries_.at(session);
    if (entry.instance.empty()) append_item(out, entry.json);
  }
  bool any = out.size() > empty;
  out += R"(],"left":[)";
  for (const auto& [session, own] : left_) {
    if (own) append_id(out, session);
    any |= own;
  }
  return any ? out + "]}" : std::string();
}

std::string PresenceBoard::own_all(const std::string& instance) const {
  std::string out = R"({"k":"presence","i":")" + instance + R"(","all":true,"members":[)";
  for (const auto& [session, entry] : entries_) {
    if (entry.instance.empty()) append_item(out, entry.json);
  }
  return out += R"(],"left":[]})";
}

void PresenceBoard::told() {
  changed_.clear();
  left_.clear();
}

std::string PresenceBoard::others_of(const Uuid& session) const {
  std::string out = "[";
  for (const auto& [id, entry] : entries_) {
    if (id != session) append_item(out, entry.json);
  }
  return out += ']';
}

}  // namespace aa::collab
