// Who is connected to this instance: counted by user, found by session.
//
// Thread rule: any thread. Errors: rate_limited "too_many_connections".
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <vector>

#include "service/collab/member.hpp"

namespace aa::collab {

class Roster {
 public:
  // One connection's place among those of its user, until it is destroyed.
  class Place {
   public:
    Place(Roster& roster, UserId user) : roster_(roster), user_(user) {}
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    ~Place() { roster_.give_back(user_); }

   private:
    Roster& roster_;
    UserId user_;
  };

  explicit Roster(std::size_t per_user_max) : per_user_max_(per_user_max) {}

  std::unique_ptr<Place> take(UserId user);
  void add(std::shared_ptr<Member> member);
  void remove(const Member& member);
  std::size_t size() const;

  std::vector<SessionId> sessions() const;
  std::vector<SessionId> sessions_of(OrganizationId organization, UserId user) const;
  std::vector<std::shared_ptr<Member>> members_of(SessionId session) const;

 private:
  void give_back(UserId user);

  const std::size_t per_user_max_;
  mutable std::mutex mutex_;
  std::map<UserId, std::size_t> taken_;
  std::map<SessionId, std::vector<std::shared_ptr<Member>>> members_;
};

}  // namespace aa::collab
