// What second factors are made of, as it crosses borders.
//
// Thread rule: values.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/id.hpp"
#include "base/json.hpp"

namespace aa::identity {

using PasskeyId = Id<struct PasskeyTag>;

// What a session was proven by beside its first factor.
enum class FactorProof { none, own, provider };
BOOST_DESCRIBE_ENUM(FactorProof, none, own, provider)

struct FactorKinds {
  std::int64_t totp = 0;
  std::int64_t passkeys = 0;
  std::int64_t codes = 0;  // recovery codes that are left

  bool any() const { return totp > 0 || passkeys > 0; }
};
BOOST_DESCRIBE_STRUCT(FactorKinds, (), (totp, passkeys, codes))

// A passkey's answer to a challenge; bytes as base64url.
struct PasskeyAnswer {
  std::string id;
  std::string client_data;
  std::string authenticator_data;
  std::string signature;
  std::optional<std::string> user_handle;
};
BOOST_DESCRIBE_STRUCT(PasskeyAnswer, (),
                      (id, client_data, authenticator_data, signature, user_handle))
constexpr auto field_rules(const PasskeyAnswer*) {
  return std::array{json::Field{.name = "id", .min_length = 1, .max_length = 1400},
                    json::Field{.name = "client_data", .min_length = 1, .max_length = 6000},
                    json::Field{.name = "authenticator_data", .min_length = 1, .max_length = 6000},
                    json::Field{.name = "signature", .min_length = 1, .max_length = 1400},
                    json::Field{.name = "user_handle", .max_length = 100}};
}

// One of them.
struct FactorAnswer {
  std::optional<std::string> otp;
  std::optional<std::string> recovery_code;
  std::optional<PasskeyAnswer> passkey;

  bool empty() const { return !otp && !recovery_code && !passkey; }
};

// What a sensitive change of one's own account wants: the password where there is one, and the
// second factor where there is one.
struct Confirmation {
  std::optional<std::string> password;
  std::optional<std::string> otp;
  std::optional<std::string> recovery_code;
  std::optional<PasskeyAnswer> passkey;

  FactorAnswer factor() const { return {otp, recovery_code, passkey}; }
};
BOOST_DESCRIBE_STRUCT(Confirmation, (), (password, otp, recovery_code, passkey))
constexpr auto field_rules(const Confirmation*) {
  return std::array{json::Field{.name = "password", .max_length = 4096, .format = "password"},
                    json::Field{.name = "otp", .max_length = 16},
                    json::Field{.name = "recovery_code", .max_length = 40}};
}

// The second step of a sign-in, with what the first gave.
struct SecondStep {
  std::string pending;
  std::optional<std::string> otp;
  std::optional<std::string> recovery_code;
  std::optional<PasskeyAnswer> passkey;

  FactorAnswer factor() const { return {otp, recovery_code, passkey}; }
};
BOOST_DESCRIBE_STRUCT(SecondStep, (), (pending, otp, recovery_code, passkey))
constexpr auto field_rules(const SecondStep*) {
  return std::array{json::Field{.name = "pending", .min_length = 1, .max_length = 100},
                    json::Field{.name = "otp", .max_length = 16},
                    json::Field{.name = "recovery_code", .max_length = 40}};
}

// The first step is done and a second factor is there: thrown by whatever begins a session,
// answered with `pending` for POST /auth/mfa. It is no refusal.
class SecondStepNeeded final : public Error {
 public:
  SecondStepNeeded(std::string held, std::vector<std::string> ways)
      : Error(ErrorCode::unauthenticated, "mfa_required",
              "Show your second factor too: POST /auth/mfa with `pending`."),
        pending(std::move(held)),
        methods(std::move(ways)) {}
  std::string pending;
  std::vector<std::string> methods;  // "otp", "recovery_code", "passkey"
  std::string return_to = "/";       // where the sign-in was to lead
};

// What a page hands to the browser to have a passkey answer.
struct AssertionOptions {
  std::string challenge;
  std::string rp_id;
  std::vector<std::string> allow;  // ids of passkeys; none: any of the site
  std::string user_verification;
  std::int64_t timeout_ms = 0;
};
BOOST_DESCRIBE_STRUCT(AssertionOptions, (),
                      (challenge, rp_id, allow, user_verification, timeout_ms))

// What one can go on with after the first step.
struct SecondStepOptions {
  std::vector<std::string> methods;  // "otp", "recovery_code", "passkey"
  std::optional<AssertionOptions> passkey;
};
BOOST_DESCRIBE_STRUCT(SecondStepOptions, (), (methods, passkey))

struct CreationOptions {
  std::string challenge;
  std::string rp_id;
  std::string rp_name;
  std::string user_handle;
  std::string user_name;
  std::string user_display_name;
  std::vector<int> algorithms;
  std::vector<std::string> exclude;  // ids of passkeys that are there
  std::int64_t timeout_ms = 0;
};
BOOST_DESCRIBE_STRUCT(CreationOptions, (),
                      (challenge, rp_id, rp_name, user_handle, user_name, user_display_name,
                       algorithms, exclude, timeout_ms))

struct NewPasskey {
  std::string name;
  std::string client_data;
  std::string attestation_object;
};
BOOST_DESCRIBE_STRUCT(NewPasskey, (), (name, client_data, attestation_object))
constexpr auto field_rules(const NewPasskey*) {
  return std::array{
      json::Field{.name = "name", .min_length = 1, .max_length = 100},
      json::Field{.name = "client_data", .min_length = 1, .max_length = 6000},
      json::Field{.name = "attestation_object", .min_length = 1, .max_length = 22'000}};
}

struct PasskeyName {
  std::string name;
};
BOOST_DESCRIBE_STRUCT(PasskeyName, (), (name))
constexpr auto field_rules(const PasskeyName*) {
  return std::array{json::Field{.name = "name", .min_length = 1, .max_length = 100}};
}

struct PasskeyView {
  PasskeyId id;
  std::string name;
  Timestamp created_at;
  std::optional<Timestamp> last_used_at;
};
BOOST_DESCRIBE_STRUCT(PasskeyView, (), (id, name, created_at, last_used_at))

// Sign in by a passkey alone.
struct PasskeySignIn {
  PasskeyAnswer passkey;
  std::optional<OrganizationId> organization_id;
};
BOOST_DESCRIBE_STRUCT(PasskeySignIn, (), (passkey, organization_id))

struct TotpSetup {
  std::string secret;  // base32, to be typed
  std::string uri;
};
BOOST_DESCRIBE_STRUCT(TotpSetup, (), (secret, uri))

struct OneTimeCode {
  std::string otp;
};
BOOST_DESCRIBE_STRUCT(OneTimeCode, (), (otp))
constexpr auto field_rules(const OneTimeCode*) {
  return std::array{json::Field{.name = "otp", .min_length = 1, .max_length = 16}};
}

// Shown once. None when there were codes already.
struct RecoveryCodes {
  std::vector<std::string> recovery_codes;
};
BOOST_DESCRIBE_STRUCT(RecoveryCodes, (), (recovery_codes))

struct AddedPasskey {
  PasskeyView passkey;
  std::vector<std::string> recovery_codes;
};
BOOST_DESCRIBE_STRUCT(AddedPasskey, (), (passkey, recovery_codes))

struct MfaStatus {
  bool totp = false;
  std::optional<Timestamp> totp_added_at;
  std::optional<Timestamp> totp_last_used_at;
  std::vector<PasskeyView> passkeys;
  std::int64_t recovery_codes_left = 0;
  bool has_password = true;
  bool required = false;                            // by the organization one is signed in to
  std::optional<std::string> passkeys_unavailable;  // why there can be none here
};
BOOST_DESCRIBE_STRUCT(MfaStatus, (),
                      (totp, totp_added_at, totp_last_used_at, passkeys, recovery_codes_left,
                       has_password, required, passkeys_unavailable))

inline constexpr int kPasskeysMax = 20;  // of one person

}  // namespace aa::identity
