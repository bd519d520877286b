#include "driver/saml/xml_guard.hpp"

#include <string>

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace aa::saml {
namespace {

std::string slug_of(std::string_view text, Comments comments = Comments::refused) {
  try {
    guard_xml(text, kMessageBytes, comments);
    return "";
  } catch (const Error& error) {
    return error.slug();
  }
}

TEST(XmlGuard, TakesPlainDocuments) {
  EXPECT_EQ(slug_of("<a/>"), "");
  EXPECT_EQ(slug_of("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a b='c>d'>&amp;&#60;</a>\n"), "");
  EXPECT_EQ(slug_of("<a><b x=\"1\"/>text</a>"), "");
  EXPECT_EQ(slug_of("<!-- said --><a/>", Comments::ignored), "");
}

TEST(XmlGuard, RefusesWhatAParserWouldActOn) {
  for (const auto* text :
       {"<!DOCTYPE a><a/>", "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>",
        "<a><!ENTITY x \"y\"></a>", "<a>&x;</a>", "<a b=\"&x;\"/>", "<a><?php ?></a>",
        "<?xml-stylesheet href=\"x\"?><a/>", "<a><![CDATA[x]]></a>", "<a>v<!---->x</a>",
        "<?xml version=\"1.0\" encoding=\"UTF-16\"?><a/>", "<a>\xff</a>"}) {
    EXPECT_EQ(slug_of(text), "saml_document") << text;
  }
  EXPECT_EQ(slug_of(std::string("<a>\0</a>", 8)), "saml_document");
}

TEST(XmlGuard, RefusesWhatIsNotClosed) {
  for (const auto* text : {"", "text", "<a>", "</a>", "<a", "<a b=\"", "<a><b</a>", "<a>&amp</a>",
                           "<a>&", "<!--", "<?xml "}) {
    EXPECT_EQ(slug_of(text, Comments::ignored), "saml_document") << text;
  }
}

TEST(XmlGuard, BoundsDepthCountAndSize) {
  std::string deep;
  for (int i = 0; i < 64; ++i) deep += "<a>";
  std::string closed = deep;
  for (int i = 0; i < 64; ++i) closed += "</a>";
  EXPECT_EQ(slug_of(closed), "");
  EXPECT_EQ(slug_of("<b>" + closed + "</b>"), "saml_document");
  std::string many = "<a>";
  for (int i = 0; i < 10'000; ++i) many += "<b/>";
  EXPECT_EQ(slug_of(many + "</a>"), "saml_document");
  EXPECT_EQ(slug_of("<a>" + std::string(kMessageBytes, 'x') + "</a>"), "saml_too_large");
  EXPECT_EQ(slug_of("<a b=\"" + std::string(20'000, 'x') + "\"/>"), "saml_document");
  std::string attributes = "<a";
  for (int i = 0; i < 65; ++i) attributes += " b" + std::to_string(i) + "=\"\"";
  EXPECT_EQ(slug_of(attributes + "/>"), "saml_document");
}

}  // namespace
}  // namespace aa::saml
