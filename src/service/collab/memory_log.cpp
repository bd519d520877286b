#include "service/collab/memory_log.hpp"

#include <algorithm>

namespace aa::collab {

using annotation::Appended;
using annotation::LiveDocument;
using annotation::Submission;
using annotation::Verdict;
using runtime::Task;

class MemoryLog::Open final : public LiveDocument {
 public:
  explicit Open(document::Document present) : present_(std::move(present)) {}
  const document::Document& document() const override { return present_; }
  std::int64_t revision() const override { return present_.revision(); }
  const assets::Asset& asset() const override { return asset_; }

  std::vector<Stored> follow(const std::vector<Stored>& news) {
    for (const auto& stored : news) present_.apply(stored.operation);
    return news;
  }

 private:
  document::Document present_;
  assets::Asset asset_;
};

void MemoryLog::check() const {
  if (failure_) throw Error(*failure_);
}

Task<std::unique_ptr<LiveDocument>> MemoryLog::open(OrganizationId, AssetId) {
  const std::lock_guard lock(mutex_);
  check();
  co_return std::make_unique<Open>(head_);
}

std::vector<MemoryLog::Stored> MemoryLog::after(std::int64_t revision) const {
  return {log_.begin() + std::min(revision, static_cast<std::int64_t>(log_.size())), log_.end()};
}

// What was stored before is found again.
std::optional<MemoryLog::Stored> MemoryLog::store(const document::Operation& operation,
                                                  UserId author) {
  const auto known = std::ranges::find_if(
      log_, [&](const Stored& stored) { return stored.operation.id == operation.id; });
  if (known != log_.end()) return *known;
  if (!head_.apply(operation).ok) return std::nullopt;
  Stored stored;
  stored.revision = head_.revision();
  stored.operation = operation;
  stored.author = author;
  log_.push_back(stored);
  return stored;
}

Task<Appended> MemoryLog::append(LiveDocument& document, std::vector<Submission> submissions) {
  std::shared_ptr<runtime::Event> gate;
  {
    const std::lock_guard lock(mutex_);
    rounds_.push_back(submissions.size());
    gate = gate_;
  }
  if (gate) co_await gate->wait();
  const std::lock_guard lock(mutex_);
  check();
  auto& open = static_cast<Open&>(document);
  Appended out;
  out.foreign = open.follow(after(open.revision()));
  for (const auto& submission : submissions) {
    Verdict verdict;
    for (const auto& operation : submission.operations) {
      auto stored = store(operation, submission.author.user);
      if (stored)
        verdict.stored.push_back(std::move(*stored));
      else
        verdict.dropped.push_back({operation.id, "target_gone", "R2", "It is gone."});
    }
    open.follow(after(open.revision()));
    verdict.revision = open.revision();
    out.verdicts.push_back(std::move(verdict));
  }
  co_return out;
}

Task<std::vector<MemoryLog::Stored>> MemoryLog::catch_up(LiveDocument& document) {
  const std::lock_guard lock(mutex_);
  check();
  auto& open = static_cast<Open&>(document);
  co_return open.follow(after(open.revision()));
}

Task<std::vector<MemoryLog::Stored>> MemoryLog::since(OrganizationId, AssetId,
                                                      std::int64_t revision, int limit) {
  const std::lock_guard lock(mutex_);
  check();
  auto out = after(revision);
  if (out.size() > static_cast<std::size_t>(limit)) out.resize(static_cast<std::size_t>(limit));
  co_return out;
}

std::int64_t MemoryLog::write(document::Operation operation) {
  const std::lock_guard lock(mutex_);
  store(operation, {});
  return head_.revision();
}

std::int64_t MemoryLog::revision() const {
  const std::lock_guard lock(mutex_);
  return head_.revision();
}

std::vector<std::size_t> MemoryLog::rounds() const {
  const std::lock_guard lock(mutex_);
  return rounds_;
}

void MemoryLog::fail_with(std::optional<Error> error) {
  const std::lock_guard lock(mutex_);
  failure_ = std::move(error);
}

void MemoryLog::hold() {
  const std::lock_guard lock(mutex_);
  gate_ = std::make_shared<runtime::Event>();
}

void MemoryLog::release() {
  const std::lock_guard lock(mutex_);
  if (gate_) gate_->set();
  gate_.reset();
}

}  // namespace aa::collab
