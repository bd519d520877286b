// The outline of a mask is made of edges on the pixels' corners, each with its foreground pixel on
// the right hand: every run gives a top edge (rightwards) and a bottom edge (leftwards), each one
// column wide; between two columns, every stretch that only the left column covers gives an edge
// down, and one that only the right column covers gives an edge up. All of it comes from the runs.
//
// Where four edges meet (two pixels touching by a corner), an edge is followed by the one of the
// same run: sorted by (y, run), the edges ending at a corner line and those starting there pair up
// one to one. Following the pairs gives the rings.
#include "kernel/raster/contour.hpp"

#include <algorithm>
#include <numeric>

namespace aa::raster {
namespace {

using geometry::Point;
using geometry::Ring;

struct Run {
  std::uint32_t column = 0;
  std::uint32_t top = 0;
  std::uint32_t bottom = 0;  // exclusive
};

struct Edge {
  std::uint32_t x = 0;  // of its start
  std::uint32_t y = 0;
  std::uint32_t run = 0;
  std::uint32_t next = 0;
};

struct End {
  std::uint32_t y = 0;
  std::uint32_t run = 0;
  std::uint32_t edge = 0;
  bool operator<(const End& other) const { return y != other.y ? y < other.y : run < other.run; }
};

std::vector<Run> split_by_columns(const Rle& rle) {
  std::vector<Run> out;
  std::uint64_t at = 0;
  for (std::size_t i = 0; i < rle.runs.size(); at += rle.runs[i], ++i) {
    if (i % 2 == 0) continue;
    const std::uint64_t end = at + rle.runs[i];
    for (std::uint64_t from = at; from < end;) {
      const std::uint64_t column = from / rle.height;
      const std::uint64_t to = std::min(end, (column + 1) * rle.height);
      const auto top = static_cast<std::uint32_t>(from - column * rle.height);
      const auto bottom = static_cast<std::uint32_t>(to - column * rle.height);
      // Runs with nothing between them are one.
      if (!out.empty() && out.back().column == column && out.back().bottom == top) {
        out.back().bottom = bottom;
      } else {
        out.push_back({static_cast<std::uint32_t>(column), top, bottom});
      }
      from = to;
    }
  }
  return out;
}

class Components {
 public:
  explicit Components(std::size_t count) : parent_(count) {
    std::iota(parent_.begin(), parent_.end(), 0U);
  }
  std::uint32_t find(std::uint32_t i) {
    while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
    return i;
  }
  void join(std::uint32_t a, std::uint32_t b) {
    a = find(a);
    b = find(b);
    parent_[std::max(a, b)] = std::min(a, b);  // the root is the first run
  }

 private:
  std::vector<std::uint32_t> parent_;
};

// Runs [first, last) of one column.
struct Column {
  std::uint32_t first = 0;
  std::uint32_t last = 0;
};

class Tracer {
 public:
  explicit Tracer(const Rle& rle) : runs_(split_by_columns(rle)), components_(runs_.size()) {
    link();
  }

  std::vector<Part> parts(double tolerance) {
    std::vector<Part> out;
    std::vector<std::uint32_t> part_of(runs_.size(), kNone);
    std::vector<bool> seen(edges_.size(), false);
    std::vector<std::pair<std::uint32_t, Ring>> holes;
    for (std::uint32_t i = 0; i < edges_.size(); ++i) {
      if (seen[i]) continue;
      Ring ring = follow(i, seen);
      const std::uint32_t component = components_.find(edges_[i].run);
      if (geometry::signed_area(ring) > 0) {
        part_of[component] = static_cast<std::uint32_t>(out.size());
        out.push_back({simplified(std::move(ring), tolerance), {}});
      } else {
        holes.emplace_back(component, simplified(std::move(ring), tolerance));
      }
    }
    for (auto& [component, ring] : holes) {
      out[part_of[component]].holes.push_back(std::move(ring));
    }
    return out;
  }

 private:
  static constexpr std::uint32_t kNone = 0xffffffffU;

  static Ring simplified(Ring ring, double tolerance) {
    return tolerance > 0 ? geometry::simplify_ring(ring, tolerance) : ring;
  }

  std::uint32_t add_edge(std::uint32_t x, std::uint32_t y, std::uint32_t run) {
    edges_.push_back({x, y, run, kNone});
    return static_cast<std::uint32_t>(edges_.size() - 1);
  }

  void link() {
    std::uint32_t at = 0;
    Column left;
    while (at < runs_.size() || left.first < left.last) {
      const bool after_gap = left.first == left.last;
      const std::uint32_t x = after_gap ? runs_[at].column : runs_[left.first].column + 1;
      Column right{at, at};
      while (at < runs_.size() && runs_[at].column == x) right.last = ++at;
      link_line(x, left, right);
      left = right;
    }
  }

  // Joins what ends and what starts on the corner line at x.
  void link_line(std::uint32_t x, Column left, Column right) {
    for (std::uint32_t r = right.first; r < right.last; ++r) {
      const std::uint32_t top = add_edge(x, runs_[r].top, r);
      starts_.push_back({runs_[r].top, r, top});
      next_tops_.push_back({runs_[r].top, r, top});
      const std::uint32_t bottom = add_edge(x + 1, runs_[r].bottom, r);
      ends_.push_back({runs_[r].bottom, r, bottom});
      next_bottoms_.push_back({runs_[r].bottom, r, bottom});
    }
    add_verticals(x, left, right, true);
    add_verticals(x, right, left, false);
    join_components(left, right);
    std::sort(starts_.begin(), starts_.end());
    std::sort(ends_.begin(), ends_.end());
    for (std::size_t i = 0; i < ends_.size(); ++i) edges_[ends_[i].edge].next = starts_[i].edge;
    starts_ = std::move(next_bottoms_);
    ends_ = std::move(next_tops_);
    next_bottoms_.clear();
    next_tops_.clear();
  }

  // Edges where `from`'s column is covered and `against`'s is not.
  void add_verticals(std::uint32_t x, Column from, Column against, bool downwards) {
    std::uint32_t other = against.first;
    for (std::uint32_t r = from.first; r < from.last; ++r) {
      std::uint32_t y = runs_[r].top;
      while (other < against.last && runs_[other].bottom <= y) ++other;
      for (std::uint32_t k = other; k < against.last && runs_[k].top < runs_[r].bottom; ++k) {
        if (runs_[k].top > y) add_vertical(x, y, runs_[k].top, r, downwards);
        y = runs_[k].bottom;
      }
      if (y < runs_[r].bottom) add_vertical(x, y, runs_[r].bottom, r, downwards);
    }
  }

  void add_vertical(std::uint32_t x, std::uint32_t y0, std::uint32_t y1, std::uint32_t run,
                    bool downwards) {
    const std::uint32_t from = downwards ? y0 : y1;
    const std::uint32_t to = downwards ? y1 : y0;
    const std::uint32_t edge = add_edge(x, from, run);
    starts_.push_back({from, run, edge});
    ends_.push_back({to, run, edge});
  }

  void join_components(Column left, Column right) {
    std::uint32_t l = left.first;
    std::uint32_t r = right.first;
    while (l < left.last && r < right.last) {
      if (runs_[l].top < runs_[r].bottom && runs_[r].top < runs_[l].bottom) components_.join(l, r);
      if (runs_[l].bottom < runs_[r].bottom)
        ++l;
      else
        ++r;
    }
  }

  // Corners only: a vertex between two edges of one direction is left out.
  Ring follow(std::uint32_t first, std::vector<bool>& seen) {
    Ring all;
    for (std::uint32_t i = first; !seen[i]; i = edges_[i].next) {
      seen[i] = true;
      all.push_back({static_cast<double>(edges_[i].x), static_cast<double>(edges_[i].y)});
    }
    Ring out;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const Point before = all[i == 0 ? all.size() - 1 : i - 1];
      const Point here = all[i];
      const Point after = all[i + 1 == all.size() ? 0 : i + 1];
      const bool straight =
          (before.x == here.x && here.x == after.x) || (before.y == here.y && here.y == after.y);
      if (!straight) out.push_back(here);
    }
    return out;
  }

  std::vector<Run> runs_;
  Components components_;
  std::vector<Edge> edges_;
  std::vector<End> starts_;
  std::vector<End> ends_;
  std::vector<End> next_tops_;     // end on the next line
  std::vector<End> next_bottoms_;  // start on the next line
};

}  // namespace

std::vector<Part> trace(const Rle& rle, double tolerance) {
  check(rle);
  return Tracer(rle).parts(tolerance);
}

}  // namespace aa::raster
