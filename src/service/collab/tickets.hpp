// Tickets of live connections: what a signed-in person may take to a socket, where no header can
// carry a token. Signed (HMAC-SHA256), alive for 30 seconds, good for one asset and one use.
//
// Stateless until used: that is a row which only one can insert, on whatever instance.
// Thread rule: any coroutine. Errors: unauthenticated "invalid_ticket", "ticket_expired",
// "ticket_used".
#pragma once

#include <string>

#include "base/secret.hpp"
#include "driver/db/database.hpp"
#include "service/tenancy/tenant.hpp"

namespace aa::collab {

using TicketId = Id<struct TicketTag>;
inline constexpr std::chrono::seconds kTicketLife{30};

struct Ticket {
  TicketId id;
  OrganizationId organization;
  UserId user;
  std::string name;
  SessionId session;
  ProjectId project;
  AssetId asset;
  std::int64_t expires = 0;  // microseconds, as in Timestamp
};
BOOST_DESCRIBE_STRUCT(Ticket, (), (id, organization, user, name, session, project, asset, expires))

class Tickets {
 public:
  Tickets(db::Database& database, const Clock& clock, Secret key)
      : database_(database), clock_(clock), key_(std::move(key)) {}

  std::string sign(const Ticket& ticket) const;
  Ticket verify(std::string_view text) const;  // not whether it was used
  runtime::Task<> use(Ticket ticket);
  runtime::Task<> prune();

 private:
  std::string mac(std::string_view text) const;

  db::Database& database_;
  const Clock& clock_;
  Secret key_;
};

}  // namespace aa::collab
