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

}  // namespace aa::api
