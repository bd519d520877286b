// One client's connection, from accept to close: requests one after the other, each answered
// before the next is read, so that pipelined ones are answered in order.
//
// After an upgrade the WebSocket's session takes transport_ and what intake_ still holds; run()
// ends, and the server puts the session in this one's place.
//
// Thread rule: everything on the connection's strand, except begin_drain() and cut(), which any
// thread may call. Errors: none leave run().
#pragma once

#include <atomic>
#include <memory>

#include <boost/asio/cancellation_signal.hpp>

#include "base/clock.hpp"
#include "base/id.hpp"
#include "core/observe/metrics.hpp"
#include "driver/http/address_rules.hpp"
#include "driver/http/detail/body_reader.hpp"
#include "driver/http/detail/deadlines.hpp"
#include "driver/http/detail/intake.hpp"
#include "driver/http/detail/request_head.hpp"
#include "driver/http/detail/response_writer.hpp"
#include "driver/http/detail/served.hpp"
#include "driver/http/detail/transport.hpp"
#include "driver/http/detail/watchdog.hpp"
#include "driver/http/server.hpp"

namespace aa::http {

class WebSocketSession;

// What all connections of a server share.
struct ConnectionContext {
  ConnectionContext(ServerSettings s, const Clock& c, IdSource& i, observe::Metrics& m, Handler h)
      : settings(std::move(s)), clock(c), ids(i), metrics(m), handler(std::move(h)) {}

  ServerSettings settings;
  const Clock& clock;
  IdSource& ids;
  observe::Metrics& metrics;
  Handler handler;
  std::vector<std::string> own_hosts;
  std::vector<AddressBlock> trusted_proxies;
  std::shared_ptr<Deadlines> deadlines;  // of the WebSockets
  bool secure = false;
  std::atomic<bool> draining = false;
};

class Connection final : public Served, public std::enable_shared_from_this<Connection> {
 public:
  Connection(std::shared_ptr<ConnectionContext> context, runtime::Executor strand,
             std::unique_ptr<Transport> transport, boost::asio::ip::address peer);
  ~Connection() override;

  runtime::Task<> run();
  boost::asio::cancellation_slot cancellation_slot() { return cancel_signal_.slot(); }
  const runtime::Executor& executor() const { return strand_; }
  void begin_drain() override;  // an idle connection closes at once, a busy one after its answer
  void cut() override;          // cancels the handler and closes
  // Once run() has ended: what goes on with the connection, if anything does.
  std::shared_ptr<WebSocketSession> take_session();

 private:
  using ReadHead = std::variant<std::monostate, Head, Refusal>;

  runtime::Task<bool> serve_next();
  runtime::Task<ReadHead> read_head();
  runtime::Task<bool> wait_for_request();
  std::optional<ReadHead> scan(HeadScanner& scanner);
  runtime::Task<bool> answer(Head head);
  runtime::Task<Response> call_handler(std::shared_ptr<Request> request);
  std::shared_ptr<Request> make_request(Head head);
  void apply_proxy_headers(Request& request) const;
  std::string choose_request_id(const Headers& headers) const;
  Response settle(const Request& request, Response response) const;
  ResponseWriter::Context writing_context(std::string_view request_id, bool keep_alive) const;
  runtime::Task<> upgrade(std::shared_ptr<Request> request, Response response);
  runtime::Task<> refuse(Refusal refusal);
  runtime::Task<> linger();
  void on_ended(boost::system::error_code error);
  void cancel();

  std::shared_ptr<ConnectionContext> context_;
  runtime::Executor strand_;
  std::unique_ptr<Transport> transport_;  // null once session_ has it
  std::shared_ptr<WebSocketSession> session_;
  boost::asio::ip::address peer_;
  boost::asio::cancellation_signal cancel_signal_;
  Watchdog watchdog_;
  Intake intake_;
  ResponseWriter writer_;
  BodyReader body_;
  bool first_ = true;  // no request was read yet
  bool idle_ = false;  // between requests
  bool timed_out_ = false;
  bool handling_ = false;
  bool cancelled_ = false;
};

}  // namespace aa::http
