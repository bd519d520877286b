#include "driver/blob/sweep.hpp"

#include <gtest/gtest.h>

#include "driver/blob/file_store.hpp"
#include "driver/blob/temporary_folder.hpp"

namespace aa::blob {
namespace {

class SweepTest : public testing::Test {
 protected:
  SweepTest() {
    sweep_.add({"things", {"a", "b"}, [this](OrganizationId, Names names) {
                  return answer(std::move(names));
                }});
    sweep_.add(
        {"single", {}, [this](OrganizationId, Names names) { return answer(std::move(names)); }});
  }
  Task<std::set<std::string>> answer(Names names) {
    asked_.insert(asked_.end(), names.begin(), names.end());
    co_return used_;
  }
  void store(const std::string& name) { put(*store_, {organization_, name}, "bytes"); }
  bool is_there(const std::string& name) {
    return !store_->versions({organization_, name}).empty();
  }
  std::size_t sweep(Timestamp made_after = {0}) {
    return runtime::block_on(executors_, sweep_.run(made_after, clock_.now()));
  }

  TemporaryFolder folder_;
  ManualClock clock_{Timestamp{1'800'000'000'000'000}};
  IdSource ids_{clock_, 1};
  runtime::Executors executors_;
  std::unique_ptr<Store> store_ = open_file_store({folder_.path(), {}}, clock_, ids_);
  OrganizationId organization_ = ids_.next_as<OrganizationId>();
  std::set<std::string> used_;
  Names asked_;
  Sweep sweep_{*store_, clock_, executors_};
};

TEST_F(SweepTest, removes_what_nobody_uses_once_it_is_old) {
  const auto orphan = ids_.next().str();
  const auto used = ids_.next().str();
  used_ = {used};
  store("things/" + orphan + "/b");
  store("things/" + used + "/a");
  store("single/" + orphan);
  store("single/not-an-id");
  store("elsewhere/" + orphan);
  EXPECT_EQ(sweep(), 0U);
  clock_.advance(std::chrono::minutes(1));
  EXPECT_EQ(sweep(), 2U);
  EXPECT_FALSE(is_there("things/" + orphan + "/b"));
  EXPECT_FALSE(is_there("single/" + orphan));
  EXPECT_TRUE(is_there("things/" + used + "/a"));
  EXPECT_TRUE(is_there("single/not-an-id"));
  EXPECT_TRUE(is_there("elsewhere/" + orphan)) << "nobody owns that folder";
  EXPECT_EQ(sweep(), 0U);
}

TEST_F(SweepTest, asks_about_all_of_many_and_about_young_ones_only_when_told) {
  for (int i = 0; i < 450; ++i) store("single/" + ids_.next().str());
  clock_.advance(std::chrono::hours(48));
  const auto young = clock_.now();
  store("single/" + ids_.next().str());
  clock_.advance(std::chrono::minutes(1));
  EXPECT_EQ(sweep(young), 1U);
  EXPECT_EQ(asked_.size(), 1U);
  EXPECT_EQ(sweep(), 450U);
}

TEST_F(SweepTest, knows_whether_another_process_has_the_store_open) {
  EXPECT_TRUE(store_->opened_alone());
  EXPECT_FALSE(open_file_store({folder_.path(), {}}, clock_, ids_)->opened_alone());
}

}  // namespace
}  // namespace aa::blob
