#include "service/search/project_index.hpp"

#include <random>
#include <set>

#include <gtest/gtest.h>

#include "base/clock.hpp"
#include "kernel/learning/similarity.hpp"

namespace aa::search {
namespace {

constexpr std::size_t kDims = 24;

class ProjectIndexTest : public testing::Test {
 protected:
  StoredEmbedding row(std::vector<float> vector) {
    StoredEmbedding out;
    out.sequence = ++sequence_;
    out.subject = ids_.next();
    out.asset_id = AssetId{out.subject};
    out.content = out.subject.str();
    learning::normalise(vector);
    out.vector = std::move(vector);
    return out;
  }
  StoredEmbedding random_row() {
    std::vector<float> vector(kDims);
    for (auto& value : vector) value = normal_(random_);
    return row(std::move(vector));
  }
  std::vector<StoredEmbedding> random_rows(std::size_t count) {
    std::vector<StoredEmbedding> out;
    for (std::size_t i = 0; i < count; ++i) out.push_back(random_row());
    return out;
  }
  std::int64_t sequence_ = 0;
  ManualClock clock_;
  IdSource ids_{clock_, 5};
  std::mt19937 random_{1};
  std::normal_distribution<float> normal_;
  ProjectIndex index_;
};

TEST_F(ProjectIndexTest, an_empty_one_finds_nothing) {
  EXPECT_TRUE(index_.search(std::vector<float>{1}, 5).empty());
  EXPECT_EQ(index_.compare(10), 0U);
  EXPECT_TRUE(index_.likenesses(0).empty());
  EXPECT_FALSE(index_.wants_graph());
}

TEST_F(ProjectIndexTest, rows_are_taken_once_and_in_order) {
  const auto rows = random_rows(5);
  index_.apply(rows);
  index_.apply(rows);
  EXPECT_EQ(index_.size(), 5U);
  EXPECT_EQ(index_.head(), 5);
  const auto hits = index_.search(rows[2].vector, 2);
  ASSERT_EQ(hits.size(), 2U);
  EXPECT_EQ(hits[0].subject, rows[2].subject);
  EXPECT_NEAR(hits[0].similarity, 1, 1e-5);
}

TEST_F(ProjectIndexTest, what_is_embedded_anew_replaces_what_was_there) {
  auto rows = random_rows(3);
  index_.apply(rows);
  auto again = random_row();
  again.subject = rows[0].subject;
  index_.apply(std::vector{again});
  EXPECT_EQ(index_.size(), 3U);
  EXPECT_EQ(index_.vector_of(rows[0].subject), again.vector);
  const auto hits = index_.search(rows[0].vector, 9);
  EXPECT_EQ(hits.size(), 3U);
  for (const auto& hit : hits) EXPECT_LT(hit.similarity, 0.999) << "the old place is gone";
}

TEST_F(ProjectIndexTest, likenesses_are_found_by_features_bytes_and_look) {
  auto rows = random_rows(6);
  rows[1].vector = rows[0].vector;
  rows[1].vector[0] += 0.01F;
  learning::normalise(rows[1].vector);
  rows[3].content = rows[2].content;
  rows[5].picture_hash = rows[4].picture_hash = 0x0123456789abcdefULL;
  index_.apply(rows);
  EXPECT_EQ(index_.compare(4), 2U) << "four of six were compared";
  EXPECT_EQ(index_.compare(100), 0U);
  std::set<std::set<std::uint32_t>> pairs;
  for (const auto& one : index_.likenesses(0.99)) pairs.insert({one.a, one.b});
  EXPECT_EQ(pairs, (std::set<std::set<std::uint32_t>>{{0, 1}, {2, 3}, {4, 5}}));
}

TEST_F(ProjectIndexTest, a_graph_takes_over_when_there_are_many) {
  index_.apply(random_rows(ProjectIndex::kGraphFrom - 1));
  EXPECT_FALSE(index_.wants_graph());
  index_.apply(random_rows(1));
  ASSERT_TRUE(index_.wants_graph());
  EXPECT_FALSE(index_.wants_graph()) << "one builds it";
  EXPECT_TRUE(index_.grow_graph(1000));
  const auto late = random_rows(20);
  index_.apply(late);
  while (index_.grow_graph(1000)) {
  }
  const auto later = random_rows(1);
  index_.apply(later);
  EXPECT_EQ(index_.size(), ProjectIndex::kGraphFrom + 21);
  for (const auto* rows : {&late, &later}) {
    EXPECT_EQ(index_.search((*rows)[0].vector, 1).at(0).subject, (*rows)[0].subject);
  }
}

}  // namespace
}  // namespace aa::search
