// Our scissors beside OpenCV's, which follow the same article with the same weights.
#include <cmath>
#include <random>

#include <gtest/gtest.h>
#include <opencv2/imgproc/segmentation.hpp>

#include "kernel/vision/live_wire.hpp"

namespace aa::vision {
namespace {

// A blob with a soft rim on a noisy ground.
raster::Image blob(int side, std::mt19937_64& random) {
  raster::Image image(side, side, 3);
  const double turn = static_cast<double>(random() % 628) / 100;
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x) {
      const double dx = x + 0.5 - side / 2.0;
      const double dy = y + 0.5 - side / 2.0;
      const double rim = side * (0.33 + 0.05 * std::sin(3 * std::atan2(dy, dx) + turn));
      const double inside = 1 / (1 + std::exp((std::hypot(dx, dy) - rim) / 0.8));
      for (int i = 0; i < 3; ++i) {
        image.row(y)[3 * x + i] =
            static_cast<std::uint8_t>(60 + 110 * inside + static_cast<double>(random() % 12));
      }
    }
  }
  return image;
}

// On the rim in that direction: where the second difference along the ray changes its sign.
Pixel on_rim(const raster::Image& image, double angle) {
  const double middle = image.width() / 2.0;
  Pixel best;
  int most = 0;
  for (double r = image.width() * 0.2; r < image.width() * 0.45; r += 0.5) {
    const auto at = [&](double radius) {
      return Pixel{static_cast<int>(middle + radius * std::cos(angle)),
                   static_cast<int>(middle + radius * std::sin(angle))};
    };
    const auto value = [&](Pixel p) { return static_cast<int>(image.view().at(p.x, p.y)[1]); };
    const int drop = value(at(r - 2)) - value(at(r + 2));
    if (drop > most) {
      most = drop;
      best = at(r);
    }
  }
  return best;
}

std::vector<Pixel> of_opencv(const raster::Image& image, Pixel from, Pixel to) {
  cv::segmentation::IntelligentScissorsMB tool;
  tool.setWeights(0.43F, 0.43F, 0.14F);
  tool.setEdgeFeatureZeroCrossingParameters(6.0F);
  const cv::Mat pixels(image.height(), image.width(), CV_8UC3,
                       const_cast<std::uint8_t*>(image.data()));
  tool.applyImage(pixels);
  tool.buildMap(cv::Point(from.x, from.y));
  std::vector<cv::Point> contour;
  tool.getContour(cv::Point(to.x, to.y), contour);
  std::vector<Pixel> out;
  for (const auto& point : contour) out.push_back({point.x, point.y});
  return out;
}

double mean_distance(const std::vector<Pixel>& from, const std::vector<Pixel>& to) {
  double sum = 0;
  for (const Pixel& p : from) {
    double nearest = 1e9;
    for (const Pixel& q : to) nearest = std::min(nearest, std::hypot(p.x - q.x, p.y - q.y));
    sum += nearest;
  }
  return sum / static_cast<double>(from.size());
}

std::uint32_t cost_of(const EdgeCosts& costs, const std::vector<Pixel>& path) {
  std::uint32_t sum = 0;
  for (std::size_t i = 1; i < path.size(); ++i) {
    for (int d = 0; d < 8; ++d) {
      if (path[i - 1].x + kStepX[d] != path[i].x || path[i - 1].y + kStepY[d] != path[i].y) {
        continue;
      }
      const auto at = [&](Pixel p) { return static_cast<std::size_t>(p.y * costs.width() + p.x); };
      sum += static_cast<std::uint32_t>(costs.step(at(path[i - 1]), at(path[i]), d));
    }
  }
  return sum;
}

TEST(ScissorsBesideOpenCv, CutTheSameRim) {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    std::mt19937_64 random(seed);
    const auto image = blob(160, random);
    const double angle = static_cast<double>(random() % 628) / 100;
    const Pixel from = on_rim(image, angle);
    const Pixel to = on_rim(image, angle + 1.4);
    LiveWire wire(image);
    wire.grow(from);
    const auto ours = wire.path(to);
    const auto theirs = of_opencv(image, from, to);
    ASSERT_GT(theirs.size(), 10U) << "seed " << seed;
    EXPECT_LT(mean_distance(ours, theirs), 1.5) << "seed " << seed;
    EXPECT_LT(mean_distance(theirs, ours), 1.5) << "seed " << seed;
    EXPECT_LE(cost_of(wire.costs(), ours), cost_of(wire.costs(), theirs)) << "seed " << seed;
  }
}

}  // namespace
}  // namespace aa::vision
