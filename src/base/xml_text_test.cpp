#include "base/xml_text.hpp"

#include <gtest/gtest.h>

namespace aa {
namespace {

TEST(XmlText, what_would_end_an_attribute_or_begin_a_tag_is_escaped) {
  EXPECT_EQ(xml_escape(R"(<a href="x" title='y'>&amp;)"),
            "&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;amp;");
}

TEST(XmlText, other_text_stays) {
  EXPECT_EQ(xml_escape("Zürich, 5 ways\n"), "Zürich, 5 ways\n");
  EXPECT_EQ(xml_escape(""), "");
}

}  // namespace
}  // namespace aa
