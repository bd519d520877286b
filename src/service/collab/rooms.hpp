// All rooms of this instance, found by asset.
//
// Thread rule: any thread. Errors: unavailable "too_many_rooms".
#pragma once

#include <array>
#include <mutex>
#include <unordered_map>

#include "core/runtime/event.hpp"
#include "service/collab/room.hpp"
#include "service/comments/comments.hpp"

namespace aa::collab {

class Rooms final : public annotation::LogListener, public comments::Listener {
 public:
  Rooms(std::shared_ptr<RoomContext> context, std::size_t rooms_max)
      : context_(std::move(context)), rooms_max_(rooms_max) {}
  ~Rooms() override = default;

  // The room stays until one more has entered, whom the caller brings.
  std::shared_ptr<Room> expect(OrganizationId organization, AssetId asset);
  std::shared_ptr<Room> find(AssetId asset);
  std::vector<std::shared_ptr<Room>> all();
  std::size_t size() const { return count_; }

  void log_grew(OrganizationId organization, AssetId asset, std::int64_t revision) override;
  void thread_changed(OrganizationId organization, const comments::ThreadView& thread) override;
  // What is under way is answered, then every socket is closed with 1001.
  runtime::Task<> drain(std::chrono::milliseconds grace);

 private:
  struct Shard {
    std::mutex mutex;
    std::unordered_map<AssetId, std::shared_ptr<Room>> rooms;
  };
  Shard& shard_of(AssetId asset);
  bool forget(Room& room);
  void publish(std::string_view kind, AssetId asset, std::int64_t revision);

  static constexpr std::size_t kShards = 16;
  std::shared_ptr<RoomContext> context_;
  const std::size_t rooms_max_;
  std::array<Shard, kShards> shards_;
  std::atomic<std::size_t> count_ = 0;
};

}  // namespace aa::collab
