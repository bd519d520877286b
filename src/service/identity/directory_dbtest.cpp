#include <gmock/gmock.h>

#include "service/identity/access.hpp"
#include "service/identity/revocations.hpp"
#include "service/identity/statements.hpp"
#include "service/testing/service_fixture.hpp"

namespace aa::identity {
namespace {

using testing::Contains;
using testing::ElementsAre;

Origin origin() { return {"192.0.2.7", "tests", "request-1"}; }

class DirectoryTest : public fixture::ServiceTest {
 protected:
  void SetUp() override {
    ServiceTest::SetUp();
    if (IsSkipped()) return;
    owner_.emplace(register_person("owner"));
  }
  Directory& directory() { return world_->access.directory; }
  audit::Actor actor(const tenancy::Tenant& tenant) {
    return {tenant.organization(), std::nullopt, "192.0.2.7", "request-1"};
  }
  Task<UserId> admitted(audit::Actor by, DirectoryPerson person) {
    auto transaction = co_await world_->database->begin(db::Scope::system());
    const auto user = co_await directory().admit(*transaction, std::move(by), std::move(person));
    co_await transaction->commit();
    co_return user;
  }
  Task<> forgotten(std::string provider) {
    auto transaction = co_await world_->database->begin(db::Scope::system());
    co_await directory().forget(*transaction, owner_->organization(), std::move(provider));
    co_await transaction->commit();
  }
  Task<> followed(UserId user, std::string email, std::string name) {
    auto transaction = co_await world_->database->begin(db::Scope::system());
    auto by = actor(*owner_);
    co_await directory().follow(*transaction, std::move(by), user, std::move(email),
                                std::move(name));
    co_await transaction->commit();
  }
  Task<> unlinked(std::string subject) {
    auto transaction = co_await world_->database->begin(db::Scope::system());
    co_await directory().forget_subject(*transaction, owner_->organization(), "idp",
                                        std::move(subject));
    co_await transaction->commit();
  }
  Task<int> put_out(tenancy::Tenant by, std::string provider) {
    auto transaction = co_await world_->database->begin(by.scope());
    const int ended = co_await directory().end_sessions(*transaction, by, std::move(provider),
                                                        SignInMethod::saml);
    co_await transaction->commit();
    co_return ended;
  }
  UserId admit(DirectoryPerson person) { return run(admitted(actor(*owner_), std::move(person))); }
  std::string admit_slug(DirectoryPerson person) {
    return slug_of(admitted(actor(*owner_), std::move(person)));
  }
  static DirectoryPerson person(std::string subject, std::string email,
                                std::optional<std::string> role = std::nullopt) {
    DirectoryPerson out;
    out.provider = "idp";
    out.subject = std::move(subject);
    out.email = std::move(email);
    out.name = "Dora";
    out.role = std::move(role);
    return out;
  }
  std::string role_of(UserId user) { return run(world_->access.members.get(*owner_, user)).role; }
  LoginResult sign_in(UserId user, SignInMethod method) {
    return run(world_->identity.begin_session(user, owner_->organization(), method, origin()));
  }
  tenancy::Tenant tenant_of(const LoginResult& login) {
    const auto principal = run(world_->identity.authenticate_bearer(login.login.access_token));
    return {principal, "192.0.2.7", "request-1"};
  }
  std::vector<std::string> actions() {
    std::vector<std::string> out;
    for (const auto& e : run(world_->trail.list(owner_->organization(), std::nullopt, 100))) {
      out.push_back(e.action);
    }
    return out;
  }

  std::optional<tenancy::Tenant> owner_;
};
AA_ON_BOTH_ENGINES(DirectoryTest);

TEST_P(DirectoryTest, newcomers_get_an_account_without_a_password_and_are_known_again) {
  const auto dora = admit(person("s-1", "Dora@Example.org", "annotator"));
  EXPECT_EQ(role_of(dora), "annotator");
  EXPECT_THAT(actions(), testing::IsSupersetOf({"user.provision", "user.link", "member.add"}));
  EXPECT_EQ(slug_of(world_->identity.login("dora@example.org", "", origin())),
            "invalid_credentials");
  // The address may change, the subject is who he is.
  EXPECT_EQ(admit(person("s-1", "dora.new@example.org", "reviewer")), dora);
  EXPECT_EQ(role_of(dora), "reviewer");
  EXPECT_EQ(admit(person("s-1", "dora@example.org")), dora);
  EXPECT_EQ(role_of(dora), "reviewer") << "nothing said, nothing changed";
  EXPECT_EQ(run(directory().find(owner_->organization(), "idp", "s-1")), dora);
  EXPECT_EQ(run(directory().find(owner_->organization(), "other", "s-1")), std::nullopt);
  auto renamed = person("s-1", "dora@example.org");
  renamed.name = "Dora\nB.";
  admit(renamed);
  EXPECT_EQ(run(world_->access.members.get(*owner_, dora)).name, "Dora_B.");
  renamed.name = "";
  admit(renamed);
  EXPECT_EQ(run(world_->access.members.get(*owner_, dora)).name, "Dora_B.") << "no name was told";
}

TEST_P(DirectoryTest, who_is_known_elsewhere_or_an_owner_is_not_the_directorys_to_name) {
  const auto stranger = register_person("stranger");
  const auto email = run(world_->identity.me(stranger.principal())).user.email;
  EXPECT_EQ(admit_slug(person("s-2", email)), "account_elsewhere");
  const auto own = run(world_->identity.me(owner_->principal())).user.email;
  EXPECT_EQ(admit_slug(person("s-3", own)), "account_elsewhere");
  EXPECT_EQ(admit_slug(person("s-4", "no address")), "invalid_body");
  EXPECT_EQ(admit_slug(person("", "x@example.org")), "invalid_subject");
  EXPECT_EQ(admit_slug(person(std::string(401, 'x'), "x@example.org")), "invalid_subject");
  EXPECT_EQ(admit_slug(person("s-5", "x@example.org", "owner")), "unknown_role");
  EXPECT_EQ(admit_slug(person("s-5", "x@example.org", "nobody")), "unknown_role");
  auto closed = person("s-6", "y@example.org");
  closed.joins = false;
  EXPECT_EQ(admit_slug(closed), "not_a_member");
  EXPECT_EQ(run(directory().find(owner_->organization(), "idp", "s-5")), std::nullopt)
      << "nothing stays of what was refused";
}

TEST_P(DirectoryTest, an_owner_links_himself_and_keeps_his_role) {
  auto linking = [](db::Database& database, Directory& directory, audit::Actor by,
                    UserId user) -> Task<> {
    auto transaction = co_await database.begin(db::Scope::system());
    co_await directory.link(*transaction, std::move(by), user, "idp", "s-7");
    co_await transaction->commit();
  };
  run(linking(*world_->database, directory(), actor(*owner_), owner_->user()));
  EXPECT_EQ(slug_of(linking(*world_->database, directory(), actor(*owner_), owner_->user())),
            "subject_taken");
  EXPECT_EQ(admit(person("s-7", "whatever@example.org", "viewer")), owner_->user());
  EXPECT_EQ(role_of(owner_->user()), "owner");
}

TEST_P(DirectoryTest, sessions_that_a_directory_began_end_but_for_ones_own) {
  const auto dora = admit(person("s-1", "dora@example.org", "admin"));
  const auto emil = admit(person("s-2", "emil@example.org"));
  const auto own = tenant_of(sign_in(dora, SignInMethod::saml));
  const auto elsewhere = sign_in(dora, SignInMethod::saml).session;
  const auto by_passkey = sign_in(emil, SignInMethod::passkey).session;
  const auto emils = sign_in(emil, SignInMethod::saml).session;
  EXPECT_EQ(run(put_out(own, "another")), 0);
  EXPECT_EQ(run(put_out(own, "idp")), 2);
  const auto mine = own.principal().session;
  const auto left = run(world_->identity.standing({mine, elsewhere, by_passkey, emils}));
  EXPECT_EQ(left.size(), 2U);
  EXPECT_TRUE(left.contains(mine));
  EXPECT_TRUE(left.contains(by_passkey));
  EXPECT_FALSE(run(revoked_since(*world_->database, Timestamp{})).empty());
}

TEST_P(DirectoryTest, who_was_removed_comes_back_only_where_newcomers_join) {
  const auto dora = admit(person("s-1", "dora@example.org"));
  run(world_->access.members.remove(*owner_, dora));
  auto closed = person("s-1", "dora@example.org");
  closed.joins = false;
  EXPECT_EQ(admit_slug(closed), "not_a_member");
  EXPECT_EQ(admit(person("s-1", "dora@example.org")), dora);
  run(forgotten("idp"));
  EXPECT_EQ(run(directory().find(owner_->organization(), "idp", "s-1")), std::nullopt);
  EXPECT_EQ(admit(person("s-9", "dora@example.org")), dora) << "her account is this one's alone";
}

TEST_P(DirectoryTest, a_session_by_a_directory_stays_in_its_organization) {
  const auto dora = admit(person("s-1", "dora@example.org", "manager"));
  const auto login = sign_in(dora, SignInMethod::saml);
  const auto tenant = tenant_of(login);
  const auto other = run(world_->identity.create_organization(tenant, "Her own"));
  EXPECT_EQ(slug_of(world_->identity.switch_organization(tenant, other.id, origin())),
            "sign_in_again");
  EXPECT_EQ(slug_of(world_->identity.change_email(tenant, "dora@elsewhere.org")),
            "managed_by_directory");
  Confirmation anything;
  anything.password = "anything";
  EXPECT_EQ(slug_of(world_->identity.reauthenticate(tenant, anything)), "")
      << "the sign-in just now is the proof";
  world_->clock.advance(tenancy::kFreshFor);
  EXPECT_EQ(slug_of(world_->identity.reauthenticate(tenant, anything)), "sign_in_anew");
  EXPECT_EQ(slug_of(world_->identity.change_password(tenant, {"", "correct horse battery"})),
            "no_password");
  EXPECT_TRUE(run(in_directory(*world_->database, dora)));
  EXPECT_FALSE(run(in_directory(*world_->database, owner_->user())));
}

TEST_P(DirectoryTest, names_and_addresses_follow_where_the_account_is_its_own) {
  const auto dora = admit(person("s-1", "dora@example.org"));
  const auto follow = [&](std::string email, std::string name) {
    return followed(dora, std::move(email), std::move(name));
  };
  run(follow("Neu@example.org", "Dora Neu"));
  const auto seen = [&] { return run(world_->access.members.get(*owner_, dora)); };
  EXPECT_EQ(seen().email, "neu@example.org");
  EXPECT_EQ(seen().name, "Dora Neu");
  EXPECT_THAT(actions(), Contains("user.email"));
  const auto owned = run(world_->access.members.get(*owner_, owner_->user())).email;
  EXPECT_EQ(slug_of(follow(owned, "Dora")), "address_taken");
  EXPECT_EQ(slug_of(follow("no address", "Dora")), "invalid_body");
  bare("UPDATE memberships SET role = 'owner' WHERE user_id = $1", db::args(dora));
  run(follow("third@example.org", "Dora"));
  EXPECT_EQ(seen().email, "neu@example.org");
  bare("UPDATE users SET password_hash = 'x' WHERE id = $1", db::args(dora));
  run(follow("third@example.org", "Other"));
  EXPECT_EQ(seen().name, "Dora");
}

TEST_P(DirectoryTest, a_subject_that_is_given_up_is_known_no_more) {
  const auto dora = admit(person("s-1", "dora@example.org"));
  run(unlinked("s-1"));
  EXPECT_EQ(run(directory().find(owner_->organization(), "idp", "s-1")), std::nullopt);
  EXPECT_EQ(admit(person("s-2", "dora@example.org")), dora);
}

}  // namespace
}  // namespace aa::identity
