// Random changes of one annotation by kind, made as an editor makes them: they fit what is there,
// and writes of the whole say what was there before. For property tests.
//
// Values come from small sets, so that two changes often meet. Thread rule: one owner. Errors:
// none.
#pragma once

#include <string_view>

#include "kernel/document/random_document.hpp"

namespace aa::ot {

enum class Kind {
  put,
  del,
  set_shape,        // a part of it, with `prev`
  set_shape_blind,  // without
  set_attributes,   // with `prev`
  set_attributes_blind,
  set_attribute,
  text_edit,
  set_label,
  set_z,
  vertex_insert,
  vertex_set,
  vertex_del,
  paint_add,
  paint_erase,
  keyframe_put,
  keyframe_del,
  reorder
};
BOOST_DESCRIBE_ENUM(Kind, put, del, set_shape, set_shape_blind, set_attributes,
                    set_attributes_blind, set_attribute, text_edit, set_label, set_z, vertex_insert,
                    vertex_set, vertex_del, paint_add, paint_erase, keyframe_put, keyframe_del,
                    reorder)
inline constexpr int kKinds = static_cast<int>(Kind::reorder) + 1;

class RandomChanges {
 public:
  explicit RandomChanges(std::uint64_t seed) : random_(seed) {}

  document::RandomDocument& random() { return random_; }
  document::Annotation annotation(document::ShapeType type);
  document::Annotation annotation();
  // A shape that changes of this kind can be made of; any when the kind does not say.
  document::ShapeType type_for(Kind kind);
  document::Change change(Kind kind, const document::Annotation& target);
  // Any that fits.
  document::Change change(const document::Annotation& target);
  // One part of it differs.
  document::Shape edited(const document::Shape& shape);
  document::TextEdit text_edit(std::string_view text);
  std::string text();

 private:
  document::Change set_shape(const document::Annotation& target, bool blind);
  document::Change set_attributes(const document::Annotation& target, bool blind);
  document::Change set_attribute(const document::Annotation& target);
  document::Change edit_text(const document::Annotation& target);
  document::Change vertex_insert(const document::Annotation& target);
  std::string vertex_of(const document::Annotation& target);
  std::string name();
  document::Shape edited_vertices(document::Shape shape);
  raster::Rle stroke();

  document::RandomDocument random_;
};

}  // namespace aa::ot
