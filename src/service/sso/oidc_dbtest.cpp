#include <gmock/gmock.h>

#include "base/hash.hpp"
#include "service/sso/sso.hpp"
#include "service/sso/statements.hpp"
#include "service/testing/service_fixture.hpp"

namespace aa::sso {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::ElementsAre;

const bool kCensus = fixture::require_statements(sql::kAll);

class ProvidersTest : public fixture::ServiceTest {
 protected:
  void SetUp() override {
    ServiceTest::SetUp();
    if (!world_) return;
    sso_ = std::make_unique<Sso>(
        SsoParts{*world_->database, world_->trail, world_->identity, world_->access, outbound_,
                 world_->key_ring, world_->public_url, world_->clock, world_->ids,
                 world_->executors, std::filesystem::path(AA_BUILD_DIR) / "annotateai_saml.so"});
    owner_.emplace(register_person("owner"));
  }
  void TearDown() override {
    sso_.reset();
    ServiceTest::TearDown();
  }

  Providers& providers() { return sso_->providers; }
  static NewProvider input() {
    NewProvider out;
    out.name = "Ours";
    out.enabled = true;
    out.secret = "very secret";
    out.config = {{"issuer", "http://127.0.0.1:9"}, {"client_id", "client"}};
    return out;
  }
  ProviderView make(NewProvider wanted = input()) {
    return run(providers().create(*owner_, std::move(wanted)));
  }
  std::string create_slug(const tenancy::Tenant& tenant, NewProvider wanted) {
    return slug_of(providers().create(tenant, std::move(wanted)));
  }
  Provider standing(ProviderId id) { return run(providers().standing(id)); }
  std::vector<std::string> actions() {
    std::vector<std::string> out;
    for (const auto& e : run(world_->trail.list(owner_->organization(), std::nullopt, 100))) {
      out.push_back(e.action + " " + e.outcome);
    }
    return out;
  }
  void confirm_address(const std::string& domain) {
    bare("update users set email = $1, email_verified_at = 1 where id = $2",
         db::args("me@" + domain, owner_->user()));
  }
  std::string take_slug(const std::string& state, const std::string& browser) {
    return slug_of(sso_->flows.take(state, browser));
  }
  std::string begin(const Provider& provider, const std::string& browser) {
    FlowRequest request(browser, FlowPurpose::sign_in, std::nullopt, "/projects");
    return run(sso_->flows.begin(provider, std::move(request), Secret("remembered")));
  }
  identity::Origin origin() { return {"192.0.2.7", "tests", "request-1"}; }
  static Vouched person(std::string subject, std::vector<std::string> groups = {}) {
    Vouched out;
    out.email = subject + "@company.example";
    out.subject = std::move(subject);
    out.name = "Dora";
    out.groups = std::move(groups);
    return out;
  }

  http::Outbound outbound_{{.allow = {"127.0.0.1"}}};
  std::unique_ptr<Sso> sso_;
  std::optional<tenancy::Tenant> owner_;
};
AA_ON_BOTH_ENGINES(ProvidersTest);

TEST_P(ProvidersTest, a_provider_is_kept_changed_by_revision_and_deleted) {
  const auto made = make();
  EXPECT_EQ(made.addresses.at("redirect_uri"),
            "https://labels.example.org/api/v1/auth/sso/callback");
  EXPECT_EQ(made.config.at("email_claim"), "email");
  EXPECT_TRUE(made.has_secret);
  EXPECT_EQ(std::string(standing(made.id).secret.reveal()), "very secret");
  const auto stored = bare("select secret from identity_providers").one();
  const auto bytes = from_base64url(stored.get<std::string>("secret"));
  EXPECT_EQ(bytes->find("very secret"), std::string::npos);
  ProviderChange change;
  change.enabled = false;
  EXPECT_EQ(slug_of(providers().patch(*owner_, made.id, change, 7)), "revision_differs");
  EXPECT_EQ(run(providers().patch(*owner_, made.id, change, 1)).revision, 2);
  EXPECT_EQ(slug_of(providers().standing(made.id)), "provider_off");
  EXPECT_TRUE(run(providers().doors(owner_->organization())).empty());
  EXPECT_EQ(run(providers().reseal(owner_->organization())), 1);
  change.enabled = true;
  run(providers().patch(*owner_, made.id, change, std::nullopt));
  EXPECT_EQ(std::string(standing(made.id).secret.reveal()), "very secret");
  EXPECT_EQ(run(providers().doors(owner_->organization())).at(0).start_url, start_path(made.id));
  run(providers().remove(*owner_, made.id));
  EXPECT_EQ(slug_of(providers().get(*owner_, made.id)), "not_found");
  EXPECT_FALSE(run(providers().find(made.id)));
  EXPECT_THAT(actions(), testing::IsSupersetOf({"provider.create done", "provider.update done",
                                                "provider.delete done"}));
}

TEST_P(ProvidersTest, who_writes_one_may_all_that_it_could_give) {
  const auto viewer = with_role(*owner_, tenancy::Role::viewer);
  EXPECT_EQ(create_slug(viewer, input()), "permission_denied");
  auto chief = input();
  chief.default_role = "owner";
  EXPECT_EQ(create_slug(*owner_, chief), "unknown_role");
  auto rules = input();
  rules.role_rules = {{"staff", "viewer"}, {"chiefs", "nobody"}};
  EXPECT_EQ(create_slug(*owner_, rules), "unknown_role");
  EXPECT_EQ(pointer(), "/role_rules/1/role");
  auto principal = owner_->principal();
  principal.permissions = {};
  principal.permissions.add(tenancy::Permission::sso_write);
  const tenancy::Tenant scoped(principal, "192.0.2.7", "request-1");
  EXPECT_EQ(create_slug(scoped, input()), "beyond_own_rights");
  const auto other = register_person("other");
  const auto made = make();
  EXPECT_EQ(slug_of(providers().get(other, made.id)), "not_found");
  EXPECT_TRUE(run(providers().list(other)).empty());
}

TEST_P(ProvidersTest, a_domain_is_its_owners_and_leads_to_one_provider) {
  auto wanted = input();
  wanted.domains = {"Company.example"};
  EXPECT_EQ(create_slug(*owner_, wanted), "domain_refused") << "no address of it";
  confirm_address("company.example");
  const auto made = make(wanted);
  EXPECT_THAT(made.domains, ElementsAre("company.example"));
  const auto found = run(providers().discover("anybody@COMPANY.example"));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].start_url, start_path(made.id));
  EXPECT_TRUE(run(providers().discover("x@elsewhere.example")).empty());
  EXPECT_EQ(create_slug(*owner_, wanted), "domain_taken");
  ProviderChange change;
  change.domains.emplace();
  EXPECT_TRUE(run(providers().patch(*owner_, made.id, change, std::nullopt)).domains.empty());
  EXPECT_TRUE(run(providers().discover("x@company.example")).empty());
}

TEST_P(ProvidersTest, a_flow_is_one_browsers_and_ends_once) {
  const auto provider = standing(make().id);
  const auto browser = new_browser_secret();
  const auto state = begin(provider, browser);
  EXPECT_EQ(take_slug(state, new_browser_secret()), "flow_unknown");
  EXPECT_EQ(take_slug(state, "short"), "flow_unknown");
  EXPECT_EQ(take_slug("", browser), "flow_unknown");
  EXPECT_EQ(run(sso_->flows.provider_of_used(state)), std::nullopt);
  const auto flow = run(sso_->flows.take(state, browser));
  EXPECT_EQ(std::string(flow.data.reveal()), "remembered");
  EXPECT_EQ(flow.return_to, "/projects");
  EXPECT_EQ(take_slug(state, browser), "flow_unknown");
  EXPECT_EQ(run(sso_->flows.provider_of_used(state)), provider.id);
  EXPECT_FALSE(run(sso_->flows.used_code(provider.id, "code")));
  run(sso_->flows.keep_code(flow, "code"));
  const auto session = fresh<SessionId>();
  run(sso_->flows.keep_session(flow, session));
  EXPECT_EQ(run(sso_->flows.used_code(provider.id, "code"))->session, session);
  const auto second = run(sso_->flows.take(begin(provider, browser), browser));
  EXPECT_EQ(slug_of(sso_->flows.keep_code(second, "code")), "code_used");
  const auto late = begin(provider, browser);
  world_->clock.advance(kFlowLife);
  EXPECT_EQ(take_slug(late, browser), "flow_unknown");
  world_->clock.advance(1s);
  begin(provider, browser);
  EXPECT_EQ(bare("select count(*) as n from sso_flows").one().get<int>("n"), 1);
}

TEST_P(ProvidersTest, whoever_is_vouched_for_comes_in_by_the_rules) {
  auto wanted = input();
  wanted.default_role = "annotator";
  wanted.role_rules = {{"leads", "manager"}, {"staff", "reviewer"}};
  const auto provider = standing(make(wanted).id);
  const auto role = [&](std::vector<std::string> groups) {
    return run(sso_->sign_in.enter(provider, person("s-1", std::move(groups)), origin()))
        .login.organization.role;
  };
  EXPECT_EQ(role({}), tenancy::Role::annotator);
  EXPECT_EQ(role({"staff", "leads"}), tenancy::Role::manager);
  EXPECT_EQ(role({"staff"}), tenancy::Role::reviewer);
  auto closed = provider;
  closed.jit = false;
  EXPECT_EQ(slug_of(sso_->sign_in.enter(closed, person("s-2"), origin())), "not_a_member");
  run(sso_->sign_in.link(provider, owner_->user(), person("s-3"), origin()));
  const auto links = run(providers().links(*owner_));
  ASSERT_EQ(links.size(), 1U);
  EXPECT_EQ(links[0].subject, "s-3");
  run(providers().unlink(*owner_, provider.id));
  EXPECT_EQ(slug_of(providers().unlink(*owner_, provider.id)), "not_found");
  EXPECT_THAT(actions(), testing::IsSupersetOf({"sso.sign_in done", "sso.sign_in denied",
                                                "user.link done", "user.unlink done"}));
}

TEST_P(ProvidersTest, who_came_in_by_a_provider_is_out_when_it_is_off) {
  auto wanted = input();
  wanted.default_role = "annotator";
  const auto provider = standing(make(wanted).id);
  const auto enter = [&](const std::string& subject) {
    return run(sso_->sign_in.enter(provider, person(subject), origin())).session;
  };
  const auto alive = [&](SessionId session) {
    return run(world_->identity.standing({session})).contains(session);
  };
  const auto away = enter("s-1");
  EXPECT_TRUE(alive(away));
  ProviderChange change;
  change.name = "Renamed";
  run(providers().patch(*owner_, provider.id, change, std::nullopt));
  EXPECT_TRUE(alive(away));
  const auto by_password = owner_->principal().session;
  run(sso_->sign_in.link(provider, owner_->user(), person("s-9"), origin()));
  change.enabled = false;
  run(providers().patch(*owner_, provider.id, change, std::nullopt));
  EXPECT_FALSE(alive(away));
  EXPECT_TRUE(alive(by_password)) << "it did not begin at the provider";
  change.enabled = true;
  run(providers().patch(*owner_, provider.id, change, std::nullopt));
  const auto again = enter("s-2");
  run(providers().remove(*owner_, provider.id));
  EXPECT_FALSE(alive(again));
  const auto entries = run(world_->trail.list(owner_->organization(), std::nullopt, 1));
  EXPECT_EQ(entries.at(0).action, "provider.delete");
  EXPECT_EQ(entries.at(0).detail.at("sessions_ended"), 1);
}

TEST_P(ProvidersTest, an_ldap_server_that_is_not_there_is_said_to_be_so) {
  auto wanted = input();
  wanted.kind = ProviderKind::ldap;
  wanted.config = {{"url", "ldaps://127.0.0.1:9"},
                   {"bind_dn", "cn=search,dc=test"},
                   {"base_dn", "ou=people,dc=test"}};
  const auto made = make(wanted);
  const auto report = run(providers().test(*owner_, made.id));
  ASSERT_EQ(report.steps.size(), 1U);
  EXPECT_EQ(report.steps[0].step, "connect");
  EXPECT_FALSE(report.ok);
  const auto provider = standing(made.id);
  EXPECT_NE(slug_of(sso_->ldap.log_in(provider, "ada", "secret", origin())), "");
  EXPECT_NE(slug_of(sso_->ldap.log_in(provider, "ada", "", origin())), "");
  EXPECT_THAT(actions(), Contains("sso.sign_in denied"));
  wanted.config["url"] = "ldaps://10.0.0.1";
  EXPECT_EQ(create_slug(*owner_, wanted), "outbound_refused");
}

TEST_P(ProvidersTest, a_test_says_at_which_step_it_ended) {
  const auto report = run(providers().test(*owner_, make().id));
  EXPECT_FALSE(report.ok);
  ASSERT_EQ(report.steps.size(), 1U);
  EXPECT_EQ(report.steps[0].step, "discovery");
}

}  // namespace
}  // namespace aa::sso
