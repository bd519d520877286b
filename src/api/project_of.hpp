// In which project a request is: what a person may there can be more than what he may everywhere.
//
// Thread rule: any coroutine.
#pragma once

#include "api/route.hpp"
#include "api/services.hpp"

namespace aa::api {

// Of the thing that the path names by {id}; nothing when the path names none, or one that is not in
// a project of the tenant's.
Task<std::optional<ProjectId>> project_of(Services services, Call call, const Route& route);

// The tenant of a call as he is in the project, or in that of the asset. The asset is looked up
// only for those who have grants; one that is absent changes nothing.
tenancy::Tenant in_project(const Call& call, ProjectId project);
Task<tenancy::Tenant> in_project_of(Services services, Call call, AssetId asset);

}  // namespace aa::api
