#include "service/identity/password.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace aa::identity {
namespace {

std::string refusal(std::string_view password) {
  try {
    check_password_strength(password,
                            {"ada.lovelace@example.org", "Ada Lovelace", "Analytical Engines"});
  } catch (const Error& error) {
    EXPECT_EQ(error.slug(), "weak_password");
    EXPECT_EQ(error.details().at(0).pointer, "/password");
    return error.message();
  }
  return "";
}

TEST(Password, is_verified_by_its_hash_alone) {
  const auto hash = hash_password("correct horse");
  EXPECT_TRUE(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$")) << hash;
  EXPECT_TRUE(verify_password("correct horse", hash));
  EXPECT_FALSE(verify_password("correct horsE", hash));
  EXPECT_FALSE(verify_password("", hash));
  EXPECT_FALSE(verify_password("correct horse", "no hash at all"));
  EXPECT_NE(hash_password("correct horse"), hash) << "salted";
}

TEST(Password, bytes_of_every_kind_count) {
  const std::string with_nul("pass\0word", 9);
  const auto hash = hash_password(with_nul);
  EXPECT_TRUE(verify_password(with_nul, hash));
  EXPECT_FALSE(verify_password("pass", hash));
}

TEST(PasswordStrength, counts_characters_not_bytes) {
  EXPECT_NE(refusal("\xC3\xBC\xC3\xBC\xC3\xBC\xC3\xBC"
                    "abc"),
            "")
      << "seven characters";
  EXPECT_EQ(refusal("\xC3\xBC\xC3\xBC\xC3\xBC\xC3\xBC"
                    "abcd"),
            "");
  EXPECT_NE(refusal("x1y2z3w"), "");
  EXPECT_EQ(refusal("x1y2z3w4"), "");
  EXPECT_NE(refusal(""), "");
}

TEST(PasswordStrength, has_an_upper_limit) {
  std::string text;
  while (text.size() < 1024) text += "abcd";
  EXPECT_EQ(refusal(text), "");
  EXPECT_NE(refusal(text + "x"), "");
}

TEST(PasswordStrength, refuses_the_common_and_ones_own_words_in_any_case) {
  for (const auto* text :
       {"password", "PassWord123", "12345678", "QWERTYUIOP", "iloveyou", "aaaaaaaaaa",
        "administrator", "p@ssw0rd", "Welcome123", "qwerty1234", "Ada.Lovelace", "adalovelace1815",
        "AnalyticalEngines!", "2026 Analytical Engines", "ADA.LOVELACE@example.org",
        "analytical engines"}) {
    EXPECT_NE(refusal(text), "") << text;
  }
  EXPECT_EQ(refusal("password for ada"), "");
  EXPECT_EQ(refusal("engines that are analytical"), "");
}

}  // namespace
}  // namespace aa::identity
