// Merging two writes of one shape part by part (rule R5 of docs/live-protocol.md).
//
// One function for both sides, so that both compute the same bits. A part that the later write
// changed has its value, any other part that of the earlier. Units: pixels; edges of a box within
// kSamePlace of each other are taken for unchanged.
// Thread rule: pure. Errors: none.
#pragma once

#include <optional>

#include "kernel/document/shape.hpp"

namespace aa::ot {

inline constexpr double kSamePlace = 1e-6;

// `base` is what the author of `later` saw. Empty where type or structure differ, or where what
// came of it would be no shape: then the later write is one of the whole.
std::optional<document::Shape> merge_shapes(document::Shape base, document::Shape earlier,
                                            document::Shape later);

}  // namespace aa::ot
