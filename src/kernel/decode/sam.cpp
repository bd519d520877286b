#include "kernel/decode/sam.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"

namespace aa::decode::sam {
namespace {

constexpr std::array<float, 3> kMean = {123.675F, 116.28F, 103.53F};
constexpr std::array<float, 3> kDeviation = {58.395F, 57.12F, 57.375F};
constexpr std::size_t kMaskPixels = std::size_t{kMaskSide} * kMaskSide;

InputSpec make_image_spec() {
  InputSpec spec{.width = kSide,
                 .height = kSide,
                 .fit = Fit::top_left,
                 .rounding = Rounding::nearest,
                 .pad_zero = true};
  for (std::size_t c = 0; c < 3; ++c) {
    spec.scale[c] = 1 / kDeviation[c];
    spec.offset[c] = -kMean[c] / kDeviation[c];
  }
  return spec;
}

void check_prompt(const Prompt& prompt) {
  if (prompt.points.empty() && !prompt.box) {
    throw invalid("bad_prompt", "A prompt needs at least one point or a box.");
  }
  if (prompt.points.size() > kPromptPointsMax) {
    throw invalid("bad_prompt", fmt::format("A prompt has at most {} points.", kPromptPointsMax));
  }
  const bool finite = std::ranges::all_of(
      prompt.points, [](const PromptPoint& point) { return geometry::is_finite(point.at); });
  if (!finite || (prompt.box && (!geometry::is_finite(*prompt.box) || prompt.box->empty()))) {
    throw invalid("bad_prompt", "The prompt's points or box are not finite or the box is empty.");
  }
  if (!prompt.previous.empty() && prompt.previous.size() != kMaskPixels) {
    throw invalid("bad_prompt", "The previous mask has not 256 x 256 numbers.");
  }
}

// The model was trained on coordinates scaled by the resized side, a whole number, on each axis.
void add_point(PromptInputs& out, const Letterbox& frame, geometry::Point at, float label) {
  const double sx = static_cast<double>(frame.resized_width) / frame.image_width;
  const double sy = static_cast<double>(frame.resized_height) / frame.image_height;
  const double x = std::clamp<double>(at.x, 0, frame.image_width);
  const double y = std::clamp<double>(at.y, 0, frame.image_height);
  out.point_coords.push_back(static_cast<float>(x * sx));
  out.point_coords.push_back(static_cast<float>(y * sy));
  out.point_labels.push_back(label);
}

constexpr std::size_t kCellSide = kSide / kMaskSide;

// The source pixel under each pixel of the resized side.
std::vector<std::size_t> samples(int resized, int side) {
  std::vector<std::size_t> out(static_cast<std::size_t>(resized));
  const double step = static_cast<double>(side) / resized;
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = std::min(static_cast<std::size_t>((static_cast<double>(i) + 0.5) * step),
                      static_cast<std::size_t>(side) - 1);
  }
  return out;
}

// Adds up which pixels of the resized image lie in a mask's runs, cell by cell.
class Coverage {
 public:
  explicit Coverage(const Letterbox& frame)
      : logits(kMaskPixels, -kMaskLogit),
        height_(static_cast<std::size_t>(frame.image_height)),
        columns_(samples(frame.resized_width, frame.image_width)),
        rows_(samples(frame.resized_height, frame.image_height)) {}

  // Pixels [from, to) in the order of runs.
  void add(std::size_t from, std::size_t to) {
    for (auto x = first(columns_, from / height_);
         x < columns_.size() && columns_[x] * height_ < to; ++x) {
      const auto top = columns_[x] * height_;
      const auto end = first(rows_, std::min(to - top, height_));
      for (auto y = first(rows_, from > top ? from - top : 0); y < end; ++y) {
        logits[y / kCellSide * kMaskSide + x / kCellSide] += kStep;
      }
    }
  }

  std::vector<float> logits;

 private:
  static constexpr float kStep = 2 * kMaskLogit / (kCellSide * kCellSide);

  static std::size_t first(const std::vector<std::size_t>& sorted, std::size_t least) {
    return static_cast<std::size_t>(std::ranges::lower_bound(sorted, least) - sorted.begin());
  }

  std::size_t height_;
  std::vector<std::size_t> columns_;
  std::vector<std::size_t> rows_;
};

const TensorView* find(std::span<const TensorView> outputs, std::string_view name) {
  const auto found = std::ranges::find(outputs, name, &TensorView::name);
  return found == outputs.end() ? nullptr : &*found;
}

// Planes of [1, M, height, width]; throws unless that is the tensor's shape.
std::size_t plane_count(const TensorView& tensor, std::int64_t height, std::int64_t width) {
  const auto& shape = tensor.shape;
  const auto pixels = static_cast<std::uint64_t>(height) * static_cast<std::uint64_t>(width);
  if (shape.size() != 4 || shape[0] != 1 || shape[1] < 1 || shape[2] != height ||
      shape[3] != width || tensor.values.size() != static_cast<std::uint64_t>(shape[1]) * pixels) {
    throw invalid("model_output",
                  fmt::format("Output '{}' has shape [{}]; [1, M, {}, {}] was expected.",
                              tensor.name, fmt::join(shape, ", "), height, width));
  }
  return static_cast<std::size_t>(shape[1]);
}

raster::Rle threshold(std::span<const float> logits, std::uint32_t height, std::uint32_t width) {
  std::vector<std::uint8_t> bytes(logits.size());
  std::ranges::transform(logits, bytes.begin(),
                         [](float logit) { return static_cast<std::uint8_t>(logit > 0); });
  return raster::encode(bytes, height, width);
}

}  // namespace

const InputSpec& image_spec() {
  static const InputSpec spec = make_image_spec();
  return spec;
}

Letterbox frame_of(int image_width, int image_height) {
  return plan_letterbox(image_width, image_height, image_spec());
}

ImageInput prepare_image(const raster::ImageView& image) {
  ImageInput out{.values = std::vector<float>(image_spec().elements()),
                 .frame = frame_of(image.width, image.height)};
  fill_input(image, image_spec(), out.frame, out.values);
  return out;
}

void require_size(const raster::Rle& mask, int width, int height) {
  if (std::cmp_not_equal(mask.width, width) || std::cmp_not_equal(mask.height, height)) {
    throw invalid("bad_prompt",
                  fmt::format("The previous mask must have size [{}, {}].", height, width));
  }
  raster::check(mask);
}

std::vector<float> logits_of(const raster::Rle& mask, const Letterbox& frame) {
  require_size(mask, frame.image_width, frame.image_height);
  Coverage coverage(frame);
  std::size_t at = 0;
  for (std::size_t i = 0; i < mask.runs.size(); ++i) {
    if (i % 2 == 1 && mask.runs[i] > 0) coverage.add(at, at + mask.runs[i]);
    at += mask.runs[i];
  }
  return std::move(coverage.logits);
}

PromptInputs prepare_prompt(const Prompt& prompt, const Letterbox& frame) {
  check_prompt(prompt);
  PromptInputs out;
  for (const auto& point : prompt.points) {
    add_point(out, frame, point.at, point.positive ? 1.0F : 0.0F);
  }
  if (prompt.box) {
    add_point(out, frame, {prompt.box->x0, prompt.box->y0}, 2);
    add_point(out, frame, {prompt.box->x1, prompt.box->y1}, 3);
  } else {
    out.point_coords.insert(out.point_coords.end(), {0, 0});
    out.point_labels.push_back(-1);
  }
  out.mask_input = prompt.previous_mask ? logits_of(*prompt.previous_mask, frame) : prompt.previous;
  out.has_mask = {out.mask_input.empty() ? 0.0F : 1.0F};
  out.mask_input.resize(kMaskPixels);
  out.image_size = {static_cast<float>(frame.image_height), static_cast<float>(frame.image_width)};
  return out;
}

MaskResult mask_result(raster::Rle rle, float score, double tolerance) {
  MaskResult out{.bounds = raster::bounds(rle), .area = raster::area(rle), .score = score};
  if (out.area > 0) out.polygon = raster::trace(rle, tolerance);
  out.rle = std::move(rle);
  return out;
}

std::vector<MaskResult> read_masks(std::span<const TensorView> outputs, const Letterbox& frame,
                                   const MaskOptions& options) {
  const auto* masks = find(outputs, "masks");
  const auto* scores = find(outputs, "iou_predictions");
  const auto* low = find(outputs, "low_res_masks");
  if (masks == nullptr || scores == nullptr) {
    throw invalid("model_output", "The decoder gave no 'masks' or no 'iou_predictions'.");
  }
  const auto count = plane_count(*masks, frame.image_height, frame.image_width);
  if (scores->values.size() != count) {
    throw invalid("model_output", "The decoder gave another number of scores than of masks.");
  }
  const bool has_logits = low != nullptr && plane_count(*low, kMaskSide, kMaskSide) == count;
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::greater<>{}, [&](std::size_t i) {
    return std::isfinite(scores->values[i]) ? scores->values[i] : -1.0F;
  });
  order.resize(std::min(count, std::max<std::size_t>(options.masks_max, 1)));
  const std::size_t pixels = masks->values.size() / count;
  std::vector<MaskResult> out;
  for (const auto i : order) {
    auto rle = threshold(masks->values.subspan(i * pixels, pixels),
                         static_cast<std::uint32_t>(frame.image_height),
                         static_cast<std::uint32_t>(frame.image_width));
    auto& result =
        out.emplace_back(mask_result(std::move(rle), scores->values[i], options.tolerance));
    if (!has_logits) continue;
    const auto logits = low->values.subspan(i * kMaskPixels, kMaskPixels);
    result.logits.assign(logits.begin(), logits.end());
  }
  return out;
}

}  // namespace aa::decode::sam
