// The transform property, over all pairs of kinds of changes and over lists.
#include <map>

#include <gtest/gtest.h>

#include "kernel/ot/ot.hpp"
#include "kernel/ot/random_changes.hpp"

namespace aa::ot {
namespace {

using document::Annotation;
using document::Document;

// What TP1 leaves out, see ot.hpp.
bool is_bound(const std::string& code) {
  return code.starts_with("too_") || code == "duplicate_key" || code == "no_such_part";
}

class Applied {
 public:
  explicit Applied(const Document& document) : document_(document) {}
  void add(const std::optional<Change>& change) {
    if (!change) return;
    const auto result = document_.apply(*change);
    bounded_ |= is_bound(result.code);
  }
  bool bounded() const { return bounded_; }
  std::string text() const {
    auto snapshot = document_.snapshot();
    for (auto& item : snapshot.items) item.revision = 0;
    return json::write(snapshot.items);
  }

 private:
  Document document_;
  bool bounded_ = false;
};

std::string show(const std::optional<Change>& change) {
  return change ? document::write_change(*change) : "nothing";
}

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
      for (std::uint64_t seed = 1; seed <= 120; ++seed) {
        RandomChanges random(seed * 1000 + static_cast<std::uint64_t>(first * kKinds + second));
        const Kind leading = static_cast<Kind>(seed % 2 == 0 ? first : second);
        const Annotation target = random.annotation(random.type_for(leading));
        Document start(document::Snapshot{0, {target}});
        if (random.random().chance(3)) start = Document();
        const Change a = random.change(static_cast<Kind>(first), target);
        const Change b = random.change(static_cast<Kind>(second), target);
        counted += expect_tp1(start, a, b) ? 1 : 0;
        if (::testing::Test::HasFailure()) {
          FAIL() << name_of(first) << " before " << name_of(second) << ", seed " << seed;
        }
      }
      EXPECT_GT(counted, 80) << name_of(first) << " before " << name_of(second);
    }
  }
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
