#include "service/collab/lock_table.hpp"

#include <algorithm>

namespace aa::collab {
namespace {

constexpr std::chrono::seconds kLife{10};
constexpr std::ptrdiff_t kPerSession = 32;

}  // namespace

bool LockTable::hold(const AnnotationId& target, const Uuid& session, Time now) {
  const auto held = std::ranges::count_if(
      locks_, [&](const auto& lock) { return lock.second.session == session; });
  const auto found = locks_.find(target);
  if (found != locks_.end()) {
    if (found->second.session == session) found->second.until = now + kLife;
    return false;
  }
  if (held >= kPerSession) return false;
  locks_[target] = {session, {}, now + kLife};
  return true;
}

bool LockTable::release(const AnnotationId& target, const Uuid& session) {
  const auto found = locks_.find(target);
  if (found == locks_.end() || found->second.session != session) return false;
  locks_.erase(found);
  return true;
}

bool LockTable::release_all(const Uuid& session) {
  return std::erase_if(locks_, [&](const auto& lock) { return lock.second.session == session; }) >
         0;
}

bool LockTable::replace_foreign(const std::string& instance,
                                const std::map<AnnotationId, Uuid>& locks, Time now) {
  bool changed = std::erase_if(locks_, [&](const auto& lock) {
                   return lock.second.instance == instance && !locks.contains(lock.first);
                 }) > 0;
  for (const auto& [target, session] : locks) {
    const auto [at, fresh] = locks_.try_emplace(target, Entry{session, instance, now + kLife});
    if (!fresh && at->second.instance == instance) at->second.until = now + kLife;
    changed |= fresh;
  }
  return changed;
}

bool LockTable::expire(Time now) {
  return std::erase_if(locks_, [&](const auto& lock) { return lock.second.until <= now; }) > 0;
}

std::string LockTable::write(bool own_only) const {
  std::string out = "[";
  for (const auto& [target, entry] : locks_) {
    if (own_only && !entry.instance.empty()) continue;
    if (out.size() > 1) out += ',';
    out += R"({"target":")" + target.str() + R"(","s":")" + entry.session.str() + R"("})";
  }
  return out += ']';
}

std::string LockTable::json() const { return write(false); }
std::string LockTable::own_json() const { return write(true); }

}  // namespace aa::collab
