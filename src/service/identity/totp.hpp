// One-time codes out of a shared secret and the time (RFC 6238: SHA-1, six digits, 30 seconds), and
// codes on paper for when the device is lost.
//
// Thread rule: pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/id.hpp"
#include "base/secret.hpp"

namespace aa::identity {

inline constexpr std::size_t kTotpSecretBytes = 20;
inline constexpr std::int64_t kTotpWindow = 1;  // steps that a clock may be off, to either side
inline constexpr int kRecoveryCodes = 10;

// The interval of 30 s that the time lies in.
std::int64_t totp_step(Timestamp now);
std::string totp_code(std::string_view secret, std::int64_t step);
// The step within the window whose code it is; blanks in the code do not count.
std::optional<std::int64_t> matching_step(const Secret& secret, std::string_view code,
                                          Timestamp now);

std::string to_base32(std::string_view bytes);  // RFC 4648 section 6, without padding
// What authenticator apps read from a QR code.
std::string otpauth_uri(const Secret& secret, std::string_view account);

// Ten, of 80 random bits each, in groups of four letters and digits.
std::vector<std::string> new_recovery_codes();
// As it is stored; however it was typed.
std::string recovery_hash(UserId user, std::string_view code);

}  // namespace aa::identity
