#include "service/identity/access_token.hpp"

#include <openssl/evp.h>

#include "base/error.hpp"
#include "base/hash.hpp"
#include "base/json.hpp"

namespace aa::identity {
namespace {

constexpr std::string_view kIssuer = "annotateai";
constexpr std::string_view kAudience = "annotateai-api";
constexpr std::string_view kType = "at+jwt";
constexpr std::size_t kTokenBytes = 4096;
constexpr std::size_t kSignatureBytes = 64;
constexpr std::int64_t kMicros = 1'000'000;

// Members of the thumbprint, in its order.
struct PublicJwk {
  std::string crv;
  std::string kty;
  std::string x;
};
BOOST_DESCRIBE_STRUCT(PublicJwk, (), (crv, kty, x))

struct Header {
  std::string alg;
  std::string kid;
  std::string typ;
};
BOOST_DESCRIBE_STRUCT(Header, (), (alg, kid, typ))

struct Payload {
  std::string iss;
  std::string aud;
  UserId sub;
  OrganizationId org;
  SessionId sid;
  std::int64_t iat = 0;
  std::int64_t exp = 0;
};
BOOST_DESCRIBE_STRUCT(Payload, (), (iss, aud, sub, org, sid, iat, exp))

Error refused() {
  return {ErrorCode::unauthenticated, "invalid_token", "The access token is not valid."};
}

std::string bytes_of(const Digest& digest) { return {digest.begin(), digest.end()}; }

Payload decode_payload(std::string_view part) {
  const auto text = from_base64url(part);
  if (!text) throw refused();
  try {
    return json::read<Payload>(json::parse(*text));
  } catch (const Error&) {
    throw refused();
  }
}

}  // namespace

struct TokenSigner::Key {
  EVP_PKEY* key = nullptr;
  ~Key() { EVP_PKEY_free(key); }
};

TokenSigner::TokenSigner(const Secret& seed) : key_(std::make_unique<Key>()) {
  const auto bytes = seed.reveal();
  key_->key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr,
                                           reinterpret_cast<const unsigned char*>(bytes.data()),
                                           bytes.size());
  if (key_->key == nullptr) throw internal_error("Ed25519 needs a seed of 32 bytes");
  std::array<unsigned char, 32> raw;
  std::size_t size = raw.size();
  if (EVP_PKEY_get_raw_public_key(key_->key, raw.data(), &size) != 1) {
    throw internal_error("Ed25519 gave no public key");
  }
  public_key_ = to_base64url({reinterpret_cast<const char*>(raw.data()), size});
  const PublicJwk jwk{"Ed25519", "OKP", public_key_};
  id_ = to_base64url(bytes_of(sha256(json::write(jwk))));
  header_ = to_base64url(json::write(Header{"EdDSA", id_, std::string(kType)})) + ".";
}

TokenSigner::~TokenSigner() = default;

std::string TokenSigner::sign(const AccessClaims& claims) const {
  const Payload payload{.iss = std::string(kIssuer),
                        .aud = std::string(kAudience),
                        .sub = claims.user,
                        .org = claims.organization,
                        .sid = claims.session,
                        .iat = claims.issued_at.micros / kMicros,
                        .exp = claims.expires_at.micros / kMicros};
  std::string token = header_ + to_base64url(json::write(payload));
  std::array<unsigned char, kSignatureBytes> signature;
  std::size_t size = signature.size();
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  const bool ok =
      EVP_DigestSignInit(context, nullptr, nullptr, nullptr, key_->key) == 1 &&
      EVP_DigestSign(context, signature.data(), &size,
                     reinterpret_cast<const unsigned char*>(token.data()), token.size()) == 1;
  EVP_MD_CTX_free(context);
  if (!ok) throw internal_error("Ed25519 signing failed");
  return token + "." + to_base64url({reinterpret_cast<const char*>(signature.data()), size});
}

AccessClaims TokenSigner::verify(std::string_view token, Timestamp now) const {
  if (token.size() > kTokenBytes || !has_header_of(token)) throw refused();
  const auto second = token.find('.', header_.size());
  if (second == std::string_view::npos) throw refused();
  const auto signature = from_base64url(token.substr(second + 1));
  if (!signature || signature->size() != kSignatureBytes) throw refused();
  const auto signed_part = token.substr(0, second);
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  const bool ok =
      EVP_DigestVerifyInit(context, nullptr, nullptr, nullptr, key_->key) == 1 &&
      EVP_DigestVerify(
          context, reinterpret_cast<const unsigned char*>(signature->data()), signature->size(),
          reinterpret_cast<const unsigned char*>(signed_part.data()), signed_part.size()) == 1;
  EVP_MD_CTX_free(context);
  if (!ok) throw refused();
  const auto payload = decode_payload(signed_part.substr(header_.size()));
  const bool fits = payload.iss == kIssuer && payload.aud == kAudience;
  constexpr std::int64_t kSkewSeconds = 60;
  if (!fits || payload.iat > now.micros / kMicros + kSkewSeconds) throw refused();
  if (payload.exp <= now.micros / kMicros) {
    throw Error(ErrorCode::unauthenticated, "token_expired",
                "The access token has expired; refresh it.");
  }
  return {payload.sub, payload.org, payload.sid, {payload.iat * kMicros}, {payload.exp * kMicros}};
}

}  // namespace aa::identity
