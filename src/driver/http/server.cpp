#include "driver/http/server.hpp"

#include <condition_variable>
#include <map>
#include <mutex>
#include <unordered_set>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/strand.hpp>

#include "base/error.hpp"
#include "core/observe/log.hpp"
#include "driver/http/detail/connection.hpp"
#include "driver/http/detail/transport.hpp"
#include "driver/http/detail/websocket_session.hpp"

namespace aa::http {
namespace {

namespace asio = boost::asio;
using runtime::Task;

constexpr std::chrono::seconds kCutWait{5};
constexpr std::chrono::milliseconds kAcceptPause{100};

// IPv6 hosts own a /64 each.
std::string cap_key(const asio::ip::address& address) {
  if (address.is_v4()) return address.to_string();
  const auto bytes = address.to_v6().to_bytes();
  return std::string(bytes.begin(), bytes.begin() + 8);
}

std::string authority(const std::string& host, std::uint16_t port) {
  const bool v6 = host.find(':') != std::string::npos;
  return (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

}  // namespace

struct Server::Impl : std::enable_shared_from_this<Server::Impl> {
  Impl(runtime::Executors& e, std::shared_ptr<ConnectionContext> c)
      : executors(e),
        context(std::move(c)),
        strand(asio::make_strand(e.io_context().get_executor())),
        acceptor(strand) {}

  void open();
  Task<> accept_all();
  void admit(Socket socket, const asio::any_io_executor& executor);
  void turn_away(Socket socket) const;
  bool reserve(const asio::ip::address& peer);
  void follow(const std::shared_ptr<Connection>& ended, const asio::ip::address& peer);
  void forget(const std::shared_ptr<Served>& served, const asio::ip::address& peer);
  void publish_count() const;  // with the mutex held
  void stop_accepting();
  bool wait_until_empty(std::chrono::milliseconds limit);
  void for_each(void (Served::*call)());

  runtime::Executors& executors;
  std::shared_ptr<ConnectionContext> context;
  asio::strand<asio::io_context::executor_type> strand;
  asio::ip::tcp::acceptor acceptor;
  std::shared_ptr<asio::ssl::context> tls;
  std::uint16_t port = 0;

  std::mutex mutex;
  std::condition_variable changed;
  std::unordered_set<std::shared_ptr<Served>> connections;
  std::map<std::string, std::size_t> by_address;
  std::size_t count = 0;
  bool accepting = false;
};

void Server::Impl::open() {
  const auto& settings = context->settings;
  try {
    asio::ip::tcp::resolver resolver(acceptor.get_executor());
    const auto flags = asio::ip::resolver_base::passive;
    const auto found = resolver.resolve(settings.host, std::to_string(settings.port), flags);
    const asio::ip::tcp::endpoint endpoint = *found.begin();
    acceptor.open(endpoint.protocol());
    acceptor.set_option(asio::socket_base::reuse_address(true));
    acceptor.bind(endpoint);
    acceptor.listen(asio::socket_base::max_listen_connections);
    port = acceptor.local_endpoint().port();
  } catch (const boost::system::system_error& e) {
    throw unavailable("cannot_listen", "Cannot listen on " +
                                           authority(settings.host, settings.port) +
                                           ": choose a free port and an address of this machine.")
        .with_cause(e.what());
  }
}

Task<> Server::Impl::accept_all() {
  const auto self = shared_from_this();
  asio::steady_timer pause(strand);
  while (acceptor.is_open()) {
    auto executor = asio::make_strand(executors.io_context().get_executor());
    boost::system::error_code error;
    auto socket =
        co_await acceptor.async_accept(executor, asio::redirect_error(asio::use_awaitable, error));
    if (!error) {
      admit(Socket(std::move(socket)), executor);
    } else if (acceptor.is_open()) {
      observe::warn("accept_failed", {{"cause", error.message()}});
      pause.expires_after(kAcceptPause);
      co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, error));
    }
  }
  const std::lock_guard lock(mutex);
  accepting = false;
  changed.notify_all();
}

// Best effort: the socket's empty buffer takes this without waiting.
void Server::Impl::turn_away(Socket socket) const {
  static constexpr std::string_view kBusy =
      "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\n"
      "Connection: close\r\n\r\n";
  context->metrics.add("http_refused_total", "Requests refused before any handler saw them.",
                       {{"code", "too_many_connections"}});
  boost::system::error_code ignored;
  if (!tls) {
    socket.non_blocking(true, ignored);
    socket.send(asio::buffer(kBusy), 0, ignored);
  }
  socket.close(ignored);
}

bool Server::Impl::reserve(const asio::ip::address& peer) {
  const auto& settings = context->settings;
  const bool proxy = contains(context->trusted_proxies, peer);
  const std::lock_guard lock(mutex);
  if (count >= settings.connections_max) return false;
  auto& of_address = by_address[cap_key(peer)];
  if (!proxy && of_address >= settings.connections_per_ip_max) return false;
  ++of_address;
  ++count;
  publish_count();
  return true;
}

// The session of an upgraded connection takes its place.
void Server::Impl::follow(const std::shared_ptr<Connection>& ended, const asio::ip::address& peer) {
  auto session = ended->take_session();
  if (!session) return forget(ended, peer);
  {
    const std::lock_guard lock(mutex);
    connections.erase(ended);
    connections.insert(session);
    session->start([self = shared_from_this(), peer](const std::shared_ptr<Served>& served) {
      self->forget(served, peer);
    });
  }
  if (context->draining) session->begin_drain();
}

void Server::Impl::forget(const std::shared_ptr<Served>& served, const asio::ip::address& peer) {
  const std::lock_guard lock(mutex);
  connections.erase(served);
  const auto found = by_address.find(cap_key(peer));
  if (--found->second == 0) by_address.erase(found);
  --count;
  publish_count();
  changed.notify_all();
}

void Server::Impl::publish_count() const {
  context->metrics.set("http_connections", "Open client connections.", {},
                       static_cast<double>(count));
}

void Server::Impl::admit(Socket socket, const asio::any_io_executor& executor) {
  boost::system::error_code error;
  const auto endpoint = socket.remote_endpoint(error);
  if (error) return;
  const auto peer = normalized(endpoint.address());
  if (!reserve(peer)) {
    turn_away(std::move(socket));
    return;
  }
  auto transport =
      tls ? make_tls_transport(std::move(socket), *tls) : make_tcp_transport(std::move(socket));
  auto connection = std::make_shared<Connection>(context, executor, std::move(transport), peer);
  {
    const std::lock_guard lock(mutex);
    connections.insert(connection);
  }
  auto ended = [self = shared_from_this(), connection, peer](std::exception_ptr) {
    self->follow(connection, peer);
  };
  asio::co_spawn(executor, connection->run(),
                 asio::bind_cancellation_slot(connection->cancellation_slot(), std::move(ended)));
}

void Server::Impl::for_each(void (Served::*call)()) {
  std::vector<std::shared_ptr<Served>> all;
  {
    const std::lock_guard lock(mutex);
    all.assign(connections.begin(), connections.end());
  }
  for (const auto& served : all) (served.get()->*call)();
}

void Server::Impl::stop_accepting() {
  asio::post(strand, [self = shared_from_this()] {
    boost::system::error_code ignored;
    self->acceptor.close(ignored);
  });
  std::unique_lock lock(mutex);
  changed.wait(lock, [this] { return !accepting; });
}

bool Server::Impl::wait_until_empty(std::chrono::milliseconds limit) {
  std::unique_lock lock(mutex);
  return changed.wait_for(lock, limit, [this] { return count == 0; });
}

Server::Server(ServerSettings settings, runtime::Executors& executors, const Clock& clock,
               IdSource& ids, observe::Metrics& metrics, Handler handler) {
  std::vector<AddressBlock> trusted;
  for (const auto& text : settings.trusted_proxies) {
    const auto block = AddressBlock::parse(text);
    if (!block) {
      throw invalid("bad_trusted_proxy",
                    "The trusted proxy '" + text + "' is neither an address nor a CIDR block.");
    }
    trusted.push_back(*block);
  }
  auto context = std::make_shared<ConnectionContext>(std::move(settings), clock, ids, metrics,
                                                     std::move(handler));
  context->trusted_proxies = std::move(trusted);
  context->deadlines = std::make_shared<Deadlines>(executors.io_context());
  impl_ = std::make_shared<Impl>(executors, std::move(context));
}

Server::~Server() { drain(std::chrono::milliseconds(0)); }

void Server::start() {
  auto& context = *impl_->context;
  const auto& settings = context.settings;
  if (settings.tls_certificate_file.empty() != settings.tls_key_file.empty()) {
    throw invalid("bad_tls_settings", "TLS needs both a certificate file and a key file.");
  }
  if (!settings.tls_certificate_file.empty()) {
    impl_->tls = make_tls_context(settings.tls_certificate_file, settings.tls_key_file);
    context.secure = true;
  }
  impl_->open();
  context.own_hosts = settings.public_hosts;
  context.own_hosts.push_back(authority(settings.host, impl_->port));
  context.own_hosts.push_back(authority("localhost", impl_->port));
  impl_->accepting = true;
  asio::co_spawn(impl_->strand, impl_->accept_all(), asio::detached);
}

std::uint16_t Server::port() const { return impl_->port; }

void Server::drain(std::chrono::milliseconds grace) {
  impl_->context->draining = true;
  impl_->stop_accepting();
  impl_->for_each(&Served::begin_drain);
  if (impl_->wait_until_empty(grace)) return;
  impl_->for_each(&Served::cut);
  if (!impl_->wait_until_empty(kCutWait)) {
    observe::warn("drain_incomplete", {{"cause", "handlers do not end"}});
  }
}

}  // namespace aa::http
