#include "driver/bus/redis_connection.hpp"

#include <hiredis/hiredis.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "base/error.hpp"

namespace aa::bus {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using runtime::Task;

constexpr std::size_t kReplyBytesMax = 16 << 20;

Error refused(std::string cause) {
  return Error(ErrorCode::unavailable, "redis_refused", "Redis refused a command.")
      .with_cause(std::move(cause));
}

RedisReply to_reply(const redisReply& reply) {
  RedisReply out;
  out.error = reply.type == REDIS_REPLY_ERROR;
  if (reply.str != nullptr) out.text.assign(reply.str, reply.len);
  for (std::size_t i = 0; i < reply.elements; ++i) out.items.push_back(to_reply(*reply.element[i]));
  return out;
}

}  // namespace

std::string redis_command(const std::vector<std::string>& words) {
  std::string out = "*" + std::to_string(words.size()) + "\r\n";
  for (const auto& word : words) {
    out += "$" + std::to_string(word.size()) + "\r\n";
    out += word;
    out += "\r\n";
  }
  return out;
}

void RedisConnection::FreeReader::operator()(redisReader* reader) const { redisReaderFree(reader); }

RedisConnection::RedisConnection(const runtime::Executor& strand)
    : tls_(asio::ssl::context::tls_client), stream_(strand, tls_), reader_(redisReaderCreate()) {}

Task<> RedisConnection::open(RedisAddress address) {
  auto executor = co_await asio::this_coro::executor;
  tcp::resolver resolver(executor);
  const auto places = co_await resolver.async_resolve(address.host, std::to_string(address.port),
                                                      asio::use_awaitable);
  co_await asio::async_connect(stream_.next_layer(), places, asio::use_awaitable);
  stream_.next_layer().set_option(tcp::no_delay(true));
  if (address.tls) {
    tls_.set_default_verify_paths();
    stream_.set_verify_mode(asio::ssl::verify_peer);
    stream_.set_verify_callback(asio::ssl::host_name_verification(address.host));
    SSL_set_tlsext_host_name(stream_.native_handle(), address.host.c_str());
    co_await stream_.async_handshake(asio::ssl::stream_base::client, asio::use_awaitable);
    secure_ = true;
  }
  if (!address.password.empty()) {
    std::vector<std::string> words{"AUTH"};
    if (!address.user.empty()) words.push_back(address.user);
    words.emplace_back(address.password.reveal());
    co_await require_ok(std::move(words));
  }
  if (address.db != 0) {
    std::vector<std::string> words{"SELECT", std::to_string(address.db)};
    co_await require_ok(std::move(words));
  }
}

Task<> RedisConnection::require_ok(std::vector<std::string> words) {
  std::string command = redis_command(words);
  co_await write(std::move(command));
  const auto reply = co_await read();
  if (reply.error) throw refused(reply.text);
}

Task<> RedisConnection::write(std::string bytes) {
  if (secure_)
    co_await asio::async_write(stream_, asio::buffer(bytes), asio::use_awaitable);
  else
    co_await asio::async_write(stream_.next_layer(), asio::buffer(bytes), asio::use_awaitable);
}

Task<RedisReply> RedisConnection::read() {
  while (true) {
    void* found = nullptr;
    if (redisReaderGetReply(reader_.get(), &found) != REDIS_OK) throw refused(reader_->errstr);
    if (found != nullptr) {
      const std::unique_ptr<void, void (*)(void*)> held(found, freeReplyObject);
      co_return to_reply(*static_cast<redisReply*>(found));
    }
    if (reader_->len - reader_->pos > kReplyBytesMax) throw refused("a reply is too large");
    std::size_t count = 0;
    if (secure_)
      count = co_await stream_.async_read_some(asio::buffer(buffer_), asio::use_awaitable);
    else
      count =
          co_await stream_.next_layer().async_read_some(asio::buffer(buffer_), asio::use_awaitable);
    redisReaderFeed(reader_.get(), buffer_.data(), count);
  }
}

void RedisConnection::close() {
  boost::system::error_code ignored;
  stream_.next_layer().close(ignored);
}

}  // namespace aa::bus
