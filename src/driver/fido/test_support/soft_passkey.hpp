// An authenticator in memory, for tests: makes what a real one would, and lets each part be wrong.
//
// Thread rule: one thread.
#pragma once

#include <array>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "base/hash.hpp"
#include "driver/fido/webauthn.hpp"

namespace aa::fido::test {

inline std::string cbor_head(int major, std::uint64_t value) {
  std::string out;
  const auto first = static_cast<char>(major << 5);
  if (value < 24) return {static_cast<char>(first | static_cast<char>(value))};
  if (value < 256) return {static_cast<char>(first | 24), static_cast<char>(value)};
  return {static_cast<char>(first | 25), static_cast<char>(value >> 8), static_cast<char>(value)};
}
inline std::string cbor_int(std::int64_t value) {
  return value >= 0 ? cbor_head(0, static_cast<std::uint64_t>(value))
                    : cbor_head(1, static_cast<std::uint64_t>(-1 - value));
}
inline std::string cbor_bytes(std::string_view bytes) {
  return cbor_head(2, bytes.size()) + std::string(bytes);
}
inline std::string cbor_text(std::string_view text) {
  return cbor_head(3, text.size()) + std::string(text);
}

// What of the answer is to be otherwise than it should.
struct Tweaks {
  std::string type;  // of the client data
  std::string challenge;
  std::string origin;
  std::string rp_id;
  std::string format = "none";  // or "packed", signed by itself
  std::string extra;            // more members of the client data
  int flags = 0x05;             // present and verified
  bool cross_origin = false;
};

class SoftPasskey {
 public:
  explicit SoftPasskey(int algorithm = kEs256)
      : id(random_bytes(32)), algorithm_(algorithm), key_(make_key(algorithm), EVP_PKEY_free) {
    if (!key_) throw std::runtime_error("no key");
  }

  std::string id;
  std::uint32_t count = 0;  // stays 0 while counts is false
  bool counts = true;

  Attestation create(const Ceremony& asked, const Tweaks& tweaks = {}) const {
    Attestation out;
    out.client_data = client_data(asked, "webauthn.create", tweaks);
    auto data = head(asked, tweaks.flags | 0x40, tweaks);
    data += std::string(16, '\0');
    data += static_cast<char>(id.size() >> 8);
    data += static_cast<char>(id.size());
    data += id + cose_key();
    std::string statement = cbor_head(5, 0);
    if (tweaks.format == "packed") {
      statement = cbor_head(5, 2) + cbor_text("alg") + cbor_int(algorithm_) + cbor_text("sig") +
                  cbor_bytes(sign(data + hash(out.client_data)));
    }
    out.attestation_object = cbor_head(5, 3) + cbor_text("fmt") + cbor_text(tweaks.format) +
                             cbor_text("attStmt") + statement + cbor_text("authData") +
                             cbor_bytes(data);
    return out;
  }

  Assertion get(const Ceremony& asked, const Tweaks& tweaks = {}) {
    if (counts) ++count;
    Assertion out;
    out.client_data = client_data(asked, "webauthn.get", tweaks);
    out.authenticator_data = head(asked, tweaks.flags, tweaks);
    out.signature = sign(out.authenticator_data + hash(out.client_data));
    return out;
  }

 private:
  static EVP_PKEY* make_key(int algorithm) {
    if (algorithm == kEs256) return EVP_EC_gen("P-256");
    if (algorithm == kRs256) return EVP_RSA_gen(2048);
    return EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
  }

  static std::string hash(std::string_view text) {
    const auto digest = sha256(text);
    return {digest.begin(), digest.end()};
  }

  static std::string client_data(const Ceremony& asked, std::string type, const Tweaks& tweaks) {
    if (!tweaks.type.empty()) type = tweaks.type;
    const auto& challenge = tweaks.challenge.empty() ? asked.challenge : tweaks.challenge;
    const auto& origin = tweaks.origin.empty() ? asked.party.origin : tweaks.origin;
    return R"({"type":")" + type + R"(","challenge":")" + challenge + R"(","origin":")" + origin +
           R"(","crossOrigin":)" + (tweaks.cross_origin ? "true" : "false") + tweaks.extra + "}";
  }

  std::string head(const Ceremony& asked, int flags, const Tweaks& tweaks) const {
    std::string out = hash(tweaks.rp_id.empty() ? asked.party.id : tweaks.rp_id);
    out += static_cast<char>(flags);
    for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(count >> shift);
    return out;
  }

  std::string number(const char* name, std::size_t size) const {
    BIGNUM* value = nullptr;
    if (EVP_PKEY_get_bn_param(key_.get(), name, &value) != 1) throw std::runtime_error(name);
    std::string out(size, '\0');
    BN_bn2binpad(value, reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(size));
    BN_free(value);
    return out;
  }

  std::string cose_key() const {
    if (algorithm_ == kEs256) {
      return cbor_head(5, 5) + cbor_int(1) + cbor_int(2) + cbor_int(3) + cbor_int(kEs256) +
             cbor_int(-1) + cbor_int(1) + cbor_int(-2) +
             cbor_bytes(number(OSSL_PKEY_PARAM_EC_PUB_X, 32)) + cbor_int(-3) +
             cbor_bytes(number(OSSL_PKEY_PARAM_EC_PUB_Y, 32));
    }
    if (algorithm_ == kRs256) {
      return cbor_head(5, 4) + cbor_int(1) + cbor_int(3) + cbor_int(3) + cbor_int(kRs256) +
             cbor_int(-1) + cbor_bytes(number(OSSL_PKEY_PARAM_RSA_N, 256)) + cbor_int(-2) +
             cbor_bytes(number(OSSL_PKEY_PARAM_RSA_E, 3));
    }
    std::string raw(32, '\0');
    std::size_t size = raw.size();
    EVP_PKEY_get_raw_public_key(key_.get(), reinterpret_cast<unsigned char*>(raw.data()), &size);
    return cbor_head(5, 4) + cbor_int(1) + cbor_int(1) + cbor_int(3) + cbor_int(kEdDsa) +
           cbor_int(-1) + cbor_int(6) + cbor_int(-2) + cbor_bytes(raw);
  }

  std::string sign(const std::string& message) const {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                          EVP_MD_CTX_free);
    const auto* kind = algorithm_ == kEdDsa ? nullptr : EVP_sha256();
    const auto* bytes = reinterpret_cast<const unsigned char*>(message.data());
    std::size_t size = 0;
    EVP_DigestSignInit(context.get(), nullptr, kind, nullptr, key_.get());
    EVP_DigestSign(context.get(), nullptr, &size, bytes, message.size());
    std::string out(size, '\0');
    if (EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size, bytes,
                       message.size()) != 1) {
      throw std::runtime_error("no signature");
    }
    out.resize(size);
    return out;
  }

  int algorithm_;
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
};

}  // namespace aa::fido::test
