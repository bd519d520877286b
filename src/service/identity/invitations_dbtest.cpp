#include "service/identity/access.hpp"
#include "service/identity/invitations.hpp"
#include "service/testing/service_fixture.hpp"

namespace aa::identity {
namespace {

constexpr std::string_view kPassword = "correct horse battery";

Origin origin() { return {"192.0.2.9", "tests", "request-2"}; }

class InvitationTest : public fixture::ServiceTest {
 protected:
  void SetUp() override {
    ServiceTest::SetUp();
    if (IsSkipped()) return;
    owner_.emplace(register_person("owner"));
  }
  Access& access() { return world_->access; }
  Invitations& service() { return world_->access.invitations; }
  std::string invite(const std::string& name, const std::string& role = "annotator") {
    return *run(service().create(*owner_, {name + "@example.org", role})).token;
  }
  std::string join_slug(const std::string& token) {
    return slug_of(service().join({token, "Guest", std::string(kPassword)}, origin()));
  }
  std::string accept_slug(const tenancy::Tenant& who, const std::string& token) {
    return slug_of(service().accept(who, token));
  }
  std::size_t members() { return run(access().members.list(*owner_, std::nullopt, 100)).size(); }
  std::size_t denials() {
    std::size_t out = 0;
    for (const auto& e : run(world_->trail.list(owner_->organization(), std::nullopt, 100))) {
      out += e.outcome == "denied" ? 1 : 0;
    }
    return out;
  }
  InvitationState state() { return run(service().list(*owner_, std::nullopt, 10))[0].state; }

  std::optional<tenancy::Tenant> owner_;
};
AA_ON_BOTH_ENGINES(InvitationTest);

TEST_P(InvitationTest, a_newcomer_makes_an_account_of_the_invited_address) {
  const auto token = invite("New.Comer", "reviewer");
  const auto offer = run(service().offer(token, origin()));
  EXPECT_EQ(offer.organization, "Studio of owner");
  EXPECT_EQ(offer.email, "new.comer@example.org");
  EXPECT_EQ(offer.role_name, "reviewer");
  EXPECT_FALSE(offer.registered);
  EXPECT_EQ(slug_of(service().join({token, "N", "short"}, origin())), "weak_password");
  const auto login = run(service().join({token, "Nele", std::string(kPassword)}, origin()));
  EXPECT_EQ(login.login.organization.id, owner_->organization());
  EXPECT_EQ(login.login.user.email, "new.comer@example.org");
  EXPECT_EQ(state(), InvitationState::accepted);
  EXPECT_EQ(join_slug(token), "invitation_gone") << "good once";
  EXPECT_EQ(denials(), 1U);
  EXPECT_EQ(members(), 2U);
}

TEST_P(InvitationTest, one_with_an_account_accepts_by_the_same_address) {
  const auto ada = register_person("ada");
  const auto eve = register_person("eve");
  const auto token = invite("ada");
  EXPECT_TRUE(run(service().offer(token, origin())).registered);
  const Joining wrong{token, std::nullopt, "some other password"};
  EXPECT_EQ(slug_of(service().join(wrong, origin())), "invalid_credentials");
  EXPECT_EQ(accept_slug(eve, token), "invitation_for_another");
  EXPECT_EQ(denials(), 1U);
  EXPECT_EQ(members(), 1U);
  EXPECT_EQ(run(service().accept(ada, token)).id, owner_->organization());
  EXPECT_EQ(members(), 2U);
  EXPECT_EQ(accept_slug(ada, token), "invitation_gone");
  EXPECT_EQ(slug_of(service().create(*owner_, {"ADA@example.org", "viewer"})), "already_member");
  const auto all = run(world_->identity.organizations(ada));
  EXPECT_EQ(all.size(), 2U);
}

TEST_P(InvitationTest, who_is_in_no_organization_comes_back_by_his_password) {
  const auto first =
      run(service().join({invite("noor"), "Noor", std::string(kPassword)}, origin()));
  const auto noor = first.login.user.id;
  const auto password = std::string(kPassword);
  const auto sign_in = [&] {
    return slug_of(world_->identity.login("noor@example.org", password, origin()));
  };
  run(access().members.remove(*owner_, noor));
  EXPECT_EQ(sign_in(), "no_organization");
  EXPECT_EQ(slug_of(world_->identity.login("noor@example.org", "wrong", origin())),
            "invalid_credentials");
  const auto token = invite("noor", "reviewer");
  const auto again = run(service().join({token, std::nullopt, password}, origin()));
  EXPECT_EQ(again.login.user.id, noor);
  EXPECT_EQ(again.login.user.name, "Noor");
  EXPECT_EQ(again.login.organization.role, tenancy::Role::reviewer);
  EXPECT_EQ(sign_in(), "");
  EXPECT_EQ(members(), 2U);
  EXPECT_EQ(join_slug(token), "invitation_gone") << "good once";
}

TEST_P(InvitationTest, who_is_in_no_organization_may_have_forgotten_his_password) {
  const auto first =
      run(service().join({invite("noor"), "Noor", std::string(kPassword)}, origin()));
  run(access().members.remove(*owner_, first.login.user.id));
  run(world_->identity.forgot_password("noor@example.org"));
  PasswordReset reset;
  reset.token = token_in(letters("noor@example.org", "set a new password", 1).back());
  reset.password = "a wholly new passphrase";
  run(world_->identity.reset_password(reset, origin()));
  const Joining back{invite("noor"), std::nullopt, reset.password};
  EXPECT_EQ(run(service().join(back, origin())).login.organization.id, owner_->organization());
}

TEST_P(InvitationTest, a_new_account_wants_a_name) {
  const Joining nameless{invite("someone"), std::nullopt, std::string(kPassword)};
  EXPECT_EQ(slug_of(service().join(nameless, origin())), "name_missing");
  EXPECT_EQ(members(), 1U);
}

TEST_P(InvitationTest, an_invitation_ends) {
  const auto expired = invite("a");
  world_->clock.advance(kInvitationLife);
  EXPECT_EQ(state(), InvitationState::expired);
  EXPECT_EQ(join_slug(expired), "invitation_gone");
  const auto old = invite("b");
  const auto newer = invite("b");
  EXPECT_EQ(join_slug(old), "invitation_gone") << "a newer one took its place";
  const auto listed = run(service().list(*owner_, std::nullopt, 10));
  ASSERT_EQ(listed.size(), 3U);
  EXPECT_EQ(run(service().list(*owner_, listed[0].id, 10)).size(), 2U);
  run(service().revoke(*owner_, listed[0].id));
  EXPECT_EQ(slug_of(service().revoke(*owner_, listed[0].id)), "not_found");
  EXPECT_EQ(state(), InvitationState::revoked);
  EXPECT_EQ(join_slug(newer), "invitation_gone");
  EXPECT_EQ(join_slug("unknown"), "invitation_gone");
  EXPECT_EQ(members(), 1U);
}

TEST_P(InvitationTest, it_is_worth_what_the_inviter_may_by_now) {
  const auto adam =
      run(service().join({invite("adam", "admin"), "Adam", std::string(kPassword)}, origin()));
  const auto principal = run(world_->identity.authenticate_bearer(adam.login.access_token));
  const tenancy::Tenant admin(principal, "192.0.2.9", "request-2");
  const auto made = run(service().create(admin, {"guest@example.org", "manager"}));
  run(access().members.change_role(*owner_, admin.user(), "viewer"));
  EXPECT_EQ(join_slug(*made.token), "invitation_gone");
  EXPECT_EQ(slug_of(service().create(admin, {"b@example.org", "viewer"})), "permission_denied");
}

TEST_P(InvitationTest, of_many_at_once_one_is_let_in) {
  const auto token = invite("many");
  std::vector<std::future<LoginResult>> futures;
  for (int i = 0; i < 8; ++i) {
    futures.push_back(spawn(service().join({token, "M", std::string(kPassword)}, origin())));
  }
  int joined = 0;
  for (auto& future : futures) {
    try {
      future.get();
      ++joined;
    } catch (const Error& error) {
      EXPECT_EQ(error.slug(), "invitation_gone");
    }
  }
  EXPECT_EQ(joined, 1);
  EXPECT_EQ(members(), 2U);
}

TEST_P(InvitationTest, only_domains_that_the_policy_names_are_invited) {
  PolicyChange change;
  change.signup_domains = std::vector<std::string>{"example.org"};
  run(access().policies.patch(*owner_, change, std::nullopt, "192.0.2.9"));
  EXPECT_NE(invite("a"), "");
  EXPECT_EQ(slug_of(service().create(*owner_, {"a@sub.example.org", "viewer"})),
            "domain_not_allowed");
  EXPECT_EQ(slug_of(service().create(*owner_, {"nobody", "viewer"})), "invalid_body");
}

}  // namespace
}  // namespace aa::identity
