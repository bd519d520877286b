// What XML of others must be before any parser sees it: small, flat, plain UTF-8, without document
// types, processing instructions, CDATA sections, entities of its own and, but for metadata,
// comments. What the parser makes of it is checked again.
//
// Thread rule: pure. Errors: malformed "saml_document" (the cause says why), too_large
// "saml_too_large".
#pragma once

#include <string_view>

namespace aa::saml {

inline constexpr std::size_t kMessageBytes = 256 * 1024;
inline constexpr std::size_t kMetadataBytes = 100 * 1024;

enum class Comments { refused, ignored };

void guard_xml(std::string_view text, std::size_t max_bytes, Comments comments);

}  // namespace aa::saml
