// The transform property, over all pairs of kinds of changes and over lists.
#include <gtest/gtest.h>

#include "kernel/ot/applied.hpp"
#include "kernel/ot/random_changes.hpp"

namespace aa::ot {
namespace {

using document::Annotation;
using document::Document;

// True when the pair counted: no bound had a say.
bool expect_tp1(const Document& start, const Change& a, const Change& b) {
  const Merge later = transform(b, a, Side::later);
  const Merge earlier = transform(a, b, Side::earlier);
  Applied one(start);
  one.add(a);
  one.add(later.change);
  Applied other(start);
  other.add(b);
  other.add(earlier.change);
  if (one.bounded() || other.bounded()) return false;
  EXPECT_EQ(one.text(), other.text())
      << "state   " << json::write(start.snapshot().items) << "\nearlier " << show(a)
      << "\nlater   " << show(b) << "\nearlier' " << show(earlier.change) << "\nlater'   "
      << show(later.change);
  return true;
}

std::string name_of(int kind) {
  return boost::describe::enum_to_string(static_cast<Kind>(kind), "?");
}

TEST(TransformProperty, TP1HoldsForAllPairsOfKinds) {
  for (int first = 0; first < kKinds; ++first) {
    for (int second = 0; second < kKinds; ++second) {
      int counted = 0;
      for (std::uint64_t seed = 1; seed <= 400; ++seed) {
        RandomChanges random(seed * 1000 + static_cast<std::uint64_t>(first * kKinds + second));
        const Kind leading = static_cast<Kind>(seed % 2 == 0 ? first : second);
        const Annotation target = random.annotation(random.type_for(leading));
        Document start = holding(target);
        if (random.random().chance(3)) start = Document();
        const Change a = random.change(static_cast<Kind>(first), target);
        const Change b = random.change(static_cast<Kind>(second), target);
        counted += expect_tp1(start, a, b) ? 1 : 0;
        if (::testing::Test::HasFailure()) {
          FAIL() << name_of(first) << " before " << name_of(second) << ", seed " << seed;
        }
      }
      EXPECT_GT(counted, 266) << name_of(first) << " before " << name_of(second);
    }
  }
}

// What both authors could make does not become what the document refuses, bounds and the loss of
// a vertex aside.
TEST(TransformProperty, WhatWasAcceptedStaysAcceptable) {
  for (std::uint64_t seed = 1; seed <= 20'000; ++seed) {
    RandomChanges random(seed);
    const Annotation target = random.annotation();
    const Document start = holding(target);
    const Change a = random.change(target);
    const Change b = random.change(target);
    Document one = start;
    Document other = start;
    if (!one.apply(a).ok || !other.apply(b).ok) continue;
    for (const Side side : {Side::later, Side::earlier}) {
      const bool later = side == Side::later;
      const Merge merge = later ? transform(b, a, side) : transform(a, b, side);
      if (!merge.change) continue;
      const auto result = (later ? one : other).apply(*merge.change);
      const bool explained = result.ok || is_bound(result.code) ||
                             (result.code == "vertex_gone" && merge.rule == "R6");
      ASSERT_TRUE(explained) << seed << ' ' << result.code << "\na " << show(a) << "\nb " << show(b)
                             << "\nbecame " << show(merge.change);
    }
  }
}

// Every kind can be taken back, and what takes it back merges with what another did since as any
// change does.
TEST(TransformProperty, AnInverseMergesWithWhatOthersDidSince_R12) {
  int counted = 0;
  constexpr int kSeeds = 6000;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    RandomChanges random(seed);
    const Kind kind = static_cast<Kind>(seed % kKinds);
    const Annotation target = random.annotation(random.type_for(kind));
    const Document start = holding(target);
    const Change mine = random.change(kind, target);
    const auto undo = start.invert(mine);
    Document now = start;
    if (!now.apply(mine).ok) continue;
    ASSERT_EQ(undo.size(), 1U);
    Document back = now;
    ASSERT_TRUE(back.apply(undo[0]).ok) << seed << show(undo[0]);
    ASSERT_TRUE(back.same_content(start)) << seed << show(mine) << show(undo[0]);
    const auto* present = now.find(target.id);
    if (present == nullptr) continue;
    counted += expect_tp1(now, undo[0], random.change(*present)) ? 1 : 0;
    ASSERT_FALSE(HasFailure()) << "seed " << seed;
  }
  EXPECT_GT(counted, kSeeds * 7 / 10);
}

TEST(TransformProperty, ChangesOfOtherAnnotationsPassUntouched_R1) {
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    RandomChanges random(seed);
    const Change a = random.change(random.annotation());
    const Change b = random.change(random.annotation());
    EXPECT_FALSE(meet(a, b, Side::later).has_value());
    EXPECT_EQ(transform(a, b, Side::earlier).change, a);
    EXPECT_EQ(transform(a, b, Side::earlier).rule, "");
  }
}

}  // namespace
}  // namespace aa::ot
