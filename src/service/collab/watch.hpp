// What an instance looks after from time to time: logs that grew elsewhere, assets that are gone,
// sign-ins that ended, used tickets, figures.
//
// Thread rule: start() and stop() once each. Errors: a look that fails is done again at its next
// turn.
#pragma once

#include <set>

#include "service/collab/rooms.hpp"
#include "service/collab/roster.hpp"
#include "service/collab/tickets.hpp"
#include "service/identity/identity.hpp"
#include "service/identity/revocations.hpp"

namespace aa::collab {

struct WatchParts {
  db::Database& database;
  identity::Identity& identity;
  Rooms& rooms;
  Roster& roster;
  Tickets& tickets;
  std::shared_ptr<RoomContext> context;
  bool shared_database = false;  // others may write, and only the bus or looking tells
};

class Watch : public std::enable_shared_from_this<Watch> {
 public:
  explicit Watch(WatchParts parts);

  void start();
  void stop();

  // One turn of each, for tests too.
  runtime::Task<> look_at_heads();
  runtime::Task<> look_at_revocations();
  runtime::Task<> look_at_sessions(std::vector<SessionId> sessions);
  runtime::Task<> prune();
  void tell_metrics();

 private:
  using Time = std::chrono::steady_clock::time_point;
  runtime::Task<> run();
  runtime::Task<> turn();
  runtime::Task<> look_again();
  bool heads_due(Time now);

  WatchParts parts_;
  boost::asio::steady_timer timer_;
  std::atomic<bool> stopped_ = false;
  Time heads_at_{};
  bool was_connected_ = false;
  unsigned turns_ = 0;
  unsigned turns_since_all_ = 0;  // since all sessions were looked at
  std::set<identity::RevocationId> seen_;
  std::vector<SessionId> to_look_at_;  // of the present round over all sessions
};

}  // namespace aa::collab
