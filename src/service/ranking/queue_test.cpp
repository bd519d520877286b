#include "service/ranking/queue.hpp"

#include <gtest/gtest.h>

namespace aa::ranking {
namespace {

const geometry::Rect kHere{0, 0, 100, 100};

Knowledge image(std::int64_t rank, std::vector<learning::Proposal> proposals,
                std::vector<learning::LabelledObject> labels = {}) {
  Knowledge out;
  out.asset.rank = rank;
  out.asset.annotation_count = static_cast<std::int64_t>(labels.size());
  out.proposals = std::move(proposals);
  out.labels = std::move(labels);
  return out;
}
std::vector<std::int64_t> ranks(const std::vector<QueueItem>& items) {
  std::vector<std::int64_t> out;
  for (const auto& item : items) out.push_back(item.asset.rank);
  return out;
}
using Ranks = std::vector<std::int64_t>;

TEST(queue, the_least_sure_comes_first_and_says_why) {
  const std::vector<Knowledge> images{image(0, {{"a@1", "dog", kHere, 0.97}}), image(1, {}),
                                      image(2, {{"a@1", "cat", kHere, 0.55}})};
  const auto items = order(images, Strategy::uncertainty, 10);
  EXPECT_EQ(ranks(items), (Ranks{2, 0, 1}));
  ASSERT_FALSE(items[0].reasons.empty());
  EXPECT_EQ(items[0].reasons[0].kind, ReasonKind::uncertainty);
  EXPECT_EQ(items[0].reasons[0].text, "a is only 55 % sure of a cat.");
  EXPECT_EQ(items[2].reasons[0].kind, ReasonKind::unlabelled);
  EXPECT_EQ(order(images, Strategy::uncertainty, 1).size(), 1U);
}

TEST(queue, a_wrong_label_comes_before_a_right_one_which_is_left_out) {
  const std::vector<Knowledge> images{
      image(0, {}, {{"dog", kHere}}), image(1, {{"a@1", "cat", kHere, 0.9}}, {{"dog", kHere}}),
      image(2, {{"a@1", "cat", {400, 400, 500, 500}, 0.7}}, {{"dog", kHere}})};
  const auto items = order(images, Strategy::mixed, 10);
  EXPECT_EQ(ranks(items), (Ranks{1, 2}));
  EXPECT_EQ(items[0].reasons[0].text, "Labelled dog, but a sees cat there (90 % sure).");
  EXPECT_EQ(items[1].reasons[0].text, "a sees a cat that has no label (70 % sure).");
  for (const auto& item : items) {
    EXPECT_GE(item.priority, 0);
    EXPECT_LE(item.priority, 1);
  }
}

TEST(queue, each_strategy_looks_at_its_own_sign) {
  auto unsure = image(0, {{"a@1", "dog", kHere, 0.5}});
  auto contradicted = image(1, {{"a@1", "dog", kHere, 0.99}, {"b@1", "cat", kHere, 0.99}});
  auto novel = image(2, {});
  novel.novelty = 1;
  const std::vector<Knowledge> images{unsure, contradicted, novel};
  EXPECT_EQ(ranks(order(images, Strategy::uncertainty, 1)), Ranks{0});
  EXPECT_EQ(ranks(order(images, Strategy::disagreement, 1)), Ranks{1});
  EXPECT_EQ(ranks(order(images, Strategy::novelty, 1)), Ranks{2});
  EXPECT_EQ(order(images, Strategy::disagreement, 1)[0].reasons[0].text,
            "a sees dog where b sees cat.");
}

TEST(queue, without_signs_the_order_is_that_of_the_project) {
  const std::vector<Knowledge> images{image(4, {}), image(2, {}), image(3, {})};
  EXPECT_EQ(ranks(order(images, Strategy::mixed, 10)), (Ranks{2, 3, 4}));
  EXPECT_TRUE(order({}, Strategy::mixed, 10).empty());
}

}  // namespace
}  // namespace aa::ranking
