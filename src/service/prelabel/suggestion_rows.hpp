// Rows of the table of suggestions, and when two proposals are one. Private to the module.
//
// Thread rule: pure functions. Errors: internal for a damaged row.
#pragma once

#include <vector>

#include "driver/db/database.hpp"
#include "kernel/document/annotation.hpp"
#include "kernel/learning/calibration.hpp"
#include "service/prelabel/prelabel_types.hpp"

namespace aa::prelabel {

std::vector<Suggestion> to_suggestions(const db::Rows& rows);

// IoU of the bounds from which an annotation, or a proposal, says the same as a proposal.
inline constexpr double kCoveredIou = 0.7;
bool covers(const document::Shape& present, const document::Shape& proposed, double iou);
// Does an annotation of this label stand there already?
bool covered(const Suggestion& suggestion, const std::vector<document::Annotation>& present);
// Did a person say no to this very proposal of this very detector?
bool refused_before(const Suggestion& suggestion, const std::vector<Suggestion>& rejected);

// Fills in the calibrated confidence and the sentences that tell why each is proposed, and what the
// other detectors say of the same place. `all` are those of one asset.
void explain(std::vector<Suggestion>& all, const learning::Calibration& calibration);

}  // namespace aa::prelabel
