#include "service/identity/account.hpp"
#include "service/identity/preferences.hpp"
#include "service/identity/revocations.hpp"
#include "service/testing/service_fixture.hpp"

namespace aa::identity {
namespace {

constexpr std::string_view kPassword = "correct horse battery";
constexpr std::string_view kOther = "another staple altogether";

Origin origin() { return {"192.0.2.7", "tests", "request-1"}; }

class AccountTest : public fixture::ServiceTest {
 protected:
  void SetUp() override {
    ServiceTest::SetUp();
    if (IsSkipped()) return;
    login_ = register_login("ada");
    ada_ = tenant(login_);
  }
  Identity& service() { return world_->identity; }
  tenancy::Tenant tenant(const LoginResult& login) {
    const auto principal = run(service().authenticate_bearer(login.login.access_token));
    return tenant_of(login.login, principal.session);
  }
  LoginResult sign_in(std::string_view password = kPassword) {
    return run(service().login("ada@example.org", std::string(password), origin()));
  }
  OrganizationId lands_in(std::optional<OrganizationId> wished) {
    const auto login =
        run(service().login("ada@example.org", std::string(kPassword), origin(), wished));
    return login.login.organization.id;
  }
  std::string sign_in_slug(std::string_view password) {
    return slug_of(service().login("ada@example.org", std::string(password), origin()));
  }
  std::string bearer_slug(const LoginResult& login) {
    return slug_of(service().authenticate_bearer(login.login.access_token));
  }
  std::string change_slug(std::string_view current, std::string_view fresh) {
    return slug_of(service().change_password(*ada_, {std::string(current), std::string(fresh)}));
  }
  json::Object merge(const std::string& text) {
    return run(merge_preferences(*world_->database, ada_->user(), json::parse(text).as_object(),
                                 world_->clock.now()));
  }
  std::string merge_slug(const std::string& text) {
    return slug_of(merge_preferences(*world_->database, ada_->user(), json::parse(text).as_object(),
                                     world_->clock.now()));
  }
  std::vector<std::string> actions(OrganizationId organization) {
    std::vector<std::string> out;
    for (const auto& entry : run(world_->trail.list(organization, std::nullopt, 100))) {
      out.push_back(entry.action);
    }
    return out;
  }

  LoginResult login_;
  std::optional<tenancy::Tenant> ada_;
};
AA_ON_BOTH_ENGINES(AccountTest);

TEST_P(AccountTest, a_person_takes_another_name) {
  EXPECT_EQ(run(service().rename(*ada_, "Ada L.")).name, "Ada L.");
  EXPECT_EQ(run(service().me(ada_->principal())).user.name, "Ada L.");
  EXPECT_EQ(slug_of(service().rename(*ada_, " \t")), "invalid_body");
  EXPECT_EQ(actions(ada_->organization()).front(), "user.rename");
}

TEST_P(AccountTest, a_new_password_ends_the_other_sessions_and_not_this_one) {
  const auto other = sign_in();
  const auto began = world_->clock.now();
  EXPECT_EQ(change_slug(kPassword, kOther), "");
  EXPECT_EQ(bearer_slug(login_), "");
  EXPECT_EQ(bearer_slug(other), "session_ended");
  EXPECT_EQ(sign_in_slug(kPassword), "invalid_credentials");
  EXPECT_EQ(sign_in_slug(kOther), "");
  EXPECT_EQ(run(revoked_since(*world_->database, began)).size(), 1U);
  EXPECT_EQ(std::ranges::count(actions(ada_->organization()), "user.password"), 1);
}

TEST_P(AccountTest, a_password_is_changed_by_who_knows_it_to_one_that_is_strong) {
  EXPECT_EQ(change_slug("wrong password", kOther), "wrong_password");
  EXPECT_EQ(pointer(), "/current_password");
  EXPECT_EQ(change_slug(kPassword, "short"), "weak_password");
  EXPECT_EQ(pointer(), "/password");
  EXPECT_EQ(change_slug(kPassword, "Studio of ada"), "weak_password");
  EXPECT_EQ(sign_in_slug(kPassword), "");
  for (int i = 0; i < 10; ++i) change_slug("wrong password", kOther);
  EXPECT_EQ(change_slug(kPassword, kOther), "too_many_attempts") << "guessing is slowed down";
}

TEST_P(AccountTest, sessions_are_listed_and_ended_one_by_one) {
  world_->clock.advance(std::chrono::minutes(1));
  const auto other = sign_in();
  register_login("eve");
  auto all = run(service().sessions(*ada_));
  ASSERT_EQ(all.size(), 2U);
  EXPECT_FALSE(all[0].current);
  EXPECT_TRUE(all[1].current);
  EXPECT_EQ(all[0].organization, "Studio of ada");
  EXPECT_EQ(all[0].ip, "192.0.2.7");
  run(service().end_session(*ada_, all[0].id));
  EXPECT_EQ(bearer_slug(other), "session_ended");
  EXPECT_EQ(slug_of(service().end_session(*ada_, all[0].id)), "not_found");
  EXPECT_EQ(run(service().sessions(*ada_)).size(), 1U);
}

TEST_P(AccountTest, nobody_ends_the_session_of_another) {
  const auto eve = register_login("eve");
  const auto session = tenant(eve).principal().session;
  EXPECT_EQ(slug_of(service().end_session(*ada_, session)), "not_found");
  EXPECT_EQ(bearer_slug(eve), "");
}

TEST_P(AccountTest, a_person_works_in_several_organisations) {
  const auto made = run(service().create_organization(*ada_, "Second"));
  EXPECT_EQ(made.role, tenancy::Role::owner);
  const auto all = run(service().organizations(*ada_));
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].name, "Second");
  EXPECT_EQ(all[1].id, ada_->organization());
  const auto moved = run(service().switch_organization(*ada_, made.id, origin()));
  EXPECT_EQ(moved.login.organization.id, made.id);
  EXPECT_EQ(bearer_slug(login_), "session_ended") << "the one left behind";
  const auto there = tenant(moved);
  EXPECT_EQ(there.organization(), made.id);
  EXPECT_EQ(run(world_->access.members.list(there, std::nullopt, 100)).size(), 1U);
  EXPECT_EQ(actions(made.id), (std::vector<std::string>{"session.start", "organization.create"}));
}

TEST_P(AccountTest, signing_in_leads_to_the_wished_organisation) {
  const auto made = run(service().create_organization(*ada_, "Second"));
  EXPECT_EQ(lands_in(made.id), made.id);
  EXPECT_EQ(lands_in(std::nullopt), ada_->organization());
  const auto eve = register_login("eve");
  EXPECT_EQ(lands_in(eve.login.organization.id), ada_->organization()) << "not a member there";
}

TEST_P(AccountTest, nobody_enters_an_organisation_of_others) {
  const auto eve = register_login("eve");
  const auto slug =
      slug_of(service().switch_organization(*ada_, eve.login.organization.id, origin()));
  EXPECT_EQ(slug, "not_found");
  EXPECT_EQ(bearer_slug(login_), "") << "a refused switch ends nothing";
}

TEST_P(AccountTest, the_organisations_one_owns_are_bounded) {
  for (int i = 1; i < kOwnedMax; ++i) run(service().create_organization(*ada_, "More"));
  EXPECT_EQ(slug_of(service().create_organization(*ada_, "More")), "too_many_organizations");
  EXPECT_EQ(slug_of(service().create_organization(*ada_, " ")), "invalid_body");
}

TEST_P(AccountTest, preferences_are_merged_by_name) {
  EXPECT_EQ(json::to_text(merge(R"({"a.theme":"dark","a.size":[1,2]})")),
            R"({"a.size":[1,2],"a.theme":"dark"})");
  EXPECT_EQ(json::to_text(merge(R"({"a.theme":"light","b":{"c":null}})")),
            R"({"a.size":[1,2],"a.theme":"light","b":{"c":null}})");
  EXPECT_EQ(json::to_text(merge(R"({"a.size":null,"b":null})")), R"({"a.theme":"light"})");
  EXPECT_EQ(json::to_text(run(preferences_of(*world_->database, ada_->user()))),
            R"({"a.theme":"light"})");
  const auto eve = register_login("eve");
  EXPECT_TRUE(run(preferences_of(*world_->database, eve.login.user.id)).empty());
}

TEST_P(AccountTest, preferences_are_bounded) {
  EXPECT_EQ(merge_slug(R"({"":1})"), "invalid_preferences");
  EXPECT_EQ(merge_slug(R"({"a\u0000b":1})"), "invalid_preferences");
  EXPECT_EQ(merge_slug("{\"" + std::string(kPreferenceNameBytes + 1, 'n') + "\":1}"),
            "invalid_preferences");
  const std::string half = "\"" + std::string(kPreferencesBytes / 2, 'v') + "\"";
  EXPECT_EQ(merge_slug("{\"a\":" + half + "}"), "");
  EXPECT_EQ(merge_slug("{\"b\":" + half + "}"), "preferences_too_large");
  EXPECT_EQ(run(preferences_of(*world_->database, ada_->user())).size(), 1U);
}

}  // namespace
}  // namespace aa::identity
