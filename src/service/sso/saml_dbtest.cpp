#include "driver/saml/saml_bindings.hpp"
#include "service/sso/sso.hpp"
#include "service/testing/service_fixture.hpp"

namespace aa::sso {
namespace {

using namespace std::chrono_literals;

std::string body_of(const std::string& pem) {
  std::string out;
  for (std::size_t at = pem.find('\n') + 1; pem[at] != '-';) {
    const auto end = pem.find('\n', at);
    out += pem.substr(at, end - at);
    at = end + 1;
  }
  return out;
}

std::string idp_metadata() {
  static const auto key = saml::new_service_key();
  const std::string binding = "urn:oasis:names:tc:SAML:2.0:bindings:";
  const auto place = [&](const char* name, const char* kind, const char* url) {
    return std::string("<") + name + " Binding=\"" + binding + kind + "\" Location=\"" + url +
           "\"/>";
  };
  return "<EntityDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\" "
         "entityID=\"https://idp.test\"><IDPSSODescriptor "
         "protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\"><KeyDescriptor>"
         "<KeyInfo xmlns=\"http://www.w3.org/2000/09/xmldsig#\"><X509Data><X509Certificate>" +
         body_of(key.certificate) + "</X509Certificate></X509Data></KeyInfo></KeyDescriptor>" +
         place("SingleLogoutService", "HTTP-Redirect", "https://idp.test/slo") +
         place("SingleSignOnService", "HTTP-Redirect", "https://idp.test/sso") +
         place("SingleSignOnService", "HTTP-POST", "https://idp.test/sso") +
         "</IDPSSODescriptor></EntityDescriptor>";
}

class SamlTest : public fixture::ServiceTest {
 protected:
  void SetUp() override {
    ServiceTest::SetUp();
    if (!world_) return;
    sso_ = std::make_unique<Sso>(
        SsoParts{*world_->database, world_->trail, world_->identity, world_->access, outbound_,
                 world_->key_ring, world_->public_url, world_->clock, world_->ids,
                 world_->executors, std::filesystem::path(AA_BUILD_DIR) / "annotateai_saml.so"});
    store_ = std::make_unique<SamlStore>(*world_->database, world_->key_ring, world_->clock,
                                         world_->executors);
    tenant_.emplace(register_person());
  }
  void TearDown() override {
    store_.reset();
    sso_.reset();
    ServiceTest::TearDown();
  }

  ProviderView make(json::Object more = {}) {
    NewProvider input;
    input.kind = ProviderKind::saml;
    input.name = "Ours";
    input.enabled = true;
    input.config = std::move(more);
    input.config["metadata"] = idp_metadata();
    return run(sso_->providers.create(*tenant_, std::move(input)));
  }
  template <class Call>
  std::string slug_of(Call call) {
    try {
      call();
      return "";
    } catch (const Error& error) {
      return error.slug();
    }
  }

  http::Outbound outbound_{{}};
  std::unique_ptr<Sso> sso_;
  std::unique_ptr<SamlStore> store_;
  std::optional<tenancy::Tenant> tenant_;
};
AA_ON_BOTH_ENGINES(SamlTest);

TEST_P(SamlTest, the_settings_are_what_the_metadata_say) {
  const auto made = make();
  EXPECT_EQ(made.config.at("entity_id"), "https://idp.test");
  EXPECT_EQ(made.config.at("sign_in_url"), "https://idp.test/sso");
  EXPECT_EQ(made.config.at("sign_out_url"), "https://idp.test/slo");
  EXPECT_TRUE(
      made.addresses.at("acs_url").ends_with("/api/v1/auth/saml/" + made.id.str() + "/acs"));
  EXPECT_EQ(slug_of([&] {
              NewProvider input;
              input.kind = ProviderKind::saml;
              input.name = "x";
              run(sso_->providers.create(*tenant_, std::move(input)));
            }),
            "invalid_provider");
  EXPECT_EQ(slug_of([&] { make({{"binding", "carrier pigeon"}}); }), "invalid_provider");
}

TEST_P(SamlTest, a_key_is_made_once_and_signs_what_we_ask) {
  const auto made = make();
  const auto first = run(store_->key(tenant_->organization(), made.id));
  const auto second = run(store_->key(tenant_->organization(), made.id));
  EXPECT_EQ(first.key, second.key);
  EXPECT_NE(run(sso_->saml.metadata(made.id)).find(body_of(first.certificate)), std::string::npos);
  auto provider = run(sso_->providers.standing(made.id));
  FlowRequest request(new_browser_secret(), FlowPurpose::sign_in, std::nullopt, "/");
  const auto url = run(sso_->saml.start(provider, std::move(request)));
  const auto message =
      saml::from_query(url.substr(url.find('?') + 1), {body_of(first.certificate)});
  EXPECT_NE(message.document.find("ForceAuthn=\"false\""), std::string::npos);
  FlowRequest link(new_browser_secret(), FlowPurpose::link, tenant_->user(), "/");
  const auto proof = run(sso_->saml.start(provider, std::move(link)));
  EXPECT_NE(saml::from_query(proof.substr(proof.find('?') + 1), {body_of(first.certificate)})
                .document.find("ForceAuthn=\"true\""),
            std::string::npos);
  const auto report = run(sso_->providers.test(*tenant_, made.id));
  EXPECT_TRUE(report.ok);
}

TEST_P(SamlTest, a_request_can_be_posted) {
  const auto made = make({{"binding", "post"}});
  auto provider = run(sso_->providers.standing(made.id));
  FlowRequest request(new_browser_secret(), FlowPurpose::sign_in, std::nullopt, "/");
  const auto url = run(sso_->saml.start(provider, std::move(request)));
  const std::string begin = "/api/v1/auth/saml/" + made.id.str() + "/request?state=";
  ASSERT_TRUE(url.starts_with(begin)) << url;
  const auto message = run(sso_->saml.request_of(made.id, url.substr(begin.size()), false));
  EXPECT_EQ(message.url, "https://idp.test/sso");
  EXPECT_NE(saml::from_form(message.body).find("<SignatureValue>"), std::string::npos);
}

TEST_P(SamlTest, a_message_is_taken_once_until_it_is_forgotten) {
  const auto made = make();
  const auto organization = tenant_->organization();
  const auto until = world_->clock.now() + 5min;
  run(store_->once(organization, made.id, "_a", until));
  run(store_->once(organization, made.id, "_b", until));
  EXPECT_EQ(slug_of([&] { run(store_->once(organization, made.id, "_a", until)); }),
            "saml_replayed");
  world_->clock.advance(6min);
  run(store_->once(organization, made.id, "_c", until + 10min));
  run(store_->once(organization, made.id, "_a", until + 10min));
}

TEST_P(SamlTest, sessions_are_known_by_name_and_index) {
  const auto made = make();
  const auto session = tenant_->principal().session;
  EXPECT_FALSE(run(store_->session(session)));
  EXPECT_FALSE(run(sso_->saml.sign_out(session)));
  SamlSession known;
  known.provider = made.id;
  known.name.value = "ada@example.org";
  known.index = "s1";
  run(store_->keep_session(tenant_->organization(), session, known));
  const auto read = run(store_->session(session));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->name.value, "ada@example.org");
  using List = std::vector<SessionId>;
  EXPECT_EQ(run(store_->sessions_of(made.id, "ada@example.org", {})), List{session});
  EXPECT_EQ(run(store_->sessions_of(made.id, "ada@example.org", {"s1", "s2"})), List{session});
  EXPECT_EQ(run(store_->sessions_of(made.id, "ada@example.org", {"s2"})), List{});
  EXPECT_EQ(run(store_->sessions_of(made.id, "Ada@example.org", {})), List{});
  const auto away = run(sso_->saml.sign_out(session));
  ASSERT_TRUE(away);
  EXPECT_TRUE(away->starts_with("https://idp.test/slo?SAMLRequest="));
  run(world_->identity.logout(*tenant_));
  EXPECT_EQ(run(store_->sessions_of(made.id, "ada@example.org", {})), List{});
}

TEST_P(SamlTest, without_the_plugin_it_says_so) {
  auto parts = SsoParts{*world_->database,
                        world_->trail,
                        world_->identity,
                        world_->access,
                        outbound_,
                        world_->key_ring,
                        world_->public_url,
                        world_->clock,
                        world_->ids,
                        world_->executors,
                        "/nowhere/annotateai_saml.so"};
  Sso bare(std::move(parts));
  NewProvider input;
  input.kind = ProviderKind::saml;
  input.name = "Ours";
  input.config["metadata"] = idp_metadata();
  EXPECT_EQ(slug_of([&] { run(bare.providers.create(*tenant_, std::move(input))); }),
            "saml_not_installed");
}

}  // namespace
}  // namespace aa::sso
