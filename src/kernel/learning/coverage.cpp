#include "kernel/learning/coverage.hpp"

#include <algorithm>

#include "kernel/learning/similarity.hpp"

namespace aa::learning {
namespace {

constexpr double kFarthest = 2;
constexpr double kPicked = -1;

std::size_t nearest_to_mean(const UnitVectors& points) {
  std::vector<float> mean(points[0].size());
  for (const auto& point : points) {
    for (std::size_t i = 0; i < mean.size(); ++i) mean[i] += point[i];
  }
  const auto to_mean = [&](const auto& point) { return cosine_of_units(point, mean); };
  return static_cast<std::size_t>(std::ranges::max_element(points, {}, to_mean) - points.begin());
}

}  // namespace

std::vector<Pick> farthest_first(const UnitVectors& points, const UnitVectors& covered,
                                 std::size_t count) {
  std::vector<double> distance(points.size(), kFarthest);
  const auto cover = [&](const std::vector<float>& centre) {
    for (std::size_t i = 0; i < points.size(); ++i) {
      const double now = std::max(0.0, 1.0 - cosine_of_units(points[i], centre));
      distance[i] = std::min(distance[i], now);
    }
  };
  for (const auto& centre : covered) cover(centre);
  std::vector<Pick> out;
  while (out.size() < std::min(count, points.size())) {
    auto best = static_cast<std::size_t>(std::ranges::max_element(distance) - distance.begin());
    if (out.empty() && covered.empty()) best = nearest_to_mean(points);
    out.push_back({best, distance[best]});
    cover(points[best]);
    distance[best] = kPicked;
  }
  return out;
}

}  // namespace aa::learning
