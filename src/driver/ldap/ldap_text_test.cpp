#include "driver/ldap/ldap_text.hpp"

#include <gtest/gtest.h>

namespace aa::ldap {
namespace {

TEST(LdapText, values_stay_values) {
  EXPECT_EQ(escape_filter("ada"), "ada");
  EXPECT_EQ(escape_filter("*)(uid=*"), R"(\2a\29\28uid=\2a)");
  EXPECT_EQ(escape_filter(std::string("a\0\\\xc3\xa9", 5)), R"(a\00\5c\c3\a9)");
  EXPECT_EQ(filled_filter("(|(uid={user})(mail={user}))", "a*"), R"((|(uid=a\2a)(mail=a\2a)))");
  EXPECT_EQ(filled_filter("(uid={user})", "{user}"), "(uid={user})");
}

TEST(LdapText, filters_are_whole) {
  for (const auto* good : {"(uid={user})", "(&(objectClass=person)(uid={user}))"}) {
    EXPECT_TRUE(is_filter(good)) << good;
  }
  for (const auto* bad :
       {"", "uid={user}", "(uid={user}", "(uid={user}))", "(a=b)(c=d)", ")(", "(a\n=b)"}) {
    EXPECT_FALSE(is_filter(bad)) << bad;
  }
}

TEST(LdapText, certificates_are_read) {
  const std::string body(200, 'M');
  const auto pem = "text\n-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n";
  const auto der = der_of_pem(pem);
  ASSERT_TRUE(der.has_value());
  EXPECT_EQ(der->size(), 150U);
  EXPECT_FALSE(der_of_pem("").has_value());
  EXPECT_FALSE(der_of_pem("-----BEGIN CERTIFICATE-----\n*\n-----END CERTIFICATE-----").has_value());
  EXPECT_FALSE(der_of_pem("-----BEGIN CERTIFICATE-----\n" + body).has_value());
}

}  // namespace
}  // namespace aa::ldap
