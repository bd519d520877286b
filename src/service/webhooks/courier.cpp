#include "service/webhooks/courier.hpp"

#include <random>
#include <thread>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/strand.hpp>

#include "base/hash.hpp"
#include "base/utf8.hpp"
#include "core/observe/log.hpp"
#include "service/webhooks/signature.hpp"
#include "service/webhooks/statements.hpp"

namespace aa::webhooks {
namespace {

constexpr std::chrono::seconds kLease{60};
constexpr std::chrono::hours kPauseMax{1};
constexpr std::chrono::hours kKept{24 * 30};
constexpr std::chrono::hours kTidyEvery{1};
constexpr int kPerOrganization = 2;
constexpr std::uint64_t kAnswerBytes = 64 * 1024;
constexpr std::size_t kAnswerKept = 4 * 1024;
constexpr std::chrono::milliseconds kStopPoll{10};

bool is_success(std::optional<std::int64_t> status) {
  return status && *status >= 200 && *status < 300;
}

}  // namespace

struct Courier::Claimed {
  DeliveryId id;
  OrganizationId organization_id;
  WebhookId webhook_id;
  std::string event;
  std::string body;
  std::int64_t tries = 0;
  std::string url;
  std::string secret;
  std::int64_t failures = 0;
  BOOST_DESCRIBE_CLASS(Claimed, (),
                       (id, organization_id, webhook_id, event, body, tries, url, secret, failures),
                       (), ())
};

struct Courier::Outcome {
  Timestamp at;
  std::int64_t took_ms = 0;
  std::optional<std::int64_t> status;
  std::optional<std::string> problem;
  std::string answer;
};

Courier::Courier(WebhookParts parts, observe::Metrics& metrics, CourierSettings settings)
    : parts_(std::move(parts)),
      sealer_(parts_.keys),
      metrics_(metrics),
      settings_(settings),
      owner_(parts_.ids.next().str()),
      threads_(settings.threads),
      timer_(std::make_shared<boost::asio::steady_timer>(
          boost::asio::make_strand(parts_.executors.io()))) {}

Courier::~Courier() { stop(); }

void Courier::start() {
  ++running_;
  boost::asio::co_spawn(timer_->get_executor(), work(), boost::asio::detached);
}

void Courier::stop() {
  stopping_ = true;
  const auto deadline =
      std::chrono::steady_clock::now() + settings_.timeout + std::chrono::seconds(2);
  while (running_ > 0 && std::chrono::steady_clock::now() < deadline) {
    wake();
    std::this_thread::sleep_for(kStopPoll);
  }
  threads_.join();
}

void Courier::wake() {
  woken_ = true;
  boost::asio::post(timer_->get_executor(), [timer = timer_] { timer->cancel(); });
}

Task<> Courier::work() {
  auto tidied = parts_.clock.steady() - kTidyEvery;
  while (!stopping_) {
    try {
      if (parts_.clock.steady() - tidied >= kTidyEvery) {
        tidied = parts_.clock.steady();
        co_await tidy();
      }
      woken_ = false;
      while (!stopping_ && busy_ < settings_.threads) {
        auto claimed = co_await claim();
        if (!claimed) break;
        ++running_;
        boost::asio::co_spawn(parts_.executors.io(), carry(std::move(claimed)),
                              [this](std::exception_ptr) {
                                wake();
                                --running_;
                              });
      }
    } catch (const std::exception& e) {
      observe::error("webhooks.courier", {{"error", std::string_view(e.what())}});
    }
    if (woken_ && busy_ < settings_.threads) continue;
    timer_->expires_after(settings_.poll);
    boost::system::error_code cancelled;
    co_await timer_->async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, cancelled));
  }
  --running_;
}

Task<> Courier::tidy() {
  const Timestamp before = parts_.clock.now() + -std::chrono::microseconds(kKept);
  co_await parts_.database.write(db::Scope::system(), sql::drop_finished, db::args(before));
}

Task<bool> Courier::send_one() {
  auto claimed = co_await claim();
  if (!claimed) co_return false;
  co_await carry(std::move(claimed));
  co_return true;
}

// Webhooks that failed the last time may fill half of the threads.
Task<std::shared_ptr<const Courier::Claimed>> Courier::claim() {
  const auto now = parts_.clock.now();
  const bool troubled_too = troubled_ < std::max(1U, settings_.threads / 2);
  const auto rows = co_await parts_.database.write(
      db::Scope::system(), sql::claim_delivery,
      db::args(now, owner_, now + kLease, troubled_too, kPerOrganization));
  if (rows.empty()) co_return nullptr;
  auto claimed = std::make_shared<Claimed>(rows[0].as<Claimed>());
  ++busy_;
  if (claimed->failures > 0) ++troubled_;
  co_return claimed;
}

Task<> Courier::carry(std::shared_ptr<const Claimed> claimed) {
  std::exception_ptr failed;
  try {
    const auto at = parts_.clock.now();
    auto send = [this, claimed, at] { return attempt(*claimed, at); };
    auto outcome = co_await runtime::run_on(threads_.get_executor(), send);
    co_await settle(claimed, std::move(outcome));
  } catch (const std::exception& e) {
    observe::error("webhooks.courier",
                   {{"delivery", claimed->id.str()}, {"error", std::string_view(e.what())}});
  }
  --busy_;
  if (claimed->failures > 0) --troubled_;
}

Courier::Outcome Courier::attempt(const Claimed& claimed, Timestamp at) {
  Outcome out;
  out.at = at;
  const auto began = std::chrono::steady_clock::now();
  try {
    const auto secret = sealer_.open(claimed.organization_id, secret_purpose(claimed.webhook_id),
                                     from_base64url(claimed.secret).value_or(""));
    http::OutboundRequest request;
    request.method = "POST";
    request.url = claimed.url;
    request.headers = {"Content-Type: application/json", "AnnotateAI-Event: " + claimed.event,
                       "AnnotateAI-Delivery: " + claimed.id.str(),
                       "AnnotateAI-Signature: " + signature_header(secret, at, claimed.body)};
    request.body = claimed.body;
    request.timeout = settings_.timeout;
    request.max_bytes = kAnswerBytes;
    const auto response = parts_.outbound.fetch(request);
    out.status = response.status;
    out.answer = label_text(response.body, kAnswerKept);
    if (!is_success(out.status)) out.problem = "status";
  } catch (const Error& error) {
    out.problem = error.slug();
  }
  out.took_ms = std::chrono::duration_cast<std::chrono::milliseconds>(
                    std::chrono::steady_clock::now() - began)
                    .count();
  return out;
}

// Four times longer each time, plus up to half of it at random, so that many do not come at once.
std::chrono::microseconds Courier::pause_before(std::int64_t next_try) const {
  std::chrono::microseconds pause = settings_.first_pause;
  for (std::int64_t i = 2; i < next_try && pause < kPauseMax; ++i) pause *= 4;
  pause = std::min<std::chrono::microseconds>(pause, kPauseMax);
  thread_local std::minstd_rand random{std::random_device{}()};
  return pause + std::chrono::microseconds(
                     std::uniform_int_distribution<std::int64_t>(0, pause.count() / 2)(random));
}

Task<> Courier::settle(std::shared_ptr<const Claimed> claimed, Outcome outcome) {
  const auto now = parts_.clock.now();
  const bool delivered = !outcome.problem;
  const bool last = claimed->tries >= settings_.tries_max;
  const auto state =
      delivered ? DeliveryState::delivered : (last ? DeliveryState::failed : DeliveryState::queued);
  std::optional<Timestamp> finished;
  if (state != DeliveryState::queued) finished = now;
  const Timestamp next = now + pause_before(claimed->tries + 1);
  auto transaction = co_await parts_.database.begin(db::Scope::tenant(claimed->organization_id));
  const auto settled = co_await transaction->exec(
      sql::settle_delivery, db::args(claimed->id, owner_, state, next, finished));
  // The webhook was deleted, or the lease ran out and another one sends it.
  if (settled.affected() == 0) co_return;
  co_await transaction->exec(
      sql::insert_attempt,
      db::args(claimed->id, claimed->organization_id, outcome.at, outcome.took_ms, outcome.status,
               outcome.problem, outcome.answer));
  if (delivered) {
    co_await transaction->exec(sql::succeeded, db::args(claimed->webhook_id));
  } else {
    co_await count_failure(*transaction, claimed);
  }
  co_await transaction->commit();
  metrics_.add("aa_webhook_attempts_total", "Deliveries that were tried",
               {{"outcome", delivered ? "delivered" : "failed"}});
}

Task<> Courier::count_failure(db::Transaction& transaction,
                              std::shared_ptr<const Claimed> claimed) {
  const auto rows = co_await transaction.exec(sql::count_failure, db::args(claimed->webhook_id));
  if (rows.empty() || rows[0].get<std::int64_t>("failures") < settings_.failures_max) co_return;
  const auto now = parts_.clock.now();
  const auto off = co_await transaction.exec(sql::disable_webhook,
                                             db::args(claimed->webhook_id, now, "failures"));
  if (off.affected() == 0) co_return;
  co_await transaction.exec(sql::give_up_deliveries, db::args(claimed->webhook_id, now));
  audit::Entry entry("webhook.disable", "webhook", claimed->webhook_id.str());
  entry.detail["failures"] = rows[0].get<std::int64_t>("failures");
  audit::Actor nobody(claimed->organization_id, std::nullopt, "", "");
  co_await parts_.trail.append(transaction, std::move(nobody), std::move(entry));
}

}  // namespace aa::webhooks
