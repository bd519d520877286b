// An operation log in memory, for tests of rooms: the last of two writes wins, nothing is merged.
//
// Thread rule: any thread.
#pragma once

#include <mutex>

#include "core/runtime/event.hpp"
#include "service/annotation/live_log.hpp"

namespace aa::collab {

class MemoryLog final : public annotation::LiveLog {
 public:
  using Stored = annotation::StoredOperation;

  runtime::Task<std::unique_ptr<annotation::LiveDocument>> open(OrganizationId organization,
                                                                AssetId asset) override;
  runtime::Task<annotation::Appended> append(
      annotation::LiveDocument& document, std::vector<annotation::Submission> submissions) override;
  runtime::Task<std::vector<Stored>> catch_up(annotation::LiveDocument& document) override;
  runtime::Task<std::vector<Stored>> since(OrganizationId organization, AssetId asset,
                                           std::int64_t revision, int limit) override;

  std::int64_t write(document::Operation operation);  // as another writer
  std::int64_t revision() const;
  std::vector<std::size_t> rounds() const;  // submissions of each append
  void fail_with(std::optional<Error> error);
  // Appends wait until release(), after they were counted in rounds().
  void hold();
  void release();

 private:
  class Open;
  std::vector<Stored> after(std::int64_t revision) const;  // with the mutex held
  std::optional<Stored> store(const document::Operation& operation, UserId author);
  void check() const;

  mutable std::mutex mutex_;
  document::Document head_;
  std::vector<Stored> log_;
  std::vector<std::size_t> rounds_;
  std::optional<Error> failure_;
  std::shared_ptr<runtime::Event> gate_;
};

}  // namespace aa::collab
