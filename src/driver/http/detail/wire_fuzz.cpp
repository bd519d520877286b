#include "driver/http/detail/wire_fuzz.hpp"

#include <stdexcept>

#include "base/error.hpp"
#include "base/limits.hpp"
#include "base/utf8.hpp"
#include "driver/http/detail/chunk_decoder.hpp"
#include "driver/http/detail/multipart_parser.hpp"
#include "driver/http/detail/request_head.hpp"
#include "driver/http/detail/websocket_parser.hpp"

namespace aa::http {
namespace {

void require(bool condition, const char* what) {
  if (!condition) throw std::logic_error(what);
}

void check_target(const Target& target) {
  require(target.path.starts_with('/'), "a path begins with a slash");
  require(is_utf8(target.path), "a path is UTF-8");
  require((target.path + "/").find("/../") == std::string::npos, "a path climbs");
  require(target.path.find_first_of(std::string_view("\0\r\n\\", 4)) == std::string::npos,
          "a path holds what it may not");
  require(target.query.size() <= kQueryPairs, "too many query keys");
}

std::pair<std::string, bool> decode_chunks(std::string_view bytes, std::size_t piece) {
  ChunkDecoder decoder;
  std::string out;
  std::array<std::byte, 7> buffer;
  std::string held;
  while (!decoder.done() && !decoder.failed() && !(bytes.empty() && held.empty())) {
    held += bytes.substr(0, piece);
    bytes.remove_prefix(std::min(piece, bytes.size()));
    const auto step = decoder.decode(held, buffer);
    require(step.consumed <= held.size() && step.produced <= buffer.size(), "chunk bounds");
    require(step.consumed > 0 || decoder.failed(), "the decoder stands still");
    out.append(reinterpret_cast<const char*>(buffer.data()), step.produced);
    held.erase(0, step.consumed);
  }
  return {out, decoder.done()};
}

constexpr std::size_t kSocketMessageBytes = 300;

// All that is found, as text to compare.
std::string read_frames(std::string_view bytes, std::size_t piece) {
  using Kind = WebSocketParser::Kind;
  WebSocketParser parser(kSocketMessageBytes, 5);
  std::string out;
  while (!bytes.empty()) {
    auto part = bytes.substr(0, piece);
    bytes.remove_prefix(part.size());
    for (auto found = parser.next(part); found.kind != Kind::more; found = parser.next(part)) {
      out += "<" + std::to_string(static_cast<int>(found.kind)) + " " + std::to_string(found.code) +
             " " + found.payload + ">";
      if (found.kind == Kind::failed || found.kind == Kind::close) return out;
      require(found.kind != Kind::text || is_utf8(found.payload), "a message is UTF-8");
      require(found.payload.size() <= kSocketMessageBytes, "a message beyond the limit");
    }
    require(part.empty(), "more is asked for with bytes left");
  }
  return out + (parser.in_message() ? "..." : "");
}

}  // namespace

void fuzz_websocket(std::string_view bytes) {
  const auto whole = read_frames(bytes, bytes.size());
  require(read_frames(bytes, 1) == whole, "pieces change what is read");
  require(read_frames(bytes, 7) == whole, "pieces change what is read");
}

void fuzz_target(std::string_view bytes) {
  const auto parsed = parse_target(bytes);
  if (const auto* target = std::get_if<Target>(&parsed)) check_target(*target);
}

void fuzz_request_head(std::string_view bytes) {
  HeadScanner whole;
  const auto found = whole.scan(bytes);
  HeadScanner piecewise;
  HeadScanner::Progress last;
  for (std::size_t i = 1; i <= bytes.size() && last.end == 0 && !last.refusal; ++i) {
    last = piecewise.scan(bytes.substr(0, i));
  }
  if (found.end > 0) {
    require(last.end == found.end && last.begin == found.begin, "pieces change a head's end");
    require(found.end <= limits::kHttpHeaderBytes + 8, "a head beyond the limit");
    const auto head = parse_head(bytes.substr(found.begin, found.end - found.begin), {});
    if (const auto* good = std::get_if<Head>(&head)) check_target(good->target);
  }
}

void fuzz_chunks(std::string_view bytes) {
  const auto whole = decode_chunks(bytes, bytes.size());
  const auto single = decode_chunks(bytes, 1);
  require(whole.second == single.second, "pieces change whether a body is whole");
  require(!whole.second || whole.first == single.first, "pieces change a body");
}

void fuzz_multipart(std::string_view bytes) {
  if (bytes.empty()) return;
  const std::size_t piece = 1 + static_cast<unsigned char>(bytes.front()) % 64;
  bytes.remove_prefix(1);
  const auto total = bytes.size();
  std::size_t data = 0;
  std::string held;
  MultipartParser parser("XX");
  try {
    for (;;) {
      const auto step = parser.step(held);
      require(step.consumed <= held.size(), "multipart bounds");
      data += step.data.size();
      if (step.found == MultipartParser::Found::part) {
        require(is_utf8(parser.part().name), "a part's name is UTF-8");
        require(!parser.part().filename || is_utf8(*parser.part().filename), "so is its file's");
      }
      if (step.found == MultipartParser::Found::end) break;
      held.erase(0, step.consumed);
      if (step.found != MultipartParser::Found::more || step.consumed > 0) continue;
      if (bytes.empty()) break;
      held += bytes.substr(0, piece);
      bytes.remove_prefix(std::min(piece, bytes.size()));
      require(held.size() <= kPartHeadBytes + piece + 16, "too much is held");
    }
  } catch (const Error& e) {
    require(e.slug() == "malformed_multipart", "another error");
  }
  require(data <= total, "more data than bytes");
}

}  // namespace aa::http
