#include "api/dispatcher.hpp"

#include <algorithm>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "api/openapi.hpp"
#include "api/permission_matrix.hpp"
#include "api/project_of.hpp"
#include "api/render_error.hpp"
#include "api/routes/routes.hpp"
#include "api/routes/sign_in_answer.hpp"
#include "base/hash.hpp"
#include "base/utf8.hpp"
#include "core/observe/log.hpp"
#include "driver/http/compress.hpp"
#include "service/audit/recorded.hpp"

namespace aa::api {
namespace {

constexpr std::size_t kIdempotencyKeyBytes = 200;
constexpr std::size_t kUserAgentBytes = 300;

std::vector<std::string_view> split_path(std::string_view path) {
  std::vector<std::string_view> out;
  path.remove_prefix(1);
  while (true) {
    const auto slash = path.find('/');
    out.push_back(path.substr(0, slash));
    if (slash == std::string_view::npos) return out;
    path.remove_prefix(slash + 1);
  }
}

bool is_name(std::string_view segment) { return segment.starts_with('{'); }

bool fits(const std::vector<std::string_view>& pattern, const std::vector<std::string_view>& path) {
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (is_name(pattern[i]) ? path[i].empty() : pattern[i] != path[i]) return false;
  }
  return true;
}

bool is_loopback(const http::Request& request) {
  return request.remote.is_loopback() && !request.headers.get("X-Forwarded-For");
}

// Reached by the tokens of directories alone.
bool is_scim(const http::Request& request) { return request.path.starts_with("/scim/"); }

http::Response refusal_of(const http::Request& request, const Error& error) {
  return is_scim(request) ? render_scim(error) : render(error);
}

http::Response text_answer(int status, std::string body) {
  return http::Response::text(status, "text/plain; charset=utf-8", std::move(body));
}

}  // namespace

Dispatcher::Dispatcher(Services services, DispatcherSettings settings)
    : services_(services),
      settings_(std::move(settings)),
      browser_(settings_.browser),
      limiter_(services.clock),
      denials_(services.trail, services.clock),
      routes_(all_routes(services_, browser_)) {
  routes_.push_back(permission_matrix_route(routes_));
  std::ranges::sort(routes_, {}, [](const Route& route) {
    // Fixed segments before named ones, so that /projects/new could not be taken for an id.
    return std::ranges::count(route.pattern, '{');
  });
  for (const auto& route : routes_) {
    by_length_[std::to_string(split_path(route.pattern).size())].push_back(&route);
  }
  if (!settings_.web_dir.empty()) {
    files_ = std::make_unique<http::StaticFiles>(settings_.web_dir);
  }
  openapi_ = openapi_document(routes_);
  docs_page_ = documentation_page(routes_);
}

Dispatcher::~Dispatcher() = default;

Dispatcher::Match Dispatcher::match(const http::Request& request) const {
  Match out;
  const auto path = split_path(request.path);
  const auto candidates = by_length_.find(std::to_string(path.size()));
  if (candidates == by_length_.end()) return out;
  for (const Route* route : candidates->second) {
    const auto pattern = split_path(route->pattern);
    if (!fits(pattern, path)) continue;
    const bool head = request.method == "HEAD" && route->method == "GET";
    if (route->method != request.method && !head) {
      if (out.allow.find(route->method) == std::string::npos) {
        out.allow += (out.allow.empty() ? "" : ", ") + std::string(route->method);
      }
      continue;
    }
    out.route = route;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
      if (is_name(pattern[i])) {
        out.path.emplace(pattern[i].substr(1, pattern[i].size() - 2), path[i]);
      }
    }
    return out;
  }
  return out;
}

Task<http::Response> Dispatcher::handle(std::shared_ptr<http::Request> request) {
  const auto started = services_.clock.steady();
  const Route* route = nullptr;
  std::optional<tenancy::Tenant> who;
  std::optional<Error> refusal;
  http::Response response;
  try {
    response = co_await respond(request, route, who);
  } catch (const Error& error) {
    const bool page = route != nullptr && route->for_browsers && wants_page(*request);
    response = page ? sign_in_page(error) : refusal_of(*request, error);
    if (dynamic_cast<const audit::Recorded*>(&error) == nullptr) refusal = error;
    if (error.code() == ErrorCode::internal) {
      observe::error("request.failed", {{"request_id", request->request_id},
                                        {"path", request->path},
                                        {"error", std::string_view(error.what())}});
    }
  } catch (const std::exception& error) {
    response = refusal_of(*request, internal_error(error.what()));
    observe::error("request.failed", {{"request_id", request->request_id},
                                      {"path", request->path},
                                      {"error", std::string_view(error.what())}});
  }
  if (refusal && who) co_await denials_.note(request, route, who, *refusal);
  // Without waiting: how long an answer takes must not tell whether an account is there.
  if (refusal && !who) {
    boost::asio::co_spawn(services_.executors.io(), denials_.note(request, route, who, *refusal),
                          boost::asio::detached);
  }
  finish(*request, response, route, started);
  co_return response;
}

void Dispatcher::finish(const http::Request& request, http::Response& response, const Route* route,
                        std::chrono::steady_clock::time_point started) {
  const bool told = request.path.starts_with("/api/") || is_scim(request);
  if (told && !response.headers.get("Cache-Control")) {
    response.headers.set("Cache-Control", "no-store");
  }
  browser_.add_headers(request, response);
  http::maybe_gzip(request, response);
  const auto took = services_.clock.steady() - started;
  const std::string pattern = route != nullptr ? std::string(route->pattern) : "other";
  const std::string status = std::to_string(response.status);
  services_.metrics.add("aa_http_requests_total", "Requests by route and status",
                        {{"method", request.method}, {"route", pattern}, {"status", status}});
  services_.metrics.observe_seconds("aa_http_request_seconds", "Time to the answer's head",
                                    {{"route", pattern}}, took);
  observe::log(observe::Level::debug, "request",
               {{"request_id", request.request_id},
                {"method", request.method},
                {"path", request.path},
                {"status", response.status},
                {"ip", request.remote.to_string()},
                {"ms", std::chrono::duration<double, std::milli>(took).count()}});
}

Task<http::Response> Dispatcher::respond(std::shared_ptr<http::Request> request,
                                         const Route*& matched,
                                         std::optional<tenancy::Tenant>& who) {
  if (request->path == "/readyz") co_return co_await ready();
  if (request->path == "/.well-known/jwks.json") co_return co_await jwks(std::move(request));
  if (auto answer = system_answer(*request)) co_return std::move(*answer);
  const bool scim = is_scim(*request);
  if (!scim && !request->path.starts_with("/api/")) co_return web_page(*request);
  if (auto answer = browser_.preflight(*request)) co_return std::move(*answer);
  auto found = match(*request);
  matched = found.route;
  Call call{request, std::move(found.path), std::nullopt};
  // An unknown path tells nothing to those who are not signed in.
  const bool open = found.route != nullptr && !found.route->permission && !scim;
  if (!open) {
    tenancy::Principal principal;
    if (scim) {
      principal = co_await require_scim_token(*request);
    } else {
      principal = co_await require_login(*request);
    }
    call.who = tenancy::Tenant(
        principal, request->remote.to_string(), request->request_id,
        label_text(request->headers.get("User-Agent").value_or(""), kUserAgentBytes));
    who = call.who;
    co_await services_.access.addresses.require(principal.organization, request->remote);
  }
  if (found.route == nullptr) {
    if (found.allow.empty()) throw not_found("resource");
    auto response = text_answer(405, "");
    response = refusal_of(*request, Error(ErrorCode::invalid_argument, "method_not_allowed",
                                          "This resource takes " + found.allow + "."));
    response.status = 405;
    response.headers.set("Allow", found.allow);
    co_return response;
  }
  co_return co_await run_route(std::move(call), *found.route);
}

// Those who are not let in are counted by their address.
Task<tenancy::Principal> Dispatcher::require_login(const http::Request& request) {
  std::optional<Error> refusal;
  try {
    if (const auto principal = co_await sign_in(request)) co_return *principal;
    refusal.emplace(ErrorCode::unauthenticated, "unauthenticated",
                    "Sign in first: send Authorization: Bearer with an access token.");
  } catch (const Error& error) {
    refusal = error;
  }
  if (settings_.rate_limit) limiter_.take(address_key(request.remote), RateClass::read);
  throw *refusal;
}

// What is refused is counted apart from people's logins, and holds up nobody whose token is right:
// behind one address there may be a directory and its people, or the directories of many.
Task<tenancy::Principal> Dispatcher::require_scim_token(const http::Request& request) {
  constexpr std::string_view kBearer = "Bearer ";
  const auto header = request.headers.get("Authorization").value_or("");
  const std::string token(header.starts_with(kBearer) ? header.substr(kBearer.size()) : "");
  try {
    co_return co_await services_.scim.tokens.authenticate(token);
  } catch (const Error& error) {
    const bool refused = error.code() == ErrorCode::unauthenticated;
    if (refused && settings_.rate_limit) {
      limiter_.take("scim " + address_key(request.remote), RateClass::refused_login);
    }
    throw;
  }
}

Task<http::Response> Dispatcher::run_login(Call call, const Route& route) {
  const std::string address = address_key(call.request->remote);
  if (settings_.rate_limit) limiter_.require(address, RateClass::refused_login);
  try {
    co_return co_await route.handler(std::move(call));
  } catch (const Error& error) {
    if (error.code() == ErrorCode::unauthenticated && settings_.rate_limit) {
      limiter_.charge(address, RateClass::refused_login);
    }
    throw;
  }
}

Task<http::Response> Dispatcher::run_route(Call call, const Route& route) {
  const std::string who = call.who ? call.who->user().str() : address_key(call.request->remote);
  if (settings_.rate_limit) limiter_.take(who, route.rate);
  if (route.permission) {
    if (call.who->principal().grants) {
      if (const auto project = co_await project_of(services_, call, route)) {
        call.who = call.who->in(*project);
      }
    }
    const bool any = route.any_login || (route.in_any_project &&
                                         call.who->principal().may_somewhere(*route.permission));
    if (!any) call.who->require(*route.permission);
    if (route.fresh) co_await require_fresh(call);
  }
  call.request->body_limit = route.body_limit;
  std::optional<BodyLoan> loan;
  if (!route.streams_body) loan.emplace(call.request, bodies_);
  if (!call.who) co_return co_await run_login(std::move(call), route);
  const auto key = call.request->headers.get("Idempotency-Key");
  if (key && route.method == "POST" && !route.secret_answer) {
    co_return co_await run_idempotent(std::move(call), route, std::string(*key));
  }
  co_return co_await route.handler(std::move(call));
}

// Another instance may have seen the proof that this one does not know of yet.
Task<> Dispatcher::require_fresh(Call& call) {
  const auto now = services_.clock.now();
  if (!call.who->is_fresh(now)) {
    try {
      const auto known = co_await services_.identity.check_session(call.who->principal().session);
      call.who = call.who->proven(known.authenticated_at);
    } catch (const Error&) {
      // It is no session, or none any more: nothing proves anything.
    }
  }
  call.who->require_fresh(now);
}

namespace {

// Idempotent bodies are read whole, so that another body under the same key is noticed.
class KeptBody final : public http::BodySource {
 public:
  explicit KeptBody(std::string text) : text_(std::move(text)) {}
  Task<std::size_t> read(std::span<std::byte> buffer) override {
    const std::size_t count = std::min(buffer.size(), text_.size() - at_);
    std::memcpy(buffer.data(), text_.data() + at_, count);
    at_ += count;
    co_return count;
  }

 private:
  std::string text_;
  std::size_t at_ = 0;
};

}  // namespace

Task<http::Response> Dispatcher::run_idempotent(Call call, const Route& route, std::string key) {
  if (key.empty() || key.size() > kIdempotencyKeyBytes) {
    throw invalid("invalid_idempotency_key", "Idempotency-Key must have 1 to 200 characters.");
  }
  Sha256 hash;
  hash.update(call.request->method + " " + call.request->raw_target);
  if (route.request_type == "application/json") {
    std::string body = co_await call.request->read_body(route.body_limit);
    hash.update(body);
    call.request->body = std::make_shared<KeptBody>(std::move(body));
  } else {
    hash.update(std::to_string(call.request->content_length.value_or(0)));
  }
  const auto tenant = *call.who;
  auto kept = co_await services_.idempotency.claim(tenant, key, to_hex(hash.finish()));
  if (kept) co_return json_response(kept->status, std::move(kept->body));
  http::Response response;
  std::exception_ptr failure;
  try {
    response = co_await route.handler(std::move(call));
  } catch (const Error&) {
    failure = std::current_exception();
  }
  if (failure) {
    co_await services_.idempotency.release(tenant, key);
    std::rethrow_exception(failure);
  }
  if (const auto* body = std::get_if<std::string>(&response.body)) {
    co_await services_.idempotency.keep(tenant, key, {response.status, *body});
  }
  co_return response;
}

Task<std::optional<tenancy::Principal>> Dispatcher::sign_in(const http::Request& request) {
  if (const auto header = request.headers.get("Authorization")) {
    constexpr std::string_view kBearer = "Bearer ";
    if (!header->starts_with(kBearer)) {
      throw Error(ErrorCode::unauthenticated, "invalid_token",
                  "Authorization must be Bearer with an access token.");
    }
    co_return co_await services_.identity.authenticate_bearer(
        std::string(header->substr(kBearer.size())));
  }
  const auto cookie = browser_.session_cookie(request);
  if (!cookie || cookie->empty()) co_return std::nullopt;
  browser_.check_csrf(request);
  co_return co_await services_.identity.authenticate_cookie(*cookie);
}

std::optional<http::Response> Dispatcher::system_answer(const http::Request& request) {
  if (request.method != "GET" && request.method != "HEAD") return std::nullopt;
  if (request.path == "/healthz") return text_answer(200, "ok\n");
  if (request.path == "/metrics") {
    const auto header = request.headers.get("Authorization").value_or("");
    const bool token =
        !settings_.metrics_token.empty() &&
        equal_constant_time(header, "Bearer " + std::string(settings_.metrics_token.reveal()));
    if (!is_loopback(request) && !token) throw not_found("resource");
    return http::Response::text(200, "text/plain; version=0.0.4; charset=utf-8",
                                services_.metrics.text());
  }
  if (!settings_.public_docs) return std::nullopt;
  if (request.path == "/api/openapi.json") return json_response(200, openapi_);
  if (request.path == "/api/docs") {
    return http::Response::text(200, "text/html; charset=utf-8", docs_page_);
  }
  return std::nullopt;
}

Task<http::Response> Dispatcher::ready() {
  if (draining_) co_return text_answer(503, "draining\n");
  if (!services_.blobs.healthy()) co_return text_answer(503, "storage failed\n");
  try {
    co_await services_.database.ping();
  } catch (const Error&) {
    co_return text_answer(503, "database away\n");
  }
  co_return text_answer(200, "ready\n");
}

Task<http::Response> Dispatcher::jwks(std::shared_ptr<http::Request> request) {
  if (request->method != "GET" && request->method != "HEAD") throw not_found("page");
  auto response = json_response(200, co_await services_.keys.signing().jwks());
  response.headers.set("Cache-Control", "public, max-age=10");
  co_return response;
}

http::Response Dispatcher::web_page(const http::Request& request) {
  if (request.method != "GET" && request.method != "HEAD") throw not_found("page");
  if (!files_) return text_answer(404, "The web UI is not built: run script/setup.\n");
  if (auto response = files_->serve(request)) return std::move(*response);
  // A path that looks like a file is absent; any other belongs to the web UI's own router.
  const auto leaf = request.path.substr(request.path.rfind('/') + 1);
  if (leaf.find('.') != std::string::npos) throw not_found("page");
  if (auto response = files_->serve(request, "/index.html")) return std::move(*response);
  throw not_found("page");
}

}  // namespace aa::api
