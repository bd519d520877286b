#include "kernel/ot/fuzz_transform.hpp"

#include <cstdlib>

#include "base/error.hpp"
#include "kernel/document/shape_rings.hpp"
#include "kernel/ot/applied.hpp"

namespace aa::ot {
namespace {

using document::Annotation;
using document::Document;
using document::Shape;

void promise(bool kept) {
  if (!kept) std::abort();
}

void promise_readable(const Change& change) {
  document::Operation operation;
  operation.change = change;
  const std::string text = document::write_operation(operation);
  promise(document::write_operation(document::read_operation(text)) == text);
}

std::vector<Shape> start_shapes() {
  Shape polygon = document::Polygon{
      {document::PolygonPart{{{0, 0}, {9, 0}, {9, 9}, {5, 12}, {0, 9}}, {}, {}, {}}}};
  document::assign_keys(polygon);
  return {document::Box{1, 2, 30, 40, {}}, std::move(polygon),
          document::MaskShape{{2, 2, {1, 2, 1}}},
          document::Skeleton{{{"nose", 1, 1, 2}, {"tail", 2, 2, 2}}}};
}

// R14: where a ring is of foreign, unordered keys, the order decides.
bool has_foreign_ring(const Document& document) {
  bool out = false;
  for (const auto& [id, item] : document.items()) {
    Shape shape = item->shape;
    document::for_each_ring(shape, [&](const auto&, const document::Keys& keys, std::size_t) {
      out |= !document::keys_ascend(keys);
    });
  }
  return out;
}

void promise_one_document(const Document& start, const Change& a, const Change& b) {
  Applied one(start);
  one.add(a);
  Applied other(start);
  other.add(b);
  if (one.refused() || other.refused()) return;
  bool foreign = has_foreign_ring(one.document()) || has_foreign_ring(other.document());
  one.add(transform(b, a, Side::later).change);
  other.add(transform(a, b, Side::earlier).change);
  foreign |= has_foreign_ring(one.document()) || has_foreign_ring(other.document());
  if (one.bounded() || other.bounded() || foreign) return;
  promise(one.text() == other.text());
}

}  // namespace

void fuzz_transform(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto end = text.find('\n');
  if (end == std::string_view::npos) return;
  try {
    const Change a = document::read_operation(text.substr(0, end)).change;
    const Change b = document::read_operation(text.substr(end + 1)).change;
    for (const Side side : {Side::earlier, Side::later}) {
      const Merge merge = transform(a, b, side);
      if (merge.change) promise_readable(*merge.change);
    }
    Annotation target;
    target.id = document::target_of(a);
    target.attributes = {{"note", "hm"}, {"count", 3}};
    for (Shape& shape : start_shapes()) {
      target.shape = std::move(shape);
      promise_one_document(holding(target), a, b);
      promise_one_document(holding(target), b, a);
    }
  } catch (const Error&) {
    return;
  }
}

}  // namespace aa::ot
