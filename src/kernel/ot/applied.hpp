// What the tests of kernel/ot share: applying what may be refused, and comparing byte for byte.
//
// Thread rule: values. Errors: none.
#pragma once

#include <optional>
#include <string>

#include "kernel/ot/ot.hpp"

namespace aa::ot {

// What TP1 leaves out, see ot.hpp.
inline bool is_bound(const std::string& code) {
  return code.starts_with("too_") || code == "duplicate_key" || code == "no_such_part" ||
         code == "text_too_long";
}

// A document under changes of which some may be lost or refused.
class Applied {
 public:
  explicit Applied(const document::Document& document) : document_(document) {}

  void add(const std::optional<Change>& change) {
    if (!change) return;
    const auto result = document_.apply(*change);
    bounded_ |= is_bound(result.code);
    refused_ |= !result.ok;
  }
  void add(const std::vector<Change>& changes) {
    for (const Change& change : changes) add(change);
  }
  bool bounded() const { return bounded_; }
  bool refused() const { return refused_; }
  const document::Document& document() const { return document_; }
  std::string text() const {  // revisions aside
    auto snapshot = document_.snapshot();
    for (auto& item : snapshot.items) item.revision = 0;
    return json::write(snapshot.items);
  }

 private:
  document::Document document_;
  bool bounded_ = false;
  bool refused_ = false;
};

inline std::string show(const std::optional<Change>& change) {
  return change ? document::write_change(*change) : "nothing";
}

inline document::Document holding(document::Annotation annotation) {
  return document::Document(document::Snapshot{0, {std::move(annotation)}});
}

}  // namespace aa::ot
