// What all rooms of this instance share.
#pragma once

#include <atomic>
#include <string>

#include "base/clock.hpp"
#include "core/observe/metrics.hpp"
#include "core/runtime/task.hpp"
#include "driver/bus/bus.hpp"
#include "service/annotation/live_log.hpp"

namespace aa::collab {

struct RoomLimits {
  std::size_t members_max = 250;
  int batches_under_way = 8;        // of one member
  std::int64_t catch_up_max = 500;  // operations; beyond: a snapshot
  std::size_t round_operations = 2'000;
  std::chrono::milliseconds linger{10'000};  // after the last member has left
};

// Counted by rooms, told to the metrics once a second.
struct Counters {
  std::atomic<std::uint64_t> operations = 0;  // stored for members
  std::atomic<std::uint64_t> deliveries = 0;  // messages with operations
  std::atomic<std::uint64_t> presence = 0;    // messages with presence
  std::atomic<std::uint64_t> presence_dropped = 0;
  std::atomic<std::uint64_t> refused = 0;  // batches
  std::atomic<std::uint64_t> members = 0;  // at present
};

struct ThreadNews {
  std::int64_t revision = 0;  // of the asset's threads, at its last change
  std::string json;
};

// The comment threads of assets, of which rooms tell what is new.
class ThreadSource {
 public:
  virtual ~ThreadSource() = default;
  // Counts every change of an asset's threads.
  virtual runtime::Task<std::int64_t> revision(OrganizationId organization, AssetId asset) = 0;
  // Some that changed after `revision`, in the order of their last change.
  virtual runtime::Task<std::vector<ThreadNews>> since(OrganizationId organization, AssetId asset,
                                                       std::int64_t revision) = 0;
};

struct RoomContext {
  runtime::Executor io;
  annotation::LiveLog& log;
  bus::Bus& bus;
  ThreadSource* threads = nullptr;  // or none
  const Clock& clock;
  observe::Metrics& metrics;
  std::string instance;
  bool several = false;  // other instances may be there: they are told of members and locks
  RoomLimits limits;
  Counters counters;
};

std::string channel_of(AssetId asset);

}  // namespace aa::collab
