// redis://[user[:password]@]host[:port][/db], rediss:// over TLS, as the IANA registration of the
// scheme has it. "redis://:password@host" names no user.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/secret.hpp"

namespace aa::bus {

struct RedisAddress {
  std::string host;
  std::uint16_t port = 6379;
  std::string user;  // empty: the default one
  Secret password;
  int db = 0;
  bool tls = false;
};

// Throws Error(invalid_argument, "bad_setting") without the text, which may hold a password.
RedisAddress read_redis_url(std::string_view url);

}  // namespace aa::bus
