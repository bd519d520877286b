#include <set>

#include <gtest/gtest.h>

#include "kernel/ot/applied.hpp"
#include "kernel/ot/random_changes.hpp"

namespace aa::ot {
namespace {

using document::Document;

TEST(ComposeProperty, OneChangeHasTheEffectOfBoth) {
  std::set<std::pair<std::size_t, std::size_t>> kinds;
  int composed = 0;
  for (std::uint64_t seed = 1; seed <= 40'000; ++seed) {
    RandomChanges random(seed);
    const auto target = random.annotation();
    const Document start = holding(target);
    Applied step_by_step(start);
    const Change first = random.change(target);
    step_by_step.add(first);
    const auto* between = step_by_step.document().find(target.id);
    const Change second = random.change(between == nullptr ? target : *between);
    step_by_step.add(second);
    if (step_by_step.refused()) continue;
    const auto both = compose(first, second);
    if (!both) continue;
    ++composed;
    kinds.insert({first.index(), second.index()});
    Applied at_once(start);
    at_once.add(both);
    ASSERT_FALSE(at_once.refused()) << show(both);
    ASSERT_EQ(at_once.text(), step_by_step.text()) << "seed " << seed << "\n"
                                                   << show(first) << "\n"
                                                   << show(second) << "\n"
                                                   << show(both);
  }
  EXPECT_GT(composed, 5000);
  EXPECT_GT(kinds.size(), 30U) << "of which pairs of operations there was one";
}

TEST(Compose, WhatCannotBeSaidAsOneIsNot) {
  RandomChanges random(7);
  const auto target = random.annotation(document::ShapeType::box);
  EXPECT_FALSE(compose(document::Reorder{target.id, "V"}, document::KeyframeDelete{target.id, 1}));
  const auto other = random.annotation(document::ShapeType::box);
  EXPECT_FALSE(compose(document::Delete{target.id}, document::Delete{other.id}));
}

}  // namespace
}  // namespace aa::ot
