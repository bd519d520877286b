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

// 401 "mfa_required" with what the second step needs.
http::Response second_step_answer(const identity::SecondStepNeeded& needed);

}  // namespace aa::api
