#include "kernel/raster/rle.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/limits.hpp"
#include "kernel/raster/image.hpp"

namespace aa::raster {
namespace {

std::string size_text(const Rle& rle) {
  return std::to_string(rle.height) + " x " + std::to_string(rle.width);
}

// Takes runs of either value, joins equal neighbours, and closes the mask.
class RunWriter {
 public:
  RunWriter(std::uint32_t height, std::uint32_t width) : rle_{height, width, {}} {}

  void add(bool value, std::uint64_t count) {
    if (count == 0) return;
    if (value != value_) {
      push();
      value_ = value;
    }
    pending_ += count;
  }
  Rle finish() {
    if (pending_ > 0) push();
    return std::move(rle_);
  }

 private:
  void push() {
    if (rle_.runs.size() >= kRunsMax) {
      throw too_large("rle_too_long", "The mask has more runs than can be kept.");
    }
    rle_.runs.push_back(static_cast<std::uint32_t>(pending_));
    pending_ = 0;
  }

  Rle rle_;
  bool value_ = false;
  std::uint64_t pending_ = 0;
};

// Steps through the runs; `left` pixels of `value` remain in the present one.
struct RunReader {
  explicit RunReader(const Rle& from) : runs(from.runs) { settle(); }

  void take(std::uint64_t count) {
    left -= count;
    if (left == 0) {
      ++at;
      settle();
    }
  }
  void settle() {
    while (at < runs.size() && runs[at] == 0) ++at;
    left = at < runs.size() ? runs[at] : 0;
    value = at % 2 == 1;
  }

  const std::vector<std::uint32_t>& runs;
  std::size_t at = 0;
  std::uint64_t left = 0;
  bool value = false;
};

// Calls visit(a, b, count) for every stretch where both keep their value.
template <class Visit>
void walk(const Rle& a, const Rle& b, Visit visit) {
  if (a.height != b.height || a.width != b.width) {
    throw invalid("rle_size", "Two masks must have one size; these have " + size_text(a) + " and " +
                                  size_text(b) + ".");
  }
  RunReader left(a);
  RunReader right(b);
  while (left.left > 0 && right.left > 0) {
    const std::uint64_t count = std::min(left.left, right.left);
    visit(left.value, right.value, count);
    left.take(count);
    right.take(count);
  }
}

bool merged(bool a, bool b, MergeMode mode) {
  switch (mode) {
    case MergeMode::unite:
      return a || b;
    case MergeMode::intersect:
      return a && b;
    case MergeMode::subtract:
      return a && !b;
    case MergeMode::differ:
      return a != b;
  }
  return false;
}

}  // namespace

Rle empty_rle(std::uint32_t height, std::uint32_t width) {
  check_image_size(width, height);
  return {height, width, {height * width}};
}

void check(const Rle& rle) {
  check_image_size(rle.width, rle.height);
  if (rle.runs.size() > kRunsMax) {
    throw too_large("rle_too_long", "The mask has more runs than can be kept.");
  }
  std::uint64_t sum = 0;
  for (const auto run : rle.runs) sum += run;
  if (sum != static_cast<std::uint64_t>(rle.height) * rle.width) {
    throw invalid("rle_size", "The runs add up to " + std::to_string(sum) +
                                  " pixels, but the mask is " + size_text(rle) + ".");
  }
}

Rle canonical(const Rle& rle) {
  RunWriter out(rle.height, rle.width);
  for (std::size_t i = 0; i < rle.runs.size(); ++i) out.add(i % 2 == 1, rle.runs[i]);
  return out.finish();
}

Rle encode(const Mask& mask) { return encode(mask.bytes, mask.height, mask.width); }

Rle encode(std::span<const std::uint8_t> bytes, std::uint32_t height, std::uint32_t width) {
  check_image_size(width, height);
  if (bytes.size() != static_cast<std::size_t>(height) * width) {
    throw invalid("rle_size", "The mask has " + std::to_string(bytes.size()) +
                                  " bytes, but its size is " + std::to_string(height) + " x " +
                                  std::to_string(width) + ".");
  }
  RunWriter out(height, width);
  for (std::size_t x = 0; x < width; ++x) {
    std::size_t start = 0;
    for (std::size_t y = 1; y <= height; ++y) {
      const bool value = bytes[start * width + x] != 0;
      if (y < height && (bytes[y * width + x] != 0) == value) continue;
      out.add(value, y - start);
      start = y;
    }
  }
  return out.finish();
}

Mask decode(const Rle& rle) {
  check(rle);
  Mask out{rle.height, rle.width, {}};
  out.bytes.resize(static_cast<std::size_t>(rle.height) * rle.width);
  std::size_t x = 0;
  std::size_t y = 0;
  for (std::size_t i = 0; i < rle.runs.size(); ++i) {
    for (std::size_t left = rle.runs[i]; left > 0;) {
      const std::size_t count = std::min<std::size_t>(left, rle.height - y);
      if (i % 2 == 1) {
        for (std::size_t k = 0; k < count; ++k) out.bytes[(y + k) * rle.width + x] = 1;
      }
      left -= count;
      y += count;
      if (y == rle.height) {
        y = 0;
        ++x;
      }
    }
  }
  return out;
}

Rle place(const Rle& part, std::uint32_t x, std::uint32_t y, std::uint32_t height,
          std::uint32_t width) {
  check_image_size(width, height);
  if (x > width || part.width > width - x || y > height || part.height > height - y) {
    throw invalid("rle_size", "A mask of " + size_text(part) + " at " + std::to_string(x) + ", " +
                                  std::to_string(y) + " reaches beyond the picture.");
  }
  RunWriter out(height, width);
  out.add(false, static_cast<std::uint64_t>(x) * height);
  std::uint64_t row = 0;
  for (std::size_t i = 0; i < part.runs.size(); ++i) {
    for (std::uint64_t left = part.runs[i]; left > 0;) {
      const std::uint64_t count = std::min<std::uint64_t>(left, part.height - row);
      if (row == 0) out.add(false, y);
      out.add(i % 2 == 1, count);
      left -= count;
      row += count;
      if (row < part.height) continue;
      out.add(false, height - y - part.height);
      row = 0;
    }
  }
  out.add(false, static_cast<std::uint64_t>(width - x - part.width) * height);
  return out.finish();
}

Rle from_runs(std::span<const std::uint32_t> runs, std::uint32_t height, std::uint32_t width) {
  Rle out{height, width, {runs.begin(), runs.end()}};
  check(out);
  return out;
}

std::uint64_t area(const Rle& rle) {
  std::uint64_t out = 0;
  for (std::size_t i = 1; i < rle.runs.size(); i += 2) out += rle.runs[i];
  return out;
}

geometry::Rect bounds(const Rle& rle) {
  if (rle.height == 0) return {};
  std::uint64_t at = 0;
  std::uint64_t x0 = rle.width, x1 = 0, y0 = rle.height, y1 = 0;
  for (std::size_t i = 0; i < rle.runs.size(); at += rle.runs[i], ++i) {
    if (i % 2 == 0 || rle.runs[i] == 0) continue;
    const std::uint64_t last = at + rle.runs[i] - 1;
    x0 = std::min(x0, at / rle.height);
    x1 = std::max(x1, last / rle.height + 1);
    const bool one_column = at / rle.height == last / rle.height;
    y0 = std::min(y0, one_column ? at % rle.height : 0);
    y1 = std::max(y1, one_column ? last % rle.height + 1 : rle.height);
  }
  if (x1 == 0) return {};
  return {static_cast<double>(x0), static_cast<double>(y0), static_cast<double>(x1),
          static_cast<double>(y1)};
}

Rle merge(const Rle& a, const Rle& b, MergeMode mode) {
  RunWriter out(a.height, a.width);
  walk(a, b, [&](bool in_a, bool in_b, std::uint64_t count) {
    out.add(merged(in_a, in_b, mode), count);
  });
  return out.finish();
}

Rle unite_all(std::span<const Rle> masks) {
  if (masks.empty()) throw invalid("no_masks", "There is no mask to unite.");
  // In pairs, so that no run is walked more often than the logarithm of the count.
  std::vector<Rle> level(masks.begin(), masks.end());
  while (level.size() > 1) {
    std::vector<Rle> next;
    for (std::size_t i = 0; i + 1 < level.size(); i += 2) {
      next.push_back(merge(level[i], level[i + 1], MergeMode::unite));
    }
    if (level.size() % 2 == 1) next.push_back(std::move(level.back()));
    level = std::move(next);
  }
  return std::move(level.front());
}

std::uint64_t intersection_area(const Rle& a, const Rle& b) {
  std::uint64_t out = 0;
  walk(a, b, [&](bool in_a, bool in_b, std::uint64_t count) {
    if (in_a && in_b) out += count;
  });
  return out;
}

double iou(const Rle& a, const Rle& b, bool b_is_crowd) {
  const std::uint64_t shared = intersection_area(a, b);
  const std::uint64_t whole = b_is_crowd ? area(a) : area(a) + area(b) - shared;
  return whole == 0 ? 0 : static_cast<double>(shared) / static_cast<double>(whole);
}

}  // namespace aa::raster
