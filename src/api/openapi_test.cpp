#include "api/openapi.hpp"

#include <set>

#include <gtest/gtest.h>

#include "api/routes/routes.hpp"
#include "service/testing/service_fixture.hpp"

namespace aa::api {
namespace {

// The document of the real routes.
class OpenapiTest : public testing::Test {
 protected:
  fixture::World world_{db::Engine::sqlite};
  modelregistry::Registry registry_{{*world_.database, world_.blobs, world_.trail, world_.queue,
                                     world_.catalogue, world_.clock, world_.ids, world_.executors},
                                    {}};
  assets::Tiles tiles_{world_.assets, world_.blobs,     world_.budget,
                       world_.clock,  world_.executors, 1U << 20};
  audit::SignedHeads heads_{*world_.database, world_.trail, world_.key_ring, world_.clock,
                            world_.executors};
  http::Outbound outbound_{{}};
  webhooks::Webhooks webhooks_{{*world_.database, world_.trail, outbound_, world_.key_ring,
                                world_.clock, world_.ids, world_.executors}};
  keys::Keys keys_{{*world_.database, world_.blobs, *world_.key_ring, world_.signing_keys,
                    world_.trail, world_.queue, world_.executors}};
  scim::Scim scim_{{*world_.database, world_.trail, world_.access.members, world_.access.directory,
                    world_.clock, world_.ids},
                   world_.public_url};
  sso::Sso sso_{{*world_.database, world_.trail, world_.identity, world_.access, outbound_,
                 world_.key_ring, world_.public_url, world_.clock, world_.ids, world_.executors,
                 "annotateai_saml.so"}};
  Services services_{*world_.database,
                     world_.blobs,
                     world_.clock,
                     world_.ids,
                     world_.executors,
                     world_.metrics,
                     world_.budget,
                     world_.trail,
                     heads_,
                     world_.idempotency,
                     world_.queue,
                     world_.identity,
                     world_.access,
                     world_.metering,
                     world_.projects,
                     world_.assets,
                     tiles_,
                     world_.uploads,
                     world_.annotations,
                     world_.history,
                     world_.comments,
                     world_.collab,
                     world_.models,
                     world_.search,
                     world_.benchmarks,
                     registry_,
                     world_.prelabel,
                     world_.ranking,
                     world_.transfer,
                     world_.demo,
                     webhooks_,
                     keys_,
                     sso_,
                     scim_};
  BrowserGuard browser_{BrowserSettings{}};
  Routes routes_ = all_routes(services_, browser_);
  json::Object document_ = json::parse(openapi_document(routes_)).as_object();

  void collect_references(const json::Value& value, std::set<std::string>& out) {
    if (const auto* list = value.if_array()) {
      for (const auto& item : *list) collect_references(item, out);
    }
    const auto* object = value.if_object();
    if (object == nullptr) return;
    for (const auto& [key, member] : *object) {
      if (key == "$ref") out.insert(std::string(member.as_string()));
      collect_references(member, out);
    }
  }
};

TEST_F(OpenapiTest, tells_every_route_once) {
  EXPECT_EQ(document_.at("openapi").as_string(), "3.1.0");
  const auto& paths = document_.at("paths").as_object();
  std::size_t told = 0;
  for (const auto& [path, methods] : paths) told += methods.as_object().size();
  EXPECT_EQ(told, routes_.size()) << "no method and path stands twice";
  EXPECT_GT(told, 40U);
  for (const auto& route : routes_) {
    EXPECT_FALSE(route.summary.empty()) << route.method << route.pattern;
    EXPECT_TRUE(route.handler) << route.method << route.pattern;
    EXPECT_TRUE(route.pattern.starts_with(route.scim ? "/scim/v2/" : "/api/v1/")) << route.pattern;
  }
}

TEST_F(OpenapiTest, every_reference_leads_somewhere) {
  std::set<std::string> references;
  collect_references(document_, references);
  EXPECT_GT(references.size(), 10U);
  const auto& schemas = document_.at("components").as_object().at("schemas").as_object();
  for (const auto& reference : references) {
    constexpr std::string_view kPrefix = "#/components/schemas/";
    ASSERT_TRUE(reference.starts_with(kPrefix)) << reference;
    EXPECT_TRUE(schemas.contains(reference.substr(kPrefix.size()))) << reference;
  }
}

TEST_F(OpenapiTest, every_path_parameter_is_described) {
  for (const auto& route : routes_) {
    std::string method(route.method);
    for (char& c : method) c = static_cast<char>(std::tolower(c));
    const auto& described =
        document_.at("paths").as_object().at(route.pattern).as_object().at(method).as_object();
    const auto* parameters = described.if_contains("parameters");
    const std::size_t in_path = static_cast<std::size_t>(std::ranges::count(route.pattern, '{'));
    const std::size_t told = parameters == nullptr ? 0 : parameters->as_array().size();
    EXPECT_EQ(told, in_path + route.query.size()) << route.pattern;
    EXPECT_TRUE(described.at("responses").as_object().contains(std::to_string(route.status)));
    const bool open = !route.permission.has_value() && !route.scim;
    EXPECT_EQ(described.at("security").as_array().empty(), open) << route.pattern;
  }
}

TEST_F(OpenapiTest, only_signing_in_and_what_takes_tickets_is_public) {
  std::set<std::string_view> open;
  for (const auto& route : routes_) {
    if (!route.permission && !route.scim) open.insert(route.pattern);
  }
  EXPECT_EQ(open, (std::set<std::string_view>{"/api/v1/auth/register",
                                              "/api/v1/auth/login",
                                              "/api/v1/auth/refresh",
                                              "/api/v1/auth/email/confirm",
                                              "/api/v1/auth/password/forgot",
                                              "/api/v1/auth/password/reset",
                                              "/api/v1/auth/invitation",
                                              "/api/v1/auth/join",
                                              "/api/v1/auth/saml/{provider}/metadata",
                                              "/api/v1/auth/saml/{provider}/request",
                                              "/api/v1/auth/saml/{provider}/acs",
                                              "/api/v1/auth/saml/{provider}/slo",
                                              "/api/v1/auth/mfa",
                                              "/api/v1/auth/mfa/options",
                                              "/api/v1/auth/passkey",
                                              "/api/v1/auth/passkey/options",
                                              "/api/v1/auth/sso/discover",
                                              "/api/v1/auth/sso/{provider}/start",
                                              "/api/v1/auth/sso/callback",
                                              "/api/v1/auth/sso/{provider}/ldap",
                                              "/api/v1/live"}));
}

TEST_F(OpenapiTest, what_changes_things_takes_no_budget_of_reading) {
  for (const auto& route : routes_) {
    if (route.method == "GET" || route.method == "HEAD" || route.method == "OPTIONS") continue;
    EXPECT_NE(route.rate, RateClass::read) << route.method << ' ' << route.pattern;
  }
}

TEST_F(OpenapiTest, the_page_for_people_lists_them_and_has_no_script) {
  const auto page = documentation_page(routes_);
  for (const auto& route : routes_) {
    EXPECT_NE(page.find("<code>" + std::string(route.pattern)), std::string::npos);
  }
  EXPECT_EQ(page.find("<script"), std::string::npos);
}

TEST(DocumentationPage, escapes_what_it_prints) {
  Route route;
  route.method = "GET";
  route.pattern = "/a";
  route.summary = "<b>\"x\" & y</b>";
  const auto page = documentation_page({route});
  EXPECT_NE(page.find("&lt;b&gt;&quot;x&quot; &amp; y&lt;/b&gt;"), std::string::npos);
  EXPECT_EQ(page.find("<b>"), std::string::npos);
}

}  // namespace
}  // namespace aa::api
