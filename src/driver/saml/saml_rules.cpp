#include "driver/saml/saml_rules.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace aa::saml {
namespace {

constexpr const char* kSuccess = "urn:oasis:names:tc:SAML:2.0:status:Success";
constexpr const char* kBearer = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
constexpr const char* kTransient = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient";
constexpr std::size_t kNameBytes = 400;

void need(bool holds, const char* slug) {
  if (holds) return;
  throw Error(ErrorCode::unauthenticated, slug, "The identity provider's answer is not taken.");
}

std::optional<Timestamp> time_of(const std::string& text) {
  if (text.empty()) return std::nullopt;
  const auto out = Timestamp::parse(text);
  need(out.has_value(), "saml_time");
  return out;
}

void check_begin(const std::string& text, Timestamp now) {
  const auto begin = time_of(text);
  need(!begin || *begin <= now + kSkew, "saml_not_yet");
}

// Required; answers it.
Timestamp check_end(const std::string& text, Timestamp now) {
  const auto end = time_of(text);
  need(end.has_value(), "saml_no_times");
  need(*end + kSkew > now, "saml_expired");
  return std::min(*end, now + kAnswerLife) + kSkew;
}

void check_recent(const std::string& text, Timestamp now) {
  const auto at = time_of(text);
  need(at.has_value(), "saml_no_times");
  need(*at <= now + kSkew, "saml_not_yet");
  need(*at + kAnswerLife + kSkew > now, "saml_expired");
}

// One that holds is enough: the standard lets an assertion have several.
void check_confirmations(const Assertion& assertion, const Expected& expected) {
  const char* problem = "saml_no_bearer";
  for (const auto& one : assertion.confirmations) {
    if (one.method != kBearer) continue;
    problem = "saml_recipient";
    if (one.recipient != expected.acs) continue;
    problem = "saml_in_response_to";
    if (one.in_response_to != expected.request) continue;
    need(one.not_before.empty(), "saml_not_before");
    check_end(one.not_on_or_after, expected.now);
    return;
  }
  need(false, problem);
}

void check_audiences(const Assertion& assertion, const std::string& entity_id) {
  need(!assertion.audiences.empty(), "saml_audience");
  for (const auto& restriction : assertion.audiences) {
    need(std::ranges::find(restriction, entity_id) != restriction.end(), "saml_audience");
  }
}

void check_name(const NameId& name) {
  const auto is_space = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
  need(!name.value.empty() && name.value.size() <= kNameBytes, "saml_name");
  need(!is_space(name.value.front()) && !is_space(name.value.back()), "saml_name");
  need(std::ranges::none_of(name.value, [](unsigned char c) { return c < 0x20 || c == 0x7f; }),
       "saml_name");
}

}  // namespace

Timestamp check_response(const ResponseFacts& facts, const Expected& expected) {
  need(facts.status == kSuccess, "saml_status");
  need(facts.issuer.empty() || facts.issuer == expected.issuer, "saml_issuer");
  need(facts.destination == expected.acs || (facts.destination.empty() && !facts.is_signed),
       "saml_destination");
  need(facts.in_response_to == expected.request, "saml_in_response_to");
  const auto& assertion = facts.assertion;
  need(assertion.issuer == expected.issuer, "saml_issuer");
  check_name(assertion.name);
  need(assertion.name.format != kTransient, "saml_transient_name");
  check_confirmations(assertion, expected);
  check_audiences(assertion, expected.entity_id);
  check_begin(assertion.not_before, expected.now);
  const auto end = check_end(assertion.not_on_or_after, expected.now);
  if (!assertion.statement.session_ends.empty()) {
    check_end(assertion.statement.session_ends, expected.now);
  }
  return end;
}

Timestamp check_logout(const LogoutFacts& facts, const ExpectedLogout& expected) {
  need(facts.issuer == expected.issuer, "saml_issuer");
  need(facts.destination == expected.slo, "saml_destination");
  check_recent(facts.issue_instant, expected.now);
  if (facts.request) {
    check_name(facts.name);
    if (!facts.not_on_or_after.empty()) check_end(facts.not_on_or_after, expected.now);
  }
  return expected.now + kAnswerLife + 2 * kSkew;
}

}  // namespace aa::saml
