#include "driver/http/detail/response_writer.hpp"

#include <fmt/format.h>

#include "base/error.hpp"

namespace aa::http {
namespace {

namespace asio = boost::asio;
using runtime::Task;
using Stream = std::shared_ptr<BodySource>;
using Shared = std::shared_ptr<const std::string>;

constexpr std::size_t kStreamBuffer = 64 * 1024;
constexpr std::size_t kInlineBody = 8 * 1024;  // copied behind the head: one segment, one call

bool has_no_body(int status) { return status < 200 || status == 204 || status == 304; }

std::string_view known_bytes(const Response& response) {
  if (const auto* text = std::get_if<std::string>(&response.body)) return *text;
  const auto* shared = std::get_if<Shared>(&response.body);
  return shared != nullptr && *shared ? std::string_view(**shared) : std::string_view();
}

void drop_front(Pieces& pieces, std::size_t count) {
  for (auto& piece : pieces) {
    const auto part = std::min(count, piece.size());
    piece += part;
    count -= part;
  }
  while (pieces[0].size() == 0 && asio::buffer_size(pieces) > 0) {
    pieces = {pieces[1], pieces[2], asio::const_buffer()};
  }
}

}  // namespace

Task<> ResponseWriter::write_all(Pieces pieces) {
  drop_front(pieces, 0);
  const auto give_up = [this] { transport_.abort(); };
  Watchdog::Guard guard(watchdog_, stall_limit_, give_up);
  while (pieces[0].size() > 0) {
    const std::size_t count = co_await transport_.write_some(pieces);
    drop_front(pieces, count);
    guard.extend(stall_limit_);
  }
}

Task<> ResponseWriter::write_continue() {
  static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
  const Pieces pieces{asio::buffer(kContinue), {}, {}};
  co_await write_all(pieces);
}

Task<> ResponseWriter::write_stream(BodySource& source, bool chunked,
                                    std::optional<std::uint64_t> length) {
  std::vector<std::byte> buffer(kStreamBuffer);
  std::uint64_t sent = 0;
  std::string size_line;
  for (;;) {
    const std::size_t count = co_await source.read(buffer);
    if (count == 0) break;
    sent += count;
    if (length && sent > *length) throw internal_error("a response stream exceeds its length");
    Pieces pieces = {asio::buffer(buffer.data(), count), {}, {}};
    if (chunked) {
      size_line = fmt::format("{:x}\r\n", count);
      pieces = {asio::buffer(size_line), pieces[0], asio::buffer("\r\n", 2)};
    }
    co_await write_all(pieces);
  }
  if (length && sent < *length) throw internal_error("a response stream ended early");
  if (chunked) co_await write_all(Pieces{asio::buffer("0\r\n\r\n", 5), {}, {}});
}

Task<> ResponseWriter::write(Response response, Context context) {
  const auto* stream = std::get_if<Stream>(&response.body);
  const auto bytes = known_bytes(response);
  const bool bodiless = has_no_body(response.status);
  if (!bodiless && stream == nullptr) context.head.length = bytes.size();
  if (!bodiless && stream != nullptr) {
    context.head.length = response.stream_length;
    context.head.chunked = !response.stream_length && context.http11;
  }
  head_.clear();
  append_response_head(head_, response, context.head);
  const bool with_body = !bodiless && !context.head_only;
  const bool inlined = with_body && bytes.size() <= kInlineBody;
  if (inlined) head_ += bytes;
  Pieces pieces = {asio::buffer(head_), {}, {}};
  if (with_body && !inlined) pieces[1] = asio::buffer(bytes);
  co_await write_all(pieces);
  if (with_body && stream != nullptr && *stream) {
    co_await write_stream(**stream, context.head.chunked, context.head.length);
  }
}

}  // namespace aa::http
