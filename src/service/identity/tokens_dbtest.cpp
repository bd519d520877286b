// API tokens, and the keys that sign access tokens.
#include "service/identity/identity.hpp"
#include "service/identity/revocations.hpp"
#include "service/testing/service_fixture.hpp"

namespace aa::identity {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using tenancy::Permission;

class TokensTest : public fixture::ServiceTest {
 protected:
  Identity& identity() { return world_->identity; }
  tenancy::Tenant sign_in(const std::string& token) {
    return {run(identity().authenticate_bearer(token)), "192.0.2.7", "request-1"};
  }
  IssuedApiToken make(const tenancy::Tenant& tenant, std::vector<Permission> scopes,
                      ApiTokenKind kind = ApiTokenKind::personal, std::optional<int> days = {}) {
    return run(identity().create_api_token(tenant, kind, {"robot", std::move(scopes), days}));
  }
  std::string slug_of_use(const std::string& token) {
    return slug_of(identity().authenticate_bearer(token));
  }
  int audited(const tenancy::Tenant& tenant, const std::string& action) {
    int found = 0;
    for (const auto& entry : run(world_->trail.list(tenant.organization(), std::nullopt, 100))) {
      found += entry.action == action ? 1 : 0;
    }
    return found;
  }
};

TEST_P(TokensTest, APersonalTokenMayWhatItsScopesAndItsOwnerMay) {
  const auto owner = register_person();
  const auto made = make(owner, {Permission::project_read, Permission::project_write});
  EXPECT_TRUE(made.secret.starts_with("aat_"));
  EXPECT_EQ(made.secret.size(), 47U);
  const auto tenant = sign_in(made.secret);
  EXPECT_EQ(tenant.user(), owner.user());
  EXPECT_EQ(tenant.organization(), owner.organization());
  const auto& who = tenant.principal();
  EXPECT_TRUE(who.may(Permission::project_write));
  EXPECT_FALSE(who.may(Permission::asset_read));
  EXPECT_FALSE(who.may(Permission::account_self));
  EXPECT_THROW(tenant.require_fresh(world_->clock.now()), Error);
  // The owner loses a right, and so does the token: a second later at the latest.
  bare("UPDATE memberships SET role = 'viewer'");
  world_->clock.advance(seconds(1));
  EXPECT_FALSE(sign_in(made.secret).principal().may(Permission::project_write));
  EXPECT_TRUE(sign_in(made.secret).principal().may(Permission::project_read));
  bare("DELETE FROM memberships");
  world_->clock.advance(seconds(1));
  EXPECT_EQ(slug_of_use(made.secret), "invalid_token");
}

TEST_P(TokensTest, OnlyAHashIsKeptAndUseIsNoted) {
  const auto owner = register_person();
  const auto made = make(owner, {Permission::project_read});
  const auto row = bare("SELECT hash, hint FROM api_tokens").one();
  EXPECT_EQ(row.get<std::string>("hash").find(made.secret), std::string::npos);
  EXPECT_EQ(row.get<std::string>("hint"), made.secret.substr(0, 8));
  auto list = run(identity().api_tokens(owner, ApiTokenKind::personal));
  ASSERT_EQ(list.size(), 1U);
  EXPECT_FALSE(list[0].last_used_at);
  sign_in(made.secret);
  list = run(identity().api_tokens(owner, ApiTokenKind::personal));
  EXPECT_EQ(list[0].last_used_at, world_->clock.now());
  EXPECT_EQ(list[0].scopes, std::vector{Permission::project_read});
  EXPECT_TRUE(run(identity().api_tokens(owner, ApiTokenKind::service)).empty());
}

TEST_P(TokensTest, ExpiryAndRevocation) {
  const auto owner = register_person();
  const auto brief = make(owner, {Permission::project_read}, ApiTokenKind::personal, 1);
  const auto other = make(owner, {Permission::project_read});
  sign_in(brief.secret);
  sign_in(other.secret);
  const auto stranger = register_person("eve");
  for (const auto& who : {stranger}) {
    EXPECT_EQ(slug_of(identity().revoke_api_token(who, ApiTokenKind::personal, other.token.id)),
              "not_found");
  }
  EXPECT_EQ(slug_of(identity().revoke_api_token(owner, ApiTokenKind::service, other.token.id)),
            "not_found");
  run(identity().revoke_api_token(owner, ApiTokenKind::personal, other.token.id));
  EXPECT_EQ(slug_of_use(other.secret), "invalid_token");  // at once
  EXPECT_EQ(run(revoked_since(*world_->database, world_->clock.now())).size(), 1U);
  EXPECT_EQ(slug_of(identity().revoke_api_token(owner, ApiTokenKind::personal, other.token.id)),
            "not_found");
  EXPECT_EQ(audited(owner, "token.create"), 2);
  EXPECT_EQ(audited(owner, "token.revoke"), 1);
  world_->clock.advance(hours(24));
  EXPECT_EQ(slug_of_use(brief.secret), "invalid_token");
}

TEST_P(TokensTest, AServiceTokenIsAPrincipalOfItsOwn) {
  const auto owner = register_person();
  const auto made =
      make(owner, {Permission::project_read, Permission::asset_write}, ApiTokenKind::service);
  const auto robot = sign_in(made.secret);
  EXPECT_NE(robot.user(), owner.user());
  EXPECT_EQ(robot.organization(), owner.organization());
  EXPECT_TRUE(robot.principal().may(Permission::asset_write));
  EXPECT_FALSE(robot.principal().may(Permission::project_write));
  const auto me = run(identity().me(robot.principal()));
  EXPECT_EQ(me.user.name, "robot");
  EXPECT_EQ(me.organization.id, owner.organization());
  EXPECT_EQ(bare("SELECT COUNT(*) AS n FROM memberships").one().get<int>("n"), 1);
  // It stays when its maker goes; any admin ends it.
  bare("UPDATE users SET disabled_at = 1 WHERE id = '" + owner.user().str() + "'");
  world_->clock.advance(seconds(1));
  EXPECT_TRUE(sign_in(made.secret).principal().may(Permission::asset_write));
  run(identity().revoke_api_token(owner, ApiTokenKind::service, made.token.id));
  EXPECT_EQ(slug_of_use(made.secret), "invalid_token");
}

TEST_P(TokensTest, NobodyHandsOutWhatHeHasNot) {
  const auto owner = register_person();
  const auto viewer = with_role(owner, tenancy::Role::viewer);
  const auto slug = [&](const tenancy::Tenant& who, std::vector<Permission> scopes,
                        std::optional<int> days = {}) {
    return slug_of(
        identity().create_api_token(who, ApiTokenKind::personal, {"x", std::move(scopes), days}));
  };
  EXPECT_EQ(slug(viewer, {Permission::project_read, Permission::project_write}), "scope_not_held");
  EXPECT_EQ(pointer(), "/scopes/1");
  EXPECT_EQ(slug(owner, {Permission::account_self}), "scope_not_held");
  EXPECT_EQ(slug(owner, {Permission::service_token_write}), "scope_not_held");
  EXPECT_EQ(slug(owner, {Permission::project_read}, kTokenDaysMax + 1), "token_days");
  for (int i = 0; i < kPersonalTokensMax; ++i) make(owner, {Permission::project_read});
  EXPECT_EQ(slug(owner, {Permission::project_read}), "too_many_tokens");
  EXPECT_EQ(slug_of_use("aat_"), "invalid_token");
  EXPECT_EQ(slug_of_use("aat_" + std::string(43, 'A')), "invalid_token");
}

TEST_P(TokensTest, LiveConnectionsStandByATokenToo) {
  const auto owner = register_person();
  const auto made = make(owner, {Permission::annotation_read});
  const auto session = sign_in(made.secret).principal().session;
  const auto standing = [&] {
    std::vector<SessionId> ids{session, fresh<SessionId>()};
    return run(identity().standing(std::move(ids)));
  };
  ASSERT_EQ(standing().size(), 1U);
  EXPECT_TRUE(standing().at(session).may(Permission::annotation_read));
  std::vector<SessionId> used{session};
  run(identity().touch(std::move(used)));
  run(identity().revoke_api_token(owner, ApiTokenKind::personal, made.token.id));
  EXPECT_TRUE(standing().empty());
}

TEST_P(TokensTest, AccessTokensOutliveTheRotationOfTheirKey) {
  auto login = register_login("ada").login;
  auto& keys = world_->signing_keys;
  const auto first = run(keys.list());
  ASSERT_EQ(first.size(), 1U);
  EXPECT_EQ(first[0].state, KeyState::signing);
  run(keys.rotate(false));
  EXPECT_EQ(run(keys.list())[1].state, KeyState::next);
  EXPECT_NE(run(keys.jwks()).find(first[0].id), std::string::npos);
  sign_in(login.access_token);
  world_->clock.advance(kKeyAhead);
  EXPECT_EQ(run(keys.list())[0].state, KeyState::verifying);
  sign_in(login.access_token);
  const auto after = run(identity().refresh(login.refresh_token, {"", "", ""})).login;
  EXPECT_NE(after.access_token.substr(0, after.access_token.find('.')),
            login.access_token.substr(0, login.access_token.find('.')));
  sign_in(after.access_token);
  // Revoked: the tokens of all older keys are refused, here at once and elsewhere in seconds.
  run(keys.rotate(true));
  EXPECT_EQ(run(keys.list()).size(), 1U);
  world_->clock.advance(seconds(5));
  EXPECT_EQ(slug_of_use(after.access_token), "invalid_token");
  sign_in(run(identity().refresh(after.refresh_token, {"", "", ""})).login.access_token);
}

TEST_P(TokensTest, AnOldKeyIsFollowedByANewOneAndGoesInTheEnd) {
  auto& keys = world_->signing_keys;
  const auto first = run(keys.list())[0].id;
  world_->clock.advance(hours(24 * 30));
  ASSERT_EQ(run(keys.list()).size(), 2U);
  EXPECT_EQ(run(keys.list())[0].id, first);
  world_->clock.advance(hours(24 * 31));
  const auto later = run(keys.list());
  ASSERT_EQ(later.size(), 2U);
  EXPECT_NE(later[0].id, first);
}

TEST_P(TokensTest, AnotherInstanceLearnsANewKeyFromItsFirstToken) {
  SigningKeys here(*world_->database, world_->key_ring->master(), world_->clock, hours(24 * 30));
  const auto ada = register_login("ada").login;
  run(here.current());
  run(world_->signing_keys.rotate(true));
  const auto bob = register_login("bob").login;
  world_->clock.advance(seconds(1));
  EXPECT_EQ(run(here.for_token(ada.access_token))->signer_of(bob.access_token), nullptr);
  EXPECT_NE(run(here.for_token(bob.access_token))->signer_of(bob.access_token), nullptr);
  EXPECT_EQ(run(here.for_token(bob.access_token))->signer_of("eyJhbGciOiJub25lIn0.e30."), nullptr);
}

TEST_P(TokensTest, KeysAndSecretsFollowTheMasterKey) {
  auto& master = world_->key_ring->master();
  const auto secret = run(installation_secret(*world_->database, master, world_->clock, "purpose"));
  EXPECT_EQ(secret.reveal().size(), 32U);
  const auto login = register_login("ada").login;
  master.add();
  EXPECT_EQ(run(reseal_installation(*world_->database, master)), 2);
  EXPECT_EQ(run(reseal_installation(*world_->database, master)), 0);
  master.keep_only_newest();
  const auto again = run(installation_secret(*world_->database, master, world_->clock, "purpose"));
  EXPECT_EQ(again.reveal(), secret.reveal());
  SigningKeys elsewhere(*world_->database, master, world_->clock, hours(24 * 30));
  EXPECT_NE(run(elsewhere.current())->signer_of(login.access_token), nullptr);
}

AA_ON_BOTH_ENGINES(TokensTest);

}  // namespace
}  // namespace aa::identity
