#include <gmock/gmock.h>

#include "service/identity/access.hpp"
#include "service/identity/revocations.hpp"
#include "service/identity/statements.hpp"
#include "service/testing/service_fixture.hpp"

namespace aa::identity {
namespace {

using tenancy::Permission;
using tenancy::Role;
using testing::ElementsAre;

Origin origin() { return {"192.0.2.7", "tests", "request-1"}; }

struct Person {
  LoginResult login;
  tenancy::Tenant tenant;
};

class AccessTest : public fixture::ServiceTest {
 protected:
  void SetUp() override {
    ServiceTest::SetUp();
    if (IsSkipped()) return;
    owner_.emplace(register_person("owner"));
  }
  Access& access() { return world_->access; }
  // As the sign-in is seen by now: the cache of five seconds is waited out.
  tenancy::Tenant seen(const LoginResult& login) {
    world_->clock.advance(std::chrono::seconds(6));
    const auto principal = run(world_->identity.authenticate_bearer(login.login.access_token));
    return {principal, "192.0.2.7", "request-1"};
  }
  std::string sign_in_slug(const LoginResult& login) {
    world_->clock.advance(std::chrono::seconds(6));
    return slug_of(world_->identity.authenticate_bearer(login.login.access_token));
  }
  LoginResult join(const std::string& name, const std::string& role) {
    auto made = run(access().invitations.create(fresh_owner(), {name + "@example.org", role}));
    return run(access().invitations.join({*made.token, name, "correct horse battery"}, origin()));
  }
  tenancy::Tenant fresh_owner() {
    auto principal = owner_->principal();
    principal.authenticated_at = world_->clock.now();
    return {principal, "192.0.2.7", "request-1"};
  }
  std::string role_of(UserId user) { return run(access().members.get(*owner_, user)).role; }
  std::string custom(const std::string& name, std::vector<Permission> permissions) {
    NewRole role{name, std::nullopt, std::move(permissions)};
    return run(access().roles.create(fresh_owner(), std::move(role))).id;
  }
  std::string change_slug(const tenancy::Tenant& by, UserId user, const std::string& role) {
    return slug_of(access().members.change_role(by, user, role));
  }
  RoleId id_of(const std::string& role) { return *RoleId::parse(role); }
  std::vector<std::string> actions() {
    std::vector<std::string> out;
    for (const auto& e : run(world_->trail.list(owner_->organization(), std::nullopt, 100))) {
      out.push_back(e.action);
    }
    return out;
  }

  std::optional<tenancy::Tenant> owner_;
};
AA_ON_BOTH_ENGINES(AccessTest);

TEST_P(AccessTest, a_custom_role_allows_what_it_lists_and_ones_own_account) {
  const auto role = custom("Uploader", {Permission::asset_write});
  const auto mia = seen(join("mia", role));
  EXPECT_EQ(tenancy::list_of(mia.principal().permissions),
            (std::vector{Permission::asset_write, Permission::account_self}));
  const auto member = run(access().members.get(*owner_, mia.user()));
  EXPECT_EQ(member.role, role);
  EXPECT_EQ(member.role_name, "Uploader");
  const auto listed = run(access().roles.list(*owner_));
  ASSERT_EQ(listed.size(), 7U);
  EXPECT_EQ(listed[0].id, "owner");
  EXPECT_EQ(listed[0].members, 1);
  EXPECT_TRUE(listed[0].built_in);
  EXPECT_EQ(listed[6].name, "Uploader");
  EXPECT_EQ(listed[6].members, 1);
}

TEST_P(AccessTest, roles_are_refused_that_say_a_permission_twice_or_take_a_name) {
  const auto make = [&](const std::string& name, std::vector<Permission> permissions) {
    return slug_of(access().roles.create(*owner_, {name, std::nullopt, std::move(permissions)}));
  };
  EXPECT_EQ(make("A", {Permission::asset_read, Permission::asset_read}), "invalid_role");
  EXPECT_EQ(pointer(), "/permissions/1");
  EXPECT_EQ(make(" ", {}), "invalid_role");
  EXPECT_EQ(make("viewer", {}), "role_name_taken");
  EXPECT_EQ(make("A", {}), "");
  EXPECT_EQ(make("A", {}), "role_name_taken");
}

TEST_P(AccessTest, nobody_gives_what_he_lacks) {
  const auto admin = seen(join("adam", "admin"));
  const auto manager = join("mona", "manager");
  const auto mona = seen(manager);
  EXPECT_EQ(change_slug(admin, mona.user(), "owner"), "beyond_own_rights");
  EXPECT_EQ(change_slug(admin, admin.user(), "owner"), "beyond_own_rights");
  EXPECT_EQ(change_slug(admin, owner_->user(), "viewer"), "last_owner");
  EXPECT_EQ(change_slug(admin, mona.user(), "nobody"), "unknown_role");
  EXPECT_EQ(pointer(), "/role");
  EXPECT_EQ(change_slug(mona, mona.user(), "viewer"), "permission_denied");
  EXPECT_EQ(slug_of(access().roles.create(
                admin, {"Eraser", std::nullopt, {Permission::organization_delete}})),
            "beyond_own_rights");
  EXPECT_EQ(slug_of(access().invitations.create(admin, {"x@example.org", "owner"})),
            "beyond_own_rights");
  EXPECT_EQ(slug_of(access().members.remove(admin, owner_->user())), "last_owner");
  EXPECT_EQ(change_slug(admin, mona.user(), "annotator"), "");
  EXPECT_EQ(role_of(mona.user()), "annotator");
}

TEST_P(AccessTest, an_owner_is_made_by_one_who_signed_in_just_now) {
  const auto adam = seen(join("adam", "admin")).user();
  auto stale = owner_->principal();
  stale.authenticated_at = Timestamp{0};
  const tenancy::Tenant late(stale, "192.0.2.7", "request-1");
  EXPECT_EQ(change_slug(late, adam, "owner"), "reauth_required");
  EXPECT_EQ(slug_of(access().invitations.create(late, {"x@example.org", "owner"})),
            "reauth_required");
  EXPECT_EQ(change_slug(fresh_owner(), adam, "owner"), "");
  // With two, one may go.
  EXPECT_EQ(slug_of(access().members.leave(*owner_)), "");
}

TEST_P(AccessTest, of_two_owners_who_demote_each_other_one_remains) {
  auto second = seen(join("second", "owner"));
  auto first = fresh_owner();
  auto one = spawn(access().members.change_role(first, second.user(), "viewer"));
  auto other = spawn(access().members.change_role(second, first.user(), "viewer"));
  int refused = 0;
  for (auto* future : {&one, &other}) {
    try {
      future->get();
    } catch (const Error& error) {
      EXPECT_EQ(error.slug(), "last_owner");
      ++refused;
    }
  }
  EXPECT_EQ(refused, 1);
  const auto rows = bare("SELECT COUNT(*) AS n FROM memberships WHERE role = 'owner'");
  EXPECT_EQ(rows.one().get<int>("n"), 1);
}

TEST_P(AccessTest, who_loses_rights_is_signed_out_and_his_work_stops) {
  const auto login = join("mona", "manager");
  const auto mona = seen(login);
  const auto project = make_project(mona);
  jobs::NewJob job;
  job.organization = mona.organization();
  job.created_by = mona.user();
  job.project = project.id;
  job.kind = "import";
  auto enqueue = [&]() -> Task<JobId> {
    auto transaction = co_await world_->database->begin(mona.scope());
    const auto id = co_await world_->queue.enqueue(*transaction, job);
    co_await transaction->commit();
    co_return id;
  };
  const auto id = run(enqueue());
  EXPECT_EQ(change_slug(fresh_owner(), mona.user(), "admin"), "");
  EXPECT_EQ(sign_in_slug(login), "") << "more rights end nothing";
  const auto began = world_->clock.now();
  EXPECT_EQ(change_slug(fresh_owner(), mona.user(), "viewer"), "");
  EXPECT_EQ(sign_in_slug(login), "session_ended");
  EXPECT_EQ(slug_of(world_->identity.refresh(login.login.refresh_token, origin())),
            "session_ended");
  EXPECT_EQ(run(revoked_since(*world_->database, began)).size(), 1U);
  EXPECT_EQ(run(world_->queue.get(mona.scope(), id)).state, jobs::State::cancelled);
}

TEST_P(AccessTest, a_role_that_becomes_less_is_felt_by_those_who_hold_it) {
  const auto role = custom("Desk", {Permission::asset_read, Permission::asset_write});
  const auto login = join("mia", role);
  const auto mia = seen(login);
  const auto admin = seen(join("adam", "admin"));
  const auto patch = [&](const tenancy::Tenant& by, std::vector<Permission> permissions,
                         std::optional<std::int64_t> revision = std::nullopt) {
    PatchRole change;
    change.permissions = std::move(permissions);
    return slug_of(access().roles.patch(by, id_of(role), std::move(change), revision));
  };
  EXPECT_EQ(patch(admin, {Permission::asset_read}, 7), "revision_differs");
  EXPECT_EQ(
      patch(admin, {Permission::asset_read, Permission::asset_write, Permission::comment_read}, 1),
      "");
  EXPECT_EQ(sign_in_slug(login), "");
  EXPECT_TRUE(seen(login).principal().may(Permission::comment_read));
  EXPECT_EQ(patch(admin, {Permission::asset_read}), "");
  EXPECT_EQ(sign_in_slug(login), "session_ended");
  EXPECT_EQ(slug_of(access().roles.remove(admin, id_of(role))), "role_in_use");
  EXPECT_EQ(change_slug(admin, mia.user(), "viewer"), "");
  EXPECT_EQ(slug_of(access().roles.remove(admin, id_of(role))), "");
  EXPECT_EQ(slug_of(access().roles.remove(admin, id_of(role))), "not_found");
}

TEST_P(AccessTest, nobody_edits_the_role_he_holds) {
  const auto role = custom("Boss", {Permission::role_read, Permission::role_write});
  const auto boss = seen(join("boss", role));
  PatchRole change;
  change.description = "mine";
  EXPECT_EQ(slug_of(access().roles.patch(boss, id_of(role), change, std::nullopt)), "own_role");
  EXPECT_EQ(slug_of(access().roles.remove(boss, id_of(role))), "role_in_use");
  EXPECT_EQ(slug_of(access().roles.patch(*owner_, id_of(role), change, std::nullopt)), "");
}

TEST_P(AccessTest, a_grant_counts_in_its_project_alone) {
  const auto guest = custom("Guest", {});
  const auto login = join("gina", guest);
  const auto project = make_project(*owner_);
  const auto other = make_project(*owner_);
  const auto gina = seen(login).user();
  const auto grant = [&](const std::string& role) {
    return slug_of(access().grants.put(*owner_, project.id, gina, role));
  };
  EXPECT_EQ(grant("admin"), "role_not_for_projects");
  EXPECT_EQ(grant("annotator"), "");
  const auto now = seen(login);
  EXPECT_FALSE(now.principal().may(Permission::project_read));
  EXPECT_TRUE(now.principal().may_somewhere(Permission::project_read));
  EXPECT_TRUE(now.in(project.id).principal().may(Permission::annotation_write));
  EXPECT_FALSE(now.in(other.id).principal().may(Permission::annotation_write));
  const auto listed = run(world_->projects.list(now, std::nullopt, 10));
  ASSERT_EQ(listed.size(), 1U);
  EXPECT_EQ(listed[0].id, project.id);
  EXPECT_TRUE(run(world_->projects.list(now, project.id, 10)).empty());
  const auto standing = run(world_->identity.standing({now.principal().session}));
  EXPECT_TRUE(standing.begin()->second.in(project.id).may(Permission::annotation_read));
  const auto all = run(access().grants.list(*owner_, project.id));
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].role, "annotator");
  EXPECT_EQ(all[0].granted_by, owner_->user());
  EXPECT_EQ(grant("viewer"), "");
  EXPECT_EQ(sign_in_slug(login), "session_ended") << "less than before";
  EXPECT_EQ(slug_of(access().grants.remove(*owner_, project.id, gina)), "");
  EXPECT_EQ(slug_of(access().grants.remove(*owner_, project.id, gina)), "not_found");
  EXPECT_EQ(slug_of(access().grants.put(*owner_, project.id, fresh<UserId>(), "viewer")),
            "not_found");
}

TEST_P(AccessTest, members_come_page_by_page) {
  for (const std::string name : {"a", "b", "c"}) {
    world_->clock.advance(std::chrono::seconds(1));
    join(name, "viewer");
  }
  const auto first = run(access().members.list(*owner_, std::nullopt, 3));
  ASSERT_EQ(first.size(), 3U);
  EXPECT_EQ(first[0].id, owner_->user());
  const auto cursor = MemberCursor{first[2].created_at, first[2].id}.str();
  const auto rest = run(access().members.list(*owner_, MemberCursor::parse(cursor), 3));
  ASSERT_EQ(rest.size(), 1U);
  EXPECT_EQ(rest[0].email, "c@example.org");
  EXPECT_FALSE(MemberCursor::parse("nonsense"));
  EXPECT_FALSE(MemberCursor::parse("1-x"));
}

TEST_P(AccessTest, a_member_is_removed_with_his_grants_and_sign_ins) {
  const auto login = join("mia", "annotator");
  const auto mia = seen(login);
  const auto project = make_project(*owner_);
  run(access().grants.put(*owner_, project.id, mia.user(), "manager"));
  ASSERT_EQ(run(access().members.sessions(*owner_, mia.user())).size(), 1U);
  run(access().members.end_sessions(*owner_, mia.user()));
  EXPECT_TRUE(run(access().members.sessions(*owner_, mia.user())).empty());
  EXPECT_EQ(sign_in_slug(login), "session_ended");
  run(access().members.remove(*owner_, mia.user()));
  EXPECT_TRUE(run(access().grants.list(*owner_, project.id)).empty());
  EXPECT_EQ(slug_of(access().members.get(*owner_, mia.user())), "not_found");
  EXPECT_EQ(slug_of(access().members.remove(*owner_, mia.user())), "not_found");
  EXPECT_EQ(slug_of(access().members.leave(mia)), "not_found");
}

TEST_P(AccessTest, an_organization_that_is_deleted_lets_nobody_in) {
  const auto login = join("mia", "viewer");
  const auto mia = seen(login);
  const auto open = run(access().invitations.create(*owner_, {"late@example.org", "viewer"}));
  EXPECT_EQ(run(access().organizations.get(*owner_)).members, 2);
  EXPECT_EQ(run(access().organizations.rename(*owner_, "New", 1)).name, "New");
  EXPECT_EQ(slug_of(access().organizations.rename(*owner_, "Newer", 1)), "revision_differs");
  EXPECT_EQ(slug_of(access().organizations.remove(mia)), "permission_denied");
  EXPECT_EQ(slug_of(access().organizations.remove(*owner_)), "");
  EXPECT_EQ(sign_in_slug(login), "session_ended");
  EXPECT_EQ(slug_of(access().invitations.offer(*open.token, origin())), "invitation_gone");
  EXPECT_EQ(slug_of(access().organizations.get(*owner_)), "not_found");
}

TEST_P(AccessTest, a_policy_is_changed_in_parts) {
  auto& policies = access().policies;
  EXPECT_EQ(run(policies.get(*owner_)).revision, 0);
  PolicyChange change;
  change.idle_minutes = 15;
  change.ip_ranges = std::vector<std::string>{"192.0.2.0/24", "2001:db8::/32"};
  EXPECT_EQ(run(policies.patch(*owner_, change, 0, "192.0.2.7")).revision, 1);
  PolicyChange more;
  more.absolute_hours = 24;
  EXPECT_EQ(slug_of(policies.patch(*owner_, more, 0, "192.0.2.7")), "revision_differs");
  const auto now = run(policies.patch(*owner_, more, 1, "192.0.2.7")).policy;
  EXPECT_EQ(now.idle_minutes, 15);
  EXPECT_EQ(now.absolute_hours, 24);
  const auto stored = run(policy_of(*world_->database, owner_->organization()));
  EXPECT_TRUE(admits_address(stored, "192.0.2.200"));
  EXPECT_TRUE(admits_address(stored, "::ffff:192.0.2.200"));
  EXPECT_FALSE(admits_address(stored, "192.0.3.1"));
  EXPECT_FALSE(admits_address(stored, "no address"));
  EXPECT_EQ(slug_of(policies.patch(*owner_, more, 2, "198.51.100.1")), "would_lock_out");
  PolicyChange bad;
  bad.ip_ranges = std::vector<std::string>{"192.0.2.0/24", "192.0.2.0/99"};
  EXPECT_EQ(slug_of(policies.patch(*owner_, bad, 2, "192.0.2.7")), "invalid_policy");
  EXPECT_EQ(pointer(), "/ip_ranges/1");
  PolicyChange domain;
  domain.signup_domains = std::vector<std::string>{"Example.org"};
  EXPECT_EQ(slug_of(policies.patch(*owner_, domain, 2, "192.0.2.7")), "invalid_policy");
}

TEST_P(AccessTest, sessions_end_and_addresses_are_refused_as_the_policy_says) {
  const auto login = join("mia", "viewer");
  PolicyChange change;
  change.idle_minutes = 5;
  change.absolute_hours = 1;
  change.ip_ranges = std::vector<std::string>{"192.0.2.0/24"};
  run(access().policies.patch(*owner_, change, std::nullopt, "192.0.2.7"));
  const auto session = seen(login).principal().session;
  world_->clock.advance(std::chrono::minutes(4));
  EXPECT_EQ(sign_in_slug(login), "");
  world_->clock.advance(std::chrono::minutes(5));
  EXPECT_EQ(sign_in_slug(login), "session_ended");
  EXPECT_TRUE(run(world_->identity.standing({session})).empty());
  EXPECT_EQ(slug_of(world_->identity.refresh(login.login.refresh_token, origin())),
            "session_ended");
  const auto sign_in = [&](const std::string& ip) {
    Origin from{ip, "tests", "request-1"};
    return slug_of(world_->identity.login("mia@example.org", "correct horse battery", from));
  };
  EXPECT_EQ(sign_in("198.51.100.1"), "address_refused");
  EXPECT_EQ(sign_in("192.0.2.9"), "");
  EXPECT_TRUE(over_by_policy(R"({"absolute_hours":1})", Timestamp{0}, Timestamp{3'599'000'000},
                             Timestamp{3'600'000'000}));
  EXPECT_FALSE(over_by_policy(R"({"absolute_hours":1})", Timestamp{0}, Timestamp{0},
                              Timestamp{3'599'000'000}));
}

TEST_P(AccessTest, address_ranges_hold_at_every_request) {
  const auto come_from = [&](const char* address) {
    return slug_of(
        access().addresses.require(owner_->organization(), boost::asio::ip::make_address(address)));
  };
  EXPECT_EQ(come_from("198.51.100.1"), "") << "none are set";
  PolicyChange change;
  change.ip_ranges = std::vector<std::string>{"192.0.2.0/24", "2001:db8::/32"};
  run(access().policies.patch(*owner_, change, std::nullopt, "192.0.2.7"));
  EXPECT_EQ(come_from("198.51.100.1"), "") << "looked at less than five seconds ago";
  world_->clock.advance(std::chrono::seconds(6));
  EXPECT_EQ(come_from("198.51.100.1"), "address_refused");
  EXPECT_EQ(come_from("192.0.2.200"), "");
  EXPECT_EQ(come_from("::ffff:192.0.2.1"), "");
  EXPECT_EQ(come_from("2001:db8::5"), "");
  EXPECT_EQ(come_from("2001:db9::5"), "address_refused");
}

TEST_P(AccessTest, each_change_stands_in_the_trail_once) {
  const auto role = custom("Desk", {});
  const auto mia = seen(join("mia", "viewer")).user();
  run(access().members.change_role(*owner_, mia, role));
  run(access().members.change_role(*owner_, mia, role));
  run(access().members.remove(*owner_, mia));
  EXPECT_THAT(actions(),
              ElementsAre("member.remove", "member.role", "session.start", "member.add",
                          "member.invite", "role.create", "session.start", "user.register"));
}

}  // namespace
}  // namespace aa::identity
