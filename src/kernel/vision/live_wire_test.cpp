#include "kernel/vision/live_wire.hpp"

#include <cmath>
#include <cstdlib>
#include <limits>
#include <random>

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace aa::vision {
namespace {

raster::Image random_image(std::mt19937_64& random, int side) {
  raster::Image image(2 + static_cast<int>(random() % static_cast<std::uint64_t>(side)),
                      2 + static_cast<int>(random() % static_cast<std::uint64_t>(side)), 4);
  for (std::size_t i = 0; i < image.bytes(); ++i) {
    image.data()[i] = static_cast<std::uint8_t>(random());
  }
  return image;
}

raster::Image disc(int side, double radius) {
  raster::Image image(side, side, 4);
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x) {
      const bool in = std::hypot(x + 0.5 - side / 2.0, y + 0.5 - side / 2.0) < radius;
      for (int i = 0; i < 4; ++i) {
        image.row(y)[4 * x + i] = static_cast<std::uint8_t>(i == 3 ? 255 : in ? 200 : 60);
      }
    }
  }
  return image;
}

// Bellman and Ford's way: relax everything until nothing changes.
std::vector<std::uint32_t> slowly(const EdgeCosts& costs, Pixel seed) {
  const int width = costs.width();
  const auto index = [width](int x, int y) { return static_cast<std::size_t>(y * width + x); };
  std::vector<std::uint32_t> out(index(0, costs.height()), 1U << 30);
  out[index(seed.x, seed.y)] = 0;
  for (bool changed = true; changed;) {
    changed = false;
    for (int y = 0; y < costs.height(); ++y) {
      for (int x = 0; x < width; ++x) {
        for (int d = 0; d < 8; ++d) {
          const int u = x + kStepX[d];
          const int v = y + kStepY[d];
          if (u < 0 || v < 0 || u >= width || v >= costs.height()) continue;
          const auto reached = out[index(x, y)] +
                               static_cast<std::uint32_t>(costs.step(index(x, y), index(u, v), d));
          if (reached >= out[index(u, v)]) continue;
          out[index(u, v)] = reached;
          changed = true;
        }
      }
    }
  }
  return out;
}

TEST(LiveWire, FindsTheCheapestWays) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    std::mt19937_64 random(seed);
    const auto image = random_image(random, 12);
    LiveWire wire(image);
    const Pixel start{static_cast<int>(random() % static_cast<std::uint64_t>(image.width())),
                      static_cast<int>(random() % static_cast<std::uint64_t>(image.height()))};
    wire.grow(start);
    const auto expected = slowly(wire.costs(), start);
    for (int y = 0; y < image.height(); ++y) {
      for (int x = 0; x < image.width(); ++x) {
        ASSERT_EQ(wire.cost({x, y}), expected[static_cast<std::size_t>(y * image.width() + x)])
            << "seed " << seed;
      }
    }
  }
}

TEST(LiveWire, PathsGoFromNeighbourToNeighbourAndCostWhatIsSaid) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    std::mt19937_64 random(seed);
    const auto image = random_image(random, 30);
    LiveWire wire(image);
    wire.grow({0, 0});
    const Pixel end{image.width() - 1, image.height() - 1};
    const auto path = wire.path(end);
    ASSERT_EQ(path.front(), (Pixel{0, 0}));
    ASSERT_EQ(path.back(), end);
    std::uint32_t sum = 0;
    for (std::size_t i = 1; i < path.size(); ++i) {
      const int dx = path[i].x - path[i - 1].x;
      const int dy = path[i].y - path[i - 1].y;
      int direction = 0;
      while (direction < 8 && (kStepX[direction] != dx || kStepY[direction] != dy)) ++direction;
      ASSERT_LT(direction, 8) << "seed " << seed;
      const auto at = [&](Pixel p) { return static_cast<std::size_t>(p.y * image.width() + p.x); };
      sum += static_cast<std::uint32_t>(wire.costs().step(at(path[i - 1]), at(path[i]), direction));
    }
    ASSERT_EQ(sum, wire.cost(end)) << "seed " << seed;
  }
}

TEST(LiveWire, NoStepCostsMoreThanTheQueueHolds) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    std::mt19937_64 random(seed);
    const auto image = random_image(random, 12);
    const EdgeCosts costs(image);
    for (int d = 0; d < 8; ++d) {
      const int cost = costs.step(0, 1, d);
      ASSERT_GT(cost, 0);
      ASSERT_LT(cost, kCostMax);
    }
  }
}

TEST(LiveWire, FollowsTheRimOfADisc) {
  const int side = 200;
  const double radius = 70;
  const auto image = disc(side, radius);
  LiveWire wire(image);
  wire.grow({30, 100});
  for (const Pixel& pixel : wire.path({100, 30})) {
    const double distance = std::hypot(pixel.x + 0.5 - 100, pixel.y + 0.5 - 100);
    ASSERT_NEAR(distance, radius, 2) << pixel.x << ", " << pixel.y;
  }
}

TEST(LiveWire, RefusesWhatIsNotThere) {
  LiveWire wire(disc(20, 5));
  EXPECT_THROW(wire.path({0, 0}), Error);
  EXPECT_THROW(wire.grow({20, 0}), Error);
}

}  // namespace
}  // namespace aa::vision
