#include "kernel/vision/superpixels.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "kernel/vision/lab_colours.hpp"

namespace aa::vision {
namespace {

constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

struct Centre {
  Lab colour;
  float x = 0;
  float y = 0;
};

struct Sum {
  double l = 0, a = 0, b = 0, x = 0, y = 0;
  std::uint32_t count = 0;
};

class Slic {
 public:
  Slic(const raster::ImageView& image, SuperpixelOptions options)
      : width_(image.width),
        height_(image.height),
        cell_(options.cell),
        nearness_(static_cast<float>(options.compactness / options.cell)),
        colours_(lab_of(image)),
        labels_(image.pixels(), kNone),
        distances_(image.pixels()) {
    place_centres();
    for (int round = 0; round < options.rounds; ++round) {
      assign();
      move_centres();
    }
  }

  Superpixels connected();

 private:
  std::size_t index(int x, int y) const {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) +
           static_cast<std::size_t>(x);
  }
  void place_centres();
  float slope(int x, int y) const;
  Centre settled(int x, int y) const;
  void assign();
  void assign_around(std::uint32_t label);
  void move_centres();

  int width_;
  int height_;
  int cell_;
  float nearness_;
  std::vector<Lab> colours_;
  std::vector<Centre> centres_;
  std::vector<std::uint32_t> labels_;
  std::vector<float> distances_;
};

void Slic::place_centres() {
  const int columns = std::max(1, (width_ + cell_ / 2) / cell_);
  const int rows = std::max(1, (height_ + cell_ / 2) / cell_);
  for (int row = 0; row < rows; ++row) {
    for (int column = 0; column < columns; ++column) {
      centres_.push_back(
          settled(width_ * (2 * column + 1) / (2 * columns), height_ * (2 * row + 1) / (2 * rows)));
    }
  }
}

float Slic::slope(int x, int y) const {
  const auto at = [&](int u, int v) {
    return colours_[index(std::clamp(u, 0, width_ - 1), std::clamp(v, 0, height_ - 1))];
  };
  return distance_squared(at(x + 1, y), at(x - 1, y)) +
         distance_squared(at(x, y + 1), at(x, y - 1));
}

// Where the image is flattest near by: a centre on an edge would belong to neither side.
Centre Slic::settled(int x, int y) const {
  int best_x = x;
  int best_y = y;
  for (int v = std::max(0, y - 1); v <= std::min(height_ - 1, y + 1); ++v) {
    for (int u = std::max(0, x - 1); u <= std::min(width_ - 1, x + 1); ++u) {
      if (slope(u, v) < slope(best_x, best_y)) {
        best_x = u;
        best_y = v;
      }
    }
  }
  return {colours_[index(best_x, best_y)], static_cast<float>(best_x), static_cast<float>(best_y)};
}

void Slic::assign() {
  std::fill(distances_.begin(), distances_.end(), std::numeric_limits<float>::max());
  for (std::uint32_t label = 0; label < centres_.size(); ++label) assign_around(label);
}

void Slic::assign_around(std::uint32_t label) {
  const Centre& centre = centres_[label];
  const int x = static_cast<int>(centre.x);
  const int y = static_cast<int>(centre.y);
  const float weight = nearness_ * nearness_;
  for (int v = std::max(0, y - cell_); v < std::min(height_, y + cell_ + 1); ++v) {
    const float dy = static_cast<float>(v) - centre.y;
    for (int u = std::max(0, x - cell_); u < std::min(width_, x + cell_ + 1); ++u) {
      const float dx = static_cast<float>(u) - centre.x;
      const std::size_t at = index(u, v);
      const float distance =
          distance_squared(colours_[at], centre.colour) + weight * (dx * dx + dy * dy);
      if (distance >= distances_[at]) continue;
      distances_[at] = distance;
      labels_[at] = label;
    }
  }
}

void Slic::move_centres() {
  std::vector<Sum> sums(centres_.size());
  for (int y = 0; y < height_; ++y) {
    for (int x = 0; x < width_; ++x) {
      const std::size_t at = index(x, y);
      if (labels_[at] == kNone) continue;
      Sum& sum = sums[labels_[at]];
      sum.l += colours_[at].l;
      sum.a += colours_[at].a;
      sum.b += colours_[at].b;
      sum.x += x;
      sum.y += y;
      ++sum.count;
    }
  }
  for (std::size_t i = 0; i < centres_.size(); ++i) {
    const Sum& sum = sums[i];
    if (sum.count == 0) continue;
    const auto mean = [&](double total) { return static_cast<float>(total / sum.count); };
    centres_[i] = {{mean(sum.l), mean(sum.a), mean(sum.b)}, mean(sum.x), mean(sum.y)};
  }
}

// Gives each piece that hangs together a label of its own, too small ones that of a neighbour.
class Pieces {
 public:
  Pieces(const std::vector<std::uint32_t>& from, int width, int height, std::size_t smallest)
      : from_(from), width_(width), height_(height), smallest_(smallest) {
    out_.labels.assign(from.size(), kNone);
    for (std::size_t at = 0; at < from.size(); ++at) {
      if (out_.labels[at] == kNone) take(at);
    }
  }
  Superpixels finish() { return std::move(out_); }

 private:
  template <class Visit>
  void around(std::size_t at, Visit visit) const {
    const int x = static_cast<int>(at % static_cast<std::size_t>(width_));
    const int y = static_cast<int>(at / static_cast<std::size_t>(width_));
    if (x > 0) visit(at - 1);
    if (x + 1 < width_) visit(at + 1);
    if (y > 0) visit(at - static_cast<std::size_t>(width_));
    if (y + 1 < height_) visit(at + static_cast<std::size_t>(width_));
  }

  void take(std::size_t start) {
    std::uint32_t neighbour = kNone;
    piece_.assign(1, start);
    out_.labels[start] = out_.count;
    for (std::size_t i = 0; i < piece_.size(); ++i) {
      around(piece_[i], [&](std::size_t next) {
        std::uint32_t& label = out_.labels[next];
        if (label == kNone && from_[next] == from_[start]) {
          label = out_.count;
          piece_.push_back(next);
        } else if (label != kNone && label != out_.count) {
          neighbour = label;
        }
      });
    }
    if (piece_.size() >= smallest_ || neighbour == kNone) {
      ++out_.count;
      return;
    }
    for (const std::size_t at : piece_) out_.labels[at] = neighbour;
  }

  const std::vector<std::uint32_t>& from_;
  int width_;
  int height_;
  std::size_t smallest_;
  std::vector<std::size_t> piece_;
  Superpixels out_;
};

Superpixels Slic::connected() {
  const auto smallest = static_cast<std::size_t>(cell_) * static_cast<std::size_t>(cell_) / 4;
  return Pieces(labels_, width_, height_, smallest).finish();
}

}  // namespace

Superpixels superpixels(const raster::ImageView& image, SuperpixelOptions options) {
  raster::check_image_size(image.width, image.height);
  if (image.pixels() > kSuperpixelPixels) {
    throw too_large("image_too_large", "Superpixels are made of at most 4 megapixels at a time.");
  }
  if (options.cell < 4) throw invalid("bad_cell", "Superpixels have cells of at least 4 pixels.");
  return Slic(image, options).connected();
}

}  // namespace aa::vision
