#include <algorithm>

#include "base/error.hpp"
#include "kernel/document/shape_rings.hpp"
#include "kernel/ot/meeting.hpp"
#include "kernel/ot/written.hpp"

namespace aa::ot {
namespace {

using document::Keys;
using document::MaskPaint;
using document::MaskShape;
using document::Point;
using document::Skeleton;
using document::VertexDelete;
using document::VertexInsert;
using document::VertexSet;

std::string_view rule_of(const Change& small) {
  return std::holds_alternative<MaskPaint>(small) ? "R7" : "R6";
}

// ---- a small change before a write of the whole -------------------------------------------------

// One vertex of a shape; a point of a skeleton has the ring 0.
struct Vertex {
  std::size_t ring = 0;
  Point at;
  int visibility = 0;
  bool operator==(const Vertex&) const = default;
};

std::optional<Vertex> find_vertex(Shape& shape, const std::string& key) {
  std::optional<Vertex> out;
  if (const auto* skeleton = std::get_if<Skeleton>(&shape)) {
    for (const auto& p : skeleton->points) {
      if (p.name == key) out = Vertex{0, {p.x, p.y}, p.visibility};
    }
    return out;
  }
  std::size_t ring = 0;
  document::for_each_ring(
      shape, [&](const std::vector<Point>& points, const Keys& keys, std::size_t) {
        const auto found = std::find(keys.begin(), keys.end(), key);
        if (found != keys.end()) {
          out = Vertex{ring, points[static_cast<std::size_t>(found - keys.begin())]};
        }
        ++ring;
      });
  return out;
}

bool same_structure(const Shape& a, const Shape& b) {
  const auto* one = std::get_if<document::Polygon>(&a);
  const auto* other = std::get_if<document::Polygon>(&b);
  if (one == nullptr || other == nullptr) return a.index() == b.index();
  return std::equal(one->parts.begin(), one->parts.end(), other->parts.begin(), other->parts.end(),
                    [](const auto& p, const auto& q) { return p.holes.size() == q.holes.size(); });
}

std::optional<Change> without(const MaskPaint& stroke, const raster::Rle& pixels) {
  if (raster::intersection_area(stroke.rle, pixels) == 0) return stroke;
  MaskPaint out = stroke;
  out.rle = raster::merge(stroke.rle, pixels, raster::MergeMode::subtract);
  if (raster::area(out.rle) == 0) return std::nullopt;
  return out;
}

bool same_mask_size(const raster::Rle& a, const raster::Rle& b) {
  return a.height == b.height && a.width == b.width;
}

// Of a stroke, the pixels that the author of the write left as he saw them.
std::optional<Change> survivor_of(const MaskPaint& stroke, WrittenShape& later) {
  const auto* value = std::get_if<MaskShape>(&later.value);
  const auto* prev = std::get_if<MaskShape>(&*later.prev);
  if (value == nullptr || prev == nullptr || !same_mask_size(value->rle, prev->rle) ||
      !same_mask_size(value->rle, stroke.rle)) {
    return std::nullopt;
  }
  try {
    return without(stroke, raster::merge(prev->rle, value->rle, raster::MergeMode::differ));
  } catch (const Error&) {  // more runs than a mask may have
    return std::nullopt;
  }
}

std::optional<Change> survivor_of(const VertexInsert& insert, WrittenShape& later) {
  if (find_vertex(*later.prev, insert.key) || find_vertex(later.value, insert.key)) {
    return std::nullopt;
  }
  return insert;
}

std::optional<Change> survivor_of(const VertexSet& set, WrittenShape& later) {
  const auto seen = find_vertex(*later.prev, set.key);
  if (!seen || seen != find_vertex(later.value, set.key)) return std::nullopt;
  return set;
}

std::optional<Change> survivor_of(const VertexDelete& del, WrittenShape& later) {
  if (!find_vertex(*later.prev, del.key)) return std::nullopt;
  return del;
}

// What is left of a small change under a later write of the whole; the write takes it in.
std::optional<Change> survivor(const Change& small, WrittenShape& later) {
  if (!later.prev || !same_structure(*later.prev, later.value)) return std::nullopt;
  auto out = std::visit(
      [&](const auto& c) -> std::optional<Change> {
        if constexpr (requires { survivor_of(c, later); }) return survivor_of(c, later);
        return std::nullopt;
      },
      small);
  if (out && !after(later.value, *out)) out.reset();
  return out;
}

// ---- writes of the whole ------------------------------------------------------------------------

Meeting write_over_write(const SetField& change, const SetField& over, Side side) {
  const SetField& earlier = side == Side::earlier ? change : over;
  const SetField& later = side == Side::earlier ? over : change;
  const auto before = written_shape(earlier);
  if (!before) return {};
  SetField merged = before->keyed ? rebased(later, before->value) : later;
  if (side == Side::later) {
    if (merged == later) return {};
    return becomes(std::move(merged), "R5");
  }
  if (merged.value == later.value) return lost("R5");
  merged.prev.reset();
  if (earlier.prev) merged.prev = later.value;
  return becomes(std::move(merged), "R5");
}

Meeting write_over_small(const SetField& change, const Change& over, Side side) {
  auto written = written_shape(change);
  if (!written || !written->keyed) return {};
  if (side == Side::later && !written->prev) return {};
  std::optional<Change> small = over;
  if (side == Side::later) small = survivor(over, *written);
  SetField out = change;
  const auto value = small ? after(written->value, *small) : std::nullopt;
  const auto prev = written->prev ? after(*written->prev, over) : std::nullopt;
  if (value) out.value = value_of(*value);
  if (prev) out.prev = value_of(*prev);
  if (!value && !prev) return {};
  return becomes(std::move(out), rule_of(over));
}

Meeting small_over_write(const Change& change, const SetField& over, Side side) {
  auto written = written_shape(over);
  if (!written) return {};
  if (side == Side::later) {
    if (written->keyed && after(written->value, change)) return {};
    return lost("R5");
  }
  auto out = survivor(change, *written);
  if (!out) return lost("R5");
  if (*out == change) return {};
  return becomes(std::move(*out), "R7");
}

// ---- small changes ------------------------------------------------------------------------------

Meeting meet_small(const MaskPaint& change, const MaskPaint& over, Side side) {
  if (side == Side::later || change.mode == over.mode || !same_mask_size(change.rle, over.rle)) {
    return {};
  }
  try {
    auto left = without(change, over.rle);
    if (!left) return lost("R7");
    if (std::get<MaskPaint>(*left) == change) return {};
    return becomes(std::move(*left), "R7");
  } catch (const Error&) {  // more runs than a mask may have: the later stroke is the one seen last
    return lost("R7");
  }
}

Meeting meet_small(const VertexSet& change, const VertexSet& over, Side side) {
  if (change.key != over.key || side == Side::later) return {};
  return lost("R6");
}

// The document refuses it where the vertex is gone, and takes it where the deletion was refused.
Meeting meet_small(const VertexSet& change, const VertexDelete& over, Side) {
  if (change.key != over.key) return {};
  return becomes(change, "R6");
}

Meeting meet_small(const VertexDelete& change, const VertexDelete& over, Side) {
  if (change.key != over.key) return {};
  return lost("R6");
}

Meeting meet_small(const VertexInsert& change, const VertexInsert& over, Side side) {
  if (change.key != over.key) return {};
  if (side == Side::earlier) return lost("R6");
  const bool same_ring =
      change.part == over.part && change.ring.value_or(0) == over.ring.value_or(0);
  if (!same_ring) return {};  // the document refuses it: duplicate_key
  return becomes(VertexSet{change.target, change.key, change.x, change.y}, "R6");
}

// A vertex that the other's document has and one's own has not: only histories that do not belong
// together bring these about.
Meeting meet_small(const VertexInsert& change, const VertexSet& over, Side side) {
  if (change.key != over.key || side == Side::later) return {};
  VertexInsert out = change;
  out.x = over.x;
  out.y = over.y;
  return becomes(std::move(out), "R6");
}
Meeting meet_small(const VertexInsert& change, const VertexDelete& over, Side side) {
  if (change.key != over.key || side == Side::later) return {};
  return lost("R6");
}

}  // namespace

Meeting meet_shape(const Change& change, const Change& over, Side side) {
  const auto* mine = std::get_if<SetField>(&change);
  const auto* theirs = std::get_if<SetField>(&over);
  if (mine != nullptr && theirs != nullptr) return write_over_write(*mine, *theirs, side);
  if (mine != nullptr) return write_over_small(*mine, over, side);
  if (theirs != nullptr) return small_over_write(change, *theirs, side);
  return std::visit(
      [&](const auto& c, const auto& o) -> Meeting {
        if constexpr (requires { meet_small(c, o, side); }) return meet_small(c, o, side);
        return {};
      },
      change, over);
}

}  // namespace aa::ot
