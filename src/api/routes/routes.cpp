#include "api/routes/routes.hpp"

#include <iterator>

namespace aa::api {

Routes all_routes(Services& services, const BrowserGuard& browser) {
  Routes out;
  auto add = [&](Routes rows) {
    out.insert(out.end(), std::make_move_iterator(rows.begin()),
               std::make_move_iterator(rows.end()));
  };
  add(auth_routes(services, browser));
  add(account_routes(services));
  add(recovery_routes(services));
  add(mfa_routes(services, browser));
  add(token_routes(services));
  add(key_routes(services));
  add(access_routes(services));
  add(invitation_routes(services, browser));
  add(grant_routes(services));
  add(usage_routes(services));
  add(audit_routes(services));
  add(webhook_routes(services));
  add(provisioning_routes(services));
  add(scim_routes(services));
  add(sso_routes(services, browser));
  add(saml_routes(services, browser));
  add(provider_routes(services));
  add(project_routes(services));
  add(asset_routes(services));
  add(gallery_routes(services));
  add(upload_routes(services));
  add(annotation_routes(services));
  add(history_routes(services));
  add(comment_routes(services));
  add(live_routes(services, browser));
  add(inference_routes(services));
  add(analyze_routes(services));
  add(suggestion_routes(services));
  add(search_routes(services));
  add(ranking_routes(services));
  add(job_routes(services));
  add(transfer_routes(services));
  add(model_routes(services));
  add(benchmark_routes(services));
  return out;
}

}  // namespace aa::api
