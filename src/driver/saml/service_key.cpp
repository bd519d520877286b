#include "driver/saml/service_key.hpp"

#include <memory>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "base/error.hpp"
#include "base/hash.hpp"
#include "base/xml_text.hpp"

namespace aa::saml {
namespace {

constexpr unsigned kRsaBits = 3072;
constexpr long kLifeSeconds = 10L * 365 * 24 * 3600;
constexpr std::size_t kSerialBytes = 8;

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using Memory = std::unique_ptr<BIO, decltype(&BIO_free)>;

void need(bool done) {
  if (!done) throw internal_error("OpenSSL makes no certificate");
}

std::string text_of(BIO* memory) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory, &data);
  return {data, static_cast<std::size_t>(size)};
}

Certificate certificate_of(EVP_PKEY* key) {
  Certificate out(X509_new(), X509_free);
  need(out != nullptr);
  const auto random = random_bytes(kSerialBytes);
  std::int64_t serial = 0;
  for (const unsigned char byte : random) serial = (serial << 8 | byte) & 0x7fffffffffffffff;
  need(X509_set_version(out.get(), 2) == 1);
  need(ASN1_INTEGER_set_int64(X509_get_serialNumber(out.get()), serial) == 1);
  need(X509_gmtime_adj(X509_getm_notBefore(out.get()), -3600) != nullptr);
  need(X509_gmtime_adj(X509_getm_notAfter(out.get()), kLifeSeconds) != nullptr);
  auto* name = X509_get_subject_name(out.get());
  const auto* common = reinterpret_cast<const unsigned char*>("AnnotateAI SAML");
  need(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, common, -1, -1, 0) == 1);
  need(X509_set_issuer_name(out.get(), name) == 1 && X509_set_pubkey(out.get(), key) == 1);
  need(X509_sign(out.get(), key, EVP_sha256()) > 0);
  return out;
}

// The base64 between the first and the last line.
std::string body_of(std::string_view pem) {
  std::string out;
  std::size_t at = 0;
  while (at < pem.size()) {
    const auto end = std::min(pem.find('\n', at), pem.size());
    const auto line = pem.substr(at, end - at);
    if (!line.starts_with("-----")) out += line;
    at = end + 1;
  }
  return out;
}

std::string key_descriptor(std::string_view certificate_pem) {
  return "<md:KeyDescriptor use=\"signing\"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>" +
         body_of(certificate_pem) +
         "</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>";
}

}  // namespace

ServiceKey new_service_key() {
  const Key key(EVP_RSA_gen(kRsaBits), EVP_PKEY_free);
  need(key != nullptr);
  const auto certificate = certificate_of(key.get());
  const Memory key_text(BIO_new(BIO_s_mem()), BIO_free);
  const Memory certificate_text(BIO_new(BIO_s_mem()), BIO_free);
  need(PEM_write_bio_PrivateKey(key_text.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) ==
       1);
  need(PEM_write_bio_X509(certificate_text.get(), certificate.get()) == 1);
  return {text_of(key_text.get()), text_of(certificate_text.get())};
}

std::string service_metadata(const ServicePlaces& places, std::string_view certificate_pem) {
  constexpr std::string_view kBinding = "urn:oasis:names:tc:SAML:2.0:bindings:";
  const auto place = [&](const std::string& element, const char* binding, const std::string& url) {
    return "<md:" + element + " Binding=\"" + std::string(kBinding) + binding + "\" Location=\"" +
           xml_escape(url) + "\"";
  };
  std::string out =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" "
      "xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" entityID=\"";
  out += xml_escape(places.entity_id);
  out +=
      "\"><md:SPSSODescriptor AuthnRequestsSigned=\"true\" WantAssertionsSigned=\"true\" "
      "protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">";
  out += key_descriptor(certificate_pem);
  out += place("SingleLogoutService", "HTTP-Redirect", places.slo) + "/>";
  out += place("SingleLogoutService", "HTTP-POST", places.slo) + "/>";
  out += "<md:NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:persistent</md:NameIDFormat>";
  out +=
      "<md:NameIDFormat>urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
      "</md:NameIDFormat>";
  out += place("AssertionConsumerService", "HTTP-POST", places.acs) +
         " index=\"0\" isDefault=\"true\"/>";
  return out + "</md:SPSSODescriptor></md:EntityDescriptor>\n";
}

}  // namespace aa::saml
