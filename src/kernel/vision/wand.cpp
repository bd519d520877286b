#include "kernel/vision/wand.hpp"

#include <algorithm>
#include <cstdlib>

#include "base/error.hpp"

namespace aa::vision {
namespace {

class Likeness {
 public:
  Likeness(const raster::ImageView& image, int x, int y, int tolerance)
      : image_(image),
        colours_(std::min(image.channels, 3)),
        wanted_(image.at(x, y)),
        tolerance_(tolerance) {}

  bool operator()(int x, int y) const {
    const std::uint8_t* pixel = image_.at(x, y);
    for (int i = 0; i < colours_; ++i) {
      if (std::abs(pixel[i] - wanted_[i]) > tolerance_) return false;
    }
    return true;
  }

 private:
  const raster::ImageView& image_;
  int colours_;
  const std::uint8_t* wanted_;
  int tolerance_;
};

// Fills rows from a stack of places; each pixel is marked once.
class Flood {
 public:
  Flood(raster::Mask& mask, const Likeness& like)
      : mask_(mask),
        like_(like),
        width_(static_cast<int>(mask.width)),
        height_(static_cast<int>(mask.height)) {}

  void from(int x, int y) {
    stack_.push_back({x, y});
    while (!stack_.empty()) {
      const Place place = stack_.back();
      stack_.pop_back();
      if (wanted(place.x, place.y)) fill_row(place);
    }
  }

 private:
  struct Place {
    int x;
    int y;
  };

  std::uint8_t& byte(int x, int y) {
    return mask_.bytes[static_cast<std::size_t>(y) * mask_.width + static_cast<std::size_t>(x)];
  }
  bool wanted(int x, int y) { return byte(x, y) == 0 && like_(x, y); }

  void fill_row(Place place) {
    int first = place.x;
    int last = place.x;
    while (first > 0 && wanted(first - 1, place.y)) --first;
    while (last + 1 < width_ && wanted(last + 1, place.y)) ++last;
    std::fill_n(&byte(first, place.y), last - first + 1, std::uint8_t{1});
    if (place.y > 0) seed_row(first, last, place.y - 1);
    if (place.y + 1 < height_) seed_row(first, last, place.y + 1);
  }

  // One place for each stretch of wanted pixels.
  void seed_row(int first, int last, int y) {
    bool before = false;
    for (int x = first; x <= last; ++x) {
      const bool now = wanted(x, y);
      if (now && !before) stack_.push_back({x, y});
      before = now;
    }
  }

  raster::Mask& mask_;
  const Likeness& like_;
  int width_;
  int height_;
  std::vector<Place> stack_;
};

}  // namespace

raster::Mask wand(const raster::ImageView& image, int x, int y, WandOptions options) {
  if (x < 0 || y < 0 || x >= image.width || y >= image.height) {
    throw invalid("outside_image", "The place of the wand is not on the image.");
  }
  raster::Mask mask{
      static_cast<std::uint32_t>(image.height), static_cast<std::uint32_t>(image.width), {}};
  mask.bytes.resize(image.pixels());
  const Likeness like(image, x, y, options.tolerance);
  if (options.contiguous) {
    Flood(mask, like).from(x, y);
    return mask;
  }
  for (int row = 0; row < image.height; ++row) {
    for (int column = 0; column < image.width; ++column) {
      mask.bytes[static_cast<std::size_t>(row) * mask.width + static_cast<std::size_t>(column)] =
          like(column, row) ? 1 : 0;
    }
  }
  return mask;
}

}  // namespace aa::vision
