// Live collaboration, as the faces of the program see it: tickets, admission, rooms.
//
// Built after everything that it uses and destroyed before; the executors must have stopped by
// then. Thread rule: shared by all coroutines. Errors: those of Tickets, Roster and Rooms;
// not_found for another organisation's asset.
#pragma once

#include "service/collab/allowance.hpp"
#include "service/collab/comment_threads.hpp"
#include "service/collab/watch.hpp"

namespace aa::collab {

struct IssuedTicket {
  IssuedTicket() = default;
  IssuedTicket(std::string text, std::int64_t seconds)
      : ticket(std::move(text)), expires_in(seconds) {}
  std::string ticket;
  std::int64_t expires_in = 0;  // seconds
};
BOOST_DESCRIBE_STRUCT(IssuedTicket, (), (ticket, expires_in))

// Who comes with a good ticket.
struct Admission {
  Admission(tenancy::Tenant in, Person who, ProjectId around, AssetId what,
            std::unique_ptr<Roster::Place> where)
      : tenant(std::move(in)),
        person(std::move(who)),
        project(around),
        asset(what),
        place(std::move(where)) {}
  tenancy::Tenant tenant;
  Person person;
  ProjectId project;
  AssetId asset;
  std::shared_ptr<Roster::Place> place;
};

struct CollabSettings {
  Secret ticket_key;
  std::size_t connections_per_user = 50;
  std::size_t rooms_max = 20'000;
  bool several = false;  // the bus reaches other instances
  RoomLimits room;
  Rates rates;
};

struct CollabParts {
  db::Database& database;
  identity::Identity& identity;
  projects::Projects& projects;
  assets::Assets& assets;
  annotation::LiveLog& log;
  comments::Comments& comments;
  bus::Bus& bus;
  const Clock& clock;
  IdSource& ids;
  runtime::Executor io;
  observe::Metrics& metrics;
};

class Collab {
 public:
  Collab(CollabParts parts, CollabSettings settings);
  ~Collab();

  runtime::Task<IssuedTicket> issue(tenancy::Tenant tenant, AssetId asset);
  // Uses the ticket up.
  runtime::Task<Admission> admit(std::string ticket, std::string ip, std::string request_id);

  // A connection's place in its room.
  struct Seat {
    std::shared_ptr<Room> room;
    std::shared_ptr<Member> member;
  };
  Seat enter(const Admission& admission, std::shared_ptr<Link> link);
  void leave(const Seat& seat);

  annotation::LogListener& log_listener() { return rooms_; }
  comments::Listener& thread_listener() { return rooms_; }
  Watch& watch() { return *watch_; }
  const Rates& rates() const { return settings_.rates; }
  const Clock& clock() const { return parts_.clock; }

  void start();
  runtime::Task<> drain(std::chrono::milliseconds grace);

 private:
  CollabParts parts_;
  CollabSettings settings_;
  Tickets tickets_;
  Roster roster_;
  CommentThreads threads_;
  std::shared_ptr<RoomContext> context_;
  Rooms rooms_;
  std::shared_ptr<Watch> watch_;
  std::atomic<bool> draining_ = false;
};

}  // namespace aa::collab
