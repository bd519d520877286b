// The audit trail: who did what, one hash chain per organisation.
//
// h(n) = SHA-256(h(n-1) || canonical entry); an entry is written in the transaction of the change
// it records, so neither exists without the other. Rows are only ever inserted.
//
// Thread rule: shared by all coroutines.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/id.hpp"
#include "base/json.hpp"
#include "driver/db/database.hpp"

namespace aa::audit {

using runtime::Task;

// Constructors, not aggregates: g++ 12 destroys the parts of an aggregate that is initialised with
// braces inside a co_await expression twice.

// Who acts, and from where.
struct Actor {
  Actor() = default;
  Actor(OrganizationId where, std::optional<UserId> who, std::string address, std::string request)
      : organization(where), user(who), ip(std::move(address)), request_id(std::move(request)) {}
  OrganizationId organization;
  std::optional<UserId> user;
  std::string ip;
  std::string request_id;
};

struct Entry {
  Entry(std::string what, std::string type, std::string id, json::Object more = {})
      : action(std::move(what)),
        object_type(std::move(type)),
        object_id(std::move(id)),
        detail(std::move(more)) {}
  std::string action;       // "project.create"
  std::string object_type;  // "project"
  std::string object_id;
  json::Object detail;  // no secrets, no personal data
};

// An entry as it is listed.
struct Record {
  std::int64_t sequence = 0;
  Timestamp at;
  std::optional<UserId> actor_id;
  std::string ip;
  std::string request_id;
  std::string action;
  std::string object_type;
  std::string object_id;
  std::string outcome;
  json::Object detail;
  std::string hash;
};
BOOST_DESCRIBE_STRUCT(Record, (),
                      (sequence, at, actor_id, ip, request_id, action, object_type, object_id,
                       outcome, detail, hash))

struct Verdict {
  std::int64_t entries = 0;
  std::optional<std::int64_t> first_bad;  // its sequence number
};

class Trail {
 public:
  Trail(db::Database& database, const Clock& clock) : database_(database), clock_(clock) {}

  // In the caller's transaction.
  Task<> append(db::Transaction& transaction, Actor actor, Entry entry);
  // A refused attempt, in a transaction of its own.
  Task<> denied(Actor actor, Entry entry);
  // Newest first, those before `before` when given.
  Task<std::vector<Record>> list(OrganizationId organization, std::optional<std::int64_t> before,
                                 int limit);
  Task<Verdict> verify(OrganizationId organization);

 private:
  Task<> write(db::Transaction& transaction, Actor actor, Entry entry, std::string outcome);

  db::Database& database_;
  const Clock& clock_;
};

}  // namespace aa::audit
