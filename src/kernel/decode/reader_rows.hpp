// The functions behind the rows of readers, by what they look at. A family is one file; its row
// stands in the table of its group.
//
// Thread rule: pure functions. Errors: invalid_argument "model_output".
#pragma once

#include <span>

#include "kernel/decode/reader.hpp"

namespace aa::decode {

// Boxes of the detector families (families.hpp): detector_reader.cpp.
std::span<const ReaderRow> detector_readers();
// Faces, hands, bodies: people_readers.cpp.
std::span<const ReaderRow> people_readers();
// Text, lines, masks, classes, features, depth: scene_readers.cpp.
std::span<const ReaderRow> scene_readers();
// Families that users bring by file: YOLO beyond boxes, transformers: brought_readers.cpp.
std::span<const ReaderRow> brought_readers();

// The one output of this name, or of this place when names tell nothing. Throws when there is none.
const TensorView& output_named(Outputs outputs, std::string_view name);

document::Box box_shape(const geometry::Rect& rect);

}  // namespace aa::decode
