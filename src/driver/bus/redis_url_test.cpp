#include "driver/bus/redis_url.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace aa::bus {
namespace {

TEST(RedisUrl, WhatIsLeftOutHasItsUsualValue) {
  const auto address = read_redis_url("redis://cache.example");
  EXPECT_EQ(address.host, "cache.example");
  EXPECT_EQ(address.port, 6379);
  EXPECT_EQ(address.db, 0);
  EXPECT_FALSE(address.tls);
  EXPECT_TRUE(address.user.empty());
  EXPECT_TRUE(address.password.empty());
}

TEST(RedisUrl, EveryPartIsRead) {
  const auto address = read_redis_url("rediss://ann:p%40ss%3Aword@[::1]:7000/3");
  EXPECT_EQ(address.host, "::1");
  EXPECT_EQ(address.port, 7000);
  EXPECT_EQ(address.db, 3);
  EXPECT_TRUE(address.tls);
  EXPECT_EQ(address.user, "ann");
  EXPECT_EQ(address.password.reveal(), "p@ss:word");
}

TEST(RedisUrl, APasswordNeedsNoUser) {
  const auto address = read_redis_url("redis://:secret@127.0.0.1:6380/");
  EXPECT_TRUE(address.user.empty());
  EXPECT_EQ(address.password.reveal(), "secret");
  EXPECT_EQ(address.port, 6380);
}

TEST(RedisUrl, BadOnesAreRefusedWithoutTheirText) {
  for (const char* url :
       {"", "redis", "http://host", "redis://", "redis://:6379", "redis://host:0x1",
        "redis://host:", "redis://host:70000", "redis://host/one", "redis://[::1",
        "redis://u:%zz@host", "redis://host:6379:6379"}) {
    try {
      read_redis_url(url);
      ADD_FAILURE() << url << " was taken";
    } catch (const Error& error) {
      EXPECT_EQ(error.slug(), "bad_setting") << url;
      EXPECT_EQ(error.message().find("%zz"), std::string::npos);
    }
  }
}

}  // namespace
}  // namespace aa::bus
