#include "driver/http/detail/connection.hpp"

#include <algorithm>

#include <boost/asio/post.hpp>

#include "base/error.hpp"
#include "core/observe/log.hpp"
#include "driver/http/detail/field_text.hpp"
#include "driver/http/detail/websocket_frame.hpp"
#include "driver/http/detail/websocket_session.hpp"

namespace aa::http {
namespace {

namespace asio = boost::asio;
using runtime::Task;

class NoBody final : public BodySource {
 public:
  Task<std::size_t> read(std::span<std::byte>) override { co_return 0; }
};

// The body of a request as its handler sees it; outlives the connection harmlessly.
class RequestBody final : public BodySource {
 public:
  RequestBody(std::weak_ptr<Connection> connection, BodyReader& reader)
      : connection_(std::move(connection)), reader_(reader) {}

  Task<std::size_t> read(std::span<std::byte> buffer) override {
    const auto connection = connection_.lock();
    if (!connection || detached_) {
      throw Error(ErrorCode::cancelled, "request_ended", "The request is over.");
    }
    co_return co_await reader_.read(buffer);
  }
  void detach() { detached_ = true; }

 private:
  std::weak_ptr<Connection> connection_;
  BodyReader& reader_;
  bool detached_ = false;
};

Watchdog::Duration tick_of(const ServerSettings& settings) {
  const auto shortest =
      std::min({settings.header_timeout, settings.keep_alive_timeout,
                settings.stalled_reader_timeout, std::chrono::milliseconds(10'000)});
  return std::max<Watchdog::Duration>(shortest / 2, std::chrono::milliseconds(5));
}

bool is_request_id(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return is_alphanumeric(c) || c == '.' || c == '_' || c == '-';
  });
}

}  // namespace

Connection::Connection(std::shared_ptr<ConnectionContext> context, runtime::Executor strand,
                       std::unique_ptr<Transport> transport, asio::ip::address peer)
    : context_(std::move(context)),
      strand_(std::move(strand)),
      transport_(std::move(transport)),
      peer_(std::move(peer)),
      watchdog_(strand_, tick_of(context_->settings)),
      intake_(strand_, *transport_,
              {.arrived = [this](std::size_t count) { body_.arrived(count); },
               .ended = [this](boost::system::error_code error) { on_ended(error); }}),
      writer_(*transport_, watchdog_, context_->settings.stalled_reader_timeout),
      body_(intake_, watchdog_,
            {context_->settings.body_rate_min_bytes_per_s, context_->settings.body_grace},
            [this] { return writer_.write_continue(); }) {}

Connection::~Connection() = default;

std::shared_ptr<WebSocketSession> Connection::take_session() { return std::move(session_); }

Task<> Connection::run() {
  watchdog_.start(weak_from_this());
  intake_.start(weak_from_this());
  try {
    {
      const Watchdog::Guard guard(watchdog_, context_->settings.header_timeout,
                                  [this] { transport_->abort(); });
      co_await transport_->handshake();
    }
    bool more = true;
    while (more) more = co_await serve_next();
    if (transport_) transport_->close();
  } catch (const std::exception& e) {
    // The peer left, a deadline passed, or a response stream failed: there is no proper end.
    observe::log(observe::Level::debug, "connection_aborted", {{"cause", e.what()}});
    if (transport_) transport_->abort();
  }
  watchdog_.stop();
}

Task<bool> Connection::serve_next() {
  ReadHead read = co_await read_head();
  if (auto* head = std::get_if<Head>(&read)) co_return co_await answer(std::move(*head));
  if (auto* refusal = std::get_if<Refusal>(&read)) co_await refuse(std::move(*refusal));
  co_return false;
}

Task<bool> Connection::wait_for_request() {
  const auto& settings = context_->settings;
  const Watchdog::Guard guard(
      watchdog_, first_ ? settings.header_timeout : settings.keep_alive_timeout, [this] {
        timed_out_ = true;
        intake_.wake();
      });
  idle_ = true;
  while (intake_.data().empty()) {
    if (intake_.ended() || timed_out_ || context_->draining) break;
    co_await intake_.wait();
  }
  idle_ = false;
  co_return !intake_.data().empty();
}

std::optional<Connection::ReadHead> Connection::scan(HeadScanner& scanner) {
  auto progress = scanner.scan(intake_.data());
  if (progress.refusal) return ReadHead(std::move(*progress.refusal));
  if (progress.end == 0) return std::nullopt;
  const auto raw = intake_.data().substr(progress.begin, progress.end - progress.begin);
  auto parsed = parse_head(raw, context_->own_hosts);
  intake_.consume(progress.end);
  if (auto* refusal = std::get_if<Refusal>(&parsed)) return ReadHead(std::move(*refusal));
  return ReadHead(std::move(std::get<Head>(parsed)));
}

Task<Connection::ReadHead> Connection::read_head() {
  timed_out_ = false;
  intake_.expect(Intake::kSmallRead);
  if (intake_.data().empty()) {
    const bool has_request = co_await wait_for_request();
    if (!has_request) co_return std::monostate();
  }
  first_ = false;
  HeadScanner scanner;
  if (auto read = scan(scanner)) co_return std::move(*read);
  const Watchdog::Guard guard(watchdog_, context_->settings.header_timeout, [this] {
    timed_out_ = true;
    intake_.wake();
  });
  for (;;) {
    if (timed_out_) {
      co_return Refusal{408, "header_too_slow", "The head of the request arrived too slowly."};
    }
    if (intake_.ended()) co_return std::monostate();
    co_await intake_.wait();
    if (auto read = scan(scanner)) co_return std::move(*read);
  }
}

std::string Connection::choose_request_id(const Headers& headers) const {
  const auto sent = headers.get("x-request-id");
  return sent && is_request_id(*sent) ? std::string(*sent) : context_->ids.next().str();
}

// The last hop of X-Forwarded-For that is no proxy of ours is the client; what stands left of it
// anyone may have written.
void Connection::apply_proxy_headers(Request& request) const {
  const auto& trusted = context_->trusted_proxies;
  if (trusted.empty() || !contains(trusted, peer_)) return;
  std::string hops;
  for (const auto& [name, value] : request.headers) {
    if (equal_ignoring_case(name, "x-forwarded-for")) hops += "," + value;
  }
  std::string_view rest = hops;
  while (!rest.empty()) {
    const auto comma = rest.rfind(',');
    boost::system::error_code error;
    const auto hop = asio::ip::make_address(trimmed(rest.substr(comma + 1)), error);
    if (error) break;
    request.remote = normalized(hop);
    if (!contains(trusted, request.remote)) break;
    rest = rest.substr(0, comma);
  }
  const auto protocol = request.headers.get("x-forwarded-proto");
  if (protocol && request.headers.count("x-forwarded-proto") == 1) {
    request.secure = equal_ignoring_case(*protocol, "https");
  }
}

std::shared_ptr<Request> Connection::make_request(Head head) {
  static const auto kNoBody = std::make_shared<NoBody>();
  auto request = std::make_shared<Request>();
  body_.begin(head, request.get());
  request->method = std::move(head.method);
  request->path = std::move(head.target.path);
  request->query = std::move(head.target.query);
  request->raw_target = std::move(head.raw_target);
  request->headers = std::move(head.headers);
  request->remote = peer_;
  request->secure = context_->secure;
  request->http11 = head.http11;
  request->request_id = choose_request_id(request->headers);
  apply_proxy_headers(*request);
  if (head.framing == Framing::length) request->content_length = head.length;
  if (body_.done()) {
    request->body = kNoBody;
  } else {
    request->body = std::make_shared<RequestBody>(weak_from_this(), body_);
  }
  return request;
}

Task<Response> Connection::call_handler(std::shared_ptr<Request> request) {
  std::string cause;
  try {
    co_return co_await context_->handler(request);
  } catch (const std::exception& e) {
    cause = e.what();
  }
  if (!cancelled_) {
    observe::error("handler_failed", {{"request_id", request->request_id}, {"cause", cause}});
  }
  Response response = Response::text(500, "application/problem+json", "");
  response.close = true;
  co_return response;
}

// What the client did wrong with the body outweighs what the handler made of it.
Response Connection::settle(const Request& request, Response response) const {
  if (body_.failure()) return problem(*body_.failure());
  if (response.upgrade) {
    auto refusal = websocket_refusal(request);
    return refusal ? std::move(*refusal) : std::move(response);
  }
  if (response.status < 200 || response.status > 599) {
    observe::error("handler_failed", {{"cause", "no final status"}, {"status", response.status}});
    response = Response::text(500, "application/problem+json", "");
    response.close = true;
  }
  return response;
}

ResponseWriter::Context Connection::writing_context(std::string_view request_id,
                                                    bool keep_alive) const {
  ResponseWriter::Context how;
  how.head.keep_alive = keep_alive;
  how.head.now = context_->clock.now();
  how.head.request_id = request_id;
  how.head.defaults = context_->settings.default_headers;
  return how;
}

Task<bool> Connection::answer(Head head) {
  const bool http11 = head.http11;
  const bool wants_more = head.keep_alive;
  const auto request = make_request(std::move(head));
  intake_.pump();
  handling_ = true;
  Response response = co_await call_handler(request);
  if (cancelled_) co_return false;
  if (auto* body = dynamic_cast<RequestBody*>(request->body.get())) body->detach();
  body_.detach();
  response = settle(*request, std::move(response));
  if (response.upgrade) {
    co_await upgrade(request, std::move(response));
    co_return false;
  }
  const bool more_may_come = !intake_.ended() || !intake_.data().empty();
  const bool keep = wants_more && more_may_come && !response.close && !context_->draining &&
                    body_.worth_discarding();
  auto how = writing_context(request->request_id, keep);
  how.head_only = request->method == "HEAD";
  how.http11 = http11;
  co_await writer_.write(std::move(response), how);
  handling_ = false;
  if (!keep) {
    co_await linger();
    co_return false;
  }
  if (!body_.done()) co_return co_await body_.discard();
  co_return true;
}

Task<> Connection::upgrade(std::shared_ptr<Request> request, Response response) {
  auto how = writing_context(request->request_id, true);
  how.head.upgrade = true;
  auto handler = std::exchange(response.upgrade, nullptr);
  response.status = 101;
  response.headers.set("Upgrade", "websocket");
  response.headers.set("Sec-WebSocket-Accept",
                       accept_key(*request->headers.get("sec-websocket-key")));
  co_await writer_.write(std::move(response), how);
  handling_ = false;
  co_await intake_.halt();
  session_ = std::make_shared<WebSocketSession>(context_, strand_, std::move(transport_),
                                                std::move(handler), std::string(intake_.data()));
}

Task<> Connection::refuse(Refusal refusal) {
  context_->metrics.add("http_refused_total", "Requests refused before any handler saw them.",
                        {{"code", std::string(refusal.code)}});
  const std::string request_id = context_->ids.next().str();
  const auto how = writing_context(request_id, false);
  co_await writer_.write(problem(refusal), how);
  co_await linger();
}

// Closing a socket that holds unread bytes resets it, and the answer may be lost with it.
Task<> Connection::linger() {
  timed_out_ = false;
  const Watchdog::Guard guard(watchdog_, context_->settings.linger, [this] {
    timed_out_ = true;
    intake_.wake();
    transport_->close();
  });
  if (intake_.ended()) co_return;
  co_await transport_->shut_down();
  if (body_.done() && intake_.data().empty()) co_return;
  while (!intake_.ended() && !timed_out_) {
    intake_.consume(intake_.data().size());
    co_await intake_.wait();
  }
}

void Connection::on_ended(boost::system::error_code error) {
  const auto leave = [this] { cancel(); };
  if (error != asio::error::eof) {
    watchdog_.client_gone(Watchdog::Duration::zero(), leave);
  } else {
    watchdog_.client_gone(context_->settings.half_close_grace, leave);
  }
}

void Connection::cancel() {
  if (!handling_ || cancelled_) return;
  cancelled_ = true;
  transport_->abort();
  cancel_signal_.emit(asio::cancellation_type::terminal);
}

void Connection::begin_drain() {
  asio::post(strand_, [self = shared_from_this()] {
    if (self->idle_) self->intake_.wake();
  });
}

void Connection::cut() {
  asio::post(strand_, [self = shared_from_this()] {
    if (!self->transport_) return;
    self->cancel();
    self->transport_->abort();
    self->intake_.wake();
  });
}

}  // namespace aa::http
