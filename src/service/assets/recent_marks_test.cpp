#include "service/assets/recent_marks.hpp"

#include <gtest/gtest.h>

namespace aa::assets {
namespace {

using std::chrono::seconds;

const RecentMarks::Time kNow{seconds(1'000)};

Marks marks_of(std::vector<AssetKey> keys) {
  return std::make_shared<const std::vector<AssetKey>>(std::move(keys));
}

RecentMarks::List list_named(std::string part) {
  RecentMarks::List out;
  out.filter.name_part = std::move(part);
  return out;
}

TEST(RecentMarksTest, a_list_is_found_while_it_is_fresh) {
  RecentMarks marks;
  marks.keep(list_named("cat"), marks_of({{7, "a"}}), kNow);
  ASSERT_NE(marks.find(list_named("cat"), kNow + RecentMarks::kLife), nullptr);
  EXPECT_EQ(marks.find(list_named("cat"), kNow + RecentMarks::kLife + seconds(1)), nullptr);
  EXPECT_EQ(marks.find(list_named("dog"), kNow), nullptr);
  auto other_order = list_named("cat");
  other_order.order = AssetOrder::newest;
  EXPECT_EQ(marks.find(other_order, kNow), nullptr);
  marks.keep(list_named("cat"), marks_of({{9, "b"}}), kNow + seconds(20));
  EXPECT_EQ(marks.find(list_named("cat"), kNow + seconds(50))->at(0).rank, 9);
}

TEST(RecentMarksTest, the_oldest_lists_go) {
  RecentMarks marks;
  for (std::size_t i = 0; i <= RecentMarks::kLists; ++i) {
    marks.keep(list_named(std::to_string(i)), marks_of({}), kNow);
  }
  EXPECT_EQ(marks.find(list_named("0"), kNow), nullptr);
  EXPECT_NE(marks.find(list_named("1"), kNow), nullptr);
}

TEST(RecentMarksTest, a_position_is_reached_from_the_mark_before_it) {
  const std::vector<AssetKey> marks{{10, ""}, {20, ""}};
  EXPECT_EQ(start_from_mark(marks, 999).after, std::nullopt);
  EXPECT_EQ(start_from_mark(marks, 999).skip, 999);
  EXPECT_EQ(start_from_mark(marks, 1'000).after->rank, 10);
  EXPECT_EQ(start_from_mark(marks, 1'000).skip, 0);
  EXPECT_EQ(start_from_mark(marks, 2'345).after->rank, 20);
  EXPECT_EQ(start_from_mark(marks, 2'345).skip, 345);
  EXPECT_EQ(start_from_mark(marks, 9'000).after->rank, 20) << "beyond the end";
  EXPECT_EQ(start_from_mark({}, 9'000).skip, 9'000);
}

}  // namespace
}  // namespace aa::assets
