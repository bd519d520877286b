#include "kernel/learning/discovery.hpp"

#include <algorithm>

namespace aa::learning {

double discovery_area(const std::vector<bool>& hits_in_order) {
  const auto hits = static_cast<double>(std::ranges::count(hits_in_order, true));
  const auto size = static_cast<double>(hits_in_order.size());
  if (hits == 0 || hits == size) return 0.5;
  double found = 0;
  double area = 0;
  for (const bool hit : hits_in_order) {
    const double before = found;
    if (hit) found += 1 / hits;
    area += (before + found) / 2 / size;
  }
  return area;
}

}  // namespace aa::learning
