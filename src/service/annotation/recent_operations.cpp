#include "service/annotation/recent_operations.hpp"

#include <algorithm>

namespace aa::annotation {
namespace {

constexpr std::int64_t kSkewMs = 2'000;  // of a client's clock that goes wrong as most do

std::int64_t milliseconds_of(const OperationId& id) {
  std::int64_t out = 0;
  for (std::size_t i = 0; i < 6; ++i) out = out << 8 | id.uuid.bytes[i];
  return out;
}

}  // namespace

RecentOperations::RecentOperations(std::int64_t revision, Timestamp at)
    : after_(revision), ids_since_ms_(revision == 0 ? 0 : at.micros / 1'000 + kSkewMs) {}

void RecentOperations::add(const StoredOperation& stored) {
  operations_.push_back(stored);
  bytes_ += stored.text.size();
  while (operations_.size() > kOperations || (bytes_ > kBytes && operations_.size() > 1)) {
    bytes_ -= operations_.front().text.size();
    after_ = operations_.front().revision;
    operations_.pop_front();
  }
  ids_.push_back(stored.operation.id);
  if (ids_.size() <= kIds) return;
  ids_since_ms_ = std::max(ids_since_ms_, milliseconds_of(ids_.front()) + kSkewMs);
  ids_.pop_front();
}

std::vector<StoredOperation> RecentOperations::since(std::int64_t revision,
                                                     const std::set<AnnotationId>& targets) const {
  std::vector<StoredOperation> out;
  for (const auto& stored : operations_) {
    if (stored.revision <= revision) continue;
    if (targets.contains(document::target_of(stored.operation.change))) out.push_back(stored);
  }
  return out;
}

const StoredOperation* RecentOperations::find(const OperationId& id) const {
  const auto found = std::find_if(operations_.rbegin(), operations_.rend(),
                                  [&](const auto& stored) { return stored.operation.id == id; });
  return found == operations_.rend() ? nullptr : &*found;
}

bool RecentOperations::may_be_older(const OperationId& id) const {
  if (std::find(ids_.begin(), ids_.end(), id) != ids_.end()) return true;
  return milliseconds_of(id) < ids_since_ms_;
}

}  // namespace aa::annotation
