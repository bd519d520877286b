#include "service/collab/round.hpp"

#include <gtest/gtest.h>

#include "service/collab/collab_fixture.hpp"
#include "service/collab/server_message.hpp"

namespace aa::collab {
namespace {

using Texts = std::vector<std::string>;

struct RoundTest : testing::Test {
  ManualClock clock;
  IdSource ids{clock, 1};
  Someone ann = make_member(ids);
  Someone bob = make_member(ids);
  Someone eve = make_member(ids);

  Texts told(Round& round, const Someone& to) {
    round.send_to(*to.member);
    return to.link->sent();
  }
};

std::string ops(int revision, const std::string& items) {
  return R"({"t":"ops","revision":)" + std::to_string(revision) + R"(,"operations":[)" + items +
         "]}";
}

TEST_F(RoundTest, EachHearsTheOthersAndItsAnswerInOrder) {
  Round round;
  round.add({nullptr, {}, {"1", "2"}, 2});
  round.add({ann.member, "ack1", {"3"}, 3});
  round.add({bob.member, "ack2", {"4"}, 4});
  round.add({ann.member, "ack3", {"5"}, 5});
  EXPECT_EQ(told(round, eve), Texts{ops(5, "1,2,3,4,5")});
  EXPECT_EQ(told(round, ann), (Texts{ops(2, "1,2"), "ack1", ops(4, "4"), "ack3"}));
  EXPECT_EQ(told(round, bob), (Texts{ops(3, "1,2,3"), "ack2", ops(5, "5")}));
}

TEST_F(RoundTest, WhatStoredNothingIsAnsweredAndNotTold) {
  Round round;
  round.add({ann.member, "ack", {}, 7});
  EXPECT_EQ(told(round, ann), Texts{"ack"});
  EXPECT_EQ(told(round, bob), Texts{});
}

TEST_F(RoundTest, AMemberWhoDoesNotReadIsSentNothingMore) {
  Round round;
  round.add({nullptr, {}, {"1"}, 1});
  bob.link->set_full(true);
  EXPECT_EQ(told(round, bob), Texts{});
  EXPECT_TRUE(bob.member->expelled);
  bob.link->set_full(false);
  EXPECT_EQ(told(round, bob), Texts{});
}

TEST_F(RoundTest, AnAnswerHoldsTheWholeOperationUnlessItsBytesAreThoseSent) {
  const auto target = ids.next_as<AnnotationId>();
  document::SetField set{target, "attributes", json::parse(R"({"a":1,"b":2})"), {}};
  const document::Operation sent{ids.next_as<OperationId>(), set, {}, {}};
  annotation::Verdict verdict;
  verdict.stored.emplace_back();
  verdict.stored[0].operation = sent;
  EXPECT_EQ(ack_message(1, verdict, {sent}).find("\"op\""), std::string::npos);
  set.value = json::parse(R"({"b":2,"a":1})");
  verdict.stored[0].operation.change = set;
  ASSERT_EQ(verdict.stored[0].operation, sent) << "equal, but not the same";
  EXPECT_NE(ack_message(1, verdict, {sent}).find("\"op\""), std::string::npos);
}

}  // namespace
}  // namespace aa::collab
