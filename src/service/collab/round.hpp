// What one round of a room gives to whom: of operations stored one after the other, each member
// gets the others' as they are and, at its own place among them, the answer to what it sent.
//
// Those who sent nothing in the round share one frame. Thread rule: one owner.
#pragma once

#include <string>
#include <vector>

#include "service/collab/member.hpp"

namespace aa::collab {

struct Turn {
  std::shared_ptr<Member> author;       // empty: operations of other writers
  std::string ack;                      // empty for other writers'
  std::vector<std::string> operations;  // new ones, as JSON text
  std::int64_t revision = 0;            // after them
};

class Round {
 public:
  void add(Turn turn);
  // Returns how many messages with operations went out.
  std::size_t send_to(Member& member);
  bool empty() const { return turns_.empty(); }

 private:
  bool has_turn(const Member& member) const;
  std::size_t send_some(Member& member, std::size_t first, std::size_t last);
  http::Frame frame_of(std::size_t first, std::size_t last) const;

  std::vector<Turn> turns_;
  http::Frame whole_;
};

}  // namespace aa::collab
