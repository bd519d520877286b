#include "service/identity/totp.hpp"

#include <set>

#include <gtest/gtest.h>

namespace aa::identity {
namespace {

const std::string kSecret = "12345678901234567890";

Timestamp at(std::int64_t seconds) { return {seconds * 1'000'000}; }

// RFC 6238, appendix B, whose eight digits end in our six.
TEST(Totp, GivesTheCodesOfTheStandard) {
  const std::pair<std::int64_t, std::string> vectors[] = {{59, "287082"},
                                                          {1'111'111'109, "081804"},
                                                          {1'111'111'111, "050471"},
                                                          {1'234'567'890, "005924"},
                                                          {2'000'000'000, "279037"},
                                                          {20'000'000'000, "353130"}};
  for (const auto& [seconds, code] : vectors) {
    EXPECT_EQ(totp_code(kSecret, totp_step(at(seconds))), code);
  }
}

TEST(Totp, TakesTheStepsBesideAndNoOthers) {
  const Secret secret{std::string(kSecret)};
  const auto now = at(1'234'567'890);
  const auto step = totp_step(now);
  for (std::int64_t off = -3; off <= 3; ++off) {
    const auto found = matching_step(secret, totp_code(kSecret, step + off), now);
    if (off >= -1 && off <= 1) {
      EXPECT_EQ(found, step + off);
    } else {
      EXPECT_FALSE(found) << off;
    }
  }
  const auto code = totp_code(kSecret, step);
  EXPECT_TRUE(matching_step(secret, code.substr(0, 3) + " " + code.substr(3), now));
  for (const auto& bad : {std::string(), code.substr(1), code + "0", std::string("abcdef")}) {
    EXPECT_FALSE(matching_step(secret, bad, now)) << bad;
  }
}

// RFC 4648, section 10.
TEST(Base32, WritesTheVectorsOfTheStandard) {
  EXPECT_EQ(to_base32(""), "");
  EXPECT_EQ(to_base32("f"), "MY");
  EXPECT_EQ(to_base32("fo"), "MZXQ");
  EXPECT_EQ(to_base32("foo"), "MZXW6");
  EXPECT_EQ(to_base32("foob"), "MZXW6YQ");
  EXPECT_EQ(to_base32("fooba"), "MZXW6YTB");
  EXPECT_EQ(to_base32("foobar"), "MZXW6YTBOI");
}

TEST(Otpauth, NamesTheIssuerAndTheAccount) {
  EXPECT_EQ(
      otpauth_uri(Secret(std::string(kSecret)), "ada+x@example.org"),
      "otpauth://totp/AnnotateAI:ada%2Bx%40example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
      "&issuer=AnnotateAI&algorithm=SHA1&digits=6&period=30");
}

TEST(RecoveryCodes, AreTenThatDiffer) {
  const auto codes = new_recovery_codes();
  EXPECT_EQ(std::set(codes.begin(), codes.end()).size(), 10U);
  for (const auto& code : codes) {
    EXPECT_EQ(code.size(), 19U);
    EXPECT_EQ(code.find_first_not_of("abcdefghijklmnopqrstuvwxyz234567-"), std::string::npos);
  }
}

TEST(RecoveryCodes, AreTheirOwnersHoweverTheyAreTyped) {
  const UserId ada{Uuid{{1}}};
  const UserId eve{Uuid{{2}}};
  const auto hash = recovery_hash(ada, "abcd-efgh-2345-6777");
  EXPECT_EQ(recovery_hash(ada, "ABCD EFGH23456777"), hash);
  EXPECT_NE(recovery_hash(eve, "abcd-efgh-2345-6777"), hash);
}

}  // namespace
}  // namespace aa::identity
