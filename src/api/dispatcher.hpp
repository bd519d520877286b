// What every request passes: matching, limits, login, permission, idempotency, the handler, and the
// rendering of whatever came of it.
//
// Thread rule: immutable after construction; shared by all connections.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "api/body_budget.hpp"
#include "api/browser_guard.hpp"
#include "api/denials.hpp"
#include "api/rate_limiter.hpp"
#include "api/route.hpp"
#include "api/services.hpp"
#include "driver/http/static_files.hpp"

namespace aa::api {

struct DispatcherSettings {
  BrowserSettings browser;
  bool rate_limit = true;
  bool public_docs = true;
  Secret metrics_token;
  std::string web_dir;  // empty: no web UI is served
};

class Dispatcher {
 public:
  Dispatcher(Services services, DispatcherSettings settings);
  ~Dispatcher();

  Task<http::Response> handle(std::shared_ptr<http::Request> request);
  const Routes& routes() const { return routes_; }
  void set_draining() { draining_ = true; }  // /readyz answers 503 from now on

 private:
  struct Match {
    const Route* route = nullptr;
    std::map<std::string, std::string, std::less<>> path;
    std::string allow;  // methods that would match
  };
  struct Node;

  Task<http::Response> respond(std::shared_ptr<http::Request> request, const Route*& matched,
                               std::optional<tenancy::Tenant>& who);
  Task<tenancy::Principal> require_login(const http::Request& request);
  Task<tenancy::Principal> require_scim_token(const http::Request& request);
  Task<http::Response> run_login(Call call, const Route& route);
  Task<http::Response> run_route(Call call, const Route& route);
  Task<> require_fresh(Call& call);
  Task<http::Response> run_idempotent(Call call, const Route& route, std::string key);
  Task<std::optional<tenancy::Principal>> sign_in(const http::Request& request);
  std::optional<http::Response> system_answer(const http::Request& request);
  Task<http::Response> ready();
  Task<http::Response> jwks(std::shared_ptr<http::Request> request);
  http::Response web_page(const http::Request& request);
  Match match(const http::Request& request) const;
  void finish(const http::Request& request, http::Response& response, const Route* route,
              std::chrono::steady_clock::time_point started);

  Services services_;
  DispatcherSettings settings_;
  BrowserGuard browser_;
  RateLimiter limiter_;
  Denials denials_;
  BodyBudget bodies_{limits::kBufferedBodiesBytes};
  Routes routes_;
  std::map<std::string, std::vector<const Route*>> by_length_;
  std::unique_ptr<http::StaticFiles> files_;
  std::string openapi_;
  std::string docs_page_;
  std::atomic<bool> draining_ = false;
};

}  // namespace aa::api
