// Lists of changes: what two people made one after the other, each without the other.
#include <gtest/gtest.h>

#include "kernel/ot/applied.hpp"
#include "kernel/ot/random_changes.hpp"
#include "kernel/ot/wire.hpp"

namespace aa::ot {
namespace {

using document::Document;

std::vector<Change> history(RandomChanges& random, Document document, std::size_t length) {
  std::vector<Change> out;
  while (out.size() < length && !document.items().empty()) {
    auto target = document.items().begin();
    std::advance(target,
                 static_cast<std::ptrdiff_t>(random.random().below(document.items().size())));
    Change change = random.change(*target->second);
    if (document.apply(change).ok) out.push_back(std::move(change));
  }
  return out;
}

Document start_of(RandomChanges& random) {
  document::Snapshot snapshot;
  for (int i = 0; i < 2; ++i) snapshot.items.push_back(random.annotation());
  return Document(std::move(snapshot));
}

std::vector<Change> left_of(const std::vector<Merge>& merges) {
  std::vector<Change> out;
  for (const Merge& merge : merges) {
    if (merge.change) out.push_back(*merge.change);
  }
  return out;
}

TEST(TransformList, TwoHistoriesGiveOneDocument) {
  int counted = 0;
  constexpr int kSeeds = 3000;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    RandomChanges random(seed);
    const Document start = start_of(random);
    const auto first = history(random, start, 1 + random.random().below(6));
    const auto second = history(random, start, 1 + random.random().below(6));
    std::vector<Change> first_after = first;
    const auto second_after = left_of(transform_all(second, first_after, Side::later));
    Applied one(start);
    one.add(first);
    one.add(second_after);
    Applied other(start);
    other.add(second);
    other.add(first_after);
    if (one.bounded() || other.bounded()) continue;
    ++counted;
    ASSERT_EQ(one.text(), other.text()) << "seed " << seed;
  }
  EXPECT_GT(counted, kSeeds * 8 / 10);
}

// Step by step is as all at once: a client hears of operations one by one, the server may see many.
TEST(TransformList, PiecesGiveTheSameAsTheWhole) {
  for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
    RandomChanges random(seed);
    const Document start = start_of(random);
    const auto first = history(random, start, 5);
    const auto second = history(random, start, 5);
    std::vector<Change> all = first;
    const auto whole = left_of(transform_all(second, all, Side::later));
    std::vector<Change> pieces = second;
    for (const Change& change : first) {
      std::vector<Change> one{change};
      pieces = left_of(transform_all(std::move(pieces), one, Side::later));
    }
    ASSERT_EQ(pieces, whole) << "seed " << seed;
  }
}

TEST(TransformList, LostOnesAreEmptyAtTheirPlaceAndTakenOutOfTheOthers) {
  RandomChanges random(1);
  const auto target = random.annotation(document::ShapeType::box);
  const Change label = random.change(Kind::set_label, target);
  const Change gone = document::Delete{target.id};
  std::vector<Change> over{gone};
  const auto out = transform_all({label, gone, document::Put{target}}, over, Side::later);
  ASSERT_EQ(out.size(), 3U);
  EXPECT_FALSE(out[0].change.has_value());
  EXPECT_EQ(out[0].rule, "R2");
  EXPECT_FALSE(out[1].change.has_value());
  EXPECT_EQ(out[2].change, Change(document::Put{target}));
  EXPECT_TRUE(over.empty());
}

TEST(TransformList, JsonKeepsWhatIsNotOfTheChange) {
  const std::string id = "018f0000-0000-7000-8000-000000000001";
  const std::string target = "018f0000-0000-7000-8000-000000000002";
  const std::string mine = R"([{"op":"set","target":")" + target +
                           R"(","field":"score","value":0.5},{"id":")" + id + R"(","step":")" + id +
                           R"(","op":"reorder","target":")" + target + R"(","z":"V"}])";
  const std::string theirs = R"([{"id":")" + id + R"(","op":"set","target":")" + target +
                             R"(","field":"z","value":"W","revision":7,"source":"manual"}])";
  EXPECT_EQ(transform_operations(mine, theirs, Side::earlier),
            R"({"changes":[{"change":{"op":"set","target":")" + target +
                R"(","field":"score","value":0.5},"rule":""},{"change":null,"rule":"R9"}],)" +
                R"("over":[{"id":")" + id + R"(","revision":7,"source":"manual","op":"set",)" +
                R"("target":")" + target + R"(","field":"z","value":"W"}]})");
}

}  // namespace
}  // namespace aa::ot
