#include "kernel/document/vertex_keys.hpp"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace aa::document {
namespace {

TEST(VertexKeys, SomethingAlwaysFitsBetween) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    std::mt19937_64 random(seed);
    std::vector<std::string> keys = spread_keys(random() % 5);
    for (int step = 0; step < 300; ++step) {
      const std::size_t at = random() % (keys.size() + 1);
      const std::string a = at > 0 ? keys[at - 1] : "";
      const std::string b = at < keys.size() ? keys[at] : "";
      const std::string salt = random() % 2 == 0 ? "" : std::string(1 + random() % 2, '0');
      const std::string key = key_between(a, b, salt);
      ASSERT_TRUE(a < key && (b.empty() || key < b)) << a << " " << key << " " << b;
      ASSERT_TRUE(is_fractional_key(key)) << key;
      keys.insert(keys.begin() + static_cast<std::ptrdiff_t>(at), key);
    }
  }
}

TEST(VertexKeys, AppendingStaysShort) {
  std::string key;
  for (int i = 0; i < 1000; ++i) {
    const std::string next = key_between(key, "");
    ASSERT_LT(key, next);
    key = next;
  }
  EXPECT_LE(key.size(), 20U);
  for (int i = 0; i < 1000; ++i) {
    const std::string next = key_between("", key);
    ASSERT_GT(key, next);
    key = next;
  }
  EXPECT_LE(key.size(), 40U);
}

TEST(VertexKeys, SpreadKeysAscend) {
  for (const std::size_t count : {0U, 1U, 3U, 61U, 62U, 63U, 5000U, 100'000U}) {
    const auto keys = spread_keys(count);
    ASSERT_EQ(keys.size(), count);
    ASSERT_TRUE(std::is_sorted(keys.begin(), keys.end(), std::less_equal<>{})) << count;
    for (const auto& key : keys) ASSERT_TRUE(is_fractional_key(key) && key.size() <= 3) << key;
  }
  EXPECT_EQ(spread_keys(3), (std::vector<std::string>{"F", "V", "k"}));
}

TEST(VertexKeys, RefusesKeysOutOfOrder) {
  EXPECT_THROW(key_between("b", "a"), Error);
  EXPECT_THROW(key_between("a", "a"), Error);
  EXPECT_THROW(key_between("a", "a0"), Error);
  EXPECT_THROW(key_between("", "00"), Error);
  EXPECT_THROW(key_between("a-b", ""), Error);
  EXPECT_FALSE(is_vertex_key(""));
  EXPECT_FALSE(is_vertex_key(std::string(65, 'a')));
  EXPECT_FALSE(is_vertex_key("ä"));
  EXPECT_TRUE(is_vertex_key("left_eye-2"));
}

}  // namespace
}  // namespace aa::document
