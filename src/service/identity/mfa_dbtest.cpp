// Second factors: setting them up, signing in by them, policies that want them, losing them.
#include <algorithm>

#include "base/hash.hpp"
#include "driver/fido/test_support/soft_passkey.hpp"
#include "service/identity/access.hpp"
#include "service/identity/mfa.hpp"
#include "service/testing/service_fixture.hpp"

namespace aa::identity {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr const char* kPassword = "correct horse battery";
constexpr const char* kAda = "ada@example.org";
constexpr seconds kStep{30};

Origin origin() { return {"192.0.2.7", "tests", "request-1"}; }

std::string from_base32(const std::string& text) {
  std::string out;
  std::uint32_t held = 0;
  int bits = 0;
  for (const char c : text) {
    held = held << 5 | static_cast<std::uint32_t>(c >= 'A' ? c - 'A' : c - '2' + 26);
    bits += 5;
    if (bits >= 8) out += static_cast<char>(held >> (bits -= 8));
  }
  return out;
}

class MfaTest : public fixture::ServiceTest {
 protected:
  void SetUp() override {
    ServiceTest::SetUp();
    if (IsSkipped()) return;
    mfa_ = std::make_unique<Mfa>(world_->identity);
    ada_.emplace(register_person());
  }
  Identity& service() { return world_->identity; }
  std::string code(std::int64_t off = 0) const {
    return totp_code(secret_, totp_step(world_->clock.now()) + off);
  }
  // The code of an interval that none was used of yet.
  std::string next_code() {
    world_->clock.advance(kStep);
    return code();
  }
  Confirmation password(std::optional<std::string> otp = {}) const {
    return {kPassword, std::move(otp), {}, {}};
  }
  RecoveryCodes set_up(const tenancy::Tenant& who) {
    secret_ = from_base32(run(mfa_->begin_totp(who, password())).secret);
    return run(mfa_->confirm_totp(who, code()));
  }
  std::string login_slug(std::optional<std::string> otp = {}) {
    return slug_of(service().login(kAda, kPassword, origin(), std::nullopt, std::move(otp)));
  }
  std::string pending() {
    try {
      run(service().login(kAda, kPassword, origin()));
    } catch (const SecondStepNeeded& error) {
      return error.pending;
    }
    ADD_FAILURE() << "no second step was asked for";
    return "";
  }
  SecondStep step(std::string pending, std::string otp) {
    return {std::move(pending), std::move(otp), {}, {}};
  }
  tenancy::Tenant entered(const LoginResult& result) {
    return {run(service().authenticate_bearer(result.login.access_token)), "192.0.2.7", "r"};
  }
  tenancy::Restraint restraint_of(const tenancy::Tenant& who) {
    world_->clock.advance(seconds(6));
    return run(service().check_session(who.principal().session)).restraint;
  }
  std::int64_t times(const std::string& action) {
    const auto list = run(world_->trail.list(ada_->organization(), std::nullopt, 200));
    return std::ranges::count(list, action, &audit::Record::action);
  }
  void demand() {
    PolicyChange change;
    change.mfa_required = true;
    run(world_->access.policies.patch(*ada_, std::move(change), std::nullopt, "192.0.2.7"));
  }
  // Of the same organisation, signed in.
  tenancy::Tenant colleague(tenancy::Role role) {
    const auto other = register_person("eve");
    bare("DELETE FROM memberships WHERE user_id = '" + other.user().str() + "'");
    const auto role_name = std::string(boost::describe::enum_to_string(role, ""));
    bare("INSERT INTO memberships (organization_id, user_id, role, created_at) VALUES ('" +
         ada_->organization().str() + "', '" + other.user().str() + "', '" + role_name + "', 1)");
    return entered(run(service().login("eve@example.org", kPassword, origin())));
  }
  fido::Ceremony asked(const std::string& challenge, bool verify = false) {
    return {{"labels.example.org", "https://labels.example.org"}, challenge, verify};
  }
  AddedPasskey add_passkey(const fido::test::SoftPasskey& passkey, Confirmation proof) {
    const auto options = run(mfa_->passkey_options(*ada_, std::move(proof)));
    const auto made = passkey.create(asked(options.challenge));
    return run(mfa_->add_passkey(
        *ada_, {"Laptop", to_base64url(made.client_data), to_base64url(made.attestation_object)}));
  }
  static PasskeyAnswer answer(fido::test::SoftPasskey& passkey, const fido::Ceremony& question) {
    const auto given = passkey.get(question);
    return {to_base64url(passkey.id), to_base64url(given.client_data),
            to_base64url(given.authenticator_data), to_base64url(given.signature), std::nullopt};
  }

  std::unique_ptr<Mfa> mfa_;
  std::optional<tenancy::Tenant> ada_;
  std::string secret_;
};
AA_ON_BOTH_ENGINES(MfaTest);

TEST_P(MfaTest, an_authenticator_counts_once_a_code_of_it_was_shown) {
  const auto setup = run(mfa_->begin_totp(*ada_, password()));
  EXPECT_NE(setup.uri.find("secret=" + setup.secret), std::string::npos);
  EXPECT_EQ(login_slug(), "") << "nothing is asked for yet";
  EXPECT_FALSE(run(mfa_->status(*ada_)).totp);
  EXPECT_EQ(slug_of(mfa_->confirm_totp(*ada_, "000000")), "wrong_code");
  const auto other = entered(run(service().login(kAda, kPassword, origin())));
  const auto codes = set_up(*ada_);
  EXPECT_EQ(codes.recovery_codes.size(), 10U);
  const auto status = run(mfa_->status(*ada_));
  EXPECT_TRUE(status.totp);
  EXPECT_EQ(status.recovery_codes_left, 10);
  EXPECT_FALSE(status.required);
  EXPECT_EQ(slug_of(service().check_session(other.principal().session)), "session_ended");
  EXPECT_EQ(slug_of(mfa_->begin_totp(*ada_, password(next_code()))), "totp_on");
  EXPECT_EQ(slug_of(mfa_->confirm_totp(*ada_, next_code())), "totp_on");
  EXPECT_EQ(times("mfa.enable"), 1);
  EXPECT_EQ(letters(kAda, "your second factor").size(), 1U);
  const auto sealed = bare("SELECT sealed FROM totp_factors").one().get<std::string>("sealed");
  EXPECT_EQ(sealed.find(to_base64url(secret_)), std::string::npos);
}

TEST_P(MfaTest, the_second_step_takes_a_code_once) {
  set_up(*ada_);
  EXPECT_EQ(login_slug(code()), "wrong_code") << "it confirmed the setup";
  const auto fresh = next_code();
  EXPECT_EQ(login_slug(fresh), "");
  EXPECT_EQ(login_slug(fresh), "wrong_code");
  EXPECT_EQ(login_slug(code(-1)), "wrong_code") << "an older one than was used";
  EXPECT_EQ(login_slug(code(2)), "wrong_code");
  EXPECT_EQ(login_slug(code(1)), "");
  const auto held = pending();
  EXPECT_EQ(slug_of(service().authenticate_bearer(held)), "invalid_token");
  EXPECT_EQ(slug_of(service().refresh(held, origin())), "invalid_token");
  world_->clock.advance(kStep);
  EXPECT_EQ(slug_of(service().finish_sign_in(step(held, "123456"), origin())), "wrong_code");
  const auto who = entered(run(service().finish_sign_in(step(held, next_code()), origin())));
  EXPECT_EQ(who.user(), ada_->user());
  EXPECT_EQ(slug_of(service().finish_sign_in(step(held, next_code()), origin())),
            "invalid_pending");
  const auto late = pending();
  world_->clock.advance(minutes(5));
  EXPECT_EQ(slug_of(service().finish_sign_in(step(late, next_code()), origin())),
            "invalid_pending");
  EXPECT_EQ(slug_of(service().second_step_options(late)), "invalid_pending");
}

TEST_P(MfaTest, ten_wrong_codes_lock_whatever_sign_in_they_belong_to) {
  set_up(*ada_);
  world_->clock.advance(kStep);
  const auto held = pending();
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(slug_of(service().finish_sign_in(step(held, "000000"), origin())), "wrong_code");
    EXPECT_EQ(login_slug("000000"), "wrong_code");
  }
  EXPECT_EQ(login_slug(code()), "too_many_attempts");
  EXPECT_EQ(slug_of(service().finish_sign_in(step(pending(), code()), origin())),
            "too_many_attempts");
  EXPECT_EQ(slug_of(mfa_->turn_off(*ada_, password(code()))), "too_many_attempts");
  service().settle();
  EXPECT_EQ(times("user.lock"), 1);
  world_->clock.advance(minutes(15));
  EXPECT_EQ(login_slug(code()), "") << "the lock ends by itself, and a right code the count";
  EXPECT_EQ(bare("SELECT * FROM second_factor_attempts").size(), 0U);
}

TEST_P(MfaTest, each_recovery_code_works_once) {
  const auto codes = set_up(*ada_).recovery_codes;
  const auto with = [&](const std::string& one) {
    return slug_of(service().finish_sign_in({pending(), {}, one, {}}, origin()));
  };
  EXPECT_EQ(with(codes[0]), "");
  EXPECT_EQ(with(codes[0]), "wrong_code");
  EXPECT_EQ(run(mfa_->status(*ada_)).recovery_codes_left, 9);
  const auto fresh = run(mfa_->renew_codes(*ada_, password(next_code()))).recovery_codes;
  EXPECT_EQ(with(codes[1]), "wrong_code");
  EXPECT_EQ(with(fresh[1]), "");
  EXPECT_EQ(times("mfa.codes"), 1);
  for (const auto& row : bare("SELECT hash FROM recovery_codes")) {
    EXPECT_EQ(std::ranges::count(fresh, row.get<std::string>("hash")), 0);
  }
}

TEST_P(MfaTest, taking_it_away_wants_password_and_code) {
  set_up(*ada_);
  EXPECT_EQ(slug_of(mfa_->turn_off(*ada_, {})), "proof_required");
  EXPECT_EQ(slug_of(mfa_->turn_off(*ada_, password())), "proof_required");
  EXPECT_EQ(slug_of(mfa_->turn_off(*ada_, {{}, next_code(), {}, {}})), "proof_required");
  EXPECT_EQ(slug_of(mfa_->turn_off(*ada_, {"wrong", code(), {}, {}})), "wrong_password");
  EXPECT_EQ(slug_of(mfa_->turn_off(*ada_, password("000000"))), "wrong_code");
  EXPECT_EQ(slug_of(mfa_->remove_totp(*ada_, password("000000"))), "wrong_code");
  EXPECT_EQ(slug_of(mfa_->renew_codes(*ada_, password())), "proof_required");
  EXPECT_EQ(slug_of(mfa_->passkey_options(*ada_, password())), "proof_required");
  EXPECT_EQ(login_slug(), "mfa_required");
  run(mfa_->turn_off(*ada_, password(code())));
  EXPECT_EQ(login_slug(), "");
  EXPECT_EQ(slug_of(mfa_->turn_off(*ada_, password())), "no_second_factor");
  EXPECT_EQ(slug_of(mfa_->remove_totp(*ada_, password())), "no_second_factor");
  EXPECT_EQ(slug_of(mfa_->renew_codes(*ada_, password())), "no_second_factor");
  EXPECT_EQ(times("mfa.disable"), 1);
  EXPECT_EQ(letters(kAda, "your second factor", 2).size(), 2U);
  EXPECT_EQ(bare("SELECT * FROM recovery_codes").size(), 0U);
}

TEST_P(MfaTest, a_proof_of_identity_wants_the_second_factor_too) {
  set_up(*ada_);
  EXPECT_EQ(slug_of(service().reauthenticate(*ada_, password())), "proof_required");
  EXPECT_EQ(slug_of(service().reauthenticate(*ada_, password("000000"))), "wrong_code");
  world_->clock.advance(minutes(6));
  EXPECT_EQ(slug_of(service().reauthenticate(*ada_, password(code()))), "");
  const auto now = run(service().check_session(ada_->principal().session));
  EXPECT_EQ(now.authenticated_at, world_->clock.now());
}

TEST_P(MfaTest, a_policy_holds_back_who_has_none) {
  const auto eve = colleague(tenancy::Role::annotator);
  PolicyChange change;
  change.mfa_roles = {"annotator"};
  run(world_->access.policies.patch(*ada_, std::move(change), std::nullopt, "192.0.2.7"));
  EXPECT_EQ(restraint_of(eve), tenancy::Restraint::mfa_enrolment);
  EXPECT_EQ(restraint_of(*ada_), tenancy::Restraint::none) << "another role";
  const std::vector<SessionId> sessions{eve.principal().session};
  const auto standing = run(service().standing(sessions)).at(sessions[0]);
  EXPECT_EQ(standing.restraint, tenancy::Restraint::mfa_enrolment);
  EXPECT_FALSE(standing.may(tenancy::Permission::annotation_read));
  const tenancy::Tenant held(standing, "192.0.2.7", "r");
  EXPECT_EQ(slug_of(service().create_api_token(held, ApiTokenKind::personal, {"robot", {}, {}})),
            "mfa_enrolment");
  EXPECT_TRUE(run(mfa_->status(held)).required);
  set_up(held);
  EXPECT_EQ(restraint_of(eve), tenancy::Restraint::none);
  run(mfa_->turn_off(held, password(next_code())));
  EXPECT_EQ(restraint_of(eve), tenancy::Restraint::mfa_enrolment);
}

TEST_P(MfaTest, nobody_demands_what_he_has_not) {
  PolicyChange change;
  change.mfa_required = true;
  EXPECT_EQ(slug_of(world_->access.policies.patch(*ada_, change, std::nullopt, "192.0.2.7")),
            "would_lock_out");
  set_up(*ada_);
  demand();
  EXPECT_EQ(restraint_of(*ada_), tenancy::Restraint::none);
}

TEST_P(MfaTest, tokens_of_who_has_none_are_held_back_too) {
  const auto eve = colleague(tenancy::Role::annotator);
  const NewApiToken wanted{"robot", {tenancy::Permission::project_read}, {}};
  const auto token = run(service().create_api_token(eve, ApiTokenKind::personal, wanted));
  EXPECT_TRUE(
      run(service().authenticate_bearer(token.secret)).may(tenancy::Permission::project_read));
  set_up(*ada_);
  demand();
  world_->clock.advance(seconds(2));
  const auto principal = run(service().authenticate_bearer(token.secret));
  EXPECT_EQ(principal.restraint, tenancy::Restraint::mfa_enrolment);
  EXPECT_FALSE(principal.may(tenancy::Permission::project_read));
  EXPECT_FALSE(principal.may(tenancy::Permission::account_self));
}

TEST_P(MfaTest, a_providers_word_does_not_do_unless_it_is_trusted) {
  set_up(*ada_);
  demand();
  EXPECT_EQ(slug_of(service().begin_session(ada_->user(), ada_->organization(), SignInMethod::oidc,
                                            origin())),
            "mfa_required");
  const auto trusted = entered(run(service().begin_session(
      ada_->user(), ada_->organization(), SignInMethod::oidc, origin(), FactorProof::provider)));
  EXPECT_EQ(restraint_of(trusted), tenancy::Restraint::none);
  const auto eve = colleague(tenancy::Role::annotator);
  const auto unproven = entered(
      run(service().begin_session(eve.user(), ada_->organization(), SignInMethod::saml, origin())));
  EXPECT_EQ(restraint_of(unproven), tenancy::Restraint::mfa_enrolment);
}

TEST_P(MfaTest, a_new_password_leaves_the_second_factor) {
  set_up(*ada_);
  const auto held = pending();
  run(service().forgot_password(kAda));
  const auto token = token_in(letters(kAda, "set a new password").back());
  run(service().reset_password({token, kPassword}, origin()));
  EXPECT_EQ(slug_of(service().finish_sign_in(step(held, next_code()), origin())),
            "invalid_pending");
  EXPECT_EQ(login_slug(), "mfa_required");
}

TEST_P(MfaTest, a_passkey_is_a_second_factor_and_a_sign_in_of_its_own) {
  fido::test::SoftPasskey laptop;
  const auto added = add_passkey(laptop, password());
  EXPECT_EQ(added.recovery_codes.size(), 10U);
  EXPECT_EQ(run(mfa_->status(*ada_)).passkeys.at(0).name, "Laptop");
  const auto held = pending();
  auto options = run(service().second_step_options(held));
  EXPECT_EQ(options.methods, (std::vector<std::string>{"passkey", "recovery_code"}));
  ASSERT_TRUE(options.passkey);
  EXPECT_EQ(options.passkey->allow, std::vector{to_base64url(laptop.id)});
  auto reply = answer(laptop, asked(options.passkey->challenge));
  run(service().finish_sign_in({held, {}, {}, reply}, origin()));
  EXPECT_EQ(slug_of(service().finish_sign_in({pending(), {}, {}, reply}, origin())),
            "invalid_passkey")
      << "each challenge is answered once";
  // The same key alone, with the person verified by it.
  const auto open = run(service().passkey_sign_in_options());
  EXPECT_TRUE(open.allow.empty());
  const auto alone = answer(laptop, asked(open.challenge));
  const auto result = run(service().sign_in_by_passkey({alone, {}}, origin()));
  EXPECT_EQ(result.login.user.id, ada_->user());
  EXPECT_EQ(slug_of(service().sign_in_by_passkey({alone, {}}, origin())), "invalid_passkey");
  const auto list = run(service().sessions(entered(result)));
  const auto current = std::ranges::find(list, true, &SessionView::current);
  ASSERT_NE(current, list.end());
  EXPECT_EQ(current->method, SignInMethod::passkey);
  EXPECT_EQ(times("passkey.add"), 1);
}

TEST_P(MfaTest, a_passkey_alone_verifies_the_person_and_is_the_persons) {
  fido::test::SoftPasskey laptop;
  add_passkey(laptop, password());
  const auto refused = [&](auto change) {
    const auto open = run(service().passkey_sign_in_options());
    auto reply = answer(laptop, asked(open.challenge));
    change(reply, open.challenge);
    return slug_of(service().sign_in_by_passkey({reply, {}}, origin()));
  };
  const auto unverified = [&](PasskeyAnswer& reply, const std::string& challenge) {
    fido::test::Tweaks tweaks;
    tweaks.flags = 0x01;
    const auto given = laptop.get(asked(challenge), tweaks);
    reply.client_data = to_base64url(given.client_data);
    reply.authenticator_data = to_base64url(given.authenticator_data);
    reply.signature = to_base64url(given.signature);
  };
  EXPECT_EQ(refused(unverified), "passkey_unverified");
  const auto handle = [](PasskeyAnswer& reply, const std::string&) { reply.user_handle = "AAAA"; };
  EXPECT_EQ(refused(handle), "invalid_passkey");
  const auto unknown = [](PasskeyAnswer& reply, const std::string&) { reply.id = "AAAA"; };
  EXPECT_EQ(refused(unknown), "invalid_passkey");
  const auto garbage = [](PasskeyAnswer& reply, const std::string&) { reply.signature = "?"; };
  EXPECT_EQ(refused(garbage), "invalid_passkey");
  const auto nothing = [](PasskeyAnswer&, const std::string&) {};
  EXPECT_EQ(refused(nothing), "");
  bare("UPDATE users SET disabled_at = 1");
  EXPECT_EQ(refused(nothing), "invalid_credentials");
  bare("UPDATE users SET disabled_at = NULL");
  // A challenge of another purpose is none.
  const auto options = run(service().second_step_options(pending()));
  const auto reply = answer(laptop, asked(options.passkey->challenge));
  EXPECT_EQ(slug_of(service().sign_in_by_passkey({reply, {}}, origin())), "invalid_passkey");
}

TEST_P(MfaTest, passkeys_are_named_and_removed_by_their_owner) {
  fido::test::SoftPasskey laptop;
  const auto made = add_passkey(laptop, password()).passkey;
  const auto eve = register_person("eve");
  EXPECT_EQ(slug_of(mfa_->rename_passkey(eve, made.id, "Mine")), "not_found");
  EXPECT_EQ(slug_of(mfa_->remove_passkey(eve, made.id, password())), "not_found");
  EXPECT_EQ(slug_of(mfa_->rename_passkey(*ada_, made.id, " ")), "invalid_body");
  EXPECT_EQ(run(mfa_->rename_passkey(*ada_, made.id, "Old laptop")).name, "Old laptop");
  const auto proof = [&] {
    const auto options = run(mfa_->proof_options(*ada_));
    return Confirmation{kPassword, {}, {}, answer(laptop, asked(options.challenge))};
  };
  EXPECT_EQ(slug_of(mfa_->proof_options(eve)), "no_passkey");
  auto twice = proof();
  const auto options = run(mfa_->passkey_options(*ada_, std::move(twice)));
  const auto again = laptop.create(asked(options.challenge));
  NewPasskey same{"Again", to_base64url(again.client_data), to_base64url(again.attestation_object)};
  EXPECT_EQ(slug_of(mfa_->add_passkey(*ada_, same)), "passkey_known");
  EXPECT_EQ(slug_of(mfa_->add_passkey(*ada_, same)), "invalid_passkey") << "asked for once";
  run(mfa_->remove_passkey(*ada_, made.id, proof()));
  EXPECT_EQ(login_slug(), "") << "it was the last factor";
  EXPECT_EQ(bare("SELECT * FROM recovery_codes").size(), 0U);
  EXPECT_EQ(times("passkey.rename"), 1);
  EXPECT_EQ(times("passkey.remove"), 1);
}

TEST_P(MfaTest, an_administrator_resets_a_member_and_the_operator_anyone) {
  const auto eve = colleague(tenancy::Role::annotator);
  set_up(eve);
  EXPECT_EQ(slug_of(mfa_->reset(*ada_, ada_->user())), "own_second_factor");
  EXPECT_EQ(slug_of(mfa_->reset(*ada_, fresh<UserId>())), "not_found");
  EXPECT_EQ(slug_of(mfa_->reset(with_role(eve, tenancy::Role::viewer), ada_->user())),
            "permission_denied");
  run(mfa_->reset(*ada_, eve.user()));
  EXPECT_EQ(slug_of(service().check_session(eve.principal().session)), "session_ended");
  EXPECT_EQ(slug_of(mfa_->reset(*ada_, eve.user())), "no_second_factor");
  EXPECT_EQ(times("mfa.reset"), 1);
  EXPECT_EQ(letters("eve@example.org", "your second factor", 2).size(), 2U);
  set_up(*ada_);
  run(mfa_->reset(kAda));
  EXPECT_EQ(login_slug(), "");
  EXPECT_EQ(slug_of(mfa_->reset("nobody@example.org")), "not_found");
}

TEST_P(MfaTest, an_administrator_does_not_reset_who_works_elsewhere_too) {
  const auto eve = colleague(tenancy::Role::annotator);
  set_up(eve);
  const auto bob = register_person("bob");
  bare("INSERT INTO memberships (organization_id, user_id, role, created_at) VALUES ('" +
       bob.organization().str() + "', '" + eve.user().str() + "', 'viewer', 2)");
  EXPECT_EQ(slug_of(mfa_->reset(*ada_, eve.user())), "works_elsewhere");
}

TEST_P(MfaTest, secrets_are_sealed_anew_with_the_master_key) {
  set_up(*ada_);
  auto& master = world_->key_ring->master();
  master.add();
  EXPECT_GE(run(reseal_installation(*world_->database, master)), 1);
  EXPECT_EQ(run(reseal_second_factors(*world_->database, master)), 0);
  master.keep_only_newest();
  EXPECT_EQ(login_slug(next_code()), "");
}

}  // namespace
}  // namespace aa::identity
