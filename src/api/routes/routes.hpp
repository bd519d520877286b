// All rows, a file per resource.
#pragma once

#include "api/browser_guard.hpp"
#include "api/route.hpp"
#include "api/services.hpp"

namespace aa::api {

Routes auth_routes(Services& services, const BrowserGuard& browser);
Routes account_routes(Services& services);
Routes recovery_routes(Services& services);
Routes mfa_routes(Services& services, const BrowserGuard& browser);
Routes token_routes(Services& services);
Routes key_routes(Services& services);
Routes access_routes(Services& services);
Routes invitation_routes(Services& services, const BrowserGuard& browser);
Routes grant_routes(Services& services);
Routes usage_routes(Services& services);
Routes audit_routes(Services& services);
Routes webhook_routes(Services& services);
Routes provisioning_routes(Services& services);
Routes scim_routes(Services& services);
Routes sso_routes(Services& services, const BrowserGuard& browser);
Routes saml_routes(Services& services, const BrowserGuard& browser);
Routes provider_routes(Services& services);
Routes project_routes(Services& services);
Routes asset_routes(Services& services);
Routes gallery_routes(Services& services);
Routes upload_routes(Services& services);
Routes annotation_routes(Services& services);
Routes history_routes(Services& services);
Routes comment_routes(Services& services);
Routes live_routes(Services& services, const BrowserGuard& browser);
Routes inference_routes(Services& services);
Routes analyze_routes(Services& services);
Routes suggestion_routes(Services& services);
Routes search_routes(Services& services);
Routes ranking_routes(Services& services);
Routes job_routes(Services& services);
Routes transfer_routes(Services& services);
Routes model_routes(Services& services);
Routes benchmark_routes(Services& services);

Routes all_routes(Services& services, const BrowserGuard& browser);

}  // namespace aa::api
