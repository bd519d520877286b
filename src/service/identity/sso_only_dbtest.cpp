#include "service/identity/access.hpp"
#include "service/testing/service_fixture.hpp"

namespace aa::identity {
namespace {

// An organisation's providers as a test has them.
class Doors final : public SsoGate {
 public:
  runtime::Task<std::vector<SsoDoor>> doors(OrganizationId) override { co_return open; }
  std::vector<SsoDoor> open;
};

class SsoOnlyTest : public fixture::ServiceTest {
 protected:
  void SetUp() override {
    ServiceTest::SetUp();
    if (!world_) return;
    world_->identity.set_sso_gate(gate_);
    world_->access.policies.set_sso_gate(gate_);
    owner_.emplace(register_person("owner"));
  }
  Origin origin() { return {"192.0.2.7", "tests", "request-1"}; }
  std::string demand(const tenancy::Tenant& tenant) {
    PolicyChange change;
    change.sso_only = true;
    return slug_of(world_->access.policies.patch(tenant, change, std::nullopt, "192.0.2.7"));
  }
  Task<UserId> admitted(DirectoryPerson person) {
    auto transaction = co_await world_->database->begin(db::Scope::system());
    audit::Actor actor(owner_->organization(), std::nullopt, "192.0.2.7", "request-1");
    const auto user =
        co_await world_->access.directory.admit(*transaction, std::move(actor), std::move(person));
    co_await transaction->commit();
    co_return user;
  }
  UserId dora(const std::string& role = "manager") {
    DirectoryPerson person;
    person.provider = "idp";
    person.subject = "s-1";
    person.email = "dora@example.org";
    person.name = "Dora";
    person.role = role;
    return run(admitted(std::move(person)));
  }
  LoginResult enter(UserId user, SignInMethod method) {
    return run(world_->identity.begin_session(user, owner_->organization(), method, origin()));
  }
  std::string enter_slug(UserId user, SignInMethod method) {
    return slug_of(world_->identity.begin_session(user, owner_->organization(), method, origin()));
  }

  Doors gate_;
  std::optional<tenancy::Tenant> owner_;
};
AA_ON_BOTH_ENGINES(SsoOnlyTest);

TEST_P(SsoOnlyTest, it_is_demanded_only_by_who_comes_in_again) {
  EXPECT_EQ(demand(*owner_), "would_lock_out") << "no provider";
  gate_.open.emplace_back("idp", "Company", "/start");
  const auto login = enter(dora("admin"), SignInMethod::oidc);
  const auto admin = tenancy::Tenant(
      run(world_->identity.authenticate_bearer(login.login.access_token)), "192.0.2.7", "r");
  gate_.open.at(0).provider = "another";
  EXPECT_EQ(demand(admin), "would_lock_out") << "not linked to one that is on";
  gate_.open.at(0).provider = "idp";
  EXPECT_EQ(demand(admin), "");
}

TEST_P(SsoOnlyTest, passwords_and_sessions_by_them_end_for_all_but_owners) {
  gate_.open.emplace_back("idp", "Company", "/start");
  const auto user = dora();
  const auto before = enter(user, SignInMethod::password);
  const auto vouched = enter(user, SignInMethod::oidc);
  ASSERT_EQ(demand(*owner_), "");
  EXPECT_EQ(enter_slug(user, SignInMethod::password), "sso_required");
  ASSERT_TRUE(last_error_);
  EXPECT_EQ(last_error_->details().at(0).detail, "/start");
  EXPECT_EQ(enter_slug(user, SignInMethod::passkey), "sso_required");
  EXPECT_EQ(enter_slug(user, SignInMethod::saml), "");
  EXPECT_EQ(enter_slug(owner_->user(), SignInMethod::password), "");
  EXPECT_EQ(slug_of(world_->identity.refresh(before.login.refresh_token, origin())),
            "session_ended");
  EXPECT_EQ(slug_of(world_->identity.check_session(before.session)), "session_ended");
  EXPECT_EQ(slug_of(world_->identity.check_session(vouched.session)), "");
  const auto standing = run(world_->identity.standing({before.session, vouched.session}));
  EXPECT_EQ(standing.size(), 1U);
  EXPECT_TRUE(standing.contains(vouched.session));
}

TEST_P(SsoOnlyTest, no_letter_leads_around_the_provider) {
  gate_.open.emplace_back("idp", "Company", "/start");
  const auto user = dora();
  run(world_->identity.forgot_password("dora@example.org"));
  const auto sent = letters("dora@example.org", "password");
  ASSERT_EQ(sent.size(), 1U);
  ASSERT_EQ(demand(*owner_), "");
  PasswordReset reset;
  reset.token = token_in(sent[0]);
  reset.password = "correct horse battery";
  EXPECT_EQ(slug_of(world_->identity.reset_password(reset, origin())), "invalid_link");
  run(world_->identity.forgot_password("dora@example.org"));
  EXPECT_EQ(letters("dora@example.org", "password").size(), 1U) << "none besides the first";
  static_cast<void>(user);
}

TEST_P(SsoOnlyTest, links_are_ones_own_and_a_stolen_session_ends) {
  const auto user = dora();
  EXPECT_EQ(run(world_->access.directory.links_of(owner_->organization(), user)).size(), 1U);
  const auto unlinked = [](db::Database& database, Directory& directory, audit::Actor by,
                           UserId who) -> Task<> {
    auto transaction = co_await database.begin(db::Scope::system());
    co_await directory.unlink(*transaction, std::move(by), who, "idp");
    co_await transaction->commit();
  };
  auto& directory = world_->access.directory;
  EXPECT_EQ(slug_of(unlinked(*world_->database, directory, owner_->actor(), user)), "no_password");
  EXPECT_EQ(slug_of(unlinked(*world_->database, directory, owner_->actor(), owner_->user())),
            "not_found");
  const auto login = enter(user, SignInMethod::oidc);
  run(world_->identity.end_stolen_session(login.session, "sso.code_reuse", origin()));
  EXPECT_EQ(slug_of(world_->identity.check_session(login.session)), "session_ended");
  run(world_->identity.end_stolen_session(login.session, "sso.code_reuse", origin()));
}

}  // namespace
}  // namespace aa::identity
