#include "base/hash.hpp"

#include <gtest/gtest.h>

namespace aa {
namespace {

TEST(Sha256, known_answers) {  // FIPS 180-4 examples
  EXPECT_EQ(to_hex(sha256("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  Sha256 parts;
  parts.update("a");
  parts.update("bc");
  EXPECT_EQ(parts.finish(), sha256("abc"));
}

TEST(Base64, known_answers_and_round_trip) {  // RFC 4648 section 10
  EXPECT_EQ(to_base64("foob"), "Zm9vYg==");
  EXPECT_EQ(to_base64url("\xfb\xff"), "-_8");
  for (std::size_t n = 0; n < 70; ++n) {
    const std::string bytes = random_bytes(n);
    EXPECT_EQ(from_base64url(to_base64url(bytes)), bytes);
    EXPECT_EQ(from_hex(to_hex({reinterpret_cast<const std::uint8_t*>(bytes.data()), n})), bytes);
  }
}

TEST(Base64, one_spelling_per_value) {
  EXPECT_FALSE(from_base64url("A"));
  EXPECT_FALSE(from_base64url("AB"));  // left-over bits are not zero
  EXPECT_FALSE(from_base64url("A="));
  EXPECT_FALSE(from_base64url("+A"));
  EXPECT_TRUE(from_base64url("AA"));
}

TEST(ConstantTime, compares) {
  EXPECT_TRUE(equal_constant_time("abc", "abc"));
  EXPECT_FALSE(equal_constant_time("abc", "abd"));
  EXPECT_FALSE(equal_constant_time("abc", "ab"));
}

}  // namespace
}  // namespace aa
