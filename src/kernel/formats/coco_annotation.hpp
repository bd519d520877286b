// One annotation of a COCO file: from its JSON and back.
//
// Thread rule: pure functions. Errors: CocoProblem when it cannot be taken; milder ones go to
// `problems` under `where`.
#pragma once

#include <string>

#include "kernel/formats/coco.hpp"
#include "kernel/formats/coco_shape.hpp"

namespace aa::formats {

CocoAnnotation annotation_of(const json::Object& item, const CocoImage& image,
                             const CocoCategory* category, const std::string& where,
                             Problems& problems);
json::Object object_of(const CocoAnnotation& annotation, const CocoImage& image,
                       const CocoCategory* category);

// A whole number at `name`; throws CocoProblem when it is missing or something else.
std::int64_t integer_at(const json::Object& item, std::string_view name);
// Members whose names are not in `known`, with finite numbers only.
json::Object unknown_members(const json::Object& item,
                             std::initializer_list<std::string_view> known);
// Throws CocoProblem at the first number in it that is not finite.
void require_finite(const json::Value& value);

}  // namespace aa::formats
