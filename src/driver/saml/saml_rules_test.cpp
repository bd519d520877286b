#include "driver/saml/saml_rules.hpp"

#include <functional>

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace aa::saml {
namespace {

const Timestamp kNow = *Timestamp::parse("2026-03-01T12:00:00Z");

std::string at(std::chrono::seconds after) { return (kNow + after).str(); }

Expected expected() {
  return {"https://idp.test", "https://sp.test/metadata", "https://sp.test/acs", "_asked", kNow};
}

ResponseFacts facts() {
  ResponseFacts out;
  out.issuer = "https://idp.test";
  out.destination = "https://sp.test/acs";
  out.in_response_to = "_asked";
  out.status = "urn:oasis:names:tc:SAML:2.0:status:Success";
  auto& assertion = out.assertion;
  assertion.id = "_a";
  assertion.issuer = "https://idp.test";
  assertion.name.value = "ada@example.org";
  assertion.confirmations = {{"urn:oasis:names:tc:SAML:2.0:cm:bearer", "https://sp.test/acs",
                              "_asked", "", at(std::chrono::minutes(5))}};
  assertion.not_before = at(std::chrono::seconds(-5));
  assertion.not_on_or_after = at(std::chrono::minutes(5));
  assertion.audiences = {{"https://sp.test/metadata"}};
  return out;
}

std::string refusal(const std::function<void(ResponseFacts&)>& change,
                    const Expected& wanted = expected()) {
  auto told = facts();
  change(told);
  try {
    check_response(told, wanted);
    return "";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::unauthenticated);
    return error.slug();
  }
}

TEST(SamlRules, TakesWhatIsMeantForUsNow) {
  EXPECT_EQ(check_response(facts(), expected()),
            kNow + std::chrono::minutes(5) + std::chrono::seconds(60));
  EXPECT_EQ(refusal([](auto& f) { f.destination.clear(); }), "");
  EXPECT_EQ(refusal([](auto& f) { f.issuer.clear(); }), "");
  EXPECT_EQ(refusal([](auto& f) {
              f.assertion.confirmations.insert(f.assertion.confirmations.begin(),
                                               {"urn:oasis:names:tc:SAML:2.0:cm:sender-vouches"});
            }),
            "");
}

TEST(SamlRules, RefusesWhatIsForOthers) {
  EXPECT_EQ(refusal([](auto& f) { f.issuer = "https://other"; }), "saml_issuer");
  EXPECT_EQ(refusal([](auto& f) { f.assertion.issuer = "https://other"; }), "saml_issuer");
  EXPECT_EQ(refusal([](auto& f) { f.assertion.issuer.clear(); }), "saml_issuer");
  EXPECT_EQ(refusal([](auto& f) { f.destination = "https://sp.test/acs2"; }), "saml_destination");
  EXPECT_EQ(refusal([](auto& f) {
              f.destination.clear();
              f.is_signed = true;
            }),
            "saml_destination");
  EXPECT_EQ(refusal([](auto& f) { f.assertion.audiences = {}; }), "saml_audience");
  EXPECT_EQ(refusal([](auto& f) { f.assertion.audiences = {{"https://other"}}; }), "saml_audience");
  EXPECT_EQ(refusal([](auto& f) { f.assertion.audiences.push_back({"https://other"}); }),
            "saml_audience");
  EXPECT_EQ(refusal([](auto& f) { f.assertion.confirmations[0].recipient = "x"; }),
            "saml_recipient");
  EXPECT_EQ(refusal([](auto& f) { f.assertion.confirmations[0].method = "x"; }), "saml_no_bearer");
  EXPECT_EQ(refusal([](auto& f) { f.assertion.confirmations.clear(); }), "saml_no_bearer");
  EXPECT_EQ(refusal([](auto& f) { f.status = "urn:oasis:names:tc:SAML:2.0:status:Responder"; }),
            "saml_status");
}

TEST(SamlRules, BindsToTheRequest) {
  EXPECT_EQ(refusal([](auto& f) { f.in_response_to = "_other"; }), "saml_in_response_to");
  EXPECT_EQ(refusal([](auto& f) { f.in_response_to.clear(); }), "saml_in_response_to");
  EXPECT_EQ(refusal([](auto& f) { f.assertion.confirmations[0].in_response_to = "_other"; }),
            "saml_in_response_to");
  EXPECT_EQ(refusal([](auto& f) { f.assertion.confirmations[0].in_response_to.clear(); }),
            "saml_in_response_to");
  auto unasked = expected();
  unasked.request.clear();
  EXPECT_EQ(refusal([](auto&) {}, unasked), "saml_in_response_to");
  EXPECT_EQ(refusal(
                [](auto& f) {
                  f.in_response_to.clear();
                  f.assertion.confirmations[0].in_response_to.clear();
                },
                unasked),
            "");
}

TEST(SamlRules, WantsTimesAndKeepsThem) {
  EXPECT_EQ(refusal([](auto& f) { f.assertion.not_on_or_after.clear(); }), "saml_no_times");
  EXPECT_EQ(refusal([](auto& f) { f.assertion.confirmations[0].not_on_or_after.clear(); }),
            "saml_no_times");
  EXPECT_EQ(refusal([](auto& f) { f.assertion.not_on_or_after = at(std::chrono::seconds(-59)); }),
            "");
  EXPECT_EQ(refusal([](auto& f) { f.assertion.not_on_or_after = at(std::chrono::seconds(-60)); }),
            "saml_expired");
  EXPECT_EQ(refusal([](auto& f) {
              f.assertion.confirmations[0].not_on_or_after = at(std::chrono::seconds(-61));
            }),
            "saml_expired");
  EXPECT_EQ(refusal([](auto& f) { f.assertion.not_before = at(std::chrono::seconds(60)); }), "");
  EXPECT_EQ(refusal([](auto& f) { f.assertion.not_before = at(std::chrono::seconds(61)); }),
            "saml_not_yet");
  EXPECT_EQ(refusal([](auto& f) { f.assertion.not_before = "yesterday"; }), "saml_time");
  EXPECT_EQ(refusal([](auto& f) {
              f.assertion.confirmations[0].not_before = at(std::chrono::seconds(-5));
            }),
            "saml_not_before");
  EXPECT_EQ(
      refusal([](auto& f) { f.assertion.statement.session_ends = at(std::chrono::seconds(-61)); }),
      "saml_expired");
}

TEST(SamlRules, RefusesNamesThatReadersMayTakeForOthers) {
  for (const auto* name : {"", " a", "a ", "a\n", "a\tb", "a\x7f"}) {
    EXPECT_EQ(refusal([name](auto& f) { f.assertion.name.value = name; }), "saml_name") << name;
  }
  EXPECT_EQ(refusal([](auto& f) { f.assertion.name.value.assign(401, 'x'); }), "saml_name");
  EXPECT_EQ(refusal([](auto& f) {
              f.assertion.name.format = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient";
            }),
            "saml_transient_name");
}

std::string logout_refusal(const std::function<void(LogoutFacts&)>& change) {
  LogoutFacts told;
  told.issuer = "https://idp.test";
  told.destination = "https://sp.test/slo";
  told.issue_instant = at(std::chrono::seconds(0));
  told.request = true;
  told.name.value = "ada";
  change(told);
  try {
    check_logout(told, {"https://idp.test", "https://sp.test/slo", kNow});
    return "";
  } catch (const Error& error) {
    return error.slug();
  }
}

TEST(SamlRules, ChecksLogouts) {
  EXPECT_EQ(logout_refusal([](auto&) {}), "");
  EXPECT_EQ(logout_refusal([](auto& f) { f.issuer = "x"; }), "saml_issuer");
  EXPECT_EQ(logout_refusal([](auto& f) { f.destination.clear(); }), "saml_destination");
  EXPECT_EQ(logout_refusal([](auto& f) { f.issue_instant.clear(); }), "saml_no_times");
  EXPECT_EQ(logout_refusal([](auto& f) { f.issue_instant = at(std::chrono::hours(-2)); }),
            "saml_expired");
  EXPECT_EQ(logout_refusal([](auto& f) { f.issue_instant = at(std::chrono::minutes(2)); }),
            "saml_not_yet");
  EXPECT_EQ(logout_refusal([](auto& f) { f.not_on_or_after = at(std::chrono::minutes(-2)); }),
            "saml_expired");
  EXPECT_EQ(logout_refusal([](auto& f) { f.name.value.clear(); }), "saml_name");
}

}  // namespace
}  // namespace aa::saml
