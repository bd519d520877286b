#include "kernel/decode/letterbox.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/error.hpp"

namespace aa::decode {
namespace {

// Where one output coordinate reads from: two neighbours and the weight of the second.
struct Tap {
  int first = 0;
  int second = 0;
  float weight = 0;
};

std::vector<Tap> taps(int from, int to) {
  std::vector<Tap> out(static_cast<std::size_t>(to));
  const double step = static_cast<double>(from) / to;
  for (int i = 0; i < to; ++i) {
    const double at = std::clamp((i + 0.5) * step - 0.5, 0.0, from - 1.0);
    const int first = static_cast<int>(at);
    out[static_cast<std::size_t>(i)] = {first, std::min(first + 1, from - 1),
                                        static_cast<float>(at - first)};
  }
  return out;
}

// Source rows resized sideways and split into planes; the last two are kept, since neighbouring
// output rows mostly read the same ones.
class RowCache {
 public:
  RowCache(const raster::ImageView& image, const std::vector<Tap>& columns)
      : image_(image), columns_(columns) {
    for (auto& row : rows_) row.planes.resize(3 * columns.size());
  }

  const float* row(int y, int other) {
    for (const auto& row : rows_) {
      if (row.y == y) return row.planes.data();
    }
    Row& victim = rows_[0].y == other ? rows_[1] : rows_[0];
    victim.y = y;
    resample(image_.row(y), victim.planes.data());
    return victim.planes.data();
  }

 private:
  struct Row {
    int y = -1;
    std::vector<float> planes;
  };

  void resample(const std::uint8_t* pixels, float* out) const {
    const auto channels = static_cast<std::size_t>(image_.channels);
    const std::size_t width = columns_.size();
    const std::size_t green = channels >= 3 ? 1 : 0;
    const std::size_t blue = channels >= 3 ? 2 : 0;
    for (std::size_t x = 0; x < width; ++x) {
      const Tap& tap = columns_[x];
      const std::uint8_t* a = pixels + static_cast<std::size_t>(tap.first) * channels;
      const std::uint8_t* b = pixels + static_cast<std::size_t>(tap.second) * channels;
      const float w = tap.weight;
      out[x] = blend(a[0], b[0], w);
      out[width + x] = blend(a[green], b[green], w);
      out[2 * width + x] = blend(a[blue], b[blue], w);
    }
  }

  static float blend(int a, int b, float weight) {
    return static_cast<float>(a) + static_cast<float>(b - a) * weight;
  }

  const raster::ImageView& image_;
  const std::vector<Tap>& columns_;
  std::array<Row, 2> rows_;
};

// One plane's row: blends two source rows, rounds to whole levels and normalises. A loop of its own
// over plain arrays, so that the compiler turns it into vector instructions.
void blend_rows(const float* __restrict upper, const float* __restrict lower, float weight,
                float scale, float offset, float* __restrict out, int count) {
  for (int i = 0; i < count; ++i) {
    const float level = upper[i] + (lower[i] - upper[i]) * weight;
    out[i] = static_cast<float>(static_cast<int>(level + 0.5F)) * scale + offset;
  }
}

class Filler {
 public:
  Filler(const raster::ImageView& image, const InputSpec& spec, const Letterbox& box,
         std::span<float> out)
      : spec_(spec),
        box_(box),
        out_(out),
        columns_(taps(image.width, box.resized_width)),
        lines_(taps(image.height, box.resized_height)),
        cache_(image, columns_),
        line_(static_cast<std::size_t>(box.resized_width)) {}

  void run() {
    pad();
    for (int y = 0; y < box_.resized_height; ++y) {
      const Tap& tap = lines_[static_cast<std::size_t>(y)];
      const float* upper = cache_.row(tap.first, tap.second);
      const float* lower = cache_.row(tap.second, tap.first);
      for (std::size_t c = 0; c < 3; ++c) write(y, c, upper, lower, tap.weight);
    }
  }

 private:
  // `c` counts in the model's order.
  void write(int y, std::size_t c, const float* upper, const float* lower, float weight) {
    const std::size_t source = spec_.bgr ? 2 - c : c;
    const std::size_t skip = source * columns_.size();
    const auto width = static_cast<std::size_t>(spec_.width);
    const std::size_t at =
        static_cast<std::size_t>(box_.top + y) * width + static_cast<std::size_t>(box_.left);
    const int count = box_.resized_width;
    if (spec_.layout == Layout::nchw) {
      float* row = out_.data() + c * width * static_cast<std::size_t>(spec_.height) + at;
      blend_rows(upper + skip, lower + skip, weight, spec_.scale[c], spec_.offset[c], row, count);
      return;
    }
    blend_rows(upper + skip, lower + skip, weight, spec_.scale[c], spec_.offset[c], line_.data(),
               count);
    float* row = out_.data() + at * 3 + c;
    for (std::size_t x = 0; x < line_.size(); ++x) row[3 * x] = line_[x];
  }

  void pad() {
    if (box_.resized_width == spec_.width && box_.resized_height == spec_.height) return;
    const std::size_t plane = out_.size() / 3;
    std::array<float, 3> values{};
    for (std::size_t c = 0; c < 3; ++c) {
      values[c] = spec_.pad_zero ? 0 : spec_.pad_level * spec_.scale[c] + spec_.offset[c];
    }
    if (spec_.layout == Layout::nchw) {
      for (std::size_t c = 0; c < 3; ++c) {
        std::fill_n(out_.begin() + static_cast<std::ptrdiff_t>(c * plane), plane, values[c]);
      }
      return;
    }
    for (std::size_t i = 0; i < plane; ++i) {
      std::copy(values.begin(), values.end(), out_.begin() + static_cast<std::ptrdiff_t>(3 * i));
    }
  }

  const InputSpec& spec_;
  const Letterbox& box_;
  std::span<float> out_;
  std::vector<Tap> columns_;
  std::vector<Tap> lines_;
  RowCache cache_;
  std::vector<float> line_;
};

int resized(int side, double ratio, int limit, Rounding rounding) {
  const double exact = side * ratio;
  const int whole = static_cast<int>(rounding == Rounding::down ? exact : exact + 0.5);
  return std::clamp(whole, 1, limit);
}

}  // namespace

geometry::Point Letterbox::to_model(geometry::Point image) const {
  return {image.x * scale_x + left, image.y * scale_y + top};
}

geometry::Point Letterbox::to_image(geometry::Point model) const {
  return {(model.x - left) / scale_x, (model.y - top) / scale_y};
}

geometry::Rect Letterbox::to_image(const geometry::Rect& model) const {
  const auto a = to_image(geometry::Point{model.x0, model.y0});
  const auto b = to_image(geometry::Point{model.x1, model.y1});
  return geometry::clamped({a.x, a.y, b.x, b.y}, image_width, image_height);
}

Letterbox plan_letterbox(int image_width, int image_height, const InputSpec& spec) {
  if (image_width <= 0 || image_height <= 0) throw invalid("bad_image", "The image is empty.");
  Letterbox box{.image_width = image_width, .image_height = image_height};
  const double rx = static_cast<double>(spec.width) / image_width;
  const double ry = static_cast<double>(spec.height) / image_height;
  if (spec.fit == Fit::stretch) {
    box.resized_width = spec.width;
    box.resized_height = spec.height;
    box.scale_x = rx;
    box.scale_y = ry;
    return box;
  }
  const double ratio = std::min(rx, ry);
  box.scale_x = box.scale_y = ratio;
  box.resized_width = resized(image_width, ratio, spec.width, spec.rounding);
  box.resized_height = resized(image_height, ratio, spec.height, spec.rounding);
  if (spec.fit == Fit::centred) {
    box.left = (spec.width - box.resized_width) / 2;
    box.top = (spec.height - box.resized_height) / 2;
  }
  return box;
}

void fill_input(const raster::ImageView& image, const InputSpec& spec, const Letterbox& letterbox,
                std::span<float> out) {
  const bool channels_known = image.channels == 1 || image.channels == 3 || image.channels == 4;
  if (image.empty() || !channels_known || image.width != letterbox.image_width ||
      image.height != letterbox.image_height) {
    throw invalid("bad_image", "The image is empty, of another size or has unknown channels.");
  }
  if (out.size() != spec.elements()) {
    throw invalid("model_input", "The model's input has another size than the image prepared.");
  }
  Filler(image, spec, letterbox, out).run();
}

}  // namespace aa::decode
