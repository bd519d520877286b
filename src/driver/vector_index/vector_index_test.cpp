#include "driver/vector_index/vector_index.hpp"

#include <limits>
#include <random>
#include <set>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "kernel/learning/similarity.hpp"

namespace aa::vector_index {
namespace {

// Clusters, as pictures of a few scenes are.
std::vector<std::vector<float>> clustered(std::size_t count, std::size_t dimensions,
                                          unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal;
  std::vector<std::vector<float>> centres(40, std::vector<float>(dimensions));
  for (auto& centre : centres) std::ranges::generate(centre, [&] { return normal(random); });
  std::vector<std::vector<float>> out;
  for (std::size_t i = 0; i < count; ++i) {
    auto one = centres[i % centres.size()];
    for (auto& value : one) value += 0.7F * normal(random);
    learning::normalise(one);
    out.push_back(std::move(one));
  }
  return out;
}

std::string slug_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    return error.slug();
  }
  return "";
}

TEST(vector_index, exact_gives_the_most_similar_first) {
  const auto index = make_exact_index(2);
  index->add(std::vector<float>{1, 0});
  index->add(std::vector<float>{0, 1});
  index->add(std::vector<float>{0.6F, 0.8F});
  const auto found = index->search(std::vector<float>{0, 1}, 2);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].number, 1U);
  EXPECT_FLOAT_EQ(found[0].similarity, 1);
  EXPECT_EQ(found[1].number, 2U);
  EXPECT_FLOAT_EQ(found[1].similarity, 0.8F);
  EXPECT_EQ(index->search(std::vector<float>{0, 1}, 99).size(), 3U);
}

TEST(vector_index, the_graph_finds_what_exact_finds) {
  constexpr std::size_t kCount = 3000;
  constexpr std::size_t kNeighbours = 10;
  const auto vectors = clustered(kCount, 64, 7);
  const auto exact = make_exact_index(64);
  const auto graph = make_graph_index(64, {.capacity = 16});
  for (const auto& one : vectors) {
    EXPECT_EQ(exact->add(one), graph->add(one));
  }
  EXPECT_EQ(graph->size(), kCount);
  EXPECT_EQ(graph->vector(77), vectors[77]);
  EXPECT_EQ(exact->vector(77), vectors[77]);
  std::size_t found = 0;
  const auto queries = clustered(100, 64, 8);
  for (const auto& query : queries) {
    std::set<std::uint32_t> truth;
    for (const auto& one : exact->search(query, kNeighbours)) truth.insert(one.number);
    const auto ours = graph->search(query, kNeighbours);
    EXPECT_EQ(ours.size(), kNeighbours);
    for (std::size_t i = 0; i < ours.size(); ++i) {
      found += truth.contains(ours[i].number);
      EXPECT_NEAR(ours[i].similarity, learning::cosine_of_units(query, vectors[ours[i].number]),
                  1e-5);
      if (i == 0) continue;
      EXPECT_GE(ours[i - 1].similarity, ours[i].similarity);
    }
  }
  EXPECT_GE(static_cast<double>(found) / (100 * kNeighbours), 0.95);
}

TEST(vector_index, an_empty_graph_finds_nothing) {
  EXPECT_TRUE(make_graph_index(3)->search(std::vector<float>{1, 0, 0}, 5).empty());
  EXPECT_TRUE(make_exact_index(3)->search(std::vector<float>{1, 0, 0}, 5).empty());
}

TEST(vector_index, what_is_no_unit_vector_is_refused) {
  for (const auto& index : {make_exact_index(2), make_graph_index(2)}) {
    EXPECT_EQ(slug_of([&] { index->add(std::vector<float>{1, 0, 0}); }), "bad_vector");
    EXPECT_EQ(slug_of([&] { index->add(std::vector<float>{3, 4}); }), "bad_vector");
    EXPECT_EQ(slug_of([&] { index->add(std::vector<float>{0, 0}); }), "bad_vector");
    const float nan = std::numeric_limits<float>::quiet_NaN();
    EXPECT_EQ(slug_of([&] { index->add(std::vector<float>{nan, 1}); }), "bad_vector");
    EXPECT_EQ(slug_of([&] { index->search(std::vector<float>{1}, 1); }), "bad_vector");
    EXPECT_EQ(index->size(), 0U);
  }
  EXPECT_EQ(slug_of([] { make_exact_index(0); }), "bad_vector");
  EXPECT_EQ(slug_of([] { make_graph_index(kDimensionsMax + 1); }), "bad_vector");
}

}  // namespace
}  // namespace aa::vector_index
