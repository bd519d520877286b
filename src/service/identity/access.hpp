// Who may what in an organisation, all of it: what the routes are given.
#pragma once

#include "service/identity/address_gate.hpp"
#include "service/identity/directory.hpp"
#include "service/identity/grants.hpp"
#include "service/identity/invitations.hpp"
#include "service/identity/members.hpp"
#include "service/identity/organizations.hpp"
#include "service/identity/policies.hpp"
#include "service/identity/roles.hpp"

namespace aa::identity {

struct Access {
  Access(db::Database& database, audit::Trail& trail, Identity& identity, const Clock& clock,
         IdSource& ids, runtime::Executors& executors)
      : organizations(database, trail, clock, ids),
        roles(database, trail, clock, ids),
        members(database, trail, clock, ids),
        directory(database, trail, members, clock, ids),
        grants(database, trail, clock, ids),
        invitations(database, trail, identity, members, clock, ids, executors),
        policies(database, trail, clock),
        addresses(database, clock) {}

  Organizations organizations;
  Roles roles;
  Members members;
  Directory directory;
  ProjectGrants grants;
  Invitations invitations;
  Policies policies;
  AddressGate addresses;
};

}  // namespace aa::identity
