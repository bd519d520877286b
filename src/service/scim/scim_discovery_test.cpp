#include "service/scim/scim_discovery.hpp"

#include <gtest/gtest.h>

namespace aa::scim {
namespace {

constexpr std::string_view kBase = "https://labels.example.org/scim/v2";
constexpr std::string_view kUser = "urn:ietf:params:scim:schemas:core:2.0:User";

TEST(ScimDiscovery, tells_what_the_service_can) {
  const auto told = service_provider_config(kBase);
  EXPECT_TRUE(told.at("patch").at("supported").as_bool());
  EXPECT_TRUE(told.at("filter").at("supported").as_bool());
  EXPECT_FALSE(told.at("bulk").at("supported").as_bool());
  EXPECT_FALSE(told.at("sort").at("supported").as_bool());
  EXPECT_EQ(told.at("authenticationSchemes").as_array().size(), 1U);
}

TEST(ScimDiscovery, names_its_resources_and_where_they_are) {
  const auto types = resource_types(kBase);
  ASSERT_EQ(types.size(), 2U);
  const auto user = with_id(types, "User");
  ASSERT_TRUE(user);
  EXPECT_EQ(user->at("endpoint").as_string(), "/Users");
  EXPECT_EQ(user->at("schema").as_string(), kUser);
  EXPECT_TRUE(with_id(types, "Group"));
  EXPECT_FALSE(with_id(types, "Device"));
}

TEST(ScimDiscovery, describes_each_attribute_of_its_schemas) {
  const auto all = schemas(kBase);
  const auto user = with_id(all, kUser);
  ASSERT_TRUE(user);
  bool named = false;
  for (const auto& attribute : user->at("attributes").as_array()) {
    EXPECT_FALSE(attribute.at("name").as_string().empty());
    named = named || attribute.at("name").as_string() == "userName";
  }
  EXPECT_TRUE(named);
  EXPECT_FALSE(with_id(all, "urn:none"));
}

TEST(ScimDiscovery, a_list_says_how_much_there_is) {
  const auto list = list_response(resource_types(kBase), 7, 3);
  EXPECT_EQ(list.at("totalResults").to_number<int>(), 7);
  EXPECT_EQ(list.at("startIndex").to_number<int>(), 3);
  EXPECT_EQ(list.at("itemsPerPage").to_number<int>(), 2);
  EXPECT_EQ(list.at("Resources").as_array().size(), 2U);
}

}  // namespace
}  // namespace aa::scim
