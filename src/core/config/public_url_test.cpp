#include "core/config/public_url.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace aa::config {
namespace {

TEST(PublicUrl, LinksBeginWithTheSetting) {
  PublicUrl url("https://labels.example.org/");
  url.set_fallback("http://127.0.0.1:8080");
  EXPECT_EQ(url.link("/reset"), "https://labels.example.org/reset");
}

TEST(PublicUrl, WithoutASettingLinksLeadToWhereTheServerListens) {
  PublicUrl url("");
  url.set_fallback("http://127.0.0.1:8080");
  EXPECT_EQ(url.link("/reset"), "http://127.0.0.1:8080/reset");
}

TEST(PublicUrl, AnythingButAnOriginIsRefused) {
  for (const auto* bad :
       {"labels.example.org", "ftp://x.test", "https://", "https://x.test/app", "https://x.test?a",
        "https://user@x.test", "https://x.test#a", "https://x y.test", "javascript:alert(1)"}) {
    EXPECT_THROW(PublicUrl{bad}, Error) << bad;
  }
}

}  // namespace
}  // namespace aa::config
