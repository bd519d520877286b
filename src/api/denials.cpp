#include "api/denials.hpp"

#include <algorithm>

#include "api/rate_limiter.hpp"
#include "base/utf8.hpp"
#include "core/observe/log.hpp"

namespace aa::api {
namespace {

constexpr std::size_t kActorsMax = 20'000;
constexpr std::size_t kPathBytes = 300;
constexpr std::size_t kUserAgentBytes = 300;

bool is_denial(const Route* route, const Error& refusal) {
  switch (refusal.code()) {
    case ErrorCode::unauthenticated:
    case ErrorCode::permission_denied:
      return true;
    case ErrorCode::not_found:
      return route != nullptr && route->pattern.find('{') != std::string_view::npos;
    case ErrorCode::internal:
    case ErrorCode::unavailable:
    case ErrorCode::deadline_exceeded:
    case ErrorCode::cancelled:
    case ErrorCode::out_of_space:
      return false;
    default:
      return route != nullptr && !route->permission && route->rate == RateClass::auth;
  }
}

}  // namespace

std::optional<std::int64_t> Denials::admit(const std::string& actor) {
  const auto now = clock_.steady();
  const std::lock_guard lock(mutex_);
  if (allowances_.size() >= kActorsMax) {
    std::erase_if(allowances_, [&](const auto& one) {
      return now - one.second.at > kPerEntry * static_cast<int>(kBurst);
    });
    if (allowances_.size() >= kActorsMax) return std::nullopt;
  }
  auto [at, fresh] = allowances_.try_emplace(actor);
  auto& allowance = at->second;
  if (!fresh) {
    const std::chrono::duration<double> passed = now - allowance.at;
    const double gained = passed / std::chrono::duration<double>(kPerEntry);
    allowance.left = std::min(kBurst, allowance.left + gained);
  }
  allowance.at = now;
  if (allowance.left < 1) {
    ++allowance.left_out;
    return std::nullopt;
  }
  allowance.left -= 1;
  return std::exchange(allowance.left_out, 0);
}

Task<> Denials::note(std::shared_ptr<http::Request> request, const Route* route,
                     std::optional<tenancy::Tenant> who, Error refusal) {
  if (!is_denial(route, refusal)) co_return;
  const auto left_out = admit(who ? who->user().str() : address_key(request->remote));
  if (!left_out) co_return;
  const std::string pattern = route != nullptr ? std::string(route->pattern) : "unknown";
  audit::Entry entry{"denied", pattern, label_text(request->path, kPathBytes), {}};
  entry.detail["method"] = request->method;
  entry.detail["code"] = refusal.slug();
  if (*left_out > 0) entry.detail["left_out"] = *left_out;
  audit::Actor actor(audit::kInstallation, std::nullopt, request->remote.to_string(),
                     request->request_id,
                     label_text(request->headers.get("User-Agent").value_or(""), kUserAgentBytes));
  if (who) actor = who->actor();
  try {
    co_await trail_.denied(std::move(actor), std::move(entry));
  } catch (const std::exception& e) {
    observe::warn("audit.denial_not_written", {{"error", std::string_view(e.what())}});
  }
}

}  // namespace aa::api
