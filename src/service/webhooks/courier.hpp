// Sends deliveries: through the guarded door, on threads of its own, so that a receiver that keeps
// it waiting keeps nobody else waiting.
//
// A delivery that fails is tried again after kTriesMax at most, each pause four times the one
// before with a random part, up to an hour. Of one webhook one delivery is under way at a time, of
// one organisation two (per process), and webhooks that failed last time share half of the
// threads. After `failures_max` failures in a row a webhook is switched off, and the trail says so.
//
// Thread rule: start() once; stop() waits for what is under way.
// Errors: none leave.
#pragma once

#include <atomic>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

#include "core/observe/metrics.hpp"
#include "service/webhooks/webhooks.hpp"

namespace aa::webhooks {

struct CourierSettings {
  unsigned threads = 8;
  std::chrono::milliseconds poll{1'000};
  std::chrono::seconds first_pause{10};
  int tries_max = 8;
  std::int64_t failures_max = 20;
  std::chrono::milliseconds timeout{10'000};
};

class Courier {
 public:
  Courier(WebhookParts parts, observe::Metrics& metrics, CourierSettings settings);
  ~Courier();

  void start();
  void stop();
  void wake();  // something may be due
  // Sends one delivery that is due, if there is one.
  Task<bool> send_one();

 private:
  struct Claimed;
  struct Outcome;
  Task<> work();
  Task<> tidy();
  Task<> carry(std::shared_ptr<const Claimed> claimed);
  Task<std::shared_ptr<const Claimed>> claim();
  Outcome attempt(const Claimed& claimed, Timestamp at);
  Task<> settle(std::shared_ptr<const Claimed> claimed, Outcome outcome);
  Task<> count_failure(db::Transaction& transaction, std::shared_ptr<const Claimed> claimed);
  std::chrono::microseconds pause_before(std::int64_t next_try) const;

  WebhookParts parts_;
  blob::Sealer sealer_;
  observe::Metrics& metrics_;
  const CourierSettings settings_;
  const std::string owner_;
  boost::asio::thread_pool threads_;
  // On a strand of their own, and alive while somebody may still wake it.
  std::shared_ptr<boost::asio::steady_timer> timer_;
  std::atomic<bool> stopping_ = false;
  std::atomic<bool> woken_ = false;
  std::atomic<unsigned> busy_ = 0;
  std::atomic<unsigned> troubled_ = 0;
  std::atomic<int> running_ = 0;
};

}  // namespace aa::webhooks
