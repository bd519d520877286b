#include "service/sso/jose.hpp"

#include <algorithm>
#include <array>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include "base/error.hpp"
#include "base/hash.hpp"

namespace aa::sso {
namespace {

constexpr std::size_t kTokenBytes = 32 * 1024;
constexpr std::size_t kSetBytes = 256 * 1024;
constexpr std::size_t kKeysMax = 64;
constexpr std::size_t kTriesMax = 8;  // keys tried on a token that names none
constexpr std::size_t kSubjectBytes = 255;
constexpr int kRsaBitsMin = 2048;
constexpr int kRsaBitsMax = 8192;
constexpr std::size_t kCoordinate = 32;
constexpr double kSkew = 60;
constexpr double kAgeMax = 3600;

using KeyPointer = std::shared_ptr<EVP_PKEY>;

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* pointer) const {
    Free(pointer);
  }
};
using Number = std::unique_ptr<BIGNUM, Freed<BN_free>>;
using Builder = std::unique_ptr<OSSL_PARAM_BLD, Freed<OSSL_PARAM_BLD_free>>;
using Params = std::unique_ptr<OSSL_PARAM, Freed<OSSL_PARAM_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Freed<EVP_PKEY_CTX_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;
using EcSignature = std::unique_ptr<ECDSA_SIG, Freed<ECDSA_SIG_free>>;

// What failed stays in OpenSSL's queue of the thread otherwise.
struct ErrorQueue {
  ErrorQueue() = default;
  ErrorQueue(const ErrorQueue&) = delete;
  ErrorQueue& operator=(const ErrorQueue&) = delete;
  ~ErrorQueue() { ERR_clear_error(); }
};

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

Number number_of(std::string_view bytes) {
  return Number(BN_bin2bn(bytes_of(bytes), static_cast<int>(bytes.size()), nullptr));
}

std::string text_in(const json::Object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  if (value == nullptr || !value->is_string()) return {};
  return std::string(value->as_string());
}

std::optional<std::string> bytes_in(const json::Object& object, std::string_view name) {
  const auto text = text_in(object, name);
  if (text.empty()) return std::nullopt;
  return from_base64url(text);
}

KeyPointer make_key(const char* type, OSSL_PARAM_BLD* builder) {
  const Params params(OSSL_PARAM_BLD_to_param(builder));
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* made = nullptr;
  const bool good = params && context && EVP_PKEY_fromdata_init(context.get()) == 1 &&
                    EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_PUBLIC_KEY, params.get()) == 1;
  if (!good) return nullptr;
  KeyPointer key(made, EVP_PKEY_free);
  // Points beside the curve, even exponents.
  const KeyContext checking(EVP_PKEY_CTX_new_from_pkey(nullptr, made, nullptr));
  if (!checking || EVP_PKEY_public_check(checking.get()) != 1) return nullptr;
  return key;
}

KeyPointer rsa_key(const json::Object& jwk) {
  const auto modulus = bytes_in(jwk, "n");
  const auto exponent = bytes_in(jwk, "e");
  if (!modulus || !exponent || modulus->size() > kRsaBitsMax / 8 || exponent->size() > 8) {
    return nullptr;
  }
  const auto n = number_of(*modulus);
  const auto e = number_of(*exponent);
  if (!n || !e || BN_num_bits(n.get()) < kRsaBitsMin || !BN_is_odd(e.get()) || BN_is_one(e.get())) {
    return nullptr;
  }
  const Builder builder(OSSL_PARAM_BLD_new());
  if (!builder || OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1) {
    return nullptr;
  }
  return make_key("RSA", builder.get());
}

KeyPointer p256_key(const json::Object& jwk) {
  const auto x = bytes_in(jwk, "x");
  const auto y = bytes_in(jwk, "y");
  if (!x || !y || x->size() != kCoordinate || y->size() != kCoordinate) return nullptr;
  const std::string point = "\x04" + *x + *y;
  const Builder builder(OSSL_PARAM_BLD_new());
  if (!builder ||
      OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0) != 1 ||
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                       point.size()) != 1) {
    return nullptr;
  }
  return make_key("EC", builder.get());
}

KeyPointer ed25519_key(const json::Object& jwk) {
  const auto x = bytes_in(jwk, "x");
  if (!x || x->size() != kCoordinate) return nullptr;
  return {EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes_of(*x), x->size()),
          EVP_PKEY_free};
}

// R and S as 32 bytes each become the form that OpenSSL reads.
std::string der_signature(std::string_view raw) {
  if (raw.size() != 2 * kCoordinate) return {};
  auto r = number_of(raw.substr(0, kCoordinate));
  auto s = number_of(raw.substr(kCoordinate));
  const EcSignature signature(ECDSA_SIG_new());
  if (!r || !s || !signature || BN_is_zero(r.get()) || BN_is_zero(s.get())) return {};
  if (ECDSA_SIG_set0(signature.get(), r.get(), s.get()) != 1) return {};
  static_cast<void>(r.release());
  static_cast<void>(s.release());
  unsigned char* out = nullptr;
  const int size = i2d_ECDSA_SIG(signature.get(), &out);
  if (size <= 0) return {};
  std::string der(reinterpret_cast<const char*>(out), static_cast<std::size_t>(size));
  OPENSSL_free(out);
  return der;
}

bool set_padding(EVP_PKEY_CTX* context, JwsAlgorithm algorithm) {
  if (algorithm == JwsAlgorithm::rs256) {
    return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1;
  }
  if (algorithm != JwsAlgorithm::ps256) return true;
  return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1 &&
         EVP_PKEY_CTX_set_rsa_mgf1_md(context, EVP_sha256()) == 1;
}

Error refused(std::string why) {
  return Error(ErrorCode::unauthenticated, "id_token_refused",
               "The identity provider's answer could not be verified.")
      .with_cause(std::move(why));
}

json::Object object_of(std::string_view part, const char* what) {
  const auto text = from_base64url(part);
  if (!text) throw refused(std::string(what) + " is not base64url");
  try {
    auto value = json::parse(*text);
    if (auto* object = value.if_object()) return std::move(*object);
  } catch (const Error&) {
    throw refused(std::string(what) + " is no JSON");
  }
  throw refused(std::string(what) + " is no object");
}

// Seconds since 1970: a number, and one that can be a time.
std::optional<double> time_in(const json::Object& claims, std::string_view name) {
  constexpr double kMax = 1e11;
  const auto* value = claims.if_contains(name);
  if (value == nullptr || !value->is_number()) return std::nullopt;
  const auto seconds = value->to_number<double>();
  if (!(seconds >= 0 && seconds <= kMax)) return std::nullopt;
  return seconds;
}

bool names_audience(const json::Object& claims, const std::string& client, bool& several) {
  const auto* audience = claims.if_contains("aud");
  if (audience == nullptr) return false;
  if (audience->is_string()) return std::string_view(audience->as_string()) == client;
  const auto* list = audience->if_array();
  if (list == nullptr) return false;
  several = list->size() > 1;
  return std::ranges::any_of(*list, [&](const json::Value& one) {
    return one.is_string() && std::string_view(one.as_string()) == client;
  });
}

void check_people(const json::Object& claims, const IdTokenRules& rules) {
  if (text_in(claims, "iss") != rules.issuer) throw refused("iss is another issuer");
  bool several = false;
  if (!names_audience(claims, rules.client_id, several)) throw refused("aud is another client");
  const bool authorized = claims.contains("azp");
  if (several && !authorized) throw refused("several audiences and no azp");
  if (authorized && text_in(claims, "azp") != rules.client_id) throw refused("azp is another one");
  const auto subject = text_in(claims, "sub");
  if (subject.empty() || subject.size() > kSubjectBytes) throw refused("sub is missing or long");
  if (rules.nonce.empty() || !equal_constant_time(text_in(claims, "nonce"), rules.nonce)) {
    throw refused("nonce is missing or another one");
  }
}

void check_times(const json::Object& claims, Timestamp at) {
  const double now = static_cast<double>(at.micros) / 1e6;
  const auto expires = time_in(claims, "exp");
  if (!expires || *expires + kSkew <= now) throw refused("exp is missing or past");
  const auto issued = time_in(claims, "iat");
  if (!issued || *issued > now + kSkew) throw refused("iat is missing or to come");
  if (*issued < now - kAgeMax) throw refused("iat is long ago");
  if (!claims.contains("nbf")) return;
  const auto begins = time_in(claims, "nbf");
  if (!begins || *begins > now + kSkew) throw refused("nbf is to come");
}

}  // namespace

std::optional<JwsAlgorithm> jws_algorithm(std::string_view name) {
  if (name == "RS256") return JwsAlgorithm::rs256;
  if (name == "PS256") return JwsAlgorithm::ps256;
  if (name == "ES256") return JwsAlgorithm::es256;
  if (name == "EdDSA") return JwsAlgorithm::eddsa;
  return std::nullopt;
}

std::optional<JwsKey> JwsKey::read(const json::Object& jwk) {
  const ErrorQueue queue;
  const auto use = text_in(jwk, "use");
  if (!use.empty() && use != "sig") return std::nullopt;
  JwsKey out;
  out.kid_ = text_in(jwk, "kid");
  out.algorithm_ = text_in(jwk, "alg");
  const auto type = text_in(jwk, "kty");
  const auto curve = text_in(jwk, "crv");
  if (type == "RSA") {
    out.key_ = rsa_key(jwk);
  } else if (type == "EC" && curve == "P-256") {
    out.type_ = Type::p256;
    out.key_ = p256_key(jwk);
  } else if (type == "OKP" && curve == "Ed25519") {
    out.type_ = Type::ed25519;
    out.key_ = ed25519_key(jwk);
  }
  if (!out.key_) return std::nullopt;
  return out;
}

bool JwsKey::fits(JwsAlgorithm algorithm) const {
  if (!algorithm_.empty() && jws_algorithm(algorithm_) != algorithm) return false;
  switch (algorithm) {
    case JwsAlgorithm::rs256:
    case JwsAlgorithm::ps256:
      return type_ == Type::rsa;
    case JwsAlgorithm::es256:
      return type_ == Type::p256;
    case JwsAlgorithm::eddsa:
      return type_ == Type::ed25519;
  }
  return false;
}

bool JwsKey::verifies(JwsAlgorithm algorithm, std::string_view signed_text,
                      std::string_view signature) const {
  const ErrorQueue queue;
  if (!fits(algorithm)) return false;
  std::string der;
  if (algorithm == JwsAlgorithm::es256) {
    der = der_signature(signature);
    if (der.empty()) return false;
    signature = der;
  }
  const DigestContext context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* inner = nullptr;
  const EVP_MD* digest = algorithm == JwsAlgorithm::eddsa ? nullptr : EVP_sha256();
  if (!context || EVP_DigestVerifyInit(context.get(), &inner, digest, nullptr, key_.get()) != 1 ||
      !set_padding(inner, algorithm)) {
    return false;
  }
  return EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(),
                          bytes_of(signed_text), signed_text.size()) == 1;
}

KeySet read_key_set(std::string_view text) {
  const Error bad = malformed("bad_jwks", "The key set could not be read.");
  if (text.size() > kSetBytes) throw bad;
  const auto value = json::parse(text);
  const auto* object = value.if_object();
  const auto* keys = object != nullptr ? object->if_contains("keys") : nullptr;
  if (keys == nullptr || !keys->is_array()) throw bad;
  KeySet out;
  for (const auto& one : keys->as_array()) {
    if (out.size() >= kKeysMax) break;
    if (!one.is_object()) continue;
    if (auto key = JwsKey::read(one.as_object())) out.push_back(std::move(*key));
  }
  return out;
}

IdToken::IdToken(std::string_view text) {
  if (text.size() > kTokenBytes) throw refused("it is too long");
  const auto first = text.find('.');
  const auto last = text.rfind('.');
  if (first == std::string_view::npos || text.find('.', first + 1) != last || first == last) {
    throw refused("it has not three parts");
  }
  const auto header = object_of(text.substr(0, first), "the header");
  const auto algorithm = jws_algorithm(text_in(header, "alg"));
  if (!algorithm) throw refused("alg is none of the allowed ones");
  if (header.contains("crit")) throw refused("it demands what is not known");
  const auto type = text_in(header, "typ");
  if (header.contains("typ") && type != "JWT" && type != "jwt") throw refused("typ is another one");
  algorithm_ = *algorithm;
  kid_ = text_in(header, "kid");
  signed_text_ = text.substr(0, last);
  const auto signature = from_base64url(text.substr(last + 1));
  if (!signature || signature->empty()) throw refused("the signature is missing");
  signature_ = *signature;
  claims_ = object_of(text.substr(first + 1, last - first - 1), "the payload");
}

bool IdToken::has_key_in(const KeySet& keys) const {
  return std::ranges::any_of(keys, [&](const JwsKey& key) {
    return key.fits(algorithm_) && (kid_.empty() || key.kid() == kid_);
  });
}

json::Object IdToken::verify(const KeySet& keys, const IdTokenRules& rules, Timestamp now) const {
  std::size_t tries = 0;
  bool verified = false;
  for (const auto& key : keys) {
    if (!key.fits(algorithm_) || (!kid_.empty() && key.kid() != kid_)) continue;
    if (++tries > kTriesMax) break;
    verified = key.verifies(algorithm_, signed_text_, signature_);
    if (verified) break;
  }
  if (!verified) throw refused("no key of the issuer signed it");
  check_people(claims_, rules);
  check_times(claims_, now);
  return claims_;
}

}  // namespace aa::sso
