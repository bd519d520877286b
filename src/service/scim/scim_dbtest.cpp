#include <gmock/gmock.h>

#include "service/scim/scim.hpp"
#include "service/scim/statements.hpp"
#include "service/testing/service_fixture.hpp"

namespace aa::scim {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

const bool kCensus = fixture::require_statements(sql::kAll);

class ScimTest : public fixture::ServiceTest {
 protected:
  void SetUp() override {
    ServiceTest::SetUp();
    if (IsSkipped()) return;
    owner_.emplace(register_person("owner"));
    ScimParts parts{*world_->database,        world_->trail, world_->access.members,
                    world_->access.directory, world_->clock, world_->ids};
    scim_.emplace(std::move(parts), world_->public_url);
  }
  OrganizationId organization() const { return owner_->organization(); }
  static audit::Actor actor_of(const tenancy::Tenant& tenant) {
    return {tenant.organization(), UserId{}, "192.0.2.7", "request-1"};
  }
  audit::Actor actor() const { return actor_of(*owner_); }

  static User person(const std::string& name, std::optional<bool> active = std::nullopt) {
    User out;
    out.user_name = name + "@example.org";
    out.external_id = "external-" + name;
    out.display_name = name;
    out.emails = {{out.user_name, "work", "", true}};
    out.active = active;
    return out;
  }
  StoredUser make(const std::string& name, std::optional<bool> active = std::nullopt) {
    return run(scim_->people.create(actor(), person(name, active)));
  }
  StoredUser put(const StoredUser& present, User user) {
    return run(scim_->people.replace(actor(), present.id, std::nullopt, std::move(user)));
  }
  StoredGroup group(const std::string& name, std::vector<ScimUserId> members = {}) {
    GroupBody body;
    body.display_name = name;
    body.members = std::move(members);
    return run(scim_->groups.create(actor(), std::move(body)));
  }
  void edit(const StoredGroup& group, GroupEdit::Kind kind, std::vector<ScimUserId> members) {
    GroupEdit edit;
    GroupEdit::Step step;
    step.kind = kind;
    step.members = std::move(members);
    edit.steps.push_back(std::move(step));
    run(scim_->groups.patch(actor(), group.id, std::nullopt, std::move(edit)));
  }
  std::string role_of(const StoredUser& user) {
    return run(world_->access.members.get(*owner_, *user.account)).role;
  }
  bool is_member(const StoredUser& user) {
    return slug_of(world_->access.members.get(*owner_, *user.account)).empty();
  }
  void give(const StoredGroup& group, std::optional<std::string> role) {
    run(scim_->groups.give_role(*owner_, group.id, std::move(role)));
  }
  std::vector<std::string> actions() {
    std::vector<std::string> out;
    for (const auto& e : run(world_->trail.list(organization(), std::nullopt, 200))) {
      out.push_back(e.action);
    }
    return out;
  }

  std::optional<tenancy::Tenant> owner_;
  std::optional<Scim> scim_;
};
AA_ON_BOTH_ENGINES(ScimTest);

TEST_P(ScimTest, tokens_reach_their_organization_and_end) {
  NewScimToken wanted;
  wanted.name = "Entra";
  wanted.expires_in_days = 1;
  const auto made = run(scim_->tokens.create(*owner_, wanted));
  const auto who = run(scim_->tokens.authenticate(made.secret));
  EXPECT_EQ(who.organization, organization());
  EXPECT_EQ(who.permissions, tenancy::PermissionSet{}) << "nothing but provisioning";
  EXPECT_TRUE(run(scim_->tokens.list(*owner_))[0].last_used_at.has_value());
  EXPECT_THAT(
      bare("SELECT hash FROM scim_tokens WHERE hash LIKE '%" + made.secret.substr(5) + "%'"),
      IsEmpty());
  for (const auto& wrong : {std::string(), made.secret + "x", "scim_" + std::string(43, 'a')}) {
    EXPECT_EQ(slug_of(scim_->tokens.authenticate(wrong)), "invalid_token");
  }
  run(scim_->tokens.revoke(*owner_, made.token.id));
  EXPECT_EQ(slug_of(scim_->tokens.authenticate(made.secret)), "invalid_token");
  EXPECT_EQ(slug_of(scim_->tokens.revoke(*owner_, made.token.id)), "not_found");
  const auto second = run(scim_->tokens.create(*owner_, wanted));
  world_->clock.advance(std::chrono::hours(25));
  EXPECT_EQ(slug_of(scim_->tokens.authenticate(second.secret)), "invalid_token");
  const auto third = run(scim_->tokens.create(*owner_, wanted));
  bare("UPDATE organizations SET deleted_at = 1");
  EXPECT_EQ(slug_of(scim_->tokens.authenticate(third.secret)), "invalid_token");
  EXPECT_THAT(actions(), Contains("scim_token.revoke"));
}

TEST_P(ScimTest, there_are_not_endless_tokens) {
  NewScimToken wanted;
  wanted.name = "t";
  for (std::size_t i = 0; i < kTokensMax; ++i) run(scim_->tokens.create(*owner_, wanted));
  EXPECT_EQ(slug_of(scim_->tokens.create(*owner_, wanted)), "too_many_tokens");
}

TEST_P(ScimTest, people_come_leave_and_come_back_as_the_same) {
  const auto dora = make("dora");
  ASSERT_TRUE(dora.account);
  EXPECT_EQ(role_of(dora), "viewer");
  const auto gone = put(dora, person("dora", false));
  EXPECT_FALSE(*gone.user.active);
  EXPECT_FALSE(is_member(gone));
  EXPECT_NE(gone.version(), dora.version());
  const auto back = put(dora, person("dora", true));
  EXPECT_EQ(back.account, dora.account);
  EXPECT_TRUE(is_member(back));
  const auto same = put(dora, person("dora"));
  EXPECT_EQ(same.version(), back.version()) << "nothing changed";
  EXPECT_EQ(std::ranges::count(actions(), "scim_user.update"), 2);
  run(scim_->people.remove(actor(), dora.id, back.version()));
  EXPECT_FALSE(is_member(dora));
  EXPECT_EQ(slug_of(scim_->people.get(organization(), dora.id)), "not_found");
  EXPECT_EQ(slug_of(scim_->people.remove(actor(), dora.id, std::nullopt)), "not_found");
  const auto again = make("dora");
  EXPECT_EQ(again.account, dora.account) << "the account is the address's";
  EXPECT_THAT(actions(), testing::IsSupersetOf({"scim_user.create", "scim_user.delete",
                                                "member.remove", "member.add"}));
}

TEST_P(ScimTest, who_is_told_inactive_has_no_account_yet) {
  const auto later = make("later", false);
  EXPECT_FALSE(later.account);
  EXPECT_TRUE(put(later, person("later", true)).account);
}

TEST_P(ScimTest, names_and_addresses_follow) {
  const auto dora = make("dora");
  auto moved = person("dora");
  moved.display_name = "Dora Neu";
  moved.emails[0].value = "neu@example.org";
  const auto after = put(dora, moved);
  auto member = run(world_->access.members.get(*owner_, *after.account));
  EXPECT_EQ(member.name, "Dora Neu");
  EXPECT_EQ(member.email, "neu@example.org");
  EXPECT_THAT(actions(), Contains("user.email"));
  // What is somebody else's is refused whole, and not told whose.
  const auto other = register_person("other");
  auto stolen = moved;
  stolen.display_name = "Thief";
  stolen.emails[0].value = "other@example.org";
  const auto replacing = [&] {
    return slug_of(scim_->people.replace(actor(), dora.id, std::nullopt, stolen));
  };
  const auto taken_by = run(world_->access.members.get(other, other.user())).email;
  stolen.emails[0].value = taken_by;
  EXPECT_EQ(replacing(), "uniqueness");
  EXPECT_EQ(run(world_->access.members.get(*owner_, *after.account)).name, "Dora Neu");
  // With a password the account is the person's own.
  bare("UPDATE users SET password_hash = 'x' WHERE email = 'neu@example.org'");
  auto renamed = moved;
  renamed.display_name = "Other";
  renamed.emails[0].value = "third@example.org";
  put(dora, renamed);
  member = run(world_->access.members.get(*owner_, *after.account));
  EXPECT_EQ(member.name, "Dora Neu");
  EXPECT_EQ(member.email, "neu@example.org");
}

TEST_P(ScimTest, accounts_that_are_known_elsewhere_and_owners_are_not_the_directory_s) {
  const auto other = register_person("other");
  auto theirs = person("x");
  theirs.emails[0].value = run(world_->access.members.get(other, other.user())).email;
  EXPECT_EQ(slug_of(scim_->people.create(actor(), theirs)), "uniqueness");
  auto own = person("y");
  own.emails[0].value = run(world_->access.members.get(*owner_, owner_->user())).email;
  EXPECT_EQ(slug_of(scim_->people.create(actor(), own)), "uniqueness");
  make("dora");
  EXPECT_EQ(slug_of(scim_->people.create(actor(), person("dora"))), "uniqueness");
  auto upper = person("z");
  upper.user_name = "DORA@example.org";
  EXPECT_EQ(slug_of(scim_->people.create(actor(), upper)), "uniqueness");
  EXPECT_EQ(run(scim_->people.list(organization(), {}, {})).total, 1);
}

TEST_P(ScimTest, an_organization_keeps_an_owner) {
  const auto dora = make("dora");
  bare("UPDATE memberships SET role = 'owner' WHERE user_id = $1", db::args(*dora.account));
  bare("DELETE FROM memberships WHERE user_id = $1", db::args(owner_->user()));
  EXPECT_EQ(slug_of(scim_->people.replace(actor(), dora.id, std::nullopt, person("dora", false))),
            "last_owner");
  EXPECT_EQ(slug_of(scim_->people.remove(actor(), dora.id, std::nullopt)), "last_owner");
  EXPECT_TRUE(*run(scim_->people.get(organization(), dora.id)).user.active);
}

TEST_P(ScimTest, people_are_found_by_what_directories_ask) {
  const auto ada = make("ada");
  make("bob", false);
  make("cleo");
  const auto ids = [&](UserFilter filter) {
    std::vector<std::string> out;
    for (auto& one : run(scim_->people.list(organization(), std::move(filter), {})).items) {
      out.push_back(one.user.display_name);
    }
    return out;
  };
  const auto by = [&](const std::string& text) { return ids(read_user_filter(text)); };
  EXPECT_THAT(by(R"(userName eq "ADA@example.org")"), ElementsAre("ada"));
  EXPECT_THAT(by(R"(externalId eq "external-bob")"), ElementsAre("bob"));
  EXPECT_THAT(by(R"(externalId eq "External-bob")"), IsEmpty());
  EXPECT_THAT(by(R"(emails.value eq "Cleo@example.org")"), ElementsAre("cleo"));
  EXPECT_THAT(by(R"(displayName eq "CLEO")"), ElementsAre("cleo"));
  EXPECT_THAT(by(R"(active eq true)"), ElementsAre("ada", "cleo"));
  EXPECT_THAT(by(R"(active eq false)"), ElementsAre("bob"));
  EXPECT_THAT(by(R"(userName eq "bob@example.org" and active eq true)"), IsEmpty());
  EXPECT_THAT(by("id eq \"" + ada.id.str() + "\""), ElementsAre("ada"));
  EXPECT_THAT(by(R"(id eq "x")"), IsEmpty());
  const auto page = run(scim_->people.list(organization(), {}, {2, 1}));
  EXPECT_EQ(page.total, 3);
  ASSERT_THAT(page.items, SizeIs(1));
  EXPECT_EQ(page.items[0].user.display_name, "bob");
  EXPECT_THAT(run(scim_->people.list(organization(), {}, {9, 1})).items, IsEmpty());
  EXPECT_THAT(run(scim_->people.list(organization(), {}, {1, 0})).items, IsEmpty());
  const auto other = register_person("other");
  EXPECT_EQ(run(scim_->people.list(other.organization(), {}, {})).total, 0);
  EXPECT_EQ(slug_of(scim_->people.get(other.organization(), ada.id)), "not_found");
  const auto people = run(scim_->people.page(*owner_, std::nullopt, 2));
  ASSERT_THAT(people, SizeIs(2));
  EXPECT_THAT(run(scim_->people.page(*owner_, people[1].id, 2)), SizeIs(1));
}

TEST_P(ScimTest, versions_guard_changes) {
  const auto dora = make("dora");
  const auto slug = [&](const std::string& tag) {
    return slug_of(scim_->people.replace(actor(), dora.id, tag, person("dora")));
  };
  EXPECT_EQ(slug("W/\"9\""), "version_differs");
  EXPECT_EQ(slug("W/\"9\", " + dora.version()), "");
  EXPECT_EQ(slug("*"), "");
  EXPECT_EQ(slug(dora.version().substr(2)), "");
}

TEST_P(ScimTest, groups_give_roles) {
  const auto ada = make("ada");
  const auto bob = make("bob");
  const auto labelers = group("Labelers", {ada.id});
  const auto leads = group("Leads");
  EXPECT_EQ(role_of(ada), "viewer");
  give(labelers, "annotator");
  EXPECT_EQ(role_of(ada), "annotator") << "those who are in it already";
  give(leads, "manager");
  edit(leads, GroupEdit::Kind::add, {ada.id, bob.id});
  EXPECT_EQ(role_of(ada), "manager");
  EXPECT_EQ(role_of(bob), "manager");
  edit(leads, GroupEdit::Kind::remove, {ada.id, bob.id});
  EXPECT_EQ(role_of(ada), "annotator") << "the other group's";
  EXPECT_EQ(role_of(bob), "viewer") << "of none";
  put(ada, person("ada", false));
  EXPECT_EQ(role_of(put(ada, person("ada", true))), "annotator") << "back with what groups say";
  give(labelers, std::nullopt);
  EXPECT_EQ(role_of(ada), "viewer");
  give(labelers, "reviewer");
  run(scim_->groups.remove(actor(), labelers.id, std::nullopt));
  EXPECT_EQ(role_of(ada), "viewer");
  EXPECT_THAT(actions(),
              testing::IsSupersetOf({"scim_group.create", "scim_group.update", "scim_group.role",
                                     "scim_group.delete", "member.role"}));
}

TEST_P(ScimTest, nobody_maps_more_than_he_may) {
  const auto admins = group("Admins");
  EXPECT_EQ(slug_of(scim_->groups.give_role(*owner_, admins.id, std::string("owner"))),
            "unknown_role");
  EXPECT_EQ(slug_of(scim_->groups.give_role(*owner_, admins.id, std::string("nothing"))),
            "unknown_role");
  identity::NewRole wanted;
  wanted.name = "Sign-in";
  wanted.permissions = {tenancy::Permission::sso_write, tenancy::Permission::project_read};
  const auto role = run(world_->access.roles.create(*owner_, wanted));
  const auto sam = make("sam");
  run(world_->access.members.change_role(*owner_, *sam.account, role.id));
  tenancy::Principal principal(*sam.account, organization(), SessionId{}, tenancy::Role::viewer);
  principal.permissions.add(tenancy::Permission::sso_write);
  const tenancy::Tenant helper(principal, "192.0.2.7", "request-1");
  const auto giving = [&](std::optional<std::string> name) {
    return slug_of(scim_->groups.give_role(helper, admins.id, std::move(name)));
  };
  EXPECT_EQ(giving("admin"), "beyond_own_rights");
  EXPECT_EQ(giving(role.id), "");
  EXPECT_EQ(slug_of(world_->access.roles.remove(*owner_, *identity::RoleId::parse(role.id))),
            "role_in_use");
  give(admins, "admin");
  EXPECT_EQ(giving(std::nullopt), "beyond_own_rights");
  const auto other = register_person("other");
  EXPECT_EQ(slug_of(scim_->groups.give_role(other, admins.id, std::string("viewer"))), "not_found");
}

TEST_P(ScimTest, owners_keep_their_role) {
  const auto dora = make("dora");
  const auto labelers = group("Labelers", {dora.id});
  bare("UPDATE memberships SET role = 'owner' WHERE user_id = $1", db::args(*dora.account));
  give(labelers, "annotator");
  EXPECT_EQ(role_of(dora), "owner");
}

TEST_P(ScimTest, groups_are_found_and_named_once) {
  const auto ada = make("ada");
  const auto one = group("One", {ada.id});
  const auto two = group("Two");
  GroupBody body;
  body.display_name = "ONE";
  EXPECT_EQ(slug_of(scim_->groups.create(actor(), body)), "uniqueness");
  GroupEdit renaming;
  renaming.display_name = "one";
  EXPECT_EQ(slug_of(scim_->groups.patch(actor(), two.id, std::nullopt, renaming)), "uniqueness");
  const auto count = [&](const std::string& filter) {
    const auto wanted = filter.empty() ? GroupFilter{} : read_group_filter(filter);
    return run(scim_->groups.list(organization(), wanted, {}, true)).total;
  };
  EXPECT_EQ(count(""), 2);
  EXPECT_EQ(count(R"(displayName eq "two")"), 1);
  EXPECT_EQ(count(R"(externalId eq "")"), 2);
  const auto id = "id eq \"" + one.id.str() + "\"";
  const auto in = "members eq \"" + ada.id.str() + "\"";
  EXPECT_EQ(count(id), 1);
  EXPECT_EQ(count(in), 1);
  EXPECT_EQ(count(id + " and " + in), 1);
  EXPECT_EQ(count("id eq \"" + two.id.str() + "\" and " + in), 0);
  body.display_name = "Three";
  body.members = {ada.id, fresh<ScimUserId>()};
  EXPECT_EQ(slug_of(scim_->groups.create(actor(), body)), "invalid_value");
  EXPECT_EQ(count(""), 2) << "nothing half-done";
  body.members = {};
  body.display_name = "One";
  const auto emptied = run(scim_->groups.replace(actor(), one.id, one.version(), body));
  EXPECT_THAT(*emptied.members, IsEmpty());
  EXPECT_EQ(slug_of(scim_->groups.replace(actor(), one.id, one.version(), body)),
            "version_differs");
  EXPECT_THAT(run(scim_->groups.page(*owner_, std::nullopt, 10)), SizeIs(2));
}

}  // namespace
}  // namespace aa::scim
