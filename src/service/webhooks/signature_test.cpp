#include "service/webhooks/signature.hpp"

#include <gtest/gtest.h>

namespace aa::webhooks {
namespace {

// printf '1767225600.{}' | openssl dgst -sha256 -hmac Jefe
TEST(Signature, is_hmac_sha256_of_time_and_body) {
  EXPECT_EQ(signature_header(Secret("Jefe"), Timestamp{1'767'225'600'000'000}, "{}"),
            "t=1767225600,v1=f9af0253920f01f15d2f7025018fea13eee543695b72830cba02e45e7db6a7c5");
  EXPECT_NE(signature_header(Secret("Jefe"), Timestamp{1'767'225'601'000'000}, "{}"),
            signature_header(Secret("Jefe"), Timestamp{1'767'225'600'000'000}, "{}"));
}

TEST(Signature, secrets_are_long_and_never_the_same) {
  const auto one = new_secret();
  EXPECT_EQ(one.reveal().size(), 6 + 43U);
  EXPECT_NE(one.reveal(), new_secret().reveal());
}

}  // namespace
}  // namespace aa::webhooks
