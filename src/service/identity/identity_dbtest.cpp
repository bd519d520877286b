#include "service/identity/identity.hpp"
#include "service/identity/revocations.hpp"
#include "service/identity/statements.hpp"
#include "service/testing/service_fixture.hpp"

namespace aa::identity {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

const bool kCensus = fixture::require_statements(sql::kAll);
constexpr std::string_view kPassword = "correct horse battery";

Origin origin() { return {"192.0.2.7", "tests", "request-1"}; }

class IdentityTest : public fixture::ServiceTest {
 protected:
  Identity& service() { return world_->identity; }
  LoginResult sign_in(const std::string& email, std::string password = std::string(kPassword)) {
    return run(service().login(email, std::move(password), origin()));
  }
  std::string login_slug(const std::string& email, const std::string& password) {
    return slug_of(service().login(email, password, origin()));
  }
  std::string bearer_slug(const LoginResult& result) {
    return slug_of(service().authenticate_bearer(result.login.access_token));
  }
  std::string cookie_slug(const LoginResult& result) {
    return slug_of(service().authenticate_cookie(result.cookie));
  }
  LoginResult refresh(const LoginResult& result) {
    return run(service().refresh(result.login.refresh_token, origin()));
  }
  std::string refresh_slug(const LoginResult& result) {
    return slug_of(service().refresh(result.login.refresh_token, origin()));
  }
  std::unique_ptr<Identity> other_identity(RegistrationPolicy policy) {
    IdentitySettings settings;
    settings.registration = policy;
    const Post post{world_->mailer, world_->public_url, world_->places};
    return std::make_unique<Identity>(*world_->database, world_->trail, world_->clock, world_->ids,
                                      world_->executors, world_->signing_keys, post,
                                      std::move(settings));
  }
  static Registration registration(const std::string& name) {
    return {name + "@example.org", std::string(kPassword), name, "Studio"};
  }
  std::vector<std::string> actions(OrganizationId organization) {
    std::vector<std::string> out;
    for (const auto& entry : run(world_->trail.list(organization, std::nullopt, 100))) {
      out.push_back(entry.action);
    }
    return out;
  }
};
AA_ON_BOTH_ENGINES(IdentityTest);

TEST_P(IdentityTest, registering_signs_in_and_makes_an_organisation) {
  const auto result = register_login("ada");
  EXPECT_EQ(result.login.user.email, "ada@example.org");
  EXPECT_EQ(result.login.organization.name, "Studio of ada");
  EXPECT_EQ(result.login.organization.role, tenancy::Role::owner);
  EXPECT_EQ(result.login.expires_at, world_->clock.now() + kAccessTokenLife);
  const auto by_token = run(service().authenticate_bearer(result.login.access_token));
  const auto by_cookie = run(service().authenticate_cookie(result.cookie));
  EXPECT_EQ(by_token.user, result.login.user.id);
  EXPECT_EQ(by_token.organization, result.login.organization.id);
  EXPECT_EQ(by_token.role, tenancy::Role::owner);
  EXPECT_EQ(by_cookie.session, by_token.session);
  const auto me = run(service().me(by_token));
  EXPECT_EQ(me.user.name, "ada");
  EXPECT_NE(std::ranges::find(me.permissions, tenancy::Permission::project_delete),
            me.permissions.end());
  EXPECT_EQ(actions(by_token.organization),
            (std::vector<std::string>{"session.start", "user.register"}));
}

TEST_P(IdentityTest, an_address_registers_once_whatever_its_case) {
  register_login("ada");
  auto again = registration("ADA");
  EXPECT_EQ(slug_of(service().register_user(again, origin())), "email_taken");
  EXPECT_EQ(pointer(), "/email");
  EXPECT_EQ(sign_in("Ada@Example.ORG").login.user.email, "ada@example.org");
  EXPECT_EQ(bare("select count(*) as n from users").one().get<int>("n"), 1);
  EXPECT_EQ(bare("select count(*) as n from organizations").one().get<int>("n"), 1);
}

TEST_P(IdentityTest, bad_addresses_and_weak_passwords_are_refused) {
  for (const auto* email : {"nobody", "@x", "x@", "a@b@c", "a b@c"}) {
    auto input = registration("x");
    input.email = email;
    EXPECT_EQ(slug_of(service().register_user(input, origin())), "invalid_body") << email;
    EXPECT_EQ(pointer(), "/email");
  }
  auto weak = registration("x");
  weak.password = "password1";
  EXPECT_EQ(slug_of(service().register_user(weak, origin())), "weak_password");
  EXPECT_EQ(pointer(), "/password");
  EXPECT_FALSE(run(service().has_users()));
}

TEST_P(IdentityTest, a_wrong_password_and_an_unknown_name_look_the_same) {
  register_login("ada");
  EXPECT_EQ(login_slug("ada@example.org", "wrong password"), "invalid_credentials");
  const auto words = last_error_->message();
  EXPECT_EQ(login_slug("nobody@example.org", "wrong password"), "invalid_credentials");
  EXPECT_EQ(last_error_->message(), words);
  EXPECT_EQ(login_slug("ada@example.org", std::string(kPassword)), "");
}

TEST_P(IdentityTest, secrets_are_not_stored) {
  const auto result = register_login("ada");
  const auto rows = bare("select cookie_hash, hash from sessions, refresh_tokens");
  EXPECT_EQ(rows.one().get<std::string>("cookie_hash"), to_hex(sha256(result.cookie)));
  EXPECT_EQ(rows.one().get<std::string>("hash"), to_hex(sha256(result.login.refresh_token)));
  const auto user = bare("select password_hash from users");
  EXPECT_TRUE(user.one().get<std::string>("password_hash").starts_with("$argon2id$"));
}

TEST_P(IdentityTest, a_refresh_gives_a_new_pair_and_the_old_token_ends_everything) {
  const auto first = register_login("ada");
  world_->clock.advance(minutes(5));
  const auto second = refresh(first);
  EXPECT_NE(second.login.refresh_token, first.login.refresh_token);
  EXPECT_NE(second.login.access_token, first.login.access_token);
  EXPECT_EQ(second.login.user.id, first.login.user.id);
  EXPECT_EQ(bearer_slug(second), "");
  const auto third = refresh(second);
  EXPECT_EQ(refresh_slug(second), "invalid_token") << "used before";
  EXPECT_EQ(bearer_slug(third), "session_ended");
  EXPECT_EQ(cookie_slug(third), "session_ended");
  EXPECT_EQ(refresh_slug(third), "session_ended");
  EXPECT_EQ(refresh_slug(first), "invalid_token");
  const auto log = actions(first.login.organization.id);
  EXPECT_EQ(std::ranges::count(log, "session.refresh_reuse"), 1) << "told once";
}

TEST_P(IdentityTest, of_refreshes_at_once_one_wins) {
  const auto first = register_login("ada");
  std::vector<std::future<LoginResult>> futures;
  for (int i = 0; i < 6; ++i) {
    futures.push_back(spawn(service().refresh(first.login.refresh_token, origin())));
  }
  // Those who come too late end the session, perhaps before the winner has his tokens.
  int won = 0;
  int too_late = 0;
  for (auto& future : futures) {
    try {
      future.get();
      ++won;
    } catch (const Error& error) {
      if (error.slug() == "session_ended") ++won;
      if (error.slug() == "invalid_token") ++too_late;
    }
  }
  EXPECT_EQ(won, 1);
  EXPECT_EQ(too_late, 5);
}

TEST_P(IdentityTest, a_made_up_refresh_token_is_refused_and_ends_nothing) {
  const auto first = register_login("ada");
  EXPECT_EQ(slug_of(service().refresh("made up", origin())), "invalid_token");
  EXPECT_EQ(bearer_slug(first), "");
}

TEST_P(IdentityTest, an_access_token_lives_ten_minutes) {
  const auto result = register_login("ada");
  world_->clock.advance(kAccessTokenLife - seconds(1));
  EXPECT_EQ(bearer_slug(result), "");
  world_->clock.advance(seconds(1));
  EXPECT_EQ(bearer_slug(result), "token_expired");
  EXPECT_EQ(cookie_slug(result), "") << "the session goes on";
  EXPECT_EQ(bearer_slug(refresh(result)), "");
}

TEST_P(IdentityTest, an_idle_session_ends_and_a_used_one_does_not) {
  const auto used = register_login("ada");
  const auto idle = register_login("bob");
  for (int i = 0; i < 3; ++i) {
    world_->clock.advance(hours(5));
    EXPECT_EQ(cookie_slug(used), "") << i;
  }
  EXPECT_EQ(cookie_slug(idle), "session_ended");
  EXPECT_EQ(refresh_slug(idle), "session_ended");
  EXPECT_EQ(bearer_slug(refresh(used)), "");
}

TEST_P(IdentityTest, no_session_lives_longer_than_a_week) {
  const auto result = register_login("ada");
  for (int i = 0; i < 16; ++i) {
    world_->clock.advance(hours(10));
    EXPECT_EQ(cookie_slug(result), "") << i;
  }
  world_->clock.advance(hours(8));
  EXPECT_EQ(cookie_slug(result), "session_ended");
  EXPECT_EQ(refresh_slug(result), "session_ended");
}

TEST_P(IdentityTest, a_logout_is_felt_at_once_here_and_within_five_seconds_elsewhere) {
  const auto result = register_login("ada");
  const auto elsewhere = other_identity(RegistrationPolicy::open);
  const auto principal = run(service().authenticate_bearer(result.login.access_token));
  EXPECT_EQ(slug_of(elsewhere->authenticate_bearer(result.login.access_token)), "");
  EXPECT_EQ(slug_of(elsewhere->authenticate_cookie(result.cookie)), "");
  run(service().logout(tenant_of(result.login, principal.session)));
  EXPECT_EQ(bearer_slug(result), "session_ended");
  EXPECT_EQ(cookie_slug(result), "session_ended");
  EXPECT_EQ(refresh_slug(result), "session_ended");
  world_->clock.advance(seconds(4));
  EXPECT_EQ(slug_of(elsewhere->authenticate_bearer(result.login.access_token)), "")
      << "looked at less than five seconds ago";
  world_->clock.advance(seconds(1));
  EXPECT_EQ(slug_of(elsewhere->authenticate_bearer(result.login.access_token)), "session_ended");
  EXPECT_EQ(slug_of(elsewhere->authenticate_cookie(result.cookie)), "session_ended");
}

TEST_P(IdentityTest, a_logout_leaves_the_other_sessions_alone) {
  const auto first = register_login("ada");
  const auto second = sign_in("ada@example.org");
  const auto principal = run(service().authenticate_bearer(first.login.access_token));
  run(service().logout(tenant_of(first.login, principal.session)));
  EXPECT_EQ(bearer_slug(first), "session_ended");
  EXPECT_EQ(bearer_slug(second), "");
}

TEST_P(IdentityTest, sessions_that_end_are_noted_for_those_who_stay_connected) {
  const auto result = register_login("ada");
  const auto other = sign_in("ada@example.org");
  const auto began = world_->clock.now();
  const auto gone = run(service().authenticate_bearer(result.login.access_token));
  const auto stays = run(service().authenticate_bearer(other.login.access_token));
  EXPECT_TRUE(run(revoked_since(*world_->database, began)).empty());
  run(service().logout(tenancy::Tenant(gone, "", "")));
  world_->clock.advance(minutes(1));
  refresh(other);
  refresh_slug(other);  // used twice: the session ends
  const auto noted = run(revoked_since(*world_->database, began));
  ASSERT_EQ(noted.size(), 2U);
  EXPECT_EQ(noted[0].session_id, gone.session);
  EXPECT_EQ(noted[1].session_id, stays.session);
  EXPECT_EQ(noted[1].user_id, stays.user);
  EXPECT_EQ(run(revoked_since(*world_->database, world_->clock.now())).size(), 1U);
  run(prune_revocations(*world_->database, world_->clock.now()));
  EXPECT_EQ(run(revoked_since(*world_->database, began)).size(), 1U);
}

TEST_P(IdentityTest, of_many_sessions_those_that_stand_are_found_at_once) {
  const auto ada = run(service().authenticate_bearer(register_login("ada").login.access_token));
  const auto bob = run(service().authenticate_bearer(register_login("bob").login.access_token));
  const auto eve = run(service().authenticate_bearer(register_login("eve").login.access_token));
  const std::vector<SessionId> all{ada.session, bob.session, eve.session, fresh<SessionId>()};
  EXPECT_EQ(run(service().standing(all)).size(), 3U);
  run(service().logout(tenancy::Tenant(ada, "", "")));
  bare("UPDATE memberships SET role = 'viewer' WHERE user_id = $1", db::args(bob.user));
  const auto standing = run(service().standing(all));
  ASSERT_EQ(standing.size(), 2U);
  EXPECT_EQ(standing.at(bob.session).role, tenancy::Role::viewer);
  EXPECT_EQ(standing.at(bob.session).organization, bob.organization);
  EXPECT_EQ(standing.at(eve.session).role, tenancy::Role::owner);
  world_->clock.advance(hours(11));
  run(service().touch({eve.session}));
  world_->clock.advance(hours(2));
  const auto left = run(service().standing(all));
  ASSERT_EQ(left.size(), 1U);
  EXPECT_TRUE(left.contains(eve.session));
}

TEST_P(IdentityTest, a_disabled_account_is_out) {
  const auto result = register_login("ada");
  EXPECT_EQ(bearer_slug(result), "");
  bare("update users set disabled_at = $1", db::args(world_->clock.now()));
  world_->clock.advance(seconds(5));
  EXPECT_EQ(bearer_slug(result), "session_ended");
  EXPECT_EQ(refresh_slug(result), "session_ended");
  EXPECT_EQ(login_slug("ada@example.org", std::string(kPassword)), "invalid_credentials");
}

TEST_P(IdentityTest, ten_wrong_guesses_lock_a_name_for_fifteen_minutes) {
  register_login("ada");
  for (int i = 0; i < 9; ++i) {
    EXPECT_EQ(login_slug("ADA@example.org", "wrong password"), "invalid_credentials") << i;
  }
  EXPECT_EQ(login_slug("ada@example.org", std::string(kPassword)), "too_many_attempts");
  EXPECT_TRUE(last_error_->retry_after());
  world_->clock.advance(minutes(15));
  EXPECT_EQ(login_slug("ada@example.org", std::string(kPassword)), "");
}

TEST_P(IdentityTest, a_closed_registration_lets_nobody_in_not_even_the_first) {
  const auto closed = other_identity(RegistrationPolicy::off);
  EXPECT_EQ(slug_of(closed->register_user(registration("bob"), origin())), "registration_closed");
  const auto invite = other_identity(RegistrationPolicy::invite);
  EXPECT_EQ(slug_of(invite->register_user(registration("bob"), origin())), "registration_closed");
  run(closed->create_user(registration("bob")));
  EXPECT_EQ(sign_in("bob@example.org").login.user.name, "bob") << "by the command line";
}

TEST_P(IdentityTest, the_first_administrator_is_made_once) {
  EXPECT_FALSE(run(service().has_users()));
  EXPECT_TRUE(run(service().bootstrap(registration("admin"))));
  EXPECT_TRUE(run(service().has_users()));
  EXPECT_FALSE(run(service().bootstrap(registration("other"))));
  EXPECT_EQ(sign_in("admin@example.org").login.organization.role, tenancy::Role::owner);
  EXPECT_EQ(login_slug("other@example.org", std::string(kPassword)), "invalid_credentials");
}

TEST_P(IdentityTest, members_are_those_of_the_organisation) {
  const auto ada = register_person("ada");
  register_person("eve");
  const auto members = run(world_->access.members.list(ada, std::nullopt, 100));
  ASSERT_EQ(members.size(), 1U);
  EXPECT_EQ(members[0].id, ada.user());
  EXPECT_EQ(members[0].role, "owner");
}

TEST_P(IdentityTest, people_are_named_to_those_who_ask_by_id) {
  const auto ada = register_person("ada");
  const auto eve = register_person("eve");
  const std::vector<UserId> ids{ada.user(), eve.user(), fresh<UserId>()};
  EXPECT_EQ(run(service().names_for(ids)),
            (std::map<UserId, std::string>{{ada.user(), "ada"}, {eve.user(), "eve"}}));
  EXPECT_EQ(run(service().members_of(ada.organization(), ids)),
            (std::map<UserId, std::string>{{ada.user(), "ada"}}));
  EXPECT_TRUE(run(service().names_for({})).empty());
}

TEST_P(IdentityTest, a_crowd_signs_in_by_token_alone_until_its_time_is_over) {
  const auto crowd = run(service().make_crowd("Crowd", 501, std::chrono::hours(3)));
  ASSERT_EQ(crowd.editors.size(), 501U);
  const auto& last = crowd.editors.back();
  const auto principal = run(service().authenticate_bearer(last.access_token));
  EXPECT_EQ(principal.user, last.user.id);
  EXPECT_EQ(principal.organization, crowd.owner.organization);
  EXPECT_EQ(principal.role, tenancy::Role::annotator);
  for (const auto* guess : {"!", "", "correct horse battery"}) {
    EXPECT_EQ(login_slug(last.user.email, guess), "invalid_credentials") << guess;
  }
  const auto again = run(service().make_crowd("Crowd", 1, std::chrono::hours(3)));
  EXPECT_NE(again.editors[0].user.email, crowd.editors[0].user.email);
  EXPECT_TRUE(run(world_->trail.verify(crowd.owner.organization)).entries > 0);
  world_->clock.advance(minutes(179));
  run(service().authenticate_bearer(last.access_token));
  world_->clock.advance(minutes(1));
  EXPECT_EQ(slug_of(service().authenticate_bearer(last.access_token)), "token_expired");
}

TEST_P(IdentityTest, made_up_cookies_and_tokens_are_refused) {
  register_login("ada");
  EXPECT_EQ(slug_of(service().authenticate_cookie("made up")), "session_ended");
  EXPECT_EQ(slug_of(service().authenticate_cookie("")), "session_ended");
  EXPECT_EQ(slug_of(service().authenticate_bearer("made.up.token")), "invalid_token");
}

}  // namespace
}  // namespace aa::identity
