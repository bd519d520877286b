#include <gtest/gtest.h>

#include "service/collab/collab_fixture.hpp"
#include "service/collab/lock_table.hpp"
#include "service/collab/pace.hpp"
#include "service/collab/presence_board.hpp"

namespace aa::collab {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

struct PresenceTest : testing::Test {
  ManualClock clock;
  IdSource ids{clock, 1};
  Uuid ann = ids.next();
  Uuid bob = ids.next();
  PresenceBoard board;

  static std::string news(const std::string& members, const std::string& left = "") {
    return R"({"t":"presence","members":[)" + members + R"(],"left":[)" + left + "]}";
  }
  static std::string quoted(const Uuid& id) { return '"' + id.str() + '"'; }
};

TEST_F(PresenceTest, OnlyWhatChangedIsTold) {
  board.show(ann, "A");
  board.show(bob, "B");
  EXPECT_EQ(board.changes_message(), news("A,B"));
  board.told();
  board.show(ann, "A");
  EXPECT_FALSE(board.changed());
  board.show(bob, "B2");
  board.show(bob, "B3");
  EXPECT_EQ(board.changes_message(), news("B3"));
  EXPECT_EQ(board.only_about(), bob);
  EXPECT_EQ(board.others_of(bob), "[A]");
  board.leave(bob);
  EXPECT_EQ(board.changes_message(), news("", quoted(bob)));
  EXPECT_EQ(board.all_message(), news("A"));
}

TEST_F(PresenceTest, MembersOfAnotherInstanceLeaveWithIt) {
  board.show(ann, "A");
  board.show_foreign("other", {{bob, "B"}}, {}, false, clock.steady());
  EXPECT_EQ(board.own_changes("me"), R"({"k":"presence","i":"me","members":[A],"left":[]})");
  board.told();
  clock.advance(seconds(14));
  board.expire(clock.steady());
  EXPECT_FALSE(board.changed());
  clock.advance(seconds(1));
  board.expire(clock.steady());
  EXPECT_EQ(board.changes_message(), news("", quoted(bob)));
  EXPECT_EQ(board.own_changes("me"), "") << "what others told is not told them back";
  EXPECT_FALSE(board.has_foreign());
}

TEST_F(PresenceTest, AWholeListOfAnInstanceReplacesWhatItSaid) {
  const Uuid eve = ids.next();
  board.show(ann, "A");
  board.show_foreign("other", {{bob, "B"}, {eve, "E"}}, {}, true, clock.steady());
  board.told();
  board.show_foreign("other", {{bob, "B"}}, {}, true, clock.steady());
  EXPECT_EQ(board.changes_message(), news("", quoted(eve)));
  board.told();
  board.show_foreign("other", {}, {bob, ann}, false, clock.steady());
  EXPECT_EQ(board.changes_message(), news("", quoted(bob))) << "ann is not theirs";
}

TEST_F(PresenceTest, ALockIsTheFirstsUntilItEnds) {
  LockTable locks;
  const AnnotationId box{ids.next()};
  EXPECT_TRUE(locks.hold(box, ann, clock.steady()));
  EXPECT_FALSE(locks.hold(box, bob, clock.steady()));
  EXPECT_FALSE(locks.release(box, bob));
  clock.advance(seconds(6));
  EXPECT_FALSE(locks.hold(box, ann, clock.steady())) << "a renewal is no news";
  clock.advance(seconds(6));
  EXPECT_FALSE(locks.expire(clock.steady()));
  clock.advance(seconds(4));
  EXPECT_TRUE(locks.expire(clock.steady()));
  EXPECT_TRUE(locks.hold(box, bob, clock.steady()));
  EXPECT_TRUE(locks.release_all(bob));
  EXPECT_TRUE(locks.empty());
}

TEST_F(PresenceTest, LocksOfAnotherInstanceComeAsLists) {
  LockTable locks;
  const AnnotationId box{ids.next()};
  const AnnotationId mask{ids.next()};
  locks.hold(box, ann, clock.steady());
  EXPECT_TRUE(locks.replace_foreign("other", {{box, bob}, {mask, bob}}, clock.steady()));
  EXPECT_EQ(locks.own_json(), R"([{"target":")" + box.str() + R"(","s":")" + ann.str() + R"("}])");
  EXPECT_NE(locks.json().find(mask.str()), std::string::npos);
  EXPECT_FALSE(locks.replace_foreign("other", {{mask, bob}}, clock.steady()));
  EXPECT_TRUE(locks.replace_foreign("other", {}, clock.steady()));
  EXPECT_EQ(locks.json(), locks.own_json());
}

TEST_F(PresenceTest, OneSessionHoldsSomeLocksOnly) {
  LockTable locks;
  int taken = 0;
  for (int i = 0; i < 100; ++i) taken += locks.hold(AnnotationId{ids.next()}, ann, clock.steady());
  EXPECT_EQ(taken, 32);
}

TEST_F(PresenceTest, ItIsToldLessOftenWhenTheMachineIsLate) {
  Pace pace;
  auto now = clock.steady();
  pace.came(now, now);
  EXPECT_EQ(pace.next(now) - now, milliseconds(100));
  for (int i = 0; i < 10; ++i) pace.came(now, now + milliseconds(200));
  EXPECT_EQ(pace.interval(), seconds(2));
  for (int i = 0; i < 30; ++i) pace.came(now, now + milliseconds(1));
  EXPECT_EQ(pace.interval(), milliseconds(100));
}

}  // namespace
}  // namespace aa::collab
