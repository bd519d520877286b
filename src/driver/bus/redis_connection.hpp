// One connection to a Redis server (RESP 2): hiredis reads the replies, Asio moves the bytes.
//
// Thread rule: one strand; one reader and one writer at a time. Errors: boost::system::system_error
// of the network; Error(unavailable, "redis_refused") with the server's own words as cause.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>

#include "core/runtime/task.hpp"
#include "driver/bus/redis_url.hpp"

struct redisReader;

namespace aa::bus {

struct RedisReply {
  bool error = false;
  std::string text;  // of a string, a status or an error
  std::vector<RedisReply> items;
};

std::string redis_command(const std::vector<std::string>& words);

class RedisConnection {
 public:
  explicit RedisConnection(const runtime::Executor& strand);

  // Connects, signs in and selects the database.
  runtime::Task<> open(RedisAddress address);
  runtime::Task<> write(std::string bytes);
  runtime::Task<RedisReply> read();
  void close();  // reading and writing end with an error

 private:
  runtime::Task<> require_ok(std::vector<std::string> words);
  struct FreeReader {
    void operator()(redisReader* reader) const;
  };

  static constexpr std::size_t kBufferBytes = 16 * 1024;
  boost::asio::ssl::context tls_;
  boost::asio::ssl::stream<boost::asio::ip::tcp::socket> stream_;
  bool secure_ = false;
  std::unique_ptr<redisReader, FreeReader> reader_;
  std::array<char, kBufferBytes> buffer_;
};

}  // namespace aa::bus
