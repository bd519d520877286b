#include "service/prelabel/mask_points.hpp"

#include <algorithm>
#include <cmath>

#include "kernel/decode/sam.hpp"

namespace aa::prelabel {
namespace {

constexpr int kGrid = decode::sam::kMaskSide;
constexpr double kCell = static_cast<double>(decode::sam::kSide) / kGrid;
constexpr float kDiagonal = 1.4142135F;

std::size_t index_of(int x, int y) { return static_cast<std::size_t>(y * kGrid + x); }

// How far each cell is from the nearest one outside, in cells; the grid's border is outside. Two
// sweeps over the neighbours that were visited before.
std::vector<float> depths(const std::vector<float>& logits) {
  std::vector<float> out(logits.size());
  const auto at = [&out](int x, int y) {
    const bool within = x >= 0 && y >= 0 && x < kGrid && y < kGrid;
    return within ? out[index_of(x, y)] : 0.0F;
  };
  for (int y = 0; y < kGrid; ++y) {
    for (int x = 0; x < kGrid; ++x) {
      if (!(logits[index_of(x, y)] > 0)) continue;
      const float straight = std::min(at(x - 1, y), at(x, y - 1)) + 1;
      const float slanted = std::min(at(x - 1, y - 1), at(x + 1, y - 1)) + kDiagonal;
      out[index_of(x, y)] = std::min(straight, slanted);
    }
  }
  for (int y = kGrid - 1; y >= 0; --y) {
    for (int x = kGrid - 1; x >= 0; --x) {
      const float straight = std::min(at(x + 1, y), at(x, y + 1)) + 1;
      const float slanted = std::min(at(x + 1, y + 1), at(x - 1, y + 1)) + kDiagonal;
      auto& here = out[index_of(x, y)];
      here = std::min(here, std::min(straight, slanted));
    }
  }
  return out;
}

}  // namespace

bool holds(const raster::Rle& mask, geometry::Point at) {
  if (!(at.x >= 0 && at.y >= 0 && at.x < mask.width && at.y < mask.height)) return false;
  const auto place = static_cast<std::size_t>(at.x) * mask.height + static_cast<std::size_t>(at.y);
  std::size_t from = 0;
  for (std::size_t i = 0; i < mask.runs.size(); ++i) {
    if (place < from + mask.runs[i]) return i % 2 == 1;
    from += mask.runs[i];
  }
  return false;
}

std::vector<geometry::Point> interior_points(const raster::Rle& mask, const decode::Frame& frame,
                                             std::size_t count,
                                             std::span<const geometry::Point> away) {
  const auto deep = depths(decode::sam::logits_of(mask, *frame.letterbox));
  std::vector<geometry::Point> shunned;
  for (const auto& point : away) {
    const auto model = frame.to_model(point);
    shunned.push_back({model.x / kCell, model.y / kCell});
  }
  std::vector<geometry::Point> out;
  while (out.size() < count) {
    double best = 0;
    geometry::Point chosen;
    for (int y = 0; y < kGrid; ++y) {
      for (int x = 0; x < kGrid; ++x) {
        double room = deep[index_of(x, y)];
        if (room <= best) continue;
        const geometry::Point cell{x + 0.5, y + 0.5};
        for (const auto& other : shunned) {
          room = std::min(room, std::hypot(cell.x - other.x, cell.y - other.y) / 2);
        }
        if (room <= best) continue;
        best = room;
        chosen = cell;
      }
    }
    if (!(best > 0)) break;
    shunned.push_back(chosen);
    out.push_back(frame.to_image(geometry::Point{chosen.x * kCell, chosen.y * kCell}));
  }
  return out;
}

}  // namespace aa::prelabel
