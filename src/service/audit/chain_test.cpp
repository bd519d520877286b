#include "service/audit/chain.hpp"

#include <gtest/gtest.h>

namespace aa::audit {
namespace {

Link link() {
  Link out;
  out.sequence = 1;
  out.at = Timestamp{1'767'225'600'000'000};
  out.actor_id = "01890a5d-ac96-774b-bcce-b302099a8057";
  out.action = "project.create";
  out.object_type = "project";
  out.object_id = "01890a5d-ac96-774b-bcce-b302099a8058";
  out.outcome = "done";
  out.request_id = "r-1";
  out.detail = R"({"name":"x"})";
  return out;
}

// The format is a promise (docs/audit.md): a change of it breaks every chain there is.
TEST(Chain, the_line_that_is_hashed_is_fixed) {
  const std::string organization = "01890a5d-ac96-774b-bcce-b302099a8059";
  EXPECT_EQ(entry_text(organization, link()),
            R"({"sequence":1,"at":"2026-01-01T00:00:00.000000Z",)"
            R"("organization_id":"01890a5d-ac96-774b-bcce-b302099a8059",)"
            R"("actor_id":"01890a5d-ac96-774b-bcce-b302099a8057","action":"project.create",)"
            R"("object_type":"project","object_id":"01890a5d-ac96-774b-bcce-b302099a8058",)"
            R"("outcome":"done","request_id":"r-1","origin":null,"detail":{"name":"x"}})");
  // { printf '%064d' 0; printf '%s' LINE; } | sha256sum
  EXPECT_EQ(hash_of(kNoHash, organization, link()),
            "5fb19f105c343db5199d0a63aecbc87087300c00f3a8997869f05fa741c17733");
}

TEST(Chain194, whatever_a_text_holds_the_line_stays_one) {
  auto hostile = link();
  hostile.object_id = "a\r\nb\x1b[31m\x7f\u2028";
  hostile.request_id = "\n{\"sequence\":9}";
  const auto text = entry_text("o", hostile);
  EXPECT_EQ(text.find_first_of("\r\n\x1b"), std::string::npos) << text;
}

TEST(Chain, an_origin_cannot_be_guessed_without_its_salt) {
  EXPECT_NE(origin_of("a", "192.0.2.1", ""), origin_of("b", "192.0.2.1", ""));
  EXPECT_NE(origin_of("a", "192.0.2.1", ""), origin_of("a", "192.0.2.2", ""));
  EXPECT_EQ(origin_of("a", "192.0.2.1", "x").size(), 64U);
}

}  // namespace
}  // namespace aa::audit
