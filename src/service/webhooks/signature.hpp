// How a receiver knows that a delivery is ours and new:
//
//   AnnotateAI-Signature: t=1767225600,v1=<hex>
//
// v1 is HMAC-SHA256 under the webhook's secret over the time, a dot and the body as it is sent.
// Receivers should refuse what is older than five minutes (docs/webhooks.md).
//
// Thread rule: pure functions. Errors: internal when OpenSSL fails.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/secret.hpp"

namespace aa::webhooks {

Secret new_secret();  // "whsec_" and 32 random bytes in base64url
std::string signature_header(const Secret& secret, Timestamp at, std::string_view body);

}  // namespace aa::webhooks
