#include "kernel/decode/frame.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/error.hpp"
#include "kernel/decode/resample.hpp"

namespace aa::decode {
namespace {

// The image as the model sees it: three levels for one place, bilinear; the edge's pixels reach on.
class Sampler {
 public:
  explicit Sampler(const raster::ImageView& image) : image_(image) {}

  std::array<float, 3> at(double x, double y) const {
    const double fx = std::floor(x - 0.5);
    const double fy = std::floor(y - 0.5);
    const auto wx = static_cast<float>(x - 0.5 - fx);
    const auto wy = static_cast<float>(y - 0.5 - fy);
    std::array<float, 3> out{};
    for (std::size_t c = 0; c < 3; ++c) {
      const float top = blend(level(fx, fy, c), level(fx + 1, fy, c), wx);
      const float bottom = blend(level(fx, fy + 1, c), level(fx + 1, fy + 1, c), wx);
      out[c] = blend(top, bottom, wy);
    }
    return out;
  }

 private:
  static float blend(float a, float b, float weight) { return a + (b - a) * weight; }

  float level(double x, double y, std::size_t c) const {
    const auto* pixel = image_.at(static_cast<int>(std::clamp(x, 0.0, image_.width - 1.0)),
                                  static_cast<int>(std::clamp(y, 0.0, image_.height - 1.0)));
    return static_cast<float>(image_.channels == 1 ? pixel[0] : pixel[c]);
  }

  const raster::ImageView& image_;
};

// To whole levels, as fill_input() rounds.
std::array<float, 3> rounded(std::array<float, 3> levels) {
  for (auto& level : levels) level = std::floor(level + 0.5F);
  return levels;
}

float luma(const std::array<float, 3>& rgb) {
  return 0.299F * rgb[0] + 0.587F * rgb[1] + 0.114F * rgb[2];
}

// Writes one pixel in the model's layout.
class Writer {
 public:
  Writer(const InputSpec& spec, std::span<float> out)
      : spec_(spec),
        out_(out),
        plane_(static_cast<std::size_t>(spec.width) * static_cast<std::size_t>(spec.height)) {}

  void write(std::size_t at, const std::array<float, 3>& rgb) {
    if (spec_.channels == 1) {
      put(at, 0, luma(rgb) * spec_.scale[0] + spec_.offset[0]);
      return;
    }
    for (std::size_t c = 0; c < 3; ++c) {
      put(at, c, rgb[spec_.bgr ? 2 - c : c] * spec_.scale[c] + spec_.offset[c]);
    }
    if (spec_.channels == 4) put(at, 3, spec_.fourth);
  }
  void pad(std::size_t at) {
    for (std::size_t c = 0; c < static_cast<std::size_t>(spec_.channels); ++c) put(at, c, 0);
  }

 private:
  void put(std::size_t at, std::size_t c, float value) {
    const auto channels = static_cast<std::size_t>(spec_.channels);
    out_[spec_.layout == Layout::nchw ? c * plane_ + at : at * channels + c] = value;
  }

  const InputSpec& spec_;
  std::span<float> out_;
  std::size_t plane_;
};

void require_usable(const Region& region) {
  const bool finite = geometry::is_finite(region.center) && std::isfinite(region.rotation) &&
                      std::isfinite(region.width) && std::isfinite(region.height);
  if (!finite || region.width <= 0 || region.height <= 0) {
    throw invalid("bad_region", "The region to look at is empty or not finite.");
  }
}

Frame frame_of_letterbox(const Letterbox& box, const InputSpec& spec) {
  Frame frame{box.image_width, box.image_height, spec.width, spec.height, box, {}};
  frame.a = {1 / box.scale_x,       0, -box.left / box.scale_x, 0, 1 / box.scale_y,
             -box.top / box.scale_y};
  return frame;
}

Frame frame_of_region(int image_width, int image_height, const InputSpec& spec,
                      const Region& region) {
  require_usable(region);
  Frame frame{image_width, image_height, spec.width, spec.height, std::nullopt, {}};
  double sx = region.width / spec.width;
  double sy = region.height / spec.height;
  if (spec.fit != Fit::stretch) sx = sy = std::max(sx, sy);
  const double side = region.mirrored ? -sx : sx;
  // The model's point that lies on the region's centre.
  const bool corner = spec.fit == Fit::top_left;
  const double mx = corner ? region.width / sx / 2 : spec.width / 2.0;
  const double my = corner ? region.height / sy / 2 : spec.height / 2.0;
  const auto turn = geometry::sine_cosine(region.rotation);
  frame.a = {turn.cosine * side, -turn.sine * sy, 0, turn.sine * side, turn.cosine * sy, 0};
  frame.a[2] = region.center.x - frame.a[0] * mx - frame.a[1] * my;
  frame.a[5] = region.center.y - frame.a[3] * mx - frame.a[4] * my;
  return frame;
}

// The middle of the image that fills the input.
Region covered(int image_width, int image_height, const InputSpec& spec) {
  const double scale = std::min(static_cast<double>(image_width) / spec.width,
                                static_cast<double>(image_height) / spec.height) *
                       spec.cover_share;
  return {{image_width / 2.0, image_height / 2.0}, spec.width * scale, spec.height * scale, 0};
}

// Does the frame lay the input over an upright part of the image, without padding?
bool is_upright_part(const Frame& frame) {
  const auto& a = frame.a;
  const auto& box = frame.letterbox;
  const bool full = !box || (box->resized_width == frame.input_width &&
                             box->resized_height == frame.input_height);
  return full && a[1] == 0 && a[3] == 0;
}

void fill_resampled(const raster::ImageView& image, const InputSpec& spec, const Frame& frame,
                    Writer& writer) {
  const auto& a = frame.a;
  const geometry::Rect part{a[2], a[5], a[2] + a[0] * spec.width, a[5] + a[4] * spec.height};
  const auto pixels = resample(image, part, spec.width, spec.height, spec.resampling);
  for (std::size_t at = 0; at < pixels.size() / 3; ++at) {
    const auto* rgb = &pixels[at * 3];
    writer.write(
        at, {static_cast<float>(rgb[0]), static_cast<float>(rgb[1]), static_cast<float>(rgb[2])});
  }
}

// Is this place of the input, which shows `point`, outside what the frame lays into it?
bool is_padding(const Frame& frame, const InputSpec& spec, int x, int y, geometry::Point point) {
  if (!frame.letterbox) {
    const bool inside =
        point.x >= 0 && point.y >= 0 && point.x < frame.image_width && point.y < frame.image_height;
    return !inside && !spec.repeat_edge;
  }
  const auto& box = *frame.letterbox;
  return x < box.left || y < box.top || x >= box.left + box.resized_width ||
         y >= box.top + box.resized_height;
}

}  // namespace

geometry::Point Frame::to_image(geometry::Point model) const {
  return {a[0] * model.x + a[1] * model.y + a[2], a[3] * model.x + a[4] * model.y + a[5]};
}

geometry::Point Frame::to_model(geometry::Point image) const {
  const double det = a[0] * a[4] - a[1] * a[3];
  const double x = image.x - a[2];
  const double y = image.y - a[5];
  return {(a[4] * x - a[1] * y) / det, (a[0] * y - a[3] * x) / det};
}

geometry::Rect Frame::to_image(const geometry::Rect& model) const {
  geometry::Ring ring = geometry::corners(model, 0);
  for (auto& point : ring) point = to_image(point);
  return geometry::clamped(geometry::bounds(ring), image_width, image_height);
}

double Frame::scale() const { return (std::hypot(a[0], a[3]) + std::hypot(a[1], a[4])) / 2; }

double Frame::rotation() const { return std::atan2(-a[1], a[4]) * 180 / std::numbers::pi; }

Frame plan_frame(int image_width, int image_height, const InputSpec& spec,
                 const std::optional<Region>& region) {
  if (image_width <= 0 || image_height <= 0) throw invalid("bad_image", "The image is empty.");
  if (region) return frame_of_region(image_width, image_height, spec, *region);
  if (spec.rounding == Rounding::exact) {
    const double width = image_width;
    const double height = image_height;
    return frame_of_region(image_width, image_height, spec,
                           region_of(geometry::Rect{0, 0, width, height}));
  }
  if (spec.fit == Fit::cover) {
    return frame_of_region(image_width, image_height, spec,
                           covered(image_width, image_height, spec));
  }
  return frame_of_letterbox(plan_letterbox(image_width, image_height, spec), spec);
}

void fill_frame(const raster::ImageView& image, const InputSpec& spec, const Frame& frame,
                std::span<float> out) {
  const bool resampled = spec.resampling != Resampling::plain && is_upright_part(frame);
  if (frame.letterbox && spec.channels == 3 && !resampled) {
    fill_input(image, spec, *frame.letterbox, out);
    return;
  }
  const bool channels_known = image.channels == 1 || image.channels == 3 || image.channels == 4;
  if (image.empty() || !channels_known) {
    throw invalid("bad_image", "The image is empty or has unknown channels.");
  }
  if (out.size() != spec.elements()) {
    throw invalid("model_input", "The model's input has another size than the image prepared.");
  }
  Writer writer(spec, out);
  if (resampled) {
    fill_resampled(image, spec, frame, writer);
    return;
  }
  const Sampler sampler(image);
  std::size_t at = 0;
  for (int y = 0; y < spec.height; ++y) {
    for (int x = 0; x < spec.width; ++x, ++at) {
      const auto point = frame.to_image(geometry::Point{x + 0.5, y + 0.5});
      const bool padding = is_padding(frame, spec, x, y, point);
      if (padding && spec.pad_zero) {
        writer.pad(at);
      } else if (padding) {
        writer.write(at, {spec.pad_level, spec.pad_level, spec.pad_level});
      } else if (frame.letterbox) {
        writer.write(at, rounded(sampler.at(point.x, point.y)));
      } else {
        writer.write(at, sampler.at(point.x, point.y));
      }
    }
  }
}

Region region_of(const geometry::Rect& rect) {
  return {rect.center(), rect.width(), rect.height(), 0};
}

Region region_of(const Finding& finding, const RegionRule& rule) {
  Region region;
  if (finding.region) {
    region = *finding.region;
  } else if (const auto* box = std::get_if<document::Box>(&finding.shape); box != nullptr) {
    region = region_of(box->rect());
    region.rotation = box->rotation.value_or(0);
  } else if (const auto bounds = document::shape_bounds(finding.shape)) {
    region = region_of(*bounds);
  }
  if (rule.shift_y != 0) {
    const auto turn = geometry::sine_cosine(region.rotation);
    region.center.x -= turn.sine * rule.shift_y * region.height;
    region.center.y += turn.cosine * rule.shift_y * region.height;
  }
  region.width *= 1 + 2 * rule.margin;
  region.height *= 1 + 2 * rule.margin;
  if (rule.square) region.width = region.height = std::max(region.width, region.height);
  return region;
}

}  // namespace aa::decode
