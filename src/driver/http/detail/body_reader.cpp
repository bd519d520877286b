#include "driver/http/detail/body_reader.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace aa::http {
namespace {

using SteadyClock = std::chrono::steady_clock;
using runtime::Task;

constexpr std::uint64_t kDiscardBytesMax = 256 * 1024;

}  // namespace

BodyReader::BodyReader(Intake& intake, Watchdog& watchdog, Rate rate,
                       std::function<Task<>()> send_continue)
    : intake_(intake), watchdog_(watchdog), rate_(rate), send_continue_(std::move(send_continue)) {}

void BodyReader::begin(const Head& head, const Request* request) {
  request_ = request;
  framing_ = head.framing;
  chunks_ = {};
  left_ = head.length;
  taken_ = 0;
  budget_ = rate_.grace;
  started_ = late_ = over_limit_ = false;
  continue_due_ = head.expect_continue;
  done_ = framing_ == Framing::none || (framing_ == Framing::length && left_ == 0);
  failure_.reset();
  intake_.expect(done_ ? Intake::kSmallRead : Intake::kLargeRead);
}

void BodyReader::arrived(std::size_t count) {
  const auto earned = std::chrono::duration_cast<Duration>(std::chrono::duration<double>(
      static_cast<double>(count) /
      static_cast<double>(std::max<std::uint64_t>(rate_.bytes_per_s, 1))));
  budget_ += earned;
}

void BodyReader::fail_over_limit() {
  over_limit_ = true;
  throw too_large("body_too_large", "The body is larger than the " +
                                        std::to_string(request_->body_limit) +
                                        " bytes that are taken here.");
}

Task<> BodyReader::start() {
  started_ = true;
  if (framing_ == Framing::length && left_ > request_->body_limit) fail_over_limit();
  if (!std::exchange(continue_due_, false) || !intake_.data().empty()) co_return;
  co_await send_continue_();
}

std::size_t BodyReader::take(std::span<std::byte> buffer) {
  const std::string_view data = intake_.data();
  if (framing_ == Framing::length) {
    const auto count = static_cast<std::size_t>(
        std::min<std::uint64_t>(left_, std::min(buffer.size(), data.size())));
    std::copy_n(std::as_bytes(std::span(data)).begin(), count, buffer.begin());
    left_ -= count;
    done_ = left_ == 0;
    intake_.consume(count);
    return count;
  }
  const auto step = chunks_.decode(data, buffer);
  done_ = chunks_.done();
  intake_.consume(step.consumed);
  if (chunks_.failed()) {
    failure_ = Refusal{400, "malformed_body", "The chunks of the body are malformed."};
    throw malformed("malformed_body", failure_->detail);
  }
  return step.produced;
}

Task<> BodyReader::wait_for_peer() {
  if (intake_.ended()) {
    failure_ = Refusal{400, "body_incomplete", "The body ended before its announced length."};
    throw malformed("body_incomplete", failure_->detail);
  }
  if (late_) {
    failure_ = Refusal{408, "body_too_slow", "The body arrived too slowly."};
    throw Error(ErrorCode::deadline_exceeded, "body_too_slow", failure_->detail);
  }
  const auto begin = SteadyClock::now();
  budget_ = std::min(budget_, rate_.grace);
  const Watchdog::Guard guard(watchdog_, budget_, [this] {
    late_ = true;
    intake_.wake();
  });
  co_await intake_.wait();
  budget_ = std::min(budget_ - (SteadyClock::now() - begin), rate_.grace);
}

Task<std::size_t> BodyReader::read(std::span<std::byte> buffer) {
  if (request_ == nullptr) {
    throw Error(ErrorCode::cancelled, "request_ended", "The request is over.");
  }
  if (failure_ || over_limit_) {
    throw malformed("malformed_body", "The body of the request could not be read.");
  }
  if (!started_ && !done_) co_await start();
  while (!done_) {
    const std::size_t count = take(buffer);
    taken_ += count;
    if (taken_ > request_->body_limit) fail_over_limit();
    if (count > 0) co_return count;
    if (!done_) co_await wait_for_peer();
  }
  co_return 0;
}

bool BodyReader::worth_discarding() const {
  if (failure_ || over_limit_) return false;
  return done_ || (!continue_due_ && framing_ == Framing::length && left_ <= kDiscardBytesMax);
}

Task<bool> BodyReader::discard() {
  std::vector<std::byte> buffer(done_ ? 0 : 16 * 1024);
  while (!done_) {
    if (intake_.ended() || late_) co_return false;
    if (take(buffer) == 0 && !done_) co_await wait_for_peer();
  }
  co_return true;
}

}  // namespace aa::http
