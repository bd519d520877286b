#include <array>

#include "base/error.hpp"
#include "kernel/raster/rle.hpp"

namespace aa::raster {
namespace {

constexpr int kFirstCharacter = 48;
constexpr int kMore = 0x20;
constexpr int kSign = 0x10;
constexpr int kGroupsMax = 7;  // 35 bits hold any difference of two 32-bit runs

[[noreturn]] void reject(std::size_t at, const char* why) {
  throw malformed("malformed_rle",
                  "The RLE counts cannot be read at character " + std::to_string(at) + ": " + why);
}

void append_number(std::string& out, std::int64_t number) {
  bool more = true;
  while (more) {
    auto group = static_cast<int>(number & 0x1f);
    number >>= 5;
    more = (group & kSign) != 0 ? number != -1 : number != 0;
    if (more) group |= kMore;
    out += static_cast<char>(group + kFirstCharacter);
  }
}

std::int64_t read_number(std::string_view counts, std::size_t& at) {
  std::int64_t number = 0;
  for (int group = 0;; ++group) {
    if (at >= counts.size()) reject(at, "it ends within a number.");
    if (group == kGroupsMax) reject(at, "a number is too long.");
    const int bits = static_cast<unsigned char>(counts[at]) - kFirstCharacter;
    if (bits < 0 || bits > 0x3f) reject(at, "no such character.");
    ++at;
    number |= static_cast<std::int64_t>(bits & 0x1f) << (5 * group);
    if ((bits & kMore) != 0) continue;
    if ((bits & kSign) != 0) number -= std::int64_t{1} << (5 * (group + 1));
    return number;
  }
}

}  // namespace

std::string to_counts(const Rle& rle) {
  std::string out;
  out.reserve(rle.runs.size() * 2);
  for (std::size_t i = 0; i < rle.runs.size(); ++i) {
    auto number = static_cast<std::int64_t>(rle.runs[i]);
    if (i > 2) number -= static_cast<std::int64_t>(rle.runs[i - 2]);
    append_number(out, number);
  }
  return out;
}

Rle from_counts(std::string_view counts, std::uint32_t height, std::uint32_t width) {
  Rle out{height, width, {}};
  const std::uint64_t pixels = static_cast<std::uint64_t>(height) * width;
  std::uint64_t sum = 0;
  for (std::size_t at = 0; at < counts.size();) {
    const std::size_t start = at;
    std::int64_t run = read_number(counts, at);
    const std::size_t i = out.runs.size();
    if (i >= kRunsMax) reject(start, "it has too many runs.");
    if (i > 2) run += static_cast<std::int64_t>(out.runs[i - 2]);
    if (run < 0) reject(start, "a run is negative.");
    if (static_cast<std::uint64_t>(run) > pixels - sum) {
      reject(start, "the runs are longer than the mask.");
    }
    sum += static_cast<std::uint64_t>(run);
    out.runs.push_back(static_cast<std::uint32_t>(run));
  }
  check(out);
  return out;
}

}  // namespace aa::raster
