// Text in XML and HTML. Thread rule: pure.
#pragma once

#include <string>
#include <string_view>

namespace aa {

// As content, or as the value of an attribute in either kind of quotes (XML 1.0, section 2.4).
std::string xml_escape(std::string_view text);

}  // namespace aa
