#include "service/scim/filter.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace aa::scim {
namespace {

template <class Function>
std::string slug_of(Function function) {
  try {
    function();
  } catch (const Error& error) {
    return error.slug();
  }
  return "";
}

TEST(ScimFilter, takes_what_directories_ask) {
  EXPECT_EQ(read_user_filter(R"(userName eq "Dora@Example.org")").user_name, "dora@example.org");
  EXPECT_EQ(read_user_filter(R"(USERNAME EQ "a")").user_name, "a");
  EXPECT_EQ(read_user_filter(R"(externalId eq "A b\"c\u00e9")").external_id, "A b\"c\u00e9");
  EXPECT_EQ(read_user_filter(R"(emails[type eq "work"].value eq "A@b.org")").email, "a@b.org");
  EXPECT_EQ(read_user_filter(R"(emails.value eq "A@b.org")").email, "a@b.org");
  EXPECT_EQ(read_user_filter(R"(emails eq "A@b.org")").email, "a@b.org");
  const auto both = read_user_filter(
      R"(urn:ietf:params:scim:schemas:core:2.0:User:userName eq "x" and active eq true)");
  EXPECT_EQ(both.user_name, "x");
  EXPECT_EQ(both.active, true);
  EXPECT_EQ(read_user_filter(R"(active eq "False")").active, false);
  const auto group = read_group_filter(R"(id eq "1" and members eq "2")");
  EXPECT_EQ(group.id, "1");
  EXPECT_EQ(group.member, "2");
  EXPECT_EQ(read_group_filter(R"(displayName eq "Ärzte And Co")").display_name, "Ärzte and co");
}

TEST(ScimFilter, refuses_everything_else) {
  const std::string many = [] {
    std::string out = R"(active eq true)";
    for (int i = 0; i < 10; ++i) out += R"( and id eq "1")";
    return out;
  }();
  for (const std::string text : {"",
                                 " ",
                                 "userName",
                                 "userName eq",
                                 "userName eq x",
                                 "userName eq \"x",
                                 "userName ne \"x\"",
                                 "userName co \"x\"",
                                 "userName pr",
                                 "not (userName eq \"x\")",
                                 "(userName eq \"x\")",
                                 "userName eq \"x\" or active eq true",
                                 "userName eq \"x\" and",
                                 "userName eq \"x\" y",
                                 "userName eq \"x\"\"",
                                 "userName eq 'x'",
                                 "userName eq 1",
                                 "userName eq true",
                                 "userName eq null",
                                 "active eq 1",
                                 "active eq \"yes\"",
                                 "title eq \"x\"",
                                 "userName eq \"x\" and userName eq \"x\"",
                                 "userName eq \"\\u0000\"",
                                 "userName eq \"\\x\"",
                                 "userName eq \"\xff\"",
                                 "emails[type eq \"work\"] eq \"a\"",
                                 "emails[type eq \"work\"]",
                                 "emails[].value eq \"a\"",
                                 "emails[type eq \"work\".value eq \"a\"",
                                 "name[a eq \"b\"].c eq \"d\"",
                                 "userName eq \"x\\",
                                 "meta.lastModified gt \"2011\""}) {
    EXPECT_EQ(slug_of([&] { read_user_filter(text); }), "invalid_filter") << text;
  }
  EXPECT_EQ(slug_of([&] { read_user_filter(many); }), "invalid_filter");
  EXPECT_EQ(slug_of([] { read_user_filter("id eq \"" + std::string(3000, 'a') + "\""); }),
            "invalid_filter");
  EXPECT_EQ(slug_of([] { read_group_filter(R"(userName eq "x")"); }), "invalid_filter");
}

TEST(ScimPath, names_attributes_parts_and_values) {
  EXPECT_EQ(read_path("userName").attribute, "username");
  const auto part = read_path("name.familyName");
  EXPECT_EQ(part.attribute + "/" + part.sub, "name/familyname");
  const auto some = read_path(R"(emails[type eq "work" and primary eq true].value)");
  EXPECT_EQ(some.attribute + "/" + some.sub, "emails/value");
  ASSERT_EQ(some.within.size(), 2U);
  EXPECT_EQ(some.within[0].text, "work");
  EXPECT_EQ(some.within[1].truth, true);
  EXPECT_EQ(read_path("urn:ietf:params:scim:schemas:core:2.0:User:name.givenName").sub,
            "givenname");
  EXPECT_EQ(read_path("urn:ietf:params:scim:schemas:core:2.0:Group:members").attribute, "members");
  EXPECT_TRUE(
      read_path("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department").extension);
  for (const std::string text :
       {"", ".", "a[", "a[]", "a[b]", "a[b eq]", "a[b eq \"c\"", "a[b eq \"c\"]d", "a b",
        "[a eq 1]", "a[b[c eq \"d\"].e eq \"f\"]", "\"a\""}) {
    EXPECT_EQ(slug_of([&] { read_path(text); }), "invalid_path") << text;
  }
}

}  // namespace
}  // namespace aa::scim
