#include "service/webhooks/event_pattern.hpp"

#include <gtest/gtest.h>

namespace aa::webhooks {
namespace {

TEST(EventPattern, names_and_stars_at_the_end_are_patterns) {
  for (const auto* good : {"*", "project.create", "project.*", "model", "a.b.c", "a.b.*"}) {
    EXPECT_TRUE(is_pattern(good)) << good;
  }
  for (const auto* bad : {"", ".", "project.", ".create", "*.create", "project*", "pro ject",
                          "Project.create", "project.*.x", "**", "a..b", "a\n"}) {
    EXPECT_FALSE(is_pattern(bad)) << bad;
  }
  EXPECT_FALSE(is_pattern(std::string(101, 'a')));
}

TEST(EventPattern, a_pattern_fits_whole_parts_only) {
  EXPECT_TRUE(fits("*", "project.create"));
  EXPECT_TRUE(fits("project.create", "project.create"));
  EXPECT_FALSE(fits("project.create", "project.create_more"));
  EXPECT_TRUE(fits("project.*", "project.create"));
  EXPECT_FALSE(fits("project.*", "project"));
  EXPECT_FALSE(fits("project.*", "projects.create"));
}

}  // namespace
}  // namespace aa::webhooks
