#include <algorithm>

#include "service/identity/identity.hpp"
#include "service/testing/service_fixture.hpp"

namespace aa::identity {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr const char* kPassword = "correct horse battery";
constexpr const char* kOther = "another staple altogether";
constexpr const char* kAda = "ada@example.org";

Origin origin(std::string agent = "tests") { return {"192.0.2.7", std::move(agent), "request-1"}; }

Confirmation password(std::string text) { return {std::move(text), {}, {}, {}}; }

class RecoveryTest : public fixture::ServiceTest {
 protected:
  void SetUp() override {
    ServiceTest::SetUp();
    if (IsSkipped()) return;
    login_ = register_login("ada");
    const auto principal = run(service().authenticate_bearer(login_.login.access_token));
    ada_.emplace(tenant_of(login_.login, principal.session));
  }
  Identity& service() { return world_->identity; }
  std::string reset_slug(const std::string& token, const std::string& password = kOther) {
    return slug_of(service().reset_password({token, password}, origin()));
  }
  std::string confirm_slug(const std::string& token) {
    return slug_of(service().confirm_email(token, origin()));
  }
  std::string login_slug(const std::string& password, const std::string& email = kAda) {
    return slug_of(service().login(email, password, origin()));
  }
  // The token of the n-th letter.
  std::string reset_token(std::size_t count = 1) {
    run(service().forgot_password(kAda));
    return token_in(letters(kAda, "set a new password", count).back());
  }
  std::int64_t times(const std::string& action) {
    const auto list = run(world_->trail.list(ada_->organization(), std::nullopt, 200));
    return std::ranges::count(list, action, &audit::Record::action);
  }
  Me me() { return run(service().me(ada_->principal())); }

  LoginResult login_;
  std::optional<tenancy::Tenant> ada_;
};
AA_ON_BOTH_ENGINES(RecoveryTest);

TEST_P(RecoveryTest, whoever_signs_up_confirms_the_address_by_a_letter) {
  EXPECT_FALSE(me().email_verified);
  const auto letter = letters(kAda, "confirm your e-mail").at(0);
  EXPECT_NE(letter.text.find("https://labels.example.org/confirm-email#token="), std::string::npos);
  EXPECT_EQ(run(service().confirm_email(token_in(letter), origin())), kAda);
  EXPECT_TRUE(me().email_verified);
  EXPECT_EQ(confirm_slug(token_in(letter)), "invalid_link") << "it works once";
  EXPECT_EQ(times("user.verify_email"), 1);
  run(service().send_verification(*ada_));
  EXPECT_EQ(letters(kAda, "confirm your e-mail").size(), 1U) << "nothing is left to confirm";
}

TEST_P(RecoveryTest, the_letter_is_sent_again_and_only_the_newest_counts) {
  const auto first = token_in(letters(kAda, "confirm your e-mail").at(0));
  run(service().send_verification(*ada_));
  const auto all = letters(kAda, "confirm your e-mail", 2);
  const auto second = token_in(all[0].text == all[1].text ? all[1] : all.back());
  EXPECT_EQ(confirm_slug(first), "invalid_link");
  EXPECT_EQ(confirm_slug(second), "");
  for (int i = 0; i < 4; ++i) {
    bare("update users set email_verified_at = null");
    run(service().send_verification(*ada_));
  }
  bare("update users set email_verified_at = null");
  EXPECT_EQ(slug_of(service().send_verification(*ada_)), "too_many_attempts");
}

TEST_P(RecoveryTest, a_forgotten_password_is_set_anew_and_every_sign_in_ends) {
  const auto elsewhere = run(service().login(kAda, kPassword, origin()));
  const auto token = reset_token();
  EXPECT_EQ(reset_slug(token, "password1"), "weak_password");
  EXPECT_EQ(reset_slug(token), "") << "a refused password leaves the link";
  EXPECT_EQ(login_slug(kPassword), "invalid_credentials");
  EXPECT_EQ(login_slug(kOther), "");
  for (const auto& old : {login_, elsewhere}) {
    EXPECT_EQ(slug_of(service().authenticate_bearer(old.login.access_token)), "session_ended");
    EXPECT_NE(slug_of(service().refresh(old.login.refresh_token, origin())), "");
  }
  EXPECT_EQ(letters(kAda, "password was changed").size(), 1U);
  EXPECT_EQ(times("user.reset_password"), 1);
  EXPECT_TRUE(me().email_verified) << "the letter was read";
}

TEST_P(RecoveryTest, a_link_that_was_used_replaced_voided_or_is_old_does_nothing) {
  const auto replaced = reset_token(1);
  const auto used = reset_token(2);
  EXPECT_EQ(reset_slug(replaced), "invalid_link");
  EXPECT_EQ(reset_slug(used), "");
  EXPECT_EQ(reset_slug(used), "invalid_link");
  const auto old = reset_token(3);
  world_->clock.advance(minutes(31));
  EXPECT_EQ(reset_slug(old), "invalid_link");
  EXPECT_EQ(reset_slug(""), "invalid_link");
  EXPECT_EQ(slug_of(service().reset_password({std::nullopt, kOther}, origin())), "invalid_link");
  EXPECT_EQ(reset_slug(std::string(3000, 'x')), "invalid_link");
  const auto confirm = token_in(letters(kAda, "confirm your e-mail").at(0));
  EXPECT_EQ(reset_slug(confirm), "invalid_link") << "a link is for one purpose";
  EXPECT_EQ(confirm_slug(reset_token(4)), "invalid_link");
}

TEST_P(RecoveryTest, a_new_password_voids_links_that_are_under_way) {
  const auto token = reset_token();
  run(service().change_password(*ada_, {kPassword, "a third one for today"}));
  EXPECT_EQ(reset_slug(token), "invalid_link");
}

TEST_P(RecoveryTest, nobody_unknown_gets_a_letter_and_nobody_many) {
  run(service().forgot_password("nobody@example.org"));
  for (int i = 0; i < 20; ++i) run(service().forgot_password("ADA@example.org"));
  EXPECT_EQ(letters(kAda, "set a new password", 5).size(), 5U);
  EXPECT_EQ(times("user.forgot_password"), 5);
  EXPECT_TRUE(letters("nobody@example.org", "", 0).empty());
  world_->clock.advance(minutes(16));
  run(service().forgot_password(kAda));
  EXPECT_EQ(letters(kAda, "set a new password", 6).size(), 6U);
}

TEST_P(RecoveryTest, whoever_is_disabled_gets_no_link) {
  bare("update users set disabled_at = 1");
  run(service().forgot_password(kAda));
  EXPECT_EQ(bare("select hash from account_tokens where purpose = 'reset_password'").size(), 0U);
}

TEST_P(RecoveryTest, an_account_moves_to_an_address_once_that_confirms_it) {
  run(service().change_email(*ada_, "Ada@Elsewhere.test"));
  EXPECT_EQ(letters(kAda, "about to change").size(), 1U);
  const auto letter = letters("ada@elsewhere.test", "confirm your new").at(0);
  EXPECT_EQ(login_slug(kPassword), "") << "until then nothing changes";
  EXPECT_EQ(run(service().confirm_email(token_in(letter), origin())), "ada@elsewhere.test");
  EXPECT_EQ(login_slug(kPassword), "invalid_credentials");
  EXPECT_EQ(login_slug(kPassword, "ada@elsewhere.test"), "");
  EXPECT_EQ(letters(kAda, "was changed").size(), 1U);
  EXPECT_TRUE(me().email_verified);
  EXPECT_EQ(times("user.change_email"), 1);
  EXPECT_EQ(times("user.email"), 1);
}

TEST_P(RecoveryTest, whether_an_address_is_taken_is_told_to_its_owner_alone) {
  register_login("bob");
  run(service().change_email(*ada_, "bob@example.org"));
  EXPECT_EQ(letters("bob@example.org", "an account already").size(), 1U);
  EXPECT_EQ(slug_of(service().change_email(*ada_, kAda)), "same_email");
  EXPECT_EQ(slug_of(service().change_email(*ada_, "ada@x.test,eve@evil.test")), "invalid_body");
}

TEST_P(RecoveryTest, an_address_that_was_taken_meanwhile_is_not_taken_twice) {
  run(service().change_email(*ada_, "eve@example.org"));
  const auto token = token_in(letters("eve@example.org", "confirm your new").at(0));
  register_login("eve");
  EXPECT_EQ(confirm_slug(token), "email_taken");
  EXPECT_EQ(me().user.email, kAda);
}

TEST_P(RecoveryTest, a_sign_in_is_fresh_for_minutes_and_again_after_a_proof) {
  const auto token = login_.login.access_token;
  const auto fresh = [&] {
    const auto who = run(service().authenticate_bearer(token));
    return world_->clock.now() - who.authenticated_at < tenancy::kFreshFor;
  };
  EXPECT_TRUE(fresh());
  world_->clock.advance(minutes(6));
  EXPECT_FALSE(fresh());
  EXPECT_EQ(slug_of(service().reauthenticate(*ada_, password("wrong"))), "wrong_password");
  EXPECT_EQ(pointer(), "/password");
  EXPECT_FALSE(fresh());
  EXPECT_EQ(slug_of(service().reauthenticate(*ada_, password(kPassword))), "");
  EXPECT_TRUE(fresh());
  EXPECT_EQ(times("session.prove"), 1);
}

TEST_P(RecoveryTest, proofs_are_guessed_no_more_often_than_logins) {
  for (int i = 0; i < 9; ++i) {
    EXPECT_EQ(slug_of(service().reauthenticate(*ada_, password("wrong"))), "wrong_password");
  }
  EXPECT_EQ(slug_of(service().reauthenticate(*ada_, password(kPassword))), "too_many_attempts");
  EXPECT_EQ(login_slug(kPassword), "too_many_attempts");
}

TEST_P(RecoveryTest, the_owner_of_a_locked_account_hears_of_it) {
  for (int i = 0; i < 12; ++i) login_slug("wrong");
  const auto told = letters(kAda, "too many failed sign-ins");
  ASSERT_EQ(told.size(), 1U);
  EXPECT_NE(told[0].text.find("192.0.2.7"), std::string::npos);
  EXPECT_EQ(times("user.lock"), 1);
  EXPECT_EQ(times("session.start"), 1 + 9) << "the one that signed up, and each that failed";
  EXPECT_EQ(login_slug(kPassword), "too_many_attempts");
  EXPECT_EQ(reset_slug(reset_token()), "");
  EXPECT_EQ(login_slug(kOther), "") << "a letter opens the lock";
}

TEST_P(RecoveryTest, a_new_device_is_told_once_unless_nobody_wants_to_know) {
  const auto sign_in = [&](const std::string& agent) {
    run(service().login(kAda, kPassword, origin(agent)));
  };
  sign_in("tests");
  sign_in("Firefox/131.0 on Linux");
  EXPECT_EQ(letters(kAda, "new sign-in").size(), 1U);
  sign_in("Firefox/132.0 on Linux");
  sign_in("Chrome/1 on Windows");
  EXPECT_EQ(letters(kAda, "new sign-in", 2).size(), 2U);
  bare(
      "insert into user_preferences (user_id, name, value, updated_at) values "
      "($1, 'notifications.newDevice', 'false', 1)",
      db::args(ada_->user()));
  sign_in("Safari/1 on macOS");
  EXPECT_EQ(bare("select id from jobs").size(), 0U);
}

TEST_P(RecoveryTest, who_must_confirm_the_address_sees_the_account_alone_until_then) {
  IdentitySettings settings;
  settings.require_verified_email = true;
  Identity strict(*world_->database, world_->trail, world_->clock, world_->ids, world_->executors,
                  world_->signing_keys, {world_->mailer, world_->public_url, world_->places},
                  std::move(settings));
  const auto token = login_.login.access_token;
  auto who = run(strict.authenticate_bearer(token));
  EXPECT_EQ(who.restraint, tenancy::Restraint::email_unverified);
  EXPECT_TRUE(who.may(tenancy::Permission::account_self));
  EXPECT_FALSE(who.may(tenancy::Permission::project_read));
  const tenancy::Tenant tenant(who, "", "");
  EXPECT_THROW(tenant.require(tenancy::Permission::project_read), Error);
  EXPECT_TRUE(run(strict.me(who)).permissions.size() == 1);
  run(strict.confirm_email(token_in(letters(kAda, "confirm your e-mail").at(0)), origin()));
  who = run(strict.authenticate_bearer(token));
  EXPECT_TRUE(who.may(tenancy::Permission::project_read));
}

TEST_P(RecoveryTest, all_of_ones_other_sessions_end_at_once) {
  const auto second = run(service().login(kAda, kPassword, origin()));
  const auto third = run(service().login(kAda, kPassword, origin()));
  run(service().end_other_sessions(*ada_));
  EXPECT_EQ(slug_of(service().authenticate_bearer(second.login.access_token)), "session_ended");
  EXPECT_EQ(slug_of(service().authenticate_bearer(third.login.access_token)), "session_ended");
  EXPECT_EQ(slug_of(service().authenticate_bearer(login_.login.access_token)), "");
}

}  // namespace
}  // namespace aa::identity
