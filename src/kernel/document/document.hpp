// The annotations of one asset: the fold of its operations.
//
// apply() is deterministic, bit for bit the same natively and in WebAssembly. Each accepted
// operation raises the revision by one and gives it to the annotations it touched. A refused one
// changes nothing. Codes of refusal:
//   target_gone        not, or no longer, there: a deletion wins over every later change but put
//   wrong_shape        a vertex or paint operation on a shape that has none
//   vertex_gone        no vertex of that key, and none to place the new one by
//   duplicate_key      another vertex has this key
//   no_such_part       part or ring out of range
//   too_few_vertices   a ring would fall under 3, a polyline under 2, a point set under 1
//   too_many_vertices, too_many_attributes, too_many_keyframes   limits
//   size_mismatch      painting with a mask of another size
//   keyframe_gone      no keyframe at that frame
//   not_text           editing the text of an attribute that holds something else
//   text_mismatch      the text is shorter than the edit speaks of
//   text_too_long      the text would be longer than kTextBytesMax
//
// Order decides: of two writes to the same field, or two puts, the later wins. Vertex operations
// commute by key: in a ring whose keys ascend (all rings whose keys were assigned here or by
// key_between), a new vertex is placed by its key alone; so concurrent insertions give the same
// ring in either order, and its keys keep ascending. In a ring of foreign, unordered keys it comes
// directly after `after`. What was changed one by one, attributes are kept in order of their names.
//
// Thread rule: a value with one owner; copies are cheap (annotations are shared until changed).
// Errors: none thrown by apply and invert for operations that were read by read_operation().
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "kernel/document/annotation.hpp"
#include "kernel/document/operation.hpp"

namespace aa::document {

struct ApplyResult {
  bool ok = true;
  std::string code;    // of refusal
  std::string detail;  // for people
  std::vector<AnnotationId> touched;
  bool operator==(const ApplyResult&) const = default;
};

class Document {
 public:
  using Items = std::map<AnnotationId, std::shared_ptr<const Annotation>>;

  Document() = default;
  // Throws Error(invalid_argument, "invalid_snapshot") for an id that stands twice.
  explicit Document(Snapshot snapshot);

  std::int64_t revision() const { return revision_; }
  void set_revision(std::int64_t revision) { revision_ = revision; }
  const Items& items() const { return items_; }  // by id, which is by age
  const Annotation* find(const AnnotationId& id) const;
  Snapshot snapshot() const;

  ApplyResult apply(const Change& change);
  ApplyResult apply(const Operation& operation) { return apply(operation.change); }

  // Takes one annotation, or its absence, as it is in `from`; its memory is shared.
  void adopt(const AnnotationId& id, const Document& from);

  // What brings the present state back, up to revisions, when applied in order right after
  // `change`. Empty when `change` would be refused.
  std::vector<Change> invert(const Change& change) const;

  // Same annotations, revisions aside?
  bool same_content(const Document& other) const;

 private:
  std::int64_t revision_ = 0;
  Items items_;
};

}  // namespace aa::document
