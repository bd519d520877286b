// gzip for text answers that are known at once.
//
// Compressed are string bodies above 1 KiB of a textual type, when the client takes gzip and the
// answer is no 206, has no Content-Encoding and sets no cookie (BREACH: a secret that is new in an
// answer does not share a stream with what an attacker chose). Vary is added either way. The ETag
// stays: it names the resource's revision, and If-Match compares it.
// Thread rule: pure. It takes the time of the calling thread: large bodies are better streamed.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "driver/http/message.hpp"

namespace aa::http {

// Whether an Accept-Encoding header admits the coding (RFC 9110 section 12.5.3); absent: no.
bool accepts_encoding(std::optional<std::string_view> header, std::string_view coding);
void add_vary(Headers& headers, std::string_view name);
std::string gzip(std::string_view bytes);
void maybe_gzip(const Request& request, Response& response);

}  // namespace aa::http
