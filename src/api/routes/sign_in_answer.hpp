// What routes share that sign someone in.
#pragma once

#include "api/browser_guard.hpp"
#include "api/route.hpp"
#include "service/identity/identity.hpp"

namespace aa::api {

identity::Origin origin_of(const Call& call);

// A browser gets its session as a cookie; the tokens stand in the body for everyone else.
http::Response login_answer(const Call& call, const BrowserGuard& browser, int status,
                            identity::LoginResult result);

// Of routes that browsers are sent to by a provider.
bool wants_page(const http::Request& request);
// Back to the page that asked for the sign-in, with the session's cookie.
http::Response landing(const Call& call, const BrowserGuard& browser,
                       const identity::LoginResult& result, const std::string& return_to);
// The page for signing in, which says in words what the slug means.
http::Response sign_in_page(const Error& refusal);
http::Response see_other(const std::string& location);

// The page that asks for the second factor.
http::Response second_step_page(const identity::SecondStepNeeded& needed);
// 401 "mfa_required" with what the second step needs.
http::Response second_step_answer(const identity::SecondStepNeeded& needed);

}  // namespace aa::api
