#include "driver/saml/saml_bindings.hpp"

#include <array>
#include <map>
#include <memory>
#include <zlib.h>

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "base/error.hpp"
#include "driver/http/message.hpp"
#include "driver/saml/xml_guard.hpp"

namespace aa::saml {
namespace {

constexpr std::size_t kWordBytes = 4'096;
constexpr int kRsaBits = 2048;

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

Error bad(const char* why) {
  return malformed("saml_document", "The message is not taken.").with_cause(why);
}
Error unsigned_message(const char* why) {
  return Error(ErrorCode::unauthenticated, "saml_signature", "The message is not taken.")
      .with_cause(why);
}
Error too_large() { return {ErrorCode::too_large, "saml_too_large", "The message is too large."}; }

// Standard base64; white space, which forms and files break lines with, is left out.
std::string decode_base64(std::string_view text) {
  std::string packed;
  packed.reserve(text.size());
  for (const char c : text) {
    if (c != ' ' && c != '\r' && c != '\n' && c != '\t') packed += c;
  }
  const auto padding = packed.ends_with("==") ? 2U : packed.ends_with('=') ? 1U : 0U;
  const auto first = packed.find('=');
  if (packed.empty() || packed.size() % 4 != 0 ||
      (padding > 0 && first != packed.size() - padding)) {
    throw bad("not base64");
  }
  std::string out(packed.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                   reinterpret_cast<const unsigned char*>(packed.data()),
                                   static_cast<int>(packed.size()));
  if (size < 0) throw bad("not base64");
  out.resize(static_cast<std::size_t>(size) - padding);
  return out;
}

struct Inflater {
  z_stream stream{};
  Inflater() {
    if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) throw internal_error("inflate does not begin");
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() { inflateEnd(&stream); }
};

// Never more than a message may have, whatever the bytes promise.
std::string inflate_raw(std::string packed) {
  Inflater inflater;
  auto& stream = inflater.stream;
  stream.next_in = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_in = static_cast<uInt>(packed.size());
  std::string out;
  std::array<char, 16 * 1024> part;
  for (int state = Z_OK; state != Z_STREAM_END;) {
    stream.next_out = reinterpret_cast<Bytef*>(part.data());
    stream.avail_out = part.size();
    state = ::inflate(&stream, Z_NO_FLUSH);
    const auto made = part.size() - stream.avail_out;
    if ((state != Z_OK && state != Z_STREAM_END) || (state == Z_OK && made == 0)) {
      throw bad("not deflated");
    }
    if (out.size() + made > kMessageBytes) throw too_large();
    out.append(part.data(), made);
  }
  return out;
}

using Words = std::map<std::string, std::string, std::less<>>;

// As they stand in the query, still encoded: the signature is of that.
Words words_of(std::string_view query) {
  Words out;
  while (!query.empty()) {
    const auto end = query.find('&');
    const auto word = query.substr(0, end);
    const auto equals = word.find('=');
    if (equals != std::string_view::npos) {
      const auto added =
          out.emplace(std::string(word.substr(0, equals)), std::string(word.substr(equals + 1)));
      if (!added.second) throw bad("a word stands twice in the query");
    }
    query = end == std::string_view::npos ? std::string_view() : query.substr(end + 1);
  }
  return out;
}

std::string decoded(const Words& words, std::string_view name) {
  const auto it = words.find(name);
  if (it == words.end()) return {};
  std::string spaced = it->second;
  for (auto& c : spaced) {
    if (c == '+') c = ' ';
  }
  const auto out = http::percent_decode(spaced);
  if (!out) throw bad("a word of the query is not encoded well");
  return *out;
}

const EVP_MD* digest_of(const std::string& algorithm) {
  static const std::map<std::string_view, const EVP_MD* (*)()> kDigests = {
      {"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", EVP_sha256},
      {"http://www.w3.org/2001/04/xmldsig-more#rsa-sha384", EVP_sha384},
      {"http://www.w3.org/2001/04/xmldsig-more#rsa-sha512", EVP_sha512}};
  const auto it = kDigests.find(algorithm);
  if (it == kDigests.end()) throw unsigned_message("an algorithm that is not taken");
  return it->second();
}

Key key_of(const std::string& certificate) {
  const auto der = decode_base64(certificate);
  const auto* bytes = reinterpret_cast<const unsigned char*>(der.data());
  const std::unique_ptr<X509, decltype(&X509_free)> read(
      d2i_X509(nullptr, &bytes, static_cast<long>(der.size())), X509_free);
  return {read == nullptr ? nullptr : X509_get_pubkey(read.get()), EVP_PKEY_free};
}

bool made_by(const std::string& certificate, const EVP_MD* digest, const std::string& text,
             const std::string& signature) {
  const auto key = key_of(certificate);
  if (key == nullptr || EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA) return false;
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        EVP_MD_CTX_free);
  if (context == nullptr ||
      EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, key.get()) != 1) {
    return false;
  }
  return EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature.data()),
                          signature.size(), reinterpret_cast<const unsigned char*>(text.data()),
                          text.size()) == 1;
}

void check_signature(const Words& words, std::string_view name,
                     const std::vector<std::string>& certificates) {
  if (!words.contains("SigAlg") || !words.contains("Signature")) {
    throw unsigned_message("the message is not signed");
  }
  if (words.find("SigAlg")->second.size() > kWordBytes ||
      words.find("Signature")->second.size() > kWordBytes) {
    throw unsigned_message("a long signature");
  }
  std::string text = std::string(name) + "=" + words.find(name)->second;
  const auto relay = words.find("RelayState");
  if (relay != words.end()) text += "&RelayState=" + relay->second;
  text += "&SigAlg=" + words.find("SigAlg")->second;
  const auto* digest = digest_of(decoded(words, "SigAlg"));
  const auto signature = decode_base64(decoded(words, "Signature"));
  for (const auto& certificate : certificates) {
    if (made_by(certificate, digest, text, signature)) return;
  }
  throw unsigned_message("no key of the identity provider made the signature");
}

}  // namespace

std::string from_form(std::string_view field) {
  if (field.size() > kMessageBytes / 3 * 4 + 16'384) throw too_large();
  auto out = decode_base64(field);
  if (out.size() > kMessageBytes) throw too_large();
  return out;
}

RedirectMessage from_query(std::string_view raw_query,
                           const std::vector<std::string>& certificates) {
  const auto words = words_of(raw_query);
  const bool asks = words.contains("SAMLRequest");
  if (asks == words.contains("SAMLResponse")) throw bad("not one message in the query");
  const std::string name = asks ? "SAMLRequest" : "SAMLResponse";
  check_signature(words, name, certificates);
  RedirectMessage out;
  out.document = inflate_raw(decode_base64(decoded(words, name)));
  out.relay_state = decoded(words, "RelayState");
  return out;
}

void check_certificate(const std::string& certificate) {
  Key key(nullptr, EVP_PKEY_free);
  try {
    key = key_of(certificate);
  } catch (const Error&) {
    key.reset();
  }
  const int type = key == nullptr ? 0 : EVP_PKEY_get_base_id(key.get());
  const bool taken = (type == EVP_PKEY_RSA && EVP_PKEY_get_bits(key.get()) >= kRsaBits) ||
                     (type == EVP_PKEY_EC && EVP_PKEY_get_bits(key.get()) >= 256);
  if (!taken) {
    throw invalid("metadata_refused",
                  "The metadata has a certificate that cannot be read or whose key is weak. RSA "
                  "of 2048 bits or more and elliptic curves of 256 are taken.",
                  {{"/config/metadata", "has a weak or unreadable certificate"}});
  }
}

}  // namespace aa::saml
