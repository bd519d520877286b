// What changes of one part of an annotation do to each other. Internal to kernel/ot.
//
// Each function takes changes of one annotation that touch the part in question; empty: `change`
// stays as it is. Thread rule: pure functions. Errors: none.
#pragma once

#include <optional>

#include "kernel/ot/ot.hpp"

namespace aa::ot {

using Meeting = std::optional<Merge>;

inline Meeting lost(std::string_view rule) { return Merge{std::nullopt, rule}; }
inline Meeting becomes(Change change, std::string_view rule) {
  return Merge{std::move(change), rule};
}

// `set` of the shape, vertex operations, strokes: R5, R6, R7.
Meeting meet_shape(const Change& change, const Change& over, Side side);
// `set` of all attributes or of one, edits of a text: R4, R10, R11.
Meeting meet_attributes(const Change& change, const Change& over, Side side);

}  // namespace aa::ot
