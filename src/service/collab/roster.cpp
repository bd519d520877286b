#include "service/collab/roster.hpp"

#include "base/error.hpp"

namespace aa::collab {

std::unique_ptr<Roster::Place> Roster::take(UserId user) {
  const std::lock_guard lock(mutex_);
  auto& count = taken_[user];
  if (count >= per_user_max_) {
    throw Error(
        ErrorCode::rate_limited, "too_many_connections",
        "You have " + std::to_string(count) + " live connections already: close some pages.")
        .with_retry_after(std::chrono::seconds(10));
  }
  auto place = std::make_unique<Place>(*this, user);
  ++count;
  return place;
}

void Roster::give_back(UserId user) {
  const std::lock_guard lock(mutex_);
  const auto found = taken_.find(user);
  if (found != taken_.end() && --found->second == 0) taken_.erase(found);
}

void Roster::add(std::shared_ptr<Member> member) {
  const auto session = member->tenant.principal().session;
  const std::lock_guard lock(mutex_);
  members_[session].push_back(std::move(member));
}

void Roster::remove(const Member& member) {
  const std::lock_guard lock(mutex_);
  const auto found = members_.find(member.tenant.principal().session);
  if (found == members_.end()) return;
  std::erase_if(found->second, [&](const auto& one) { return one.get() == &member; });
  if (found->second.empty()) members_.erase(found);
}

std::size_t Roster::size() const {
  const std::lock_guard lock(mutex_);
  std::size_t out = 0;
  for (const auto& [session, members] : members_) out += members.size();
  return out;
}

std::vector<SessionId> Roster::sessions() const {
  const std::lock_guard lock(mutex_);
  std::vector<SessionId> out;
  out.reserve(members_.size());
  for (const auto& [session, members] : members_) out.push_back(session);
  return out;
}

std::vector<SessionId> Roster::sessions_of(OrganizationId organization, UserId user) const {
  const std::lock_guard lock(mutex_);
  std::vector<SessionId> out;
  for (const auto& [session, members] : members_) {
    const auto& tenant = members.front()->tenant;
    if (tenant.organization() == organization && tenant.user() == user) out.push_back(session);
  }
  return out;
}

std::vector<std::shared_ptr<Member>> Roster::members_of(SessionId session) const {
  const std::lock_guard lock(mutex_);
  const auto found = members_.find(session);
  return found == members_.end() ? std::vector<std::shared_ptr<Member>>() : found->second;
}

}  // namespace aa::collab
