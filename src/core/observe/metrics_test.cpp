#include "core/observe/metrics.hpp"

#include <gtest/gtest.h>

namespace aa::observe {
namespace {

TEST(Metrics, text_holds_every_kind) {
  Metrics metrics;
  metrics.add("aa_requests_total", "Requests", {{"route", "/x"}});
  metrics.add("aa_requests_total", "Requests", {{"route", "/x"}}, 2);
  metrics.set("aa_depth", "Depth", {}, 4);
  metrics.observe_seconds("aa_seconds", "Seconds", {}, std::chrono::milliseconds(3));
  const std::string text = metrics.text();
  EXPECT_NE(text.find("aa_requests_total{route=\"/x\"} 3"), std::string::npos) << text;
  EXPECT_NE(text.find("aa_depth 4"), std::string::npos);
  EXPECT_NE(text.find("aa_seconds_bucket{le=\"0.005\"} 1"), std::string::npos);
}

}  // namespace
}  // namespace aa::observe
