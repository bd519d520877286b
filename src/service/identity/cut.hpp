// Taking rights away so that it is felt at once: sessions end, and what runs in the person's name
// stops. Every change of rights first takes the organisation's lock, and sees there what the one
// who acts may do by now.
//
// Thread rule: any coroutine.
#pragma once

#include "driver/db/database.hpp"
#include "service/tenancy/tenant.hpp"

namespace aa::identity {

using runtime::Task;

// Of rights in one organisation only one change goes on at a time. What the actor may, as it stands
// now, in the project when one is named; throws permission_denied unless `needed` is among it.
Task<tenancy::PermissionSet> lock_actor(db::Transaction& transaction, tenancy::Tenant tenant,
                                        tenancy::Permission needed,
                                        std::optional<ProjectId> project = std::nullopt);
// The lock alone; not_found for an organisation that is no more.
Task<> lock_organization(db::Transaction& transaction, OrganizationId organization);

// Ends the user's sessions in the organisation and the jobs that run in his name, and lets every
// instance look again at what he may.
Task<> cut_access(db::Transaction& transaction, OrganizationId organization, UserId user,
                  const Clock& clock, IdSource& ids);
// Only lets every instance look again.
Task<> tell_changed(db::Transaction& transaction, OrganizationId organization, UserId user,
                    const Clock& clock, IdSource& ids);

}  // namespace aa::identity
