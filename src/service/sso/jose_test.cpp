#include "service/sso/jose.hpp"

#include <gtest/gtest.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "base/hash.hpp"
#include "service/sso/domains.hpp"
#include "service/sso/flows.hpp"
#include "service/sso/oidc_settings.hpp"

namespace aa::sso {
namespace {

constexpr std::int64_t kNow = 1'790'000'000;
constexpr std::size_t kHalf = 32;

using Key = std::shared_ptr<EVP_PKEY>;

std::string number_in(const Key& key, const char* name) {
  BIGNUM* number = nullptr;
  EVP_PKEY_get_bn_param(key.get(), name, &number);
  std::string out(static_cast<std::size_t>(BN_num_bytes(number)), '\0');
  BN_bn2bin(number, reinterpret_cast<unsigned char*>(out.data()));
  BN_free(number);
  return out;
}

std::string padded(std::string bytes) {
  return std::string(kHalf - bytes.size(), '\0') + std::move(bytes);
}

// Keys of an issuer, and what it signs.
struct Signer {
  Signer(const std::string& algorithm, Key made) : name(algorithm), key(std::move(made)) {}
  static Signer rsa(const std::string& algorithm, std::size_t bits = 2048) {
    return {algorithm, {EVP_RSA_gen(bits), EVP_PKEY_free}};
  }
  static Signer ec() { return {"ES256", {EVP_EC_gen("P-256"), EVP_PKEY_free}}; }
  static Signer ed() {
    return {"EdDSA", {EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"), EVP_PKEY_free}};
  }

  json::Object jwk() const {
    json::Object out{{"kid", "k1"}, {"use", "sig"}};
    if (name == "EdDSA") {
      std::string raw(kHalf, '\0');
      std::size_t size = raw.size();
      EVP_PKEY_get_raw_public_key(key.get(), reinterpret_cast<unsigned char*>(raw.data()), &size);
      out["kty"] = "OKP";
      out["crv"] = "Ed25519";
      out["x"] = to_base64url(raw);
    } else if (name == "ES256") {
      out["kty"] = "EC";
      out["crv"] = "P-256";
      out["x"] = to_base64url(padded(number_in(key, OSSL_PKEY_PARAM_EC_PUB_X)));
      out["y"] = to_base64url(padded(number_in(key, OSSL_PKEY_PARAM_EC_PUB_Y)));
    } else {
      out["kty"] = "RSA";
      out["n"] = to_base64url(number_in(key, OSSL_PKEY_PARAM_RSA_N));
      out["e"] = to_base64url(number_in(key, OSSL_PKEY_PARAM_RSA_E));
    }
    return out;
  }
  KeySet keys() const {
    return read_key_set(json::write(json::Object{{"keys", json::Array{jwk()}}}));
  }

  std::string sign(const json::Object& header, const json::Object& claims) const {
    const auto text = to_base64url(json::write(header)) + "." + to_base64url(json::write(claims));
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    EVP_PKEY_CTX* inner = nullptr;
    EVP_DigestSignInit(context, &inner, name == "EdDSA" ? nullptr : EVP_sha256(), nullptr,
                       key.get());
    if (name == "PS256") {
      EVP_PKEY_CTX_set_rsa_padding(inner, RSA_PKCS1_PSS_PADDING);
      EVP_PKEY_CTX_set_rsa_pss_saltlen(inner, RSA_PSS_SALTLEN_DIGEST);
    }
    std::string signature(1024, '\0');
    std::size_t size = signature.size();
    EVP_DigestSign(context, reinterpret_cast<unsigned char*>(signature.data()), &size,
                   reinterpret_cast<const unsigned char*>(text.data()), text.size());
    EVP_MD_CTX_free(context);
    signature.resize(size);
    if (name == "ES256") signature = raw_of(signature);
    return text + "." + to_base64url(signature);
  }
  static std::string raw_of(const std::string& der) {
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    ECDSA_SIG* signature = d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size()));
    std::string out(2 * kHalf, '\0');
    auto* bytes = reinterpret_cast<unsigned char*>(out.data());
    BN_bn2binpad(ECDSA_SIG_get0_r(signature), bytes, kHalf);
    BN_bn2binpad(ECDSA_SIG_get0_s(signature), bytes + kHalf, kHalf);
    ECDSA_SIG_free(signature);
    return out;
  }

  std::string name;
  Key key;
};

json::Object good_claims() {
  return {{"iss", "https://idp.example"},
          {"aud", "client"},
          {"sub", "s-1"},
          {"exp", kNow + 300},
          {"iat", kNow - 10},
          {"nonce", "n-1"}};
}
json::Object header_of(const Signer& signer) { return {{"alg", signer.name}, {"kid", "k1"}}; }
IdTokenRules rules() { return {"https://idp.example", "client", "n-1"}; }
Timestamp now() { return {kNow * 1'000'000}; }

// Why it was refused; "" when it was not.
std::string refusal(const std::string& token, const KeySet& keys) {
  try {
    IdToken(token).verify(keys, rules(), now());
    return "";
  } catch (const Error& error) {
    EXPECT_EQ(error.slug(), "id_token_refused");
    EXPECT_EQ(error.code(), ErrorCode::unauthenticated);
    return error.cause();
  }
}

TEST(IdToken, signatures_of_the_four_kinds_hold_and_altered_ones_do_not) {
  const auto foreign = Signer::rsa("RS256").keys();
  for (const auto& signer :
       {Signer::rsa("RS256"), Signer::rsa("PS256"), Signer::ec(), Signer::ed()}) {
    const auto keys = signer.keys();
    ASSERT_EQ(keys.size(), 1U) << signer.name;
    const auto token = signer.sign(header_of(signer), good_claims());
    EXPECT_EQ(refusal(token, keys), "") << signer.name;
    auto claims = good_claims();
    claims["sub"] = "s-2";
    const auto other = signer.sign(header_of(signer), claims);
    const auto mixed = other.substr(0, other.rfind('.')) + token.substr(token.rfind('.'));
    EXPECT_NE(refusal(mixed, keys), "") << signer.name;
    EXPECT_NE(refusal(token, foreign), "") << signer.name;
    EXPECT_NE(refusal(token, {}), "");
  }
}

TEST(IdToken, an_ecdsa_signature_of_nothing_is_none) {
  const auto signer = Signer::ec();
  const auto token = signer.sign(header_of(signer), good_claims());
  for (const auto& signature :
       {std::string(64, '\0'), std::string(63, 'x'), std::string(65, 'x'), std::string(1, 'x')}) {
    const auto forged = token.substr(0, token.rfind('.') + 1) + to_base64url(signature);
    EXPECT_NE(refusal(forged, signer.keys()), "");
  }
}

TEST(IdToken, only_listed_algorithms_are_known) {
  for (const auto* name :
       {"none", "None", "", "HS256", "HS512", "RS1", "RS384", "ES384", "rs256"}) {
    EXPECT_FALSE(jws_algorithm(name)) << name;
    const auto signer = Signer::ed();
    json::Object header{{"alg", name}, {"kid", "k1"}};
    EXPECT_NE(refusal(signer.sign(header, good_claims()), signer.keys()), "") << name;
  }
  // A key that says what it is for is for nothing else.
  const auto signer = Signer::rsa("PS256");
  auto jwk = signer.jwk();
  jwk["alg"] = "RS256";
  const auto keys = read_key_set(json::write(json::Object{{"keys", json::Array{jwk}}}));
  EXPECT_NE(refusal(signer.sign(header_of(signer), good_claims()), keys), "");
}

TEST(IdToken, claims_and_times_are_checked_with_a_minute_of_grace) {
  const auto signer = Signer::ed();
  const auto with = [&](auto change) {
    auto claims = good_claims();
    change(claims);
    return refusal(signer.sign(header_of(signer), claims), signer.keys());
  };
  EXPECT_EQ(with([](auto& c) { c["exp"] = kNow - 59; }), "");
  EXPECT_NE(with([](auto& c) { c["exp"] = kNow - 60; }), "");
  EXPECT_EQ(with([](auto& c) { c["iat"] = kNow + 60; }), "");
  EXPECT_NE(with([](auto& c) { c["iat"] = kNow + 61; }), "");
  EXPECT_NE(with([](auto& c) { c["iat"] = kNow - 3601; }), "");
  EXPECT_NE(with([](auto& c) { c["nbf"] = kNow + 61; }), "");
  EXPECT_NE(with([](auto& c) { c["nbf"] = "soon"; }), "");
  EXPECT_EQ(with([](auto& c) { c["aud"] = json::Array{"client"}; }), "");
  EXPECT_NE(with([](auto& c) { c["aud"] = json::Array{"client", "x"}; }), "");
  EXPECT_NE(with([](auto& c) { c["azp"] = nullptr; }), "");
  EXPECT_NE(with([](auto& c) { c["iss"] = "https://idp.example/"; }), "");
  EXPECT_NE(with([](auto& c) { c["nonce"] = 1; }), "");
  EXPECT_NE(with([](auto& c) { c["sub"] = 1; }), "");
}

TEST(IdToken, what_is_no_token_is_refused_before_anything_else) {
  for (const auto* text : {"", ".", "..", "a.b", "a.b.c", "e30.e30.", "e30.e30.AA", "W10.e30.AA",
                           "e30.e30.AA.AA", "e30=.e30.AA"}) {
    EXPECT_THROW(IdToken{text}, Error) << text;
  }
  EXPECT_THROW(IdToken{std::string(40'000, 'a')}, Error);
}

TEST(KeySets, weak_and_broken_keys_are_passed_over) {
  EXPECT_TRUE(Signer::rsa("RS256", 1024).keys().empty());
  auto outside = Signer::ec().jwk();
  outside["y"] = outside["x"];
  auto encryption = Signer::ed().jwk();
  encryption["use"] = "enc";
  const json::Object set{{"keys", json::Array{outside, encryption, 7, json::Object{{"kty", "oct"}},
                                              Signer::ed().jwk()}}};
  EXPECT_EQ(read_key_set(json::write(set)).size(), 1U);
  EXPECT_THROW(read_key_set("[]"), Error);
  EXPECT_THROW(read_key_set(R"({"keys":{}})"), Error);
}

TEST(Discovery, speaks_of_its_own_issuer_and_of_places_that_are_https) {
  const std::string good =
      R"({"issuer":"https://a.example","authorization_endpoint":"https://a.example/a",)"
      R"("token_endpoint":"https://a.example/t","jwks_uri":"https://a.example/k"})";
  EXPECT_EQ(read_discovery(good, "https://a.example").jwks_uri, "https://a.example/k");
  EXPECT_THROW(read_discovery(good, "https://a.example/"), Error);
  EXPECT_THROW(read_discovery("[]", "https://a.example"), Error);
  std::string plain = good;
  plain.replace(plain.find("https://a.example/t"), 5, "http");
  EXPECT_THROW(read_discovery(plain, "https://a.example"), Error);
  EXPECT_EQ(discovery_url("https://a.example/x/"),
            "https://a.example/x/.well-known/openid-configuration");
  for (const auto* bad : {"http://a.example", "https://", "https://u@a", "https://a#f", "ftp://a",
                          "https://a b", "http://127.0.0.1.evil.example", "http://[::1"}) {
    EXPECT_FALSE(is_provider_url(bad)) << bad;
  }
  EXPECT_TRUE(is_provider_url("http://127.0.0.1:8080/x"));
}

TEST(ReturnPaths, are_plain_paths_of_our_own) {
  for (const auto* bad : {"", "x", "//e", "/\\e", "/a//b", "/../a", "/%2f", "/a;b", "/@e", "/a b",
                          "/api/v1/x", "/a\tb", "https:/e"}) {
    EXPECT_EQ(safe_return_to(bad), "/") << bad;
  }
  EXPECT_EQ(safe_return_to("/a/b-c_d.e?f=1&g=2#h"), "/a/b-c_d.e?f=1&g=2#h");
}

TEST(Domains, are_of_one_organization_each) {
  EXPECT_EQ(domain_of("Ada@Example.ORG"), "example.org");
  EXPECT_EQ(domain_of("nobody"), "");
  EXPECT_EQ(normal_domains({"B.org", "a.org", "b.org"}),
            (std::vector<std::string>{"a.org", "b.org"}));
  for (const auto* bad : {"gmail.com", "x", ".org", "a..b", "a b.org", "GMX.de"}) {
    EXPECT_THROW(normal_domains({bad}), Error) << bad;
  }
}

}  // namespace
}  // namespace aa::sso
