// One function per reader of untrusted bytes, for fuzzers and for the seeded mutations in the unit
// tests. Each checks what must hold whatever the bytes are, and throws std::logic_error when it
// does not; bad input alone is no failure.
#pragma once

#include <cstdint>
#include <string_view>

namespace aa::http {

void fuzz_target(std::string_view bytes);
void fuzz_request_head(std::string_view bytes);  // also: found alike in one piece and in many
void fuzz_chunks(std::string_view bytes);        // also: the same in one piece and in many
void fuzz_multipart(std::string_view bytes);     // first byte: size of the pieces; boundary "XX"
void fuzz_websocket(std::string_view bytes);     // also: the same in one piece and in many

}  // namespace aa::http
