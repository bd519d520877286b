// One connection of one person to a room, as the room sees it.
//
// Thread rule: what is const and atomic from any thread, the rest on the room's strand; a Link from
// any thread.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "base/json.hpp"
#include "driver/http/websocket.hpp"
#include "service/annotation/live_log.hpp"
#include "service/tenancy/tenant.hpp"

namespace aa::collab {

struct Person {
  UserId id;
  std::string name;
  std::string color;  // #rrggbb
};
BOOST_DESCRIBE_STRUCT(Person, (), (id, name, color))

// One of twelve, by the id: everybody sees a person in the same colour.
std::string color_of(UserId user);

// Why a socket is closed, see docs/live-protocol.md.
enum class Close : std::uint16_t {
  going_away = 1001,
  limit = 1008,
  not_this_protocol = 4400,
  signed_out = 4401,
  forbidden = 4403,
  gone = 4404,
};

// Where a member's messages go.
class Link {
 public:
  virtual ~Link() = default;
  // False: closed, or the peer does not read and is being cut.
  virtual bool send(http::Frame frame) = 0;
  // Only when nothing waits before it; false when it was dropped.
  virtual bool send_if_idle(http::Frame frame) = 0;
  virtual void close(Close code, std::string reason) = 0;
};

struct Member {
  Member(Uuid id, Person who, tenancy::Tenant in, std::shared_ptr<Link> to);

  const Uuid session;  // of the connection
  const Person person;
  const std::string person_json;
  const tenancy::Tenant tenant;
  const std::shared_ptr<Link> link;
  ProjectId project;  // set before others see the member
  std::atomic<bool> may_write;
  std::atomic<bool> expelled = false;  // nothing is taken from it any more
  std::atomic<bool> used = false;      // something was stored for it since its session was touched

  bool welcomed = false;        // gets what happens in the room
  bool lacks_presence = false;  // some news of others' presence were dropped
  int under_way = 0;            // batches that are not answered

  annotation::Author author() const;
  void send(const http::Frame& frame);
  void expel(Close code, std::string reason);
};

}  // namespace aa::collab
