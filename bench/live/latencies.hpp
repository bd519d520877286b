// Latencies of one kind, in milliseconds, and their quantiles.
//
// Thread rule: a value with one owner. Errors: none.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace aa::live {

class Latencies {
 public:
  void add(double ms) { ms_.push_back(static_cast<float>(ms)); }
  std::size_t count() const { return ms_.size(); }
  double quantile(double share) {
    if (ms_.empty()) return 0;
    const auto rank = static_cast<std::size_t>(share * static_cast<double>(ms_.size()));
    const auto at = ms_.begin() + static_cast<std::ptrdiff_t>(std::min(ms_.size() - 1, rank));
    std::nth_element(ms_.begin(), at, ms_.end());
    return *at;
  }
  // {"count", "p50_ms", "p99_ms", "max_ms"}
  std::string json() {
    return fmt::format(R"({{"count":{},"p50_ms":{:.3f},"p99_ms":{:.3f},"max_ms":{:.3f}}})", count(),
                       quantile(0.5), quantile(0.99), quantile(1));
  }

 private:
  std::vector<float> ms_;
};

}  // namespace aa::live
