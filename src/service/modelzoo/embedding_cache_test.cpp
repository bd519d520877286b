#include "service/modelzoo/embedding_cache.hpp"

#include <cmath>
#include <thread>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>

#include "base/error.hpp"

namespace aa::modelzoo {
namespace {

Embedding embedding(std::size_t count, float first = 1) {
  Embedding out{{1, static_cast<std::int64_t>(count)}, std::vector<float>(count)};
  for (std::size_t i = 0; i < count; ++i) {
    out.values[i] = first * std::sin(static_cast<float>(i)) * 3;
  }
  return out;
}

TEST(PackedEmbedding, comes_back_within_half_precision) {
  const auto before = embedding(5'000);
  const auto bytes = pack(before);
  EXPECT_LT(bytes.size(), before.values.size() * sizeof(float) * 6 / 10);
  const auto after = unpack(bytes);
  ASSERT_TRUE(after);
  EXPECT_EQ(after->shape, before.shape);
  ASSERT_EQ(after->values.size(), before.values.size());
  for (std::size_t i = 0; i < before.values.size(); ++i) {
    EXPECT_NEAR(after->values[i], before.values[i], std::abs(before.values[i]) / 2048 + 1e-7F);
  }
}

TEST(PackedEmbedding, values_of_half_precision_come_back_exactly) {
  const Embedding before{{8}, {0, -0.0F, 1, -2.5F, 65'504, -65'504, 0x1p-24F, 0x1p-14F}};
  const auto after = unpack(pack(before));
  ASSERT_TRUE(after);
  EXPECT_EQ(after->values, before.values);
  const Embedding large{{2}, {1e9F, -1e9F}};
  EXPECT_EQ(unpack(pack(large))->values, (std::vector<float>{65'504, -65'504}));
}

TEST(PackedEmbedding, damage_is_noticed_and_never_read_beyond) {
  const auto bytes = pack(embedding(100));
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(unpack(std::string_view(bytes).substr(0, size))) << size;
  }
  auto huge = bytes;
  huge[16 + 6] = 0x7f;  // the first side
  EXPECT_FALSE(unpack(huge));
  auto many = bytes;
  many[8] = 100;  // dimensions
  EXPECT_FALSE(unpack(many));
  EXPECT_FALSE(unpack("not an embedding at all"));
}

TEST(PackedEmbedding, several_tensors_keep_their_names) {
  Embedding before{{1, 4}, {1, 2, 3, 4}, "image_embed", {}};
  before.more = {{"high_res_feats_0", {2, 1}, {5, 6}}, {"high_res_feats_1", {1}, {-7}}};
  const auto bytes = pack(before);
  const auto after = unpack(bytes);
  ASSERT_TRUE(after);
  EXPECT_EQ(after->name, "image_embed");
  EXPECT_EQ(after->values, before.values);
  ASSERT_EQ(after->more.size(), 2U);
  EXPECT_EQ(after->more[0].name, "high_res_feats_0");
  EXPECT_EQ(after->more[0].shape, before.more[0].shape);
  EXPECT_EQ(after->more[1].values, before.more[1].values);
  EXPECT_EQ(after->bytes(), 7 * sizeof(float));
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(unpack(std::string_view(bytes).substr(0, size))) << size;
  }
  EXPECT_FALSE(unpack(bytes + "x"));
}

class EmbeddingCacheTest : public testing::Test {
 protected:
  using Compute = EmbeddingCache::Compute;

  Compute computing(float first = 1) {
    return [this, first]() -> Task<SharedEmbedding> {
      ++computed_;
      if (gate_) co_await gate_->wait();
      if (fails_) throw unavailable("busy", "Busy.");
      co_return std::make_shared<const Embedding>(embedding(100, first));
    };
  }
  EmbeddingKey key(const std::string& content, std::optional<OrganizationId> whose = {}) {
    return {whose, content};
  }
  std::future<SharedEmbedding> ask(EmbeddingCache& cache, const EmbeddingKey& what) {
    return boost::asio::co_spawn(executors_.io(), cache.get(what, "sam", computing()),
                                 boost::asio::use_future);
  }
  EmbeddingShelf shelf() {
    EmbeddingShelf out;
    out.load = [this](const EmbeddingKey& what,
                      const std::string& model) -> std::optional<std::string> {
      const std::lock_guard lock(mutex_);
      const auto it = stored_.find({what, model});
      if (it == stored_.end()) return std::nullopt;
      return it->second;
    };
    out.store = [this](const EmbeddingKey& what, const std::string& model, std::string bytes) {
      const std::lock_guard lock(mutex_);
      stored_[{what, model}] = std::move(bytes);
    };
    return out;
  }
  bool stored() {
    for (int i = 0; i < 400; ++i) {
      {
        const std::lock_guard lock(mutex_);
        if (!stored_.empty()) return true;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return false;
  }

  std::mutex mutex_;
  std::map<std::pair<EmbeddingKey, std::string>, std::string> stored_;
  std::atomic<int> computed_ = 0;
  std::atomic<bool> fails_ = false;
  std::shared_ptr<runtime::Event> gate_;
  runtime::Executors executors_{{.io_threads = 2, .compute_threads = 1, .blocking_threads = 2}};
};

constexpr std::size_t kBytes = 100 * sizeof(float);

TEST_F(EmbeddingCacheTest, is_computed_once_and_remembered) {
  EmbeddingCache cache(executors_, 10 * kBytes, {});
  EXPECT_FALSE(cache.holds(key("a"), "sam"));
  const auto first = ask(cache, key("a")).get();
  EXPECT_TRUE(cache.holds(key("a"), "sam"));
  EXPECT_FALSE(cache.holds(key("a"), "other"));
  EXPECT_EQ(ask(cache, key("a")).get(), first);
  EXPECT_EQ(computed_, 1);
}

TEST_F(EmbeddingCacheTest, those_who_ask_meanwhile_share_one_computation) {
  EmbeddingCache cache(executors_, 10 * kBytes, {});
  gate_ = std::make_shared<runtime::Event>();
  std::vector<std::future<SharedEmbedding>> asking;
  for (int i = 0; i < 8; ++i) asking.push_back(ask(cache, key("a")));
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  gate_->set();
  std::set<SharedEmbedding> results;
  for (auto& one : asking) results.insert(one.get());
  EXPECT_EQ(results.size(), 1U);
  EXPECT_EQ(computed_, 1);
}

TEST_F(EmbeddingCacheTest, a_failure_is_told_to_all_and_not_kept) {
  EmbeddingCache cache(executors_, 10 * kBytes, {});
  fails_ = true;
  gate_ = std::make_shared<runtime::Event>();
  auto first = ask(cache, key("a"));
  auto second = ask(cache, key("a"));
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  gate_->set();
  EXPECT_THROW(first.get(), Error);
  EXPECT_THROW(second.get(), Error);
  fails_ = false;
  EXPECT_TRUE(ask(cache, key("a")).get());
  EXPECT_EQ(computed_, 2);
}

TEST_F(EmbeddingCacheTest, what_was_used_longest_ago_is_forgotten_first) {
  EmbeddingCache cache(executors_, 2 * kBytes, {});
  ask(cache, key("a")).get();
  ask(cache, key("b")).get();
  ask(cache, key("a")).get();
  ask(cache, key("c")).get();
  EXPECT_TRUE(cache.holds(key("a"), "sam"));
  EXPECT_FALSE(cache.holds(key("b"), "sam"));
  EXPECT_TRUE(cache.holds(key("c"), "sam"));
}

TEST_F(EmbeddingCacheTest, one_larger_than_the_memory_still_serves) {
  EmbeddingCache cache(executors_, 1, {});
  EXPECT_TRUE(ask(cache, key("a")).get());
  EXPECT_TRUE(ask(cache, key("b")).get());
  EXPECT_FALSE(cache.holds(key("a"), "sam"));
}

TEST_F(EmbeddingCacheTest, a_new_process_takes_it_from_the_shelf) {
  EmbeddingCache first(executors_, 10 * kBytes, shelf());
  const auto before = ask(first, key("a")).get();
  ASSERT_TRUE(stored());
  EmbeddingCache second(executors_, 10 * kBytes, shelf());
  const auto after = ask(second, key("a")).get();
  EXPECT_EQ(computed_, 1);
  ASSERT_EQ(after->values.size(), before->values.size());
  EXPECT_NEAR(after->values[7], before->values[7], 2e-3);
  executors_.stop();  // what is still being stored ends before the cache does
}

TEST_F(EmbeddingCacheTest, a_damaged_shelf_is_computed_over) {
  stored_[{key("a"), "sam"}] = "damaged";
  EmbeddingCache cache(executors_, 10 * kBytes, shelf());
  EXPECT_TRUE(ask(cache, key("a")).get());
  EXPECT_EQ(computed_, 1);
  executors_.stop();  // what is still being stored ends before the cache does
}

TEST_F(EmbeddingCacheTest, organisations_do_not_share) {
  EmbeddingCache cache(executors_, 10 * kBytes, shelf());
  const SystemClock clock;
  IdSource ids(clock, 1);
  ask(cache, key("a", ids.next_as<OrganizationId>())).get();
  ask(cache, key("a", ids.next_as<OrganizationId>())).get();
  EXPECT_EQ(computed_, 2);
  executors_.stop();  // what is still being stored ends before the cache does
}

}  // namespace
}  // namespace aa::modelzoo
