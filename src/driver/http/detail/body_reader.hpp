// The body of the present request: framing, limit, Expect and minimum rate.
//
// The rate is a budget of time: waiting for the peer uses it up, each byte that arrives gives
// 1 / rate seconds back, up to the grace it began with. Time in which nobody reads costs nothing.
// Thread rule: the connection's strand.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>

#include "driver/http/detail/chunk_decoder.hpp"
#include "driver/http/detail/intake.hpp"
#include "driver/http/detail/request_head.hpp"
#include "driver/http/detail/watchdog.hpp"

namespace aa::http {

class BodyReader {
 public:
  struct Rate {
    std::uint64_t bytes_per_s = 1024;
    std::chrono::steady_clock::duration grace{};
  };
  BodyReader(Intake& intake, Watchdog& watchdog, Rate rate,
             std::function<runtime::Task<>()> send_continue);

  // `request` outlives the reading; its body_limit holds until detach().
  void begin(const Head& head, const Request* request);
  void detach() { request_ = nullptr; }
  void arrived(std::size_t count);

  // See BodySource::read.
  runtime::Task<std::size_t> read(std::span<std::byte> buffer);
  // Reads the rest away; false when that is not worth it and the connection must end.
  bool worth_discarding() const;
  runtime::Task<bool> discard();
  bool done() const { return done_; }
  // What the client is to be told when reading failed through its fault.
  const std::optional<Refusal>& failure() const { return failure_; }
  bool over_limit() const { return over_limit_; }

 private:
  using Duration = std::chrono::steady_clock::duration;
  runtime::Task<> start();
  std::size_t take(std::span<std::byte> buffer);
  runtime::Task<> wait_for_peer();
  [[noreturn]] void fail_over_limit();

  Intake& intake_;
  Watchdog& watchdog_;
  Rate rate_;
  std::function<runtime::Task<>()> send_continue_;
  const Request* request_ = nullptr;
  Framing framing_ = Framing::none;
  ChunkDecoder chunks_;
  std::uint64_t left_ = 0;  // with a known length
  std::uint64_t taken_ = 0;
  Duration budget_{};
  bool started_ = false;
  bool continue_due_ = false;
  bool done_ = true;
  bool late_ = false;
  bool over_limit_ = false;
  std::optional<Refusal> failure_;
};

}  // namespace aa::http
