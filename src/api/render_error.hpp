// The one place that knows how failures look over HTTP: status and problem+json (RFC 9457).
#pragma once

#include "base/error.hpp"
#include "driver/http/message.hpp"

namespace aa::api {

int status_of(ErrorCode code);
// `members` are more ones of the object: R"("a":1,"b":2)".
http::Response render(const Error& error, const std::string& members = {});
// The same as SCIM clients read it (RFC 7644, section 3.12).
http::Response render_scim(const Error& error);
// For anything else that was thrown; nothing of it leaves the server.
http::Response render_unknown();

}  // namespace aa::api
