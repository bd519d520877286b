#include "service/identity/access_token.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/hash.hpp"

namespace aa::identity {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

Secret seed(char fill = 's') { return Secret(std::string(32, fill)); }

AccessClaims claims(const ManualClock& clock) {
  IdSource ids(clock, 7);
  return {ids.next_as<UserId>(), ids.next_as<OrganizationId>(), ids.next_as<SessionId>(),
          clock.now(), clock.now() + kAccessTokenLife};
}

std::string slug(const TokenSigner& signer, std::string_view token, Timestamp now) {
  try {
    signer.verify(token, now);
  } catch (const Error& error) {
    return error.slug();
  }
  return "";
}

std::string part(const std::string& token, int index) {
  std::size_t from = 0;
  for (int i = 0; i < index; ++i) from = token.find('.', from) + 1;
  return token.substr(from, token.find('.', from) - from);
}

TEST(AccessToken, says_what_was_signed) {
  const ManualClock clock;
  const TokenSigner signer(seed());
  const auto wanted = claims(clock);
  const auto got = signer.verify(signer.sign(wanted), clock.now());
  EXPECT_EQ(got.user, wanted.user);
  EXPECT_EQ(got.organization, wanted.organization);
  EXPECT_EQ(got.session, wanted.session);
  EXPECT_EQ(got.issued_at, wanted.issued_at);
  EXPECT_EQ(got.expires_at, wanted.expires_at);
}

TEST(AccessToken, is_a_jwt_of_the_type_we_say) {
  const ManualClock clock;
  const TokenSigner signer(seed());
  const auto token = signer.sign(claims(clock));
  EXPECT_EQ(from_base64url(part(token, 0)),
            R"({"alg":"EdDSA","kid":")" + signer.id() + R"(","typ":"at+jwt"})");
  EXPECT_NE(from_base64url(part(token, 1))->find(R"("iss":"annotateai")"), std::string::npos);
  EXPECT_EQ(from_base64url(part(token, 2))->size(), 64U);
}

TEST(AccessToken, expires_to_the_second) {
  ManualClock clock;
  const TokenSigner signer(seed());
  const auto token = signer.sign(claims(clock));
  EXPECT_EQ(slug(signer, token, clock.now() + (kAccessTokenLife - seconds(1))), "");
  EXPECT_EQ(slug(signer, token, clock.now() + kAccessTokenLife), "token_expired");
  EXPECT_EQ(slug(signer, token, clock.now() + -minutes(2)), "invalid_token")
      << "issued in the future";
}

TEST(AccessToken, every_flipped_character_is_noticed) {
  const ManualClock clock;
  const TokenSigner signer(seed());
  const auto token = signer.sign(claims(clock));
  for (std::size_t i = 0; i < token.size(); ++i) {
    auto altered = token;
    altered[i] = altered[i] == 'A' ? 'B' : 'A';
    const auto last_of_signature = i + 1 == token.size();
    if (last_of_signature) continue;  // its low bits are padding
    EXPECT_EQ(slug(signer, altered, clock.now()), "invalid_token") << i;
  }
}

TEST(AccessToken, another_key_another_algorithm_and_rubbish_are_refused) {
  const ManualClock clock;
  const TokenSigner signer(seed());
  const auto now = clock.now();
  EXPECT_EQ(slug(signer, TokenSigner(seed('t')).sign(claims(clock)), now), "invalid_token");
  const auto token = signer.sign(claims(clock));
  const auto none = to_base64url(R"({"alg":"none","typ":"at+jwt"})") + "." + part(token, 1) + ".";
  EXPECT_EQ(slug(signer, none, now), "invalid_token");
  EXPECT_EQ(slug(signer, none + part(token, 2), now), "invalid_token");
  for (const auto* text : {"", ".", "..", "...", "a.b.c", "\xff.\xff.\xff"}) {
    EXPECT_EQ(slug(signer, text, now), "invalid_token") << text;
  }
  EXPECT_EQ(slug(signer, token + std::string(5000, 'A'), now), "invalid_token");
  EXPECT_EQ(slug(signer, token + ".", now), "invalid_token");
}

TEST(AccessToken, a_seed_of_another_size_is_a_defect) {
  EXPECT_THROW(TokenSigner(Secret("short")), Error);
}

}  // namespace
}  // namespace aa::identity
