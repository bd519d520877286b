#include "kernel/decode/tiles.hpp"

#include <algorithm>
#include <cmath>

namespace aa::decode {
namespace {

constexpr double kOverlap = 0.2;       // of a tile's side
constexpr int kTilesWantedMax = 4;     // 16 runs and more are asked for, not guessed
constexpr double kShrinkWanted = 1.6;  // image pixels per model pixel
constexpr double kEdgeSlack = 0.01;    // of a tile's side: boxes end near edges, not on them
constexpr double kCoveredShare = 0.6;  // of a piece that lies in a whole object
constexpr double kInsideShare = 0.9;   // of a part of an object that was taken for an object
constexpr double kSeamIou = 0.5;       // of two pieces where their tiles overlap

struct Piece {
  Detection detection;
  geometry::Rect seen;  // the tile, or all tiles that the box was put together from
  bool left = false;    // whether the box is cut there
  bool top = false;
  bool right = false;
  bool bottom = false;

  bool cut() const { return left || top || right || bottom; }
};

Piece piece_of(const Detection& detection, const Tile& tile, int image_width, int image_height) {
  const double slack_x = std::max(2.0, kEdgeSlack * tile.width);
  const double slack_y = std::max(2.0, kEdgeSlack * tile.height);
  const auto seen = tile.rect();
  const auto& box = detection.box;
  return {.detection = detection,
          .seen = seen,
          .left = tile.x > 0 && box.x0 <= seen.x0 + slack_x,
          .top = tile.y > 0 && box.y0 <= seen.y0 + slack_y,
          .right = tile.x + tile.width < image_width && box.x1 >= seen.x1 - slack_x,
          .bottom = tile.y + tile.height < image_height && box.y1 >= seen.y1 - slack_y};
}

double share_inside(const geometry::Rect& part, const geometry::Rect& whole) {
  const double area = part.area();
  return area > 0 ? geometry::intersection(part, whole).area() / area : 0;
}

bool same_again(const Piece& kept, const Piece& piece, double iou_max) {
  const auto& whole = kept.detection.box;
  const auto& box = piece.detection.box;
  if (geometry::iou(whole, box) > iou_max) return true;
  if (kept.seen == piece.seen) return false;
  const double inside = share_inside(box, whole);
  if (piece.cut()) return inside > kCoveredShare;
  return inside > kInsideShare && piece.detection.score < kept.detection.score;
}

bool meet_at_seam(const Piece& a, const Piece& b) {
  if (!a.cut() || !b.cut() || a.seen == b.seen) return false;
  const auto overlap = geometry::intersection(a.seen, b.seen);
  return geometry::iou(geometry::intersection(a.detection.box, overlap),
                       geometry::intersection(b.detection.box, overlap)) > kSeamIou;
}

// Each side of the whole is that of the piece which reaches farther.
void absorb(Piece& kept, const Piece& other) {
  auto& box = kept.detection.box;
  const auto& more = other.detection.box;
  if (more.x0 < box.x0) kept.left = other.left;
  if (more.y0 < box.y0) kept.top = other.top;
  if (more.x1 > box.x1) kept.right = other.right;
  if (more.y1 > box.y1) kept.bottom = other.bottom;
  box = geometry::united(box, more);
  kept.seen = geometry::united(kept.seen, other.seen);
  kept.detection.score = std::max(kept.detection.score, other.detection.score);
}

// Whole objects before pieces, so that a piece finds what it belongs to.
std::vector<Piece> pieces_in_order(std::span<const TileDetections> parts, int width, int height) {
  std::vector<Piece> out;
  for (const auto& part : parts) {
    for (const auto& detection : part.detections) {
      out.push_back(piece_of(detection, part.tile, width, height));
    }
  }
  std::ranges::stable_sort(out, [](const Piece& a, const Piece& b) {
    if (a.cut() != b.cut()) return !a.cut();
    return a.detection.score > b.detection.score;
  });
  return out;
}

void take(std::vector<Piece>& kept, const Piece& piece, double iou_max) {
  for (auto& other : kept) {
    if (other.detection.class_index != piece.detection.class_index) continue;
    if (same_again(other, piece, iou_max)) return;
    if (meet_at_seam(other, piece)) return absorb(other, piece);
  }
  kept.push_back(piece);
}

std::vector<int> starts(int length, int side, int count) {
  std::vector<int> out;
  for (int i = 0; i < count; ++i) {
    out.push_back(
        count == 1 ? 0
                   : static_cast<int>(static_cast<std::int64_t>(length - side) * i / (count - 1)));
  }
  return out;
}

// Tiles of `side` that cover `length` with at least the overlap.
int count_for(int length, int side) {
  if (side >= length) return 1;
  return static_cast<int>(std::ceil((length - side * kOverlap) / (side * (1 - kOverlap)) - 1e-9));
}

// Image pixels per pixel of the input when `across` tiles cover the longer side.
double shrink(int image_width, int image_height, const InputSpec& input, int across) {
  const bool wide = image_width >= image_height;
  const double length = wide ? image_width : image_height;
  const double side = wide ? input.width : input.height;
  return length / (across - (across - 1) * kOverlap) / side;
}

}  // namespace

geometry::Rect Tile::rect() const {
  return {static_cast<double>(x), static_cast<double>(y), static_cast<double>(x + width),
          static_cast<double>(y + height)};
}

int tiles_wanted(int image_width, int image_height, const InputSpec& input) {
  int across = 1;
  while (across < kTilesWantedMax &&
         shrink(image_width, image_height, input, across) > kShrinkWanted) {
    ++across;
  }
  return across;
}

std::vector<Tile> plan_tiles(int image_width, int image_height, const InputSpec& input,
                             int across) {
  std::vector<Tile> out;
  if (across <= 1 || image_width <= 0 || image_height <= 0) return out;
  const double ratio = shrink(image_width, image_height, input, std::min(across, kTilesAcrossMax));
  const auto side = [ratio](int model, int image) {
    return std::clamp(static_cast<int>(std::ceil(model * ratio)), 1, image);
  };
  const int width = side(input.width, image_width);
  const int height = side(input.height, image_height);
  for (const int y : starts(image_height, height, count_for(image_height, height))) {
    for (const int x : starts(image_width, width, count_for(image_width, width))) {
      out.push_back({x, y, width, height});
    }
  }
  return out;
}

std::vector<Detection> merge_tiles(std::span<const TileDetections> parts, int image_width,
                                   int image_height, const Thresholds& thresholds) {
  std::vector<Piece> kept;
  for (const auto& piece : pieces_in_order(parts, image_width, image_height)) {
    take(kept, piece, thresholds.iou_max);
  }
  std::vector<Detection> out;
  for (const auto& piece : kept) out.push_back(piece.detection);
  std::ranges::stable_sort(out, std::greater<>{}, &Detection::score);
  if (out.size() > thresholds.detections_max) out.resize(thresholds.detections_max);
  return out;
}

}  // namespace aa::decode
