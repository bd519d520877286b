// What detectors with queries (DETR and its kin) say: a box in shares of the input per query.
//
// Thread rule: pure functions. Errors: none.
#pragma once

#include "kernel/decode/family_rows.hpp"
#include "kernel/decode/score_rows.hpp"

namespace aa::decode {

// Centre and size in shares of the input to pixels of it.
geometry::Rect query_box(const float* shares, const InputSpec& input);
// The best class of each query by the sigmoid of its logit.
Candidates query_boxes(const ScoreRows& rows, const InputSpec& input, float score_min);

}  // namespace aa::decode
