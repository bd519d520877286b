#include "base/clock.hpp"

#include <charconv>

#include <fmt/format.h>

namespace aa {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

constexpr std::int64_t kMicrosPerSecond = 1'000'000;
constexpr std::int64_t kMicrosPerDay = 86'400 * kMicrosPerSecond;

bool read_digits(std::string_view text, std::size_t at, std::size_t count, int& out) {
  if (at + count > text.size()) return false;
  const char* first = text.data() + at;
  const auto [end, error] = std::from_chars(first, first + count, out);
  return error == std::errc{} && end == first + count && *first != '-';
}

// Reads ".123456" of any length, keeping microseconds; `at` moves past it.
bool read_fraction(std::string_view text, std::size_t& at, std::int64_t& micros) {
  if (at >= text.size() || text[at] != '.') return true;
  std::int64_t scale = kMicrosPerSecond / 10;
  const std::size_t first = ++at;
  for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, scale /= 10) {
    micros += (text[at] - '0') * scale;
  }
  return at > first;
}

// Reads "Z" or "+hh:mm"; the offset in microseconds.
bool read_zone(std::string_view text, std::size_t at, std::int64_t& offset) {
  if (at + 1 == text.size() && (text[at] == 'Z' || text[at] == 'z')) return true;
  if (at + 6 != text.size() || (text[at] != '+' && text[at] != '-') || text[at + 3] != ':') {
    return false;
  }
  int hours = 0;
  int minutes = 0;
  if (!read_digits(text, at + 1, 2, hours) || !read_digits(text, at + 4, 2, minutes)) return false;
  if (hours > 23 || minutes > 59) return false;
  offset = (hours * 3600LL + minutes * 60LL) * kMicrosPerSecond * (text[at] == '-' ? -1 : 1);
  return true;
}

}  // namespace

std::string Timestamp::str() const {
  const std::int64_t day =
      micros >= 0 ? micros / kMicrosPerDay : (micros - kMicrosPerDay + 1) / kMicrosPerDay;
  const std::int64_t rest = micros - day * kMicrosPerDay;
  const std::chrono::year_month_day ymd{sys_days{days{static_cast<int>(day)}}};
  const std::int64_t seconds = rest / kMicrosPerSecond;
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z", static_cast<int>(ymd.year()),
                     static_cast<unsigned>(ymd.month()), static_cast<unsigned>(ymd.day()),
                     seconds / 3600, seconds / 60 % 60, seconds % 60, rest % kMicrosPerSecond);
}

std::optional<Timestamp> Timestamp::parse(std::string_view text) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  const bool shape = text.size() >= 20 && text[4] == '-' && text[7] == '-' &&
                     (text[10] == 'T' || text[10] == 't' || text[10] == ' ') && text[13] == ':' &&
                     text[16] == ':';
  if (!shape || !read_digits(text, 0, 4, year) || !read_digits(text, 5, 2, month) ||
      !read_digits(text, 8, 2, day) || !read_digits(text, 11, 2, hour) ||
      !read_digits(text, 14, 2, minute) || !read_digits(text, 17, 2, second)) {
    return std::nullopt;
  }
  const std::chrono::year_month_day ymd{std::chrono::year(year),
                                        std::chrono::month(static_cast<unsigned>(month)),
                                        std::chrono::day(static_cast<unsigned>(day))};
  if (!ymd.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  std::size_t at = 19;
  std::int64_t micros = 0;
  std::int64_t offset = 0;
  if (!read_fraction(text, at, micros) || !read_zone(text, at, offset)) return std::nullopt;
  const std::int64_t day_count = sys_days{ymd}.time_since_epoch().count();
  micros += day_count * kMicrosPerDay +
            (hour * 3600LL + minute * 60LL + second) * kMicrosPerSecond - offset;
  return Timestamp{micros};
}

Timestamp SystemClock::now() const {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::microseconds>(since_epoch).count()};
}

std::chrono::steady_clock::time_point SystemClock::steady() const {
  return std::chrono::steady_clock::now();
}

}  // namespace aa
