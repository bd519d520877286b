#include "kernel/decode/sound_outputs.hpp"

#include <cmath>

#include <fmt/format.h>

#include "base/error.hpp"

namespace aa::decode {
namespace {

Error unsound(std::string what) {
  return invalid("model_output", "The model gave a wrong answer: " + std::move(what) + ".");
}

void require_label(int class_index, std::size_t labels) {
  if (class_index < 0 || labels == 0 || static_cast<std::size_t>(class_index) < labels) return;
  throw unsound(
      fmt::format("it found class {}, but it has {} labels, numbered from 0", class_index, labels));
}

}  // namespace

void require_sound(std::span<const TensorView> outputs) {
  std::size_t elements = 0;
  for (const auto& output : outputs) {
    elements += output.values.size();
    if (elements > kOutputElementsMax) {
      throw unsound(fmt::format("its outputs hold more than {} numbers", kOutputElementsMax));
    }
  }
  for (const auto& output : outputs) {
    // A sum of comparisons, so that the compiler may take many numbers at once.
    std::size_t bad = 0;
    for (const float value : output.values) bad += value != value ? 1U : 0U;
    if (bad == 0) continue;
    throw unsound(fmt::format("{} of {} numbers of its output '{}' are not numbers (NaN)", bad,
                              output.values.size(), output.name.substr(0, 100)));
  }
}

void require_sound(std::span<const Detection> detections, std::size_t labels) {
  for (const auto& found : detections) {
    const auto& box = found.box;
    const bool finite = std::isfinite(box.x0) && std::isfinite(box.y0) && std::isfinite(box.x1) &&
                        std::isfinite(box.y1) && std::isfinite(found.score);
    if (!finite) throw unsound("a box or its score is not finite");
    if (found.class_index < 0) throw unsound("an object has no class");
    require_label(found.class_index, labels);
  }
}

void require_sound(std::span<const Finding> findings, std::size_t labels) {
  for (const auto& found : findings) {
    if (!std::isfinite(found.score)) throw unsound("a score is not finite");
    const auto bounds = document::shape_bounds(found.shape);
    const bool finite = !bounds || (std::isfinite(bounds->x0) && std::isfinite(bounds->y0) &&
                                    std::isfinite(bounds->x1) && std::isfinite(bounds->y1));
    if (!finite) throw unsound("a shape is not finite");
    require_label(found.class_index, labels);
  }
}

}  // namespace aa::decode
