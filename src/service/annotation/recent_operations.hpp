// The end of an asset's log, kept in memory by who has the document open: what a batch must be
// merged with, and which operations came before and are sent again. Private to the module.
//
// Bounded: kOperations and kBytes of operations, kIds of ids; what is older stands in the database.
// Thread rule: one owner. Errors: none.
#pragma once

#include <deque>
#include <set>

#include "service/annotation/annotation_types.hpp"

namespace aa::annotation {

class RecentOperations {
 public:
  static constexpr std::size_t kOperations = 64;
  static constexpr std::size_t kBytes = 64 << 10;
  static constexpr std::size_t kIds = 256;

  RecentOperations() = default;
  // Begins empty after `revision`, at `at`.
  RecentOperations(std::int64_t revision, Timestamp at);

  void add(const StoredOperation& stored);

  // Is everything after `revision` here?
  bool covers(std::int64_t revision) const { return revision >= after_; }
  std::vector<StoredOperation> since(std::int64_t revision,
                                     const std::set<AnnotationId>& targets) const;
  const StoredOperation* find(const OperationId& id) const;
  // May the log hold this one although find() does not? By the time in its id, which is the
  // client's: the last word is the database's.
  bool may_be_older(const OperationId& id) const;

 private:
  std::deque<StoredOperation> operations_;
  std::size_t bytes_ = 0;
  std::int64_t after_ = 0;
  std::deque<OperationId> ids_;
  std::int64_t ids_since_ms_ = 0;
};

}  // namespace aa::annotation
