// Lists of operations as JSON, transformed: what the browser calls.
//
// In: arrays of operations, as drafted (without an id), as sent or as stored: id, step, undoes and
// what only stored ones have (revision, created_by, created_at, source, run) pass through. Out:
//   {"changes": [{"change": operation | null, "rule": "R2" | ""}, ...],
//    "over": [operation | null, ...]}
// Thread rule: pure. Errors: Error(malformed), Error(invalid_argument, "invalid_operation").
#pragma once

#include <string>
#include <string_view>

#include "kernel/ot/ot.hpp"

namespace aa::ot {

std::string transform_operations(std::string_view changes, std::string_view over, Side side);

}  // namespace aa::ot
