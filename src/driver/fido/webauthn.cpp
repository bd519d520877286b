#include "driver/fido/webauthn.hpp"

#include <cbor.h>
#include <fido.h>
#include <fido/eddsa.h>
#include <fido/es256.h>
#include <fido/rs256.h>
#include <memory>
#include <optional>
#include <span>

#include "base/hash.hpp"
#include "driver/fido/cbor_guard.hpp"

namespace aa::fido {
namespace {

constexpr std::size_t kHashBytes = 32;
constexpr std::size_t kFlagsAt = kHashBytes;
constexpr std::size_t kCounterAt = kFlagsAt + 1;
constexpr std::size_t kHeadBytes = kCounterAt + 4;
constexpr std::size_t kAaguidBytes = 16;
constexpr std::uint8_t kVerifiedFlag = 0x04;
constexpr std::uint8_t kCredentialFlag = 0x40;
constexpr std::uint8_t kExtensionsFlag = 0x80;

struct Free {
  void operator()(fido_cred_t* it) const { fido_cred_free(&it); }
  void operator()(fido_assert_t* it) const { fido_assert_free(&it); }
  void operator()(es256_pk_t* it) const { es256_pk_free(&it); }
  void operator()(eddsa_pk_t* it) const { eddsa_pk_free(&it); }
  void operator()(rs256_pk_t* it) const { rs256_pk_free(&it); }
  void operator()(cbor_item_t* it) const { cbor_decref(&it); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

const unsigned char* bytes_of(const std::string& text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

void need(int code, const char* why) {
  if (code != FIDO_OK) throw refused(why);
}

std::uint8_t byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint8_t>(bytes[at]);
}

std::uint32_t counter_in(std::string_view data) {
  std::uint32_t out = 0;
  for (std::size_t i = 0; i < 4; ++i) out = out << 8 | byte_at(data, kCounterAt + i);
  return out;
}

void check_size(std::string_view bytes, std::size_t least, std::size_t most, const char* what) {
  if (bytes.size() < least || bytes.size() > most) {
    throw refused(std::string("its ") + what + " have an impossible length");
  }
}

// Behind the fixed part: a credential and extensions where the flags say so, and nothing else.
void check_authenticator_data(std::string_view data, bool with_credential) {
  check_size(data, kHeadBytes, kAuthenticatorDataBytes, "authenticator data");
  const auto flags = byte_at(data, kFlagsAt);
  if (with_credential != ((flags & kCredentialFlag) != 0)) {
    throw refused("its authenticator data have the wrong flags");
  }
  auto rest = data.substr(kHeadBytes);
  auto skip = [&rest](std::optional<std::size_t> count) {
    if (!count || *count > rest.size()) throw refused("its authenticator data are damaged");
    rest.remove_prefix(*count);
  };
  if (with_credential) {
    skip(kAaguidBytes);
    if (rest.size() < 2) throw refused("its authenticator data are cut short");
    const std::size_t id = static_cast<std::size_t>(byte_at(rest, 0)) << 8 | byte_at(rest, 1);
    if (id == 0 || id > kCredentialIdBytes) throw refused("its id has an impossible length");
    skip(2 + id);
    skip(cbor_length(rest));
  }
  if ((flags & kExtensionsFlag) != 0) skip(cbor_length(rest));
  if (!rest.empty()) throw refused("its authenticator data are too long");
}

void check_client_data(const Ceremony& ceremony, const std::string& text, std::string_view type) {
  const auto data = read_client_data(text);
  if (data.type != type) throw refused("it is for another use");
  if (data.challenge != ceremony.challenge) throw refused("it answers another question");
  if (data.origin != ceremony.party.origin || data.cross_origin) {
    throw refused("it was made on another site");
  }
}

struct Statement {
  std::string format;
  std::string authenticator_data;
  std::optional<std::int64_t> algorithm;
  std::string signature;
  std::size_t members = 0;
};

std::string_view text_of(const cbor_item_t* item) {
  if (!cbor_isa_string(item) || !cbor_string_is_definite(item)) return {};
  return {reinterpret_cast<const char*>(cbor_string_handle(item)), cbor_string_length(item)};
}

std::string bytes_in(const cbor_item_t* item) {
  if (!cbor_isa_bytestring(item) || !cbor_bytestring_is_definite(item)) {
    throw refused("a part of its attestation is of another kind");
  }
  return {reinterpret_cast<const char*>(cbor_bytestring_handle(item)),
          cbor_bytestring_length(item)};
}

std::span<cbor_pair> pairs_of(const cbor_item_t* item) {
  if (!cbor_isa_map(item)) throw refused("its attestation is no map");
  return {cbor_map_handle(item), cbor_map_size(item)};
}

void read_statement(const cbor_item_t* item, Statement& into) {
  for (const auto& [key, value] : pairs_of(item)) {
    ++into.members;
    if (text_of(key) == "sig") into.signature = bytes_in(value);
    if (text_of(key) == "alg") {
      if (!cbor_isa_negint(value)) throw refused("its attestation names no algorithm");
      const auto number = cbor_get_int(value);
      if (number < 1024) into.algorithm = -1 - static_cast<std::int64_t>(number);
    }
  }
}

Statement read_attestation(const std::string& bytes) {
  check_size(bytes, 1, kAttestationBytes, "attestation object");
  if (cbor_length(bytes) != bytes.size()) throw refused("its attestation object is damaged");
  cbor_load_result result{};
  const Owned<cbor_item_t> item(cbor_load(bytes_of(bytes), bytes.size(), &result));
  if (!item) throw refused("its attestation object is damaged");
  Statement out;
  for (const auto& [key, value] : pairs_of(item.get())) {
    const auto name = text_of(key);
    if (name == "fmt") out.format = text_of(value);
    if (name == "authData") out.authenticator_data = bytes_in(value);
    if (name == "attStmt") read_statement(value, out);
  }
  return out;
}

// The library wants to know what it will find.
Owned<fido_cred_t> read_credential(const Statement& statement) {
  const auto& data = statement.authenticator_data;
  for (const int algorithm : {kEs256, kEdDsa, kRs256}) {
    Owned<fido_cred_t> out(fido_cred_new());
    if (!out) throw internal_error("no memory for a passkey");
    if (fido_cred_set_type(out.get(), algorithm) != FIDO_OK) continue;
    if (fido_cred_set_authdata_raw(out.get(), bytes_of(data), data.size()) == FIDO_OK) return out;
  }
  throw refused("its key is of a kind that is not taken");
}

// For a key that was just made, by the key itself.
void check_self(fido_cred_t* credential, const Ceremony& ceremony, const Attestation& given,
                const Statement& statement) {
  if (statement.members != 2 || statement.algorithm != fido_cred_type(credential)) {
    throw refused("its attestation is not by itself");
  }
  check_size(statement.signature, 1, kSignatureBytes, "signatures");
  need(fido_cred_set_clientdata(credential, bytes_of(given.client_data), given.client_data.size()),
       "its client data are not taken");
  need(fido_cred_set_rp(credential, ceremony.party.id.c_str(), nullptr), "the site is not taken");
  need(fido_cred_set_fmt(credential, "packed"), "its attestation is not taken");
  need(fido_cred_set_sig(credential, bytes_of(statement.signature), statement.signature.size()),
       "its signature is not taken");
  need(fido_cred_verify_self(credential), "its attestation does not fit its key");
}

template <class Key, class Read>
Owned<Key> public_key(Key* made, Read read, const std::string& bytes) {
  Owned<Key> out(made);
  if (!out || read(out.get(), bytes.data(), bytes.size()) != FIDO_OK) {
    throw refused("its key is damaged");
  }
  return out;
}

int verify(const fido_assert_t* assertion, const Credential& known) {
  if (known.algorithm == kEs256) {
    const auto key = public_key(es256_pk_new(), es256_pk_from_ptr, known.public_key);
    return fido_assert_verify(assertion, 0, kEs256, key.get());
  }
  if (known.algorithm == kEdDsa) {
    const auto key = public_key(eddsa_pk_new(), eddsa_pk_from_ptr, known.public_key);
    return fido_assert_verify(assertion, 0, kEdDsa, key.get());
  }
  const auto key = public_key(rs256_pk_new(), rs256_pk_from_ptr, known.public_key);
  return fido_assert_verify(assertion, 0, kRs256, key.get());
}

void check_presence(const Ceremony& ceremony, std::string_view data) {
  const auto flags = byte_at(data, kFlagsAt);
  if ((flags & 0x01) == 0) throw refused("nobody was there to confirm it");
  if (ceremony.verify_user && (flags & kVerifiedFlag) == 0) {
    throw invalid("passkey_unverified",
                  "The passkey must ask for your PIN, finger or face, and it did not.");
  }
}

}  // namespace

Credential check_attestation(const Ceremony& ceremony, const Attestation& given) {
  check_client_data(ceremony, given.client_data, "webauthn.create");
  const auto statement = read_attestation(given.attestation_object);
  const auto& data = statement.authenticator_data;
  check_authenticator_data(data, true);
  check_presence(ceremony, data);
  const auto hash = sha256(ceremony.party.id);
  if (data.substr(0, kHashBytes) != std::string(hash.begin(), hash.end())) {
    throw refused("it is for another site");
  }
  const auto credential = read_credential(statement);
  if (statement.format == "packed") {
    check_self(credential.get(), ceremony, given, statement);
  } else if (statement.format != "none" || statement.members != 0) {
    throw refused("its attestation is of a kind that is not taken");
  }
  Credential out;
  out.id.assign(reinterpret_cast<const char*>(fido_cred_id_ptr(credential.get())),
                fido_cred_id_len(credential.get()));
  out.algorithm = fido_cred_type(credential.get());
  out.public_key.assign(reinterpret_cast<const char*>(fido_cred_pubkey_ptr(credential.get())),
                        fido_cred_pubkey_len(credential.get()));
  out.sign_count = counter_in(data);
  out.user_verified = (byte_at(data, kFlagsAt) & kVerifiedFlag) != 0;
  return out;
}

Asserted check_assertion(const Ceremony& ceremony, const Credential& known,
                         const Assertion& given) {
  check_client_data(ceremony, given.client_data, "webauthn.get");
  check_authenticator_data(given.authenticator_data, false);
  check_presence(ceremony, given.authenticator_data);
  check_size(given.signature, 1, kSignatureBytes, "signatures");
  const Owned<fido_assert_t> assertion(fido_assert_new());
  if (!assertion) throw internal_error("no memory for a passkey");
  const auto& data = given.authenticator_data;
  need(fido_assert_set_count(assertion.get(), 1), "it is not taken");
  need(fido_assert_set_clientdata(assertion.get(), bytes_of(given.client_data),
                                  given.client_data.size()),
       "its client data are not taken");
  need(fido_assert_set_rp(assertion.get(), ceremony.party.id.c_str()), "the site is not taken");
  need(fido_assert_set_up(assertion.get(), FIDO_OPT_TRUE), "it is not taken");
  const auto verified = ceremony.verify_user ? FIDO_OPT_TRUE : FIDO_OPT_OMIT;
  need(fido_assert_set_uv(assertion.get(), verified), "it is not taken");
  need(fido_assert_set_authdata_raw(assertion.get(), 0, bytes_of(data), data.size()),
       "its authenticator data are damaged");
  need(fido_assert_set_sig(assertion.get(), 0, bytes_of(given.signature), given.signature.size()),
       "its signature is not taken");
  need(verify(assertion.get(), known), "its signature does not fit");
  Asserted out{counter_in(data), (byte_at(data, kFlagsAt) & kVerifiedFlag) != 0};
  if ((out.sign_count != 0 || known.sign_count != 0) && out.sign_count <= known.sign_count) {
    throw invalid("passkey_cloned",
                  "The passkey's counter went back, as that of a copy would. Remove it.");
  }
  return out;
}

}  // namespace aa::fido
