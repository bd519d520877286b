#include "kernel/document/vertex_keys.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace aa::document {
namespace {

constexpr std::string_view kDigits =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::size_t kBase = 62;

std::size_t digit_at(std::string_view key, std::size_t i) {
  return i < key.size() ? kDigits.find(key[i]) : 0;
}

[[noreturn]] void reject(std::string_view a, std::string_view b) {
  throw invalid("bad_key_order", "There is no key between \"" + std::string(a) + "\" and \"" +
                                     std::string(b) + "\".");
}

std::string key_after(std::string_view a) {
  std::string out;
  for (const char c : a) {
    const std::size_t digit = kDigits.find(c);
    if (digit + 1 < kBase) return out + kDigits[digit + 1];
    out += c;
  }
  return out + (a.empty() ? 'V' : '1');
}

std::string key_before(std::string_view b) {
  const std::size_t zeros = b.find_first_not_of('0');
  if (zeros == std::string_view::npos) reject("", b);
  const std::size_t digit = digit_at(b, zeros);
  std::string out(zeros, '0');
  if (digit > 1) return out + kDigits[digit - 1];
  if (b.find_first_not_of('0', zeros + 1) != std::string_view::npos) return out + '1';
  return out + "0z";
}

std::string key_midway(std::string_view a, std::string_view b) {
  std::string out;
  for (std::size_t i = 0; i < b.size(); ++i) {
    const std::size_t low = digit_at(a, i);
    const std::size_t high = digit_at(b, i);
    if (low > high) reject(a, b);
    if (high - low > 1) return out + kDigits[(low + high) / 2];
    out += kDigits[low];
    if (high == low) continue;
    // What follows only has to be above the rest of a, halfway to the end of the digits.
    for (++i;; ++i) {
      const std::size_t floor = digit_at(a, i);
      if (floor + 1 < kBase) return out + kDigits[(floor + kBase + 1) / 2];
      out += kDigits[floor];
    }
  }
  reject(a, b);
}

std::string key_unsalted(std::string_view a, std::string_view b) {
  if (b.empty()) return key_after(a);
  return a.empty() ? key_before(b) : key_midway(a, b);
}

bool is_base62(std::string_view key) {
  return key.find_first_not_of(kDigits) == std::string_view::npos;
}

}  // namespace

std::string key_between(std::string_view a, std::string_view b, std::string_view salt) {
  if (!is_base62(a) || !is_base62(b) || !is_base62(salt) || (!b.empty() && a >= b)) reject(a, b);
  std::string out = key_unsalted(a, b);
  if (salt.empty()) return out;
  // A salt would push a key that begins b beyond b.
  while (b.starts_with(out)) out = key_midway(out, b);
  out += salt;
  if (out.back() == '0') out += '1';
  return out;
}

std::vector<std::string> spread_keys(std::size_t count) {
  std::size_t width = 1;
  std::uint64_t whole = kBase;
  for (; whole <= count; whole *= kBase) ++width;
  std::vector<std::string> out;
  out.reserve(count);
  for (std::size_t i = 1; i <= count; ++i) {
    std::uint64_t value = whole * i / (count + 1);
    std::string key(width, '0');
    for (std::size_t at = width; at-- > 0; value /= kBase) key[at] = kDigits[value % kBase];
    key.erase(key.find_last_not_of('0') + 1);
    out.push_back(std::move(key));
  }
  return out;
}

bool is_vertex_key(std::string_view key) {
  return !key.empty() && key.size() <= kKeyLengthMax &&
         std::all_of(key.begin(), key.end(), [](char c) {
           return kDigits.find(c) != std::string_view::npos || c == '_' || c == '-';
         });
}

bool is_fractional_key(std::string_view key) {
  return !key.empty() && is_base62(key) && key.back() != '0';
}

bool keys_ascend(const std::vector<std::string>& keys) {
  return std::adjacent_find(keys.begin(), keys.end(), std::greater_equal<>{}) == keys.end();
}

}  // namespace aa::document
