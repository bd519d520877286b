// What is hashed, and how: the format that anyone may verify (docs/audit.md).
//
//   hash(n) = SHA-256(hash(n-1) || entry(n)), hashes as 64 lower-case hex digits, hash(0) all zeros
//
// entry(n) is the entry as one line of JSON with these members in this order, as json::write() of
// the program writes them: sequence, at, organization_id, actor_id, action, object_type, object_id,
// outcome, request_id, origin, detail. What is absent is null. `origin` is
// SHA-256(salt || ip || LF || user agent) in hex: the three stand beside the chain, and can be
// erased without breaking it.
//
// Thread rule: values; pure functions. Errors: none.
#pragma once

#include <optional>
#include <string>

#include "base/clock.hpp"
#include "driver/db/row.hpp"

namespace aa::audit {

inline const std::string kNoHash(64, '0');  // before the first entry

// A row of the chain as it is stored; ids and detail stay text, for a million of them are hashed in
// one go.
struct Link {
  std::int64_t sequence = 0;
  Timestamp at;
  std::optional<std::string> actor_id;
  std::string action;
  std::string object_type;
  std::string object_id;
  std::string outcome;
  std::string request_id;
  std::optional<std::string> origin;
  std::string detail;
  std::string hash;
};
BOOST_DESCRIBE_STRUCT(Link, (),
                      (sequence, at, actor_id, action, object_type, object_id, outcome, request_id,
                       origin, detail, hash))

// The line that is hashed, and what of it comes behind the text of its time.
std::string rest_of_entry(const std::string& organization, const Link& link);
std::string entry_text(const std::string& organization, const Link& link);
std::string hash_of(const std::string& previous, const std::string& organization, const Link& link);
std::string origin_of(const std::string& salt, const std::string& ip,
                      const std::string& user_agent);

}  // namespace aa::audit
