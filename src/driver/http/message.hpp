// HTTP as the rest of the program sees it: requests in, responses out. Knows no route and no user.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <boost/asio/ip/address.hpp>

#include "core/runtime/task.hpp"

namespace aa::http {

using runtime::Task;

class WebSocketHandler;

// Case-insensitive, order kept, repeats allowed.
class Headers {
 public:
  void add(std::string name, std::string value);
  void set(std::string name, std::string value);  // replaces all of the name
  void remove(std::string_view name);
  std::optional<std::string_view> get(std::string_view name) const;  // the first
  std::size_t count(std::string_view name) const;
  auto begin() const { return fields_.begin(); }
  auto end() const { return fields_.end(); }

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

// A body that arrives or leaves piece by piece. Each piece of a response is sent at once (server-
// sent events); one that throws ends the connection abruptly, so that no client takes a part for
// the whole.
class BodySource {
 public:
  virtual ~BodySource() = default;
  // Fills part of `buffer`; 0 means the end. Of a request: one reader at a time, on the handler's
  // executor and before the handler has answered. Throws Error: too_large "body_too_large",
  // deadline_exceeded "body_too_slow", malformed "malformed_body" or "body_incomplete",
  // cancelled.
  virtual Task<std::size_t> read(std::span<std::byte> buffer) = 0;
};

struct Request {
  std::string method;  // upper case token
  std::string path;    // percent-decoded once, begins with '/', no "." or ".."
  std::string raw_target;
  std::vector<std::pair<std::string, std::string>> query;  // decoded; a repeated key is refused
  Headers headers;
  boost::asio::ip::address remote;  // the peer, or what a trusted proxy says
  bool secure = false;              // came over TLS
  bool http11 = true;               // else 1.0
  std::string request_id;
  std::uint64_t body_limit = 0;      // set by the router before the body is read
  std::shared_ptr<BodySource> body;  // never null; enforces body_limit (413) and rates (408)
  std::optional<std::uint64_t> content_length;

  std::optional<std::string_view> query_value(std::string_view key) const;
  // The whole body; Error too_large beyond `limit` or body_limit, whichever is less (0: not set).
  Task<std::string> read_body(std::uint64_t limit);
};

struct Response {
  int status = 200;
  Headers headers;
  // Text and bytes known at once, shared immutable bytes (static files), or a stream with or
  // without a known length (chunked when without).
  std::variant<std::string, std::shared_ptr<const std::string>, std::shared_ptr<BodySource>> body;
  std::optional<std::uint64_t> stream_length;
  bool close = false;                         // end the connection after this answer
  std::shared_ptr<WebSocketHandler> upgrade;  // see upgrade_to()

  // Content-Length, Transfer-Encoding, Connection and Date among `headers` are the server's alone
  // and are replaced. Control characters in values become spaces.

  static Response text(int status, std::string content_type, std::string body);
  static Response empty(int status);
  // The connection becomes a WebSocket, see websocket.hpp; a request that asks for none gets the
  // refusal instead.
  static Response upgrade_to(std::shared_ptr<WebSocketHandler> handler);
};

using Handler = std::function<Task<Response>(std::shared_ptr<Request>)>;

// One part of a multipart/form-data body (RFC 7578), read in order, each part streamed.
struct Part {
  std::string name;
  std::optional<std::string> filename;  // as sent, decoded; never used as a path
  std::string content_type;
};

class MultipartReader {
 public:
  // Error malformed "malformed_multipart" when the boundary is missing or bad.
  explicit MultipartReader(Request& request);
  ~MultipartReader();
  // The next part, skipping what is left of the present one; nullopt at the closing boundary.
  Task<std::optional<Part>> next();
  Task<std::size_t> read(std::span<std::byte> buffer);  // of the present part; 0 at its end
  Task<std::string> read_text(std::size_t limit);       // the whole present part

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Parsed Range header (RFC 9110 section 14): one range only; nullopt when absent or several.
struct ByteRange {
  std::uint64_t first = 0;
  std::uint64_t last = 0;  // inclusive
};
enum class RangeKind { none, satisfiable, unsatisfiable };
std::pair<RangeKind, ByteRange> parse_range(std::string_view header, std::uint64_t size);

std::string percent_encode(std::string_view text);
std::optional<std::string> percent_decode(std::string_view text);
// attachment; filename="ascii"; filename*=UTF-8''... (RFC 6266)
std::string content_disposition(std::string_view kind, std::string_view filename);

}  // namespace aa::http
