// The steps of one person in one asset's log: what can be undone, and what brought again.
//
// A step is the operations that carry the same `step`; an operation without one is a step of its
// own, which has the operation's id. Operations with `undoes` take that step back, and bring it
// again, by turns. A new step clears what could be brought again. Private to the module.
//
// Thread rule: pure. Errors: none.
#pragma once

#include <set>

#include "service/annotation/annotation_types.hpp"

namespace aa::annotation {

StepId step_of(const document::Operation& operation);

struct Gestures {
  // Steps as they were first made, latest last.
  std::vector<StepId> undo;
  std::vector<StepId> redo;
  // The step that last did or undid each of them: what is to be taken back.
  std::map<StepId, StepId> latest;
};

// `operations` are the person's, oldest first.
Gestures gestures_of(const std::vector<StoredOperation>& operations);

}  // namespace aa::annotation
