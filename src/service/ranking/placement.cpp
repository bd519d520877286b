#include "service/ranking/placement.hpp"

#include "kernel/raster/contour.hpp"

namespace aa::ranking {
namespace {

using document::Shape;
using geometry::Point;

class Move {
 public:
  Move(const geometry::Rect& from, const geometry::Rect& to)
      : from_(from), to_(to), x_(to.width() / from.width()), y_(to.height() / from.height()) {}

  std::optional<Shape> operator()(document::Box box) const {
    const auto corner = moved({box.x, box.y});
    return document::Box{corner.x, corner.y, box.width * x_, box.height * y_, box.rotation};
  }
  std::optional<Shape> operator()(document::Polygon polygon) const {
    for (auto& part : polygon.parts) {
      move_all(part.points);
      for (auto& hole : part.holes) move_all(hole);
    }
    return polygon;
  }
  std::optional<Shape> operator()(document::Polyline line) const {
    move_all(line.points);
    return line;
  }
  std::optional<Shape> operator()(document::PointSet set) const {
    move_all(set.points);
    return set;
  }
  std::optional<Shape> operator()(const document::MaskShape& mask) const {
    const auto parts = raster::trace(mask.rle, 1);
    if (parts.empty()) return std::nullopt;
    return (*this)(document::polygon_of(parts));
  }
  std::optional<Shape> operator()(document::Skeleton skeleton) const {
    for (auto& point : skeleton.points) {
      const auto at = moved({point.x, point.y});
      point.x = at.x;
      point.y = at.y;
    }
    return skeleton;
  }
  std::optional<Shape> operator()(document::Ellipse ellipse) const {
    const auto centre = moved({ellipse.cx, ellipse.cy});
    return document::Ellipse{centre.x, centre.y, ellipse.rx * x_, ellipse.ry * y_,
                             ellipse.rotation};
  }
  std::optional<Shape> operator()(const document::Cuboid&) const { return std::nullopt; }
  std::optional<Shape> operator()(document::ImageCuboid cuboid) const {
    move_all(cuboid.points);
    return cuboid;
  }
  std::optional<Shape> operator()(const document::Tag&) const { return std::nullopt; }

 private:
  Point moved(Point point) const {
    return {to_.x0 + (point.x - from_.x0) * x_, to_.y0 + (point.y - from_.y0) * y_};
  }
  void move_all(std::vector<Point>& points) const {
    for (auto& point : points) point = moved(point);
  }

  geometry::Rect from_;
  geometry::Rect to_;
  double x_;
  double y_;
};

}  // namespace

std::optional<Shape> placed(const Shape& shape, const geometry::Rect& from,
                            const geometry::Rect& to) {
  if (from.empty() || to.empty()) return std::nullopt;
  return std::visit(Move(from, to), shape);
}

}  // namespace aa::ranking
