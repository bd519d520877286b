#include "kernel/vision/live_wire.hpp"

#include <algorithm>
#include <limits>

#include "base/error.hpp"

namespace aa::vision {
namespace {

constexpr std::uint32_t kFar = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint8_t kSeed = 8;

}  // namespace

std::size_t LiveWire::index_of(Pixel pixel) const {
  if (pixel.x < 0 || pixel.y < 0 || pixel.x >= costs_.width() || pixel.y >= costs_.height()) {
    throw invalid("outside_image", "The pixel is not on the image.");
  }
  return static_cast<std::size_t>(pixel.y) * static_cast<std::size_t>(costs_.width()) +
         static_cast<std::size_t>(pixel.x);
}

void LiveWire::grow(Pixel seed) {
  const std::size_t start = index_of(seed);
  const std::size_t pixels =
      static_cast<std::size_t>(costs_.width()) * static_cast<std::size_t>(costs_.height());
  cost_.assign(pixels, kFar);
  came_by_.assign(pixels, kSeed);
  cost_[start] = 0;
  std::vector<std::vector<std::uint32_t>> ring(kCostMax);
  ring[0].push_back(static_cast<std::uint32_t>(start));
  std::size_t waiting = 1;
  std::vector<std::uint32_t> now;
  for (std::uint32_t at = 0; waiting > 0; ++at) {
    now.swap(ring[at % kCostMax]);
    waiting -= now.size();
    for (const std::uint32_t from : now) {
      // An entry that was overtaken by a cheaper one.
      if (cost_[from] == at) relax_around(from, ring, waiting);
    }
    now.clear();
  }
}

void LiveWire::relax_around(std::size_t from, std::vector<std::vector<std::uint32_t>>& ring,
                            std::size_t& waiting) {
  const int width = costs_.width();
  const int x = static_cast<int>(from % static_cast<std::size_t>(width));
  const int y = static_cast<int>(from / static_cast<std::size_t>(width));
  for (int direction = 0; direction < 8; ++direction) {
    const int u = x + kStepX[direction];
    const int v = y + kStepY[direction];
    if (u < 0 || v < 0 || u >= width || v >= costs_.height()) continue;
    const std::size_t to =
        static_cast<std::size_t>(v) * static_cast<std::size_t>(width) + static_cast<std::size_t>(u);
    if (cost_[to] <= cost_[from]) continue;
    const std::uint32_t reached =
        cost_[from] + static_cast<std::uint32_t>(costs_.step(from, to, direction));
    if (reached >= cost_[to]) continue;
    cost_[to] = reached;
    came_by_[to] = static_cast<std::uint8_t>(direction);
    ring[reached % kCostMax].push_back(static_cast<std::uint32_t>(to));
    ++waiting;
  }
}

std::vector<Pixel> LiveWire::path(Pixel to) const {
  if (cost_.empty()) throw invalid("no_seed", "A path needs a seed to come from.");
  std::vector<Pixel> out{to};
  for (std::uint8_t by = came_by_[index_of(to)]; by != kSeed; by = came_by_[index_of(to)]) {
    to = {to.x - kStepX[by], to.y - kStepY[by]};
    out.push_back(to);
  }
  std::reverse(out.begin(), out.end());
  return out;
}

}  // namespace aa::vision
