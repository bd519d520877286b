#include "api/routes/sign_in_answer.hpp"

#include "api/render_error.hpp"
#include "base/utf8.hpp"

namespace aa::api {
namespace {

constexpr std::size_t kUserAgentBytes = 300;
constexpr std::chrono::hours kCookieLife{24 * 7};

}  // namespace

identity::Origin origin_of(const Call& call) {
  return {call.request->remote.to_string(),
          label_text(call.request->headers.get("User-Agent").value_or(""), kUserAgentBytes),
          call.request->request_id};
}

http::Response login_answer(const Call& call, const BrowserGuard& browser, int status,
                            identity::LoginResult result) {
  auto response = answer(status, result.login);
  if (!result.cookie.empty() && browser.wants_cookie(*call.request)) {
    browser.set_cookie(*call.request, response, result.cookie, kCookieLife);
  }
  return response;
}

bool wants_page(const http::Request& request) {
  const auto accepted = request.headers.get("Accept").value_or("");
  return accepted.find("text/html") != std::string_view::npos;
}

http::Response see_other(const std::string& location) {
  auto response = http::Response::empty(303);
  response.headers.set("Location", location);
  response.headers.set("Cache-Control", "no-store");
  response.headers.set("Referrer-Policy", "no-referrer");
  return response;
}

http::Response landing(const Call& call, const BrowserGuard& browser,
                       const identity::LoginResult& result, const std::string& return_to) {
  auto response = see_other(return_to);
  browser.set_cookie(*call.request, response, result.cookie, kCookieLife);
  return response;
}

http::Response sign_in_page(const Error& refusal) {
  return see_other("/login?sso_error=" + http::percent_encode(refusal.slug()));
}

// What goes on with the sign-in stands behind '#', which browsers send to nobody.
http::Response second_step_page(const identity::SecondStepNeeded& needed) {
  const auto& to = needed.return_to;
  const auto next = to == "/" ? "" : "?next=" + http::percent_encode(to);
  return see_other("/login" + next + "#pending=" + needed.pending);
}

http::Response second_step_answer(const identity::SecondStepNeeded& needed) {
  return render(
      needed, R"("pending":")" + needed.pending + R"(","methods":)" + json::write(needed.methods));
}

}  // namespace aa::api
