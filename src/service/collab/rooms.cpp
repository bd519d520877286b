#include "service/collab/rooms.hpp"

#include "core/observe/log.hpp"
#include "core/runtime/with_deadline.hpp"

namespace aa::collab {

Rooms::Shard& Rooms::shard_of(AssetId asset) {
  return shards_[std::hash<AssetId>{}(asset) % kShards];
}

std::shared_ptr<Room> Rooms::expect(OrganizationId organization, AssetId asset) {
  auto& shard = shard_of(asset);
  const std::lock_guard lock(shard.mutex);
  auto& room = shard.rooms[asset];
  if (!room) {
    if (count_ >= rooms_max_) {
      shard.rooms.erase(asset);
      throw unavailable("too_many_rooms", "This server has too many images open; try again later.");
    }
    ++count_;
    auto forget_it = [this](Room& gone) { return forget(gone); };
    room = std::make_shared<Room>(context_, organization, asset, std::move(forget_it));
    room->start();
  }
  room->expect_one();
  return room;
}

std::shared_ptr<Room> Rooms::find(AssetId asset) {
  auto& shard = shard_of(asset);
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.rooms.find(asset);
  return found == shard.rooms.end() ? nullptr : found->second;
}

bool Rooms::forget(Room& room) {
  auto& shard = shard_of(room.asset());
  const std::lock_guard lock(shard.mutex);
  if (room.expects_someone()) return false;
  count_ -= shard.rooms.erase(room.asset());
  return true;
}

std::vector<std::shared_ptr<Room>> Rooms::all() {
  std::vector<std::shared_ptr<Room>> out;
  for (auto& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    for (const auto& [asset, room] : shard.rooms) out.push_back(room);
  }
  return out;
}

void Rooms::log_grew(OrganizationId, AssetId asset, std::int64_t revision) {
  if (const auto room = find(asset)) room->grew(revision);
  publish("log", asset, revision);
}

void Rooms::thread_changed(OrganizationId, const comments::ThreadView& thread) {
  if (const auto room = find(thread.asset_id)) room->threads_grew(thread.revision);
  publish("threads", thread.asset_id, thread.revision);
}

void Rooms::publish(std::string_view kind, AssetId asset, std::int64_t revision) {
  if (!context_->several) return;
  std::string message = R"({"k":")";
  message += kind;
  message += R"(","i":")" + context_->instance;
  message += R"(","revision":)" + std::to_string(revision) + '}';
  context_->bus.publish(channel_of(asset), std::move(message));
}

runtime::Task<> Rooms::drain(std::chrono::milliseconds grace) {
  const auto open = all();
  if (open.empty()) co_return;
  auto left = std::make_shared<std::atomic<std::size_t>>(open.size());
  auto drained = std::make_shared<runtime::Event>();
  for (const auto& room : open) {
    room->drain([left, drained] {
      if (--*left == 0) drained->set();
    });
  }
  try {
    co_await runtime::with_deadline(grace, drained->wait());
  } catch (const Error&) {
    observe::warn("live.drain_incomplete", {{"rooms", left->load()}});
  }
}

}  // namespace aa::collab
