// Time as a dependency: wall clock for what is stored, monotonic clock for durations. Tests pass
// a ManualClock and so replay.
#pragma once

#include <atomic>
#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace aa {

// Microseconds since 1970-01-01T00:00:00Z, without leap seconds.
struct Timestamp {
  std::int64_t micros = 0;

  // RFC 3339 in UTC with microseconds: 2026-01-31T12:00:00.000000Z.
  std::string str() const;
  static std::optional<Timestamp> parse(std::string_view text);
  auto operator<=>(const Timestamp&) const = default;
};

inline Timestamp operator+(Timestamp t, std::chrono::microseconds d) {
  return {t.micros + d.count()};
}
inline std::chrono::microseconds operator-(Timestamp a, Timestamp b) {
  return std::chrono::microseconds(a.micros - b.micros);
}

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Timestamp now() const = 0;
  virtual std::chrono::steady_clock::time_point steady() const = 0;
};

class SystemClock final : public Clock {
 public:
  Timestamp now() const override;
  std::chrono::steady_clock::time_point steady() const override;
};

// Stands still until told. Safe to share between threads.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Timestamp start = {1'767'225'600'000'000}) : micros_(start.micros) {}
  Timestamp now() const override { return {micros_.load()}; }
  std::chrono::steady_clock::time_point steady() const override {
    return std::chrono::steady_clock::time_point(std::chrono::microseconds(micros_.load()));
  }
  void advance(std::chrono::microseconds by) { micros_ += by.count(); }

 private:
  std::atomic<std::int64_t> micros_;
};

}  // namespace aa
