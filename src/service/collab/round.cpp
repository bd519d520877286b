#include "service/collab/round.hpp"

#include <algorithm>

#include "service/collab/server_message.hpp"

namespace aa::collab {

void Round::add(Turn turn) { turns_.push_back(std::move(turn)); }

bool Round::has_turn(const Member& member) const {
  return std::any_of(turns_.begin(), turns_.end(),
                     [&](const Turn& turn) { return turn.author.get() == &member; });
}

// Empty when no operation stands there.
http::Frame Round::frame_of(std::size_t first, std::size_t last) const {
  std::vector<std::string> operations;
  std::int64_t revision = 0;
  for (std::size_t i = first; i < last; ++i) {
    if (turns_[i].operations.empty()) continue;
    operations.insert(operations.end(), turns_[i].operations.begin(), turns_[i].operations.end());
    revision = turns_[i].revision;
  }
  if (operations.empty()) return nullptr;
  return http::text_frame(operations_message(revision, operations));
}

std::size_t Round::send_some(Member& member, std::size_t first, std::size_t last) {
  const auto frame = frame_of(first, last);
  if (frame) member.send(frame);
  return frame ? 1 : 0;
}

std::size_t Round::send_to(Member& member) {
  if (!has_turn(member)) {
    if (!whole_) whole_ = frame_of(0, turns_.size());
    if (!whole_) return 0;
    member.send(whole_);
    return 1;
  }
  std::size_t sent = 0;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < turns_.size(); ++i) {
    if (turns_[i].author.get() != &member) continue;
    sent += send_some(member, begin, i);
    member.send(http::text_frame(turns_[i].ack));
    begin = i + 1;
  }
  return sent + send_some(member, begin, turns_.size());
}

}  // namespace aa::collab
