#include "service/collab/watch.hpp"

#include <algorithm>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>

#include "core/observe/log.hpp"
#include "service/annotation/heads.hpp"

namespace aa::collab {
namespace {

using runtime::Task;
using std::chrono::seconds;

constexpr seconds kTurn{1};
constexpr seconds kHeadsOften{1};  // when nothing else tells
constexpr seconds kHeads{3};       // lost messages, and what was deleted
constexpr unsigned kRevocationTurns = 2;
constexpr unsigned kSessionTurns = 60;  // once over all of them,
constexpr unsigned kFewTurns = 4;       // or so often while they are few
constexpr std::size_t kFewSessions = 1'000;
constexpr unsigned kPruneTurns = 60;
constexpr std::size_t kChunk = 500;
constexpr std::chrono::minutes kClocksDiffer{1};
constexpr std::chrono::hours kKeepRevocations{1};

}  // namespace

Watch::Watch(WatchParts parts) : parts_(std::move(parts)), timer_(parts_.context->io) {}

void Watch::start() {
  boost::asio::co_spawn(
      timer_.get_executor(), [self = shared_from_this()] { return self->run(); },
      [](std::exception_ptr) {});
}

void Watch::stop() {
  stopped_ = true;
  boost::asio::post(timer_.get_executor(), [self = shared_from_this()] { self->timer_.cancel(); });
}

Task<> Watch::run() {
  while (!stopped_) {
    timer_.expires_after(kTurn);
    boost::system::error_code ignored;
    co_await timer_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
    if (stopped_) break;
    try {
      co_await turn();
    } catch (const std::exception& error) {
      observe::warn("live.watch_failed", {{"error", error.what()}});
    }
  }
}

Task<> Watch::turn() {
  tell_metrics();
  ++turns_;
  const bool heads = heads_due(std::chrono::steady_clock::now());
  if (heads) co_await look_at_heads();
  if (turns_ % kRevocationTurns == 0) co_await look_at_revocations();
  co_await look_again();
  if (turns_ % kPruneTurns == 0) co_await prune();
}

Task<> Watch::prune() {
  co_await parts_.tickets.prune();
  const Timestamp before{(parts_.context->clock.now() + -kKeepRevocations).micros};
  co_await identity::prune_revocations(parts_.database, before);
}

bool Watch::heads_due(Time now) {
  const bool told =
      !parts_.shared_database || (parts_.context->several && parts_.context->bus.connected());
  const bool again = told && !std::exchange(was_connected_, told);
  was_connected_ = told;
  if (!again && now - heads_at_ < (told ? kHeads : kHeadsOften) - kTurn / 2) return false;
  heads_at_ = now;
  return true;
}

Task<> Watch::look_at_heads() {
  const auto rooms = parts_.rooms.all();
  for (std::size_t at = 0; at < rooms.size(); at += kChunk) {
    std::map<AssetId, std::shared_ptr<Room>> chunk;
    std::vector<AssetId> ids;
    for (auto i = at; i < std::min(rooms.size(), at + kChunk); ++i) {
      ids.push_back(rooms[i]->asset());
      chunk[rooms[i]->asset()] = rooms[i];
    }
    const auto heads = co_await annotation::heads_of(parts_.database, std::move(ids));
    for (const auto& head : heads) {
      chunk.at(head.id)->grew(head.revision);
      chunk.at(head.id)->threads_grew(head.comments_revision);
      chunk.erase(head.id);
    }
    for (const auto& [asset, room] : chunk) room->close_all(Close::gone, "This image was deleted.");
  }
}

Task<> Watch::look_at_revocations() {
  const Timestamp since{(parts_.context->clock.now() + -kClocksDiffer).micros};
  const auto rows = co_await identity::revoked_since(parts_.database, since);
  std::set<identity::RevocationId> present;
  std::vector<SessionId> concerned;
  for (const auto& row : rows) {
    present.insert(row.id);
    if (seen_.contains(row.id)) continue;
    auto sessions = parts_.roster.sessions_of(row.organization_id, row.user_id);
    concerned.insert(concerned.end(), sessions.begin(), sessions.end());
  }
  co_await look_at_sessions(std::move(concerned));
  seen_ = std::move(present);
}

Task<> Watch::look_again() {
  ++turns_since_all_;
  if (to_look_at_.empty() && turns_since_all_ >= kFewTurns) {
    auto all = parts_.roster.sessions();
    if (all.size() <= kFewSessions || turns_since_all_ >= kSessionTurns) {
      to_look_at_ = std::move(all);
      turns_since_all_ = 0;
    }
  }
  const auto count = std::min(to_look_at_.size(), kChunk);
  const auto first = to_look_at_.end() - static_cast<std::ptrdiff_t>(count);
  std::vector<SessionId> chunk(first, to_look_at_.end());
  to_look_at_.erase(first, to_look_at_.end());
  co_await look_at_sessions(std::move(chunk));
}

Task<> Watch::look_at_sessions(std::vector<SessionId> sessions) {
  if (sessions.empty()) co_return;
  const auto standing = co_await parts_.identity.standing(sessions);
  std::vector<SessionId> used;
  for (const auto& session : sessions) {
    const auto found = standing.find(session);
    for (const auto& member : parts_.roster.members_of(session)) {
      if (found == standing.end()) {
        member->expel(Close::signed_out, "The session has ended; sign in again.");
        continue;
      }
      const auto there = found->second.in(member->project);
      if (!there.may(tenancy::Permission::annotation_read)) {
        member->expel(Close::forbidden, "You may not look at this image any more.");
      } else {
        member->may_write = there.may(tenancy::Permission::annotation_write);
        if (member->used.exchange(false)) used.push_back(session);
      }
    }
  }
  if (!used.empty()) co_await parts_.identity.touch(std::move(used));
}

void Watch::tell_metrics() {
  auto& metrics = parts_.context->metrics;
  auto& counters = parts_.context->counters;
  auto add = [&](const char* name, const char* help, std::atomic<std::uint64_t>& counter) {
    metrics.add(name, help, {}, static_cast<double>(counter.exchange(0)));
  };
  add("aa_live_operations_total", "Operations stored for members of rooms", counters.operations);
  add("aa_live_deliveries_total", "Messages with operations sent to members", counters.deliveries);
  add("aa_live_presence_total", "Messages with presence sent", counters.presence);
  add("aa_live_presence_dropped_total", "Messages with presence left out for slow readers",
      counters.presence_dropped);
  add("aa_live_refused_total", "Batches that were not taken", counters.refused);
  metrics.set("aa_live_connections", "Live connections", {},
              static_cast<double>(parts_.roster.size()));
  metrics.set("aa_live_rooms", "Open rooms", {}, static_cast<double>(parts_.rooms.size()));
}

}  // namespace aa::collab
