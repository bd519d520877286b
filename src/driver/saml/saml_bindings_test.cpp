#include "driver/saml/saml_bindings.hpp"

#include <zlib.h>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/hash.hpp"
#include "driver/http/message.hpp"
#include "driver/saml/service_key.hpp"
#include "driver/saml/xml_guard.hpp"

namespace aa::saml {
namespace {

template <class Call>
std::string slug_of(Call call) {
  try {
    call();
    return "";
  } catch (const Error& error) {
    return error.slug();
  }
}

std::string body_of(const std::string& pem) {
  std::string out;
  for (std::size_t at = pem.find('\n') + 1; pem[at] != '-';) {
    const auto end = pem.find('\n', at);
    out += pem.substr(at, end - at);
    at = end + 1;
  }
  return out;
}

TEST(SamlBindings, ReadsForms) {
  EXPECT_EQ(from_form("PGEvPg=="), "<a/>");
  EXPECT_EQ(from_form("PGEv\r\nPg=="), "<a/>");
  for (const auto* text : {"", "PGEvPg", "P!EvPg==", "===="}) {
    EXPECT_NE(slug_of([text] { from_form(text); }), "") << text;
  }
  EXPECT_EQ(slug_of([] { from_form(std::string(600'000, 'A')); }), "saml_too_large");
}

TEST(SamlBindings, RefusesQueriesWithoutOneSignedMessage) {
  const std::vector<std::string> none;
  EXPECT_EQ(slug_of([&] { from_query("", none); }), "saml_document");
  EXPECT_EQ(slug_of([&] { from_query("SAMLRequest=a&SAMLResponse=b", none); }), "saml_document");
  EXPECT_EQ(slug_of([&] { from_query("SAMLRequest=a&SAMLRequest=b", none); }), "saml_document");
  EXPECT_EQ(slug_of([&] { from_query("SAMLRequest=a", none); }), "saml_signature");
  const auto sha1 = http::percent_encode("http://www.w3.org/2000/09/xmldsig#rsa-sha1");
  EXPECT_EQ(slug_of([&] { from_query("SAMLRequest=a&SigAlg=" + sha1 + "&Signature=AAAA", none); }),
            "saml_signature");
}

TEST(SamlBindings, ChecksTheKeysOfMetadata) {
  const auto key = new_service_key();
  check_certificate(body_of(key.certificate));
  EXPECT_EQ(slug_of([] { check_certificate("AAAA"); }), "metadata_refused");
  EXPECT_EQ(slug_of([] { check_certificate("no base64"); }), "metadata_refused");
}

TEST(SamlBindings, MetadataAreEscaped) {
  const auto key = new_service_key();
  const auto text = service_metadata({"https://a/?x=1&y=\"<>'", "https://a/acs", "https://a/slo"},
                                     key.certificate);
  EXPECT_NE(text.find("https://a/?x=1&amp;y=&quot;&lt;&gt;&#39;"), std::string::npos);
  EXPECT_NE(text.find(body_of(key.certificate)), std::string::npos);
  EXPECT_EQ(text.find("PRIVATE"), std::string::npos);
  guard_xml(text, kMetadataBytes, Comments::refused);
}

}  // namespace
}  // namespace aa::saml
