// Passkeys: checks what an authenticator made (Web Authentication Level 2, sections 7.1 and 7.2).
//
// Attestation is taken in the formats "none" and "packed" by the credential itself: which make of
// authenticator it is plays no part. Nothing here ever looks for a device.
//
// Thread rule: pure functions; a signature costs less than a millisecond.
// Errors: invalid_argument "invalid_passkey" says what is wrong; "passkey_cloned" when a counter
// went back; "passkey_unverified" when the person was to prove himself to the device and did not.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "driver/fido/client_data.hpp"
#include "driver/fido/relying_party.hpp"

namespace aa::fido {

inline constexpr std::size_t kCredentialIdBytes = 1023;
inline constexpr std::size_t kAttestationBytes = 16 * 1024;
inline constexpr std::size_t kAuthenticatorDataBytes = 4096;
inline constexpr std::size_t kSignatureBytes = 1024;

// By their COSE numbers (RFC 9053).
inline constexpr int kEs256 = -7;
inline constexpr int kEdDsa = -8;
inline constexpr int kRs256 = -257;

struct Credential {
  std::string id;
  int algorithm = 0;
  std::string public_key;
  std::uint32_t sign_count = 0;
  bool user_verified = false;
};

// What the page got from the browser, as bytes.
struct Attestation {
  std::string client_data;
  std::string attestation_object;
};

struct Assertion {
  std::string client_data;
  std::string authenticator_data;
  std::string signature;
};

// What the page was asked for.
struct Ceremony {
  RelyingParty party;
  std::string challenge;  // base64url
  bool verify_user = false;
};

struct Asserted {
  std::uint32_t sign_count = 0;
  bool user_verified = false;
};

Credential check_attestation(const Ceremony& ceremony, const Attestation& given);
Asserted check_assertion(const Ceremony& ceremony, const Credential& known, const Assertion& given);

}  // namespace aa::fido
