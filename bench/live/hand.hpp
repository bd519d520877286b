// What a person at the annotation editor does next, drawn from a seed.
//
// A gesture is one or more changes that belong together (one undo step). `people` is the mixture of
// a working day: boxes, polygons, moves, vertices, labels, attributes, brush strokes, deletions.
// `everything` has every kind of operation and shape, on what is there and on what is gone.
// A seed gives the same gestures on the same document (ids aside, which carry the time).
// Thread rule: one owner. Errors: none.
#pragma once

#include <cstdint>
#include <vector>

#include "bench/live/seats.hpp"
#include "kernel/document/document.hpp"

namespace aa::live {

using document::Annotation;
using document::Change;
using document::Document;

enum class Manner { people, everything };

class Hand {
 public:
  Hand(std::uint64_t seed, Manner manner, IdSource& ids)
      : state_(seed), manner_(manner), ids_(&ids) {}

  // Of `user`, on `document`, which shows `canvas`.
  std::vector<Change> gesture(const Document& document, const Canvas& canvas, UserId user);

  std::uint64_t below(std::uint64_t bound) { return next() % bound; }
  bool chance(std::uint64_t percent) { return below(100) < percent; }

 private:
  std::uint64_t next() {  // SplitMix64 (Steele, Lea and Flood 2014)
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15ULL;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }
  struct Row;
  Annotation fresh(document::Shape shape);
  document::Shape shape(document::ShapeType type);
  document::Shape points_shape(document::ShapeType type);
  std::vector<document::Point> ring(std::size_t count);
  raster::Rle stroke();
  double x() { return static_cast<double>(below(canvas_->width * 4)) / 4; }
  double y() { return static_cast<double>(below(canvas_->height * 4)) / 4; }
  const Annotation* any(const Document& document);
  const Annotation* any_of(const Document& document, bool (*fits)(const Annotation&));
  // An attribute that the label of `target` has; of kind text alone with `text`.
  const document::LabelAttribute* attribute_of(const Annotation& target, bool text = false);
  json::Value value_for(const document::LabelAttribute& attribute);
  const document::Label* label_for(document::ShapeType type);
  std::string word();

  // Each gives nothing when the document has nothing for it.
  std::vector<Change> draw(const Document& document);
  std::vector<Change> draw_mask(const Document& document);
  std::vector<Change> move(const Document& document);
  std::vector<Change> set_vertex(const Document& document);
  std::vector<Change> insert_vertex(const Document& document);
  std::vector<Change> delete_vertex(const Document& document);
  std::vector<Change> relabel(const Document& document);
  std::vector<Change> set_attribute(const Document& document);
  std::vector<Change> set_attributes(const Document& document);
  std::vector<Change> set_other(const Document& document);
  std::vector<Change> edit_text(const Document& document);
  std::vector<Change> paint(const Document& document);
  std::vector<Change> remove(const Document& document);
  std::vector<Change> replace(const Document& document);
  std::vector<Change> put_keyframe(const Document& document);
  std::vector<Change> delete_keyframe(const Document& document);
  std::vector<Change> reorder(const Document& document);

  std::uint64_t state_;
  Manner manner_;
  IdSource* ids_;
  const Canvas* canvas_ = nullptr;
  UserId user_;
  AnnotationId last_;      // drawn or changed: people go on with what they hold
  AnnotationId departed_;  // deleted by this hand
};

}  // namespace aa::live
