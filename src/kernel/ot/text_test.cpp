#include "kernel/ot/text.hpp"

#include <gtest/gtest.h>

#include "kernel/ot/random_changes.hpp"

namespace aa::ot {
namespace {

using document::apply_edit;

TextEdit edit_of(std::string_view text) { return json::read<TextEdit>(json::parse(text)); }

std::string both(std::string_view text, const TextEdit& first, const TextEdit& second) {
  return apply_edit(apply_edit(text, first).value(), second).value();
}

TEST(Text, R11_InsertionsAtOnePlaceStandInServerOrder) {
  const TextEdit a = edit_of(R"([1,"A"])");
  const TextEdit b = edit_of(R"([1,"B"])");
  EXPECT_EQ(both("xy", a, transform_text(b, a, Side::later)), "xABy");
  EXPECT_EQ(both("xy", b, transform_text(a, b, Side::earlier)), "xABy");
}

TEST(Text, R11_ADeletionTakesOnlyTheCharactersItsAuthorSaw) {
  const TextEdit deletion = edit_of(R"([{"d":6}])");
  const TextEdit insertion = edit_of(R"([3,"new"])");
  EXPECT_EQ(both("abcdef", insertion, transform_text(deletion, insertion, Side::later)), "new");
  EXPECT_EQ(both("abcdef", deletion, transform_text(insertion, deletion, Side::later)), "new");
}

TEST(TextProperty, R11_EditsOfOneTextGiveTheSameInEitherOrder) {
  for (std::uint64_t seed = 1; seed <= 20'000; ++seed) {
    RandomChanges random(seed);
    const std::string text = random.text() + random.text();
    const TextEdit a = random.text_edit(text);
    const TextEdit b = random.text_edit(text);
    ASSERT_EQ(both(text, a, transform_text(b, a, Side::later)),
              both(text, b, transform_text(a, b, Side::earlier)))
        << seed << ' ' << text << ' ' << json::write(a) << ' ' << json::write(b);
  }
}

TEST(TextProperty, AComposedEditHasTheEffectOfBoth) {
  for (std::uint64_t seed = 1; seed <= 20'000; ++seed) {
    RandomChanges random(seed);
    const std::string text = random.text() + random.text();
    const TextEdit a = random.text_edit(text);
    const std::string between = apply_edit(text, a).value();
    const TextEdit b = random.text_edit(between);
    ASSERT_EQ(apply_edit(text, compose_text(a, b)), apply_edit(between, b)) << seed;
  }
}

TEST(TextProperty, TransformingOverTwoIsTransformingOverBothComposed) {
  for (std::uint64_t seed = 1; seed <= 5'000; ++seed) {
    RandomChanges random(seed);
    const std::string text = random.text() + random.text();
    const TextEdit a = random.text_edit(text);
    const TextEdit b = random.text_edit(apply_edit(text, a).value());
    const TextEdit mine = random.text_edit(text);
    const std::string after = both(text, a, b);
    const auto one = transform_text(transform_text(mine, a, Side::later), b, Side::later);
    const auto other = transform_text(mine, compose_text(a, b), Side::later);
    const auto length = [&](const TextEdit& edit) {
      return apply_edit(after, edit).value().size();
    };
    ASSERT_EQ(length(one), length(other)) << seed;
  }
}

TEST(TextProperty, AnInverseTakesTheEditBackOverWhatOthersWroteSince_R12) {
  for (std::uint64_t seed = 1; seed <= 5'000; ++seed) {
    RandomChanges random(seed);
    const std::string text = random.text() + random.text();
    const TextEdit mine = random.text_edit(text);
    const std::string between = apply_edit(text, mine).value();
    const TextEdit theirs = random.text_edit(between);
    const TextEdit inverse = document::invert_edit(text, mine);
    ASSERT_EQ(apply_edit(between, inverse), text);
    const std::string now = apply_edit(between, theirs).value();
    ASSERT_TRUE(apply_edit(now, transform_text(inverse, theirs, Side::earlier)).has_value());
  }
}

}  // namespace
}  // namespace aa::ot
