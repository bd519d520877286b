#include "service/scim/resource.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "service/scim/rank.hpp"

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

User dora() {
  return read_user(json::parse(R"({"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
      "userName": "Dora", "externalId": "x-1", "active": true,
      "name": {"givenName": "Dora", "familyName": "Muster", "formatted": "D. M."},
      "emails": [{"value": "Dora@Example.org", "type": "work", "primary": true}]})"));
}

json::Value patch(const std::string& operations) {
  return json::parse(R"({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
      "Operations": )" +
                     operations + "}");
}

User patched(const std::string& operations) {
  auto out = dora();
  patch_user(out, patch(operations));
  return out;
}

std::string refused(const std::string& operations) {
  auto out = dora();
  return slug_of([&] { patch_user(out, patch(operations)); });
}

TEST(ScimUser, keeps_what_it_knows_and_reads_over_the_rest_of_the_schema) {
  const auto user = dora();
  EXPECT_EQ(user.user_name, "Dora");
  EXPECT_EQ(address_of(user), "dora@example.org");
  EXPECT_EQ(name_of(user), "Dora Muster");
  const auto body = json::parse(R"({"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
      "USERNAME": "a@b.org", "password": "x", "locale": "de", "groups": [], "roles": [],
      "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "Y"},
      "urn:ietf:params:scim:schemas:extension:custom:2.0:User": {"a": 1}, "id": "z", "meta": {}})");
  const auto plain = read_user(body);
  EXPECT_EQ(address_of(plain), "a@b.org");
  EXPECT_EQ(name_of(plain), "");
  EXPECT_FALSE(plain.active.has_value());
}

TEST(ScimUser, is_written_as_the_rfc_says) {
  ResourceMeta meta{"id-1", "User", "https://x/Users/id-1", "W/\"1\"", Timestamp{0}, Timestamp{0}};
  auto out = write_user(dora(), meta);
  EXPECT_EQ(out.at("name").at("formatted").as_string(), "Dora Muster");
  EXPECT_EQ(out.at("schemas").as_array().size(), 1U);
  EXPECT_EQ(out.at("emails").at(0).at("value").as_string(), "Dora@Example.org");
  EXPECT_TRUE(out.at("active").as_bool());
  const Selection some(std::string("userName, name.givenName"), std::nullopt);
  const auto less = some.of(out);
  EXPECT_EQ(less.size(), 4U) << "id, schemas, userName, name";
  const Selection others(std::nullopt, std::string("emails,id"));
  const auto more = others.of(out);
  EXPECT_FALSE(more.contains("emails"));
  EXPECT_TRUE(more.contains("id"));
  EXPECT_EQ(slug_of([] { Selection(std::string("a"), std::string("b")); }), "invalid_value");
}

TEST(ScimUser, bad_bodies_are_refused) {
  const std::string schema = R"("schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], )";
  const std::vector<std::pair<std::string, std::string>> cases{
      {R"([])", "invalid_syntax"},
      {R"({"userName": "a@b.org"})", "invalid_syntax"},
      {R"({"schemas": "urn:ietf:params:scim:schemas:core:2.0:User", "userName": "a@b.org"})",
       "invalid_syntax"},
      {"{" + schema + R"("userName": ""})", "invalid_value"},
      {"{" + schema + R"("userName": 7})", "invalid_value"},
      {"{" + schema + R"("userName": "no address"})", "invalid_value"},
      {"{" + schema + R"("userName": "a@b.org", "active": "maybe"})", "invalid_value"},
      {"{" + schema + R"("userName": "a@b.org", "active": null})", "invalid_value"},
      {"{" + schema + R"("userName": "a@b.org", "name": "x"})", "invalid_value"},
      {"{" + schema + R"("userName": "a@b.org", "name": {"nick": "x"}})", "invalid_path"},
      {"{" + schema + R"("userName": "a@b.org", "emails": "x"})", "invalid_value"},
      {"{" + schema + R"("userName": "a@b.org", "emails": [{"type": "work"}]})", "invalid_value"},
      {"{" + schema + R"("userName": "a@b.org", "emails": [{"value": "a\u0007"}]})",
       "invalid_value"},
      {"{" + schema + R"("userName": "a@b.org", "isAdmin": true})", "invalid_path"},
      {"{" + schema + R"("userName": "a@b.org", "__proto__": {}})", "invalid_path"},
      {"{" + schema + R"("userName": ")" + std::string(401, 'a') + R"("})", "invalid_value"}};
  for (const auto& [body, slug] : cases) {
    EXPECT_EQ(slug_of([&] { read_user(json::parse(body)); }), slug) << body;
  }
}

TEST(ScimPatch, entra_s_dialect) {
  EXPECT_EQ(patched(R"([{"op": "Replace", "path": "active", "value": "False"}])").active, false);
  const auto moved = patched(R"([
      {"op": "Replace", "path": "emails[type eq \"work\"].value", "value": "new@example.org"},
      {"op": "Replace", "path": "name.familyName", "value": "Neu"}])");
  EXPECT_EQ(address_of(moved), "new@example.org");
  EXPECT_EQ(name_of(moved), "Dora Neu");
  const auto home = patched(
      R"([{"op": "Add", "path": "emails[type eq \"home\"].value", "value": "h@example.org"}])");
  ASSERT_EQ(home.emails.size(), 2U);
  EXPECT_EQ(address_of(home), "dora@example.org");
  const auto keys = patched(R"([{"op": "Replace", "value": {"displayName": "D",
      "name.givenName": "Do", "emails[type eq \"work\"].value": "k@example.org",
      "urn:ietf:params:scim:schemas:core:2.0:User:userName": "dd",
      "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department": "x"}}])");
  EXPECT_EQ(keys.display_name, "D");
  EXPECT_EQ(keys.name.given, "Do");
  EXPECT_EQ(address_of(keys), "k@example.org");
  EXPECT_EQ(keys.user_name, "dd");
}

TEST(ScimPatch, okta_s_dialect_and_the_rest_of_the_rfc) {
  EXPECT_EQ(patched(R"([{"op": "replace", "value": {"active": false}}])").active, false);
  EXPECT_EQ(patched(R"([{"op": "remove", "path": "externalId"}])").external_id, "");
  EXPECT_EQ(name_of(patched(R"([{"op": "remove", "path": "name"},
                                {"op": "add", "path": "displayName", "value": "X"}])")),
            "X");
  const auto primary = patched(R"([{"op": "add", "path": "emails",
      "value": [{"value": "p@example.org", "primary": true}]}])");
  EXPECT_EQ(address_of(primary), "p@example.org");
  EXPECT_FALSE(primary.emails[0].primary) << "one address is primary";
  const auto replaced =
      patched(R"([{"op": "replace", "path": "emails", "value": {"value": "o@example.org"}}])");
  EXPECT_EQ(replaced.emails.size(), 1U);
  const auto gone = patched(R"([{"op": "replace", "path": "userName", "value": "u@example.org"},
                                {"op": "remove", "path": "emails[type eq \"work\"]"}])");
  EXPECT_TRUE(gone.emails.empty());
  EXPECT_EQ(address_of(gone), "u@example.org");
}

TEST(ScimPatch, bad_operations_are_refused) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"[]", "invalid_syntax"},
      {"{}", "invalid_syntax"},
      {"[1]", "invalid_syntax"},
      {R"([{"op": "move", "path": "userName", "value": "x"}])", "invalid_syntax"},
      {R"([{"path": "userName", "value": "x"}])", "invalid_syntax"},
      {R"([{"op": "remove"}])", "no_target"},
      {R"([{"op": "add", "path": "userName"}])", "invalid_value"},
      {R"([{"op": "add", "value": "x"}])", "invalid_value"},
      {R"([{"op": "add", "path": 7, "value": "x"}])", "invalid_path"},
      {R"([{"op": "add", "path": "a[b", "value": "x"}])", "invalid_path"},
      {R"([{"op": "add", "path": "isAdmin", "value": true}])", "invalid_path"},
      {R"([{"op": "add", "path": "userName.x", "value": "y"}])", "invalid_path"},
      {R"([{"op": "remove", "path": "userName"}])", "invalid_value"},
      {R"([{"op": "remove", "path": "active"}])", "invalid_value"},
      {R"([{"op": "replace", "path": "id", "value": "x"}])", "mutability"},
      {R"([{"op": "replace", "path": "groups", "value": []}])", "mutability"},
      {R"([{"op": "remove", "path": "emails"}])", "invalid_value"},
      {R"([{"op": "replace", "path": "emails[type eq \"x\"].display", "value": "y"}])",
       "no_target"},
      {R"([{"op": "replace", "path": "emails[type eq \"work\"]", "value": []}])", "invalid_value"},
      {R"([{"op": "add", "path": "emails[type eq \"a\\u0007\"].value", "value": "y@z.org"}])",
       "invalid_value"},
      {R"([{"op": "replace", "path": "emails[size eq \"x\"].value", "value": "y"}])",
       "invalid_filter"}};
  for (const auto& [operations, slug] : cases) EXPECT_EQ(refused(operations), slug) << operations;
  std::string many = "[";
  for (int i = 0; i < 101; ++i) {
    many += std::string(i > 0 ? "," : "") + R"({"op": "add", "path": "title", "value": "x"})";
  }
  EXPECT_EQ(refused(many + "]"), "too_many");
}

constexpr const char* kOne = "018f0000-0000-7000-8000-000000000001";
constexpr const char* kTwo = "018f0000-0000-7000-8000-000000000002";

std::set<ScimUserId> after(const std::string& operations) {
  return members_after({*ScimUserId::parse(kOne)}, read_group_patch(patch(operations)));
}

TEST(ScimGroup, members_come_and_go_in_every_dialect) {
  const std::string two(kTwo);
  const std::string one(kOne);
  EXPECT_EQ(after(R"([{"op": "Add", "path": "members", "value": [{"$ref": null, "value": ")" + two +
                  R"("}]}])")
                .size(),
            2U);
  EXPECT_TRUE(
      after(R"([{"op": "remove", "path": "members[value eq \")" + one + R"(\"]"}])").empty());
  EXPECT_TRUE(
      after(R"([{"op": "Remove", "path": "members", "value": [{"value": ")" + one + R"("}]}])")
          .empty());
  EXPECT_TRUE(after(R"([{"op": "remove", "path": "members"}])").empty());
  EXPECT_EQ(
      after(R"([{"op": "replace", "path": "members", "value": [{"value": ")" + two + R"("}]}])"),
      std::set<ScimUserId>{*ScimUserId::parse(kTwo)});
  EXPECT_EQ(after(R"([{"op": "replace", "value": {"id": "x", "displayName": "G"}}])").size(), 1U);
  const auto slug = [](const std::string& operations) {
    return slug_of([&] { read_group_patch(patch(operations)); });
  };
  EXPECT_EQ(slug(R"([{"op": "add", "path": "members", "value": ["x"]}])"), "invalid_value");
  EXPECT_EQ(
      slug(R"([{"op": "add", "path": "members", "value": [{"value": "x", "type": "Group"}]}])"),
      "invalid_value");
  EXPECT_EQ(slug(R"([{"op": "add", "path": "members[value eq \"x\"]", "value": "y"}])"),
            "invalid_path");
  EXPECT_EQ(slug(R"([{"op": "replace", "path": "displayName", "value": ""}])"), "invalid_value");
  EXPECT_EQ(slug(R"([{"op": "replace", "path": "owner", "value": "x"}])"), "invalid_path");
}

TEST(ScimRoles, the_one_that_allows_most_holds) {
  using tenancy::Role;
  const MappedRole viewer{Role::viewer, std::nullopt, std::nullopt};
  const MappedRole manager{Role::manager, std::nullopt, std::nullopt};
  MappedRole own;
  own.mapped_id = identity::RoleId::parse(kOne);
  own.listed = R"(["project_read"])";
  EXPECT_EQ(best_role({}), std::nullopt);
  EXPECT_EQ(best_role({viewer, manager, own})->str(), "manager");
  EXPECT_EQ(best_role({own, viewer})->str(), "viewer");
  EXPECT_EQ(best_role({own})->str(), kOne);
}

TEST(ScimGroup, is_read_and_written_with_its_members_or_without) {
  const auto read = read_group(json::parse(R"({
      "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Ours",
      "externalId": "g-1", "members": [{"value": "01a21e36-1846-70ca-b496-992631b4d3ae"}]})"));
  EXPECT_EQ(read.display_name, "Ours");
  EXPECT_EQ(read.external_id, "g-1");
  ASSERT_EQ(read.members.size(), 1U);
  ResourceMeta meta;
  meta.id = "g";
  meta.type = "Group";
  const std::vector<Member> members{{read.members[0], "Dora"}};
  const auto whole = write_group("Ours", "g-1", members, meta, "https://a/scim/v2/Users");
  EXPECT_EQ(whole.at("displayName").as_string(), "Ours");
  const auto& one = whole.at("members").as_array().at(0);
  EXPECT_EQ(one.at("display").as_string(), "Dora");
  EXPECT_EQ(one.at("$ref").as_string(),
            "https://a/scim/v2/Users/01a21e36-1846-70ca-b496-992631b4d3ae");
  EXPECT_FALSE(write_group("Ours", "", std::nullopt, meta, "").contains("members"));
}

}  // namespace
}  // namespace aa::scim
