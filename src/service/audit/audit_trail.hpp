// The audit trail: who did what, one hash chain per organisation (chain.hpp).
//
// An entry is written in the transaction of the change it records, so neither exists without the
// other. Rows are only ever inserted: the database itself refuses to change one. Times never go
// back along a chain, whatever the clock does. Personal data stand beside the chain.
//
// What belongs to no organisation (a login of nobody's, a token that is none) is in the
// installation's own chain, that of the organisation kInstallation.
//
// Thread rule: shared by all coroutines; set_listener() before any of them begins.
#pragma once

#include <atomic>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/clock.hpp"
#include "base/id.hpp"
#include "base/json.hpp"
#include "driver/db/database.hpp"
#include "service/audit/chain.hpp"

namespace aa::audit {

using runtime::Task;

inline const OrganizationId kInstallation{};

// Constructors, not aggregates: g++ 12 destroys the parts of an aggregate that is initialised with
// braces inside a co_await expression twice.

// Who acts, and from where.
struct Actor {
  Actor() = default;
  Actor(OrganizationId where, std::optional<UserId> who, std::string address, std::string request,
        std::string program = {})
      : organization(where),
        user(who),
        ip(std::move(address)),
        request_id(std::move(request)),
        user_agent(std::move(program)) {}
  OrganizationId organization;
  std::optional<UserId> user;
  std::string ip;
  std::string request_id;
  std::string user_agent;
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
  std::string action;
  std::string object_type;
  std::string object_id;
  std::string outcome;
  std::string request_id;
  std::optional<std::string> origin;
  json::Object detail;
  std::string hash;
  std::optional<std::string> ip;  // unless erased
  std::optional<std::string> user_agent;
};
BOOST_DESCRIBE_STRUCT(Record, (),
                      (sequence, at, actor_id, action, object_type, object_id, outcome, request_id,
                       origin, detail, hash, ip, user_agent))

// An entry as it is exported.
struct ExportRow : Link {
  std::optional<std::string> ip;
  std::optional<std::string> user_agent;
};
BOOST_DESCRIBE_STRUCT(ExportRow, (Link), (ip, user_agent))

// What a search asks for; all that is given must fit.
struct Filter {
  std::optional<UserId> actor;
  std::optional<std::string> action;  // from its beginning: "project." finds "project.create"
  std::optional<std::string> object_type;
  std::optional<std::string> object_id;
  std::optional<std::string> outcome;
  std::optional<Timestamp> from;   // inclusive
  std::optional<Timestamp> until;  // exclusive
};

struct Head {
  std::int64_t sequence = 0;
  std::string hash = kNoHash;
  Timestamp at;
};
BOOST_DESCRIBE_STRUCT(Head, (), (sequence, hash, at))

struct Verdict {
  std::int64_t entries = 0;
  std::optional<std::int64_t> first_bad;  // its sequence number
  std::string problem;                    // what is wrong with it
};

// Hears of each entry that is written, inside its transaction.
class Listener {
 public:
  virtual ~Listener() = default;
  virtual Task<> entry_written(db::Transaction& transaction, OrganizationId organization,
                               Link link) = 0;
};

class Trail {
 public:
  Trail(db::Database& database, const Clock& clock);

  void set_listener(Listener* listener) { listener_ = listener; }
  // Whether anything in the organisation listens is counted beside the head, so that entries of
  // those where nothing does cost nothing more.
  Task<> add_watchers(db::Transaction& transaction, OrganizationId organization, int change);

  // In the caller's transaction, when it is committed.
  Task<> append(db::Transaction& transaction, Actor actor, Entry entry);
  // A refused attempt, in a transaction of its own.
  Task<> denied(Actor actor, Entry entry);
  // Newest first, those before `before` when given.
  Task<std::vector<Record>> list(OrganizationId organization, std::optional<std::int64_t> before,
                                 int limit);
  Task<std::vector<Record>> search(OrganizationId organization, Filter filter,
                                   std::optional<std::int64_t> before, int limit);
  Task<std::optional<Record>> find(OrganizationId organization, std::int64_t sequence);
  // Oldest first, after `after`: for exports.
  Task<std::vector<ExportRow>> page(OrganizationId organization, Filter filter, std::int64_t after,
                                    int limit);
  Task<Head> head(OrganizationId organization);
  // `known` holds hashes that entries must have besides.
  Task<Verdict> verify(OrganizationId organization,
                       std::vector<std::pair<std::int64_t, std::string>> known = {});
  // Makes a person's addresses and programs unreadable everywhere; the chains still verify.
  Task<> erase_person(db::Transaction& transaction, UserId person);
  // Chains what versions before this one wrote anew; does nothing when there is nothing.
  Task<> adopt_earlier();
  Task<std::vector<OrganizationId>> organizations();

 private:
  struct HeadRow;
  struct Origin;
  class Pending;
  Task<> write(db::Transaction& transaction, OrganizationId organization, Link link, Origin origin);
  Task<> add(db::Transaction& transaction, Actor actor, Entry entry, std::string outcome);
  Task<HeadRow> lock_head(db::Transaction& transaction, OrganizationId organization);
  Task<> insert(db::Transaction& transaction, OrganizationId organization, Link link);
  Origin origin_of_actor(const Actor& actor);
  Task<std::optional<std::string>> note_origin(db::Transaction& transaction, Actor actor);
  void remember(db::Transaction& transaction, const Origin& origin);
  bool is_watched(OrganizationId organization);
  void note_watched(OrganizationId organization, bool watched);
  Task<> adopt(OrganizationId organization);

  db::Database& database_;
  const Clock& clock_;
  Listener* listener_ = nullptr;
  const std::string process_secret_;  // salts follow from it; it is written nowhere
  std::atomic<int> erasures_ = 0;     // and from these: what was erased does not come back
  std::mutex mutex_;
  std::unordered_map<std::string, std::string> origins_;  // that are committed
  std::unordered_set<std::string> watched_;  // organisations that had watchers when last looked at
};

}  // namespace aa::audit
