// Who must be asked again for a sign-in or a permission: rows that every instance reads every few
// seconds, written in the transaction of the change.
//
// Thread rule: any coroutine.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "driver/db/database.hpp"
#include "service/tenancy/tenant.hpp"

namespace aa::identity {

using RevocationId = Id<struct RevocationTag>;

struct Revocation {
  RevocationId id;
  OrganizationId organization_id;
  UserId user_id;
  std::optional<SessionId> session_id;  // empty: every session of the user
  Timestamp created_at;
};
BOOST_DESCRIBE_STRUCT(Revocation, (), (id, organization_id, user_id, session_id, created_at))

// Call it wherever a session ends, a password changes, a user is disabled or loses a role.
runtime::Task<> note_revocation(db::Transaction& transaction, Revocation revocation);
runtime::Task<std::vector<Revocation>> revoked_since(db::Database& database, Timestamp time);
runtime::Task<> prune_revocations(db::Database& database, Timestamp before);

}  // namespace aa::identity
