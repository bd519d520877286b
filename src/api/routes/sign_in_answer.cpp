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

http::Response second_step_answer(const identity::SecondStepNeeded& needed) {
  return render(
      needed, R"("pending":")" + needed.pending + R"(","methods":)" + json::write(needed.methods));
}

}  // namespace aa::api
