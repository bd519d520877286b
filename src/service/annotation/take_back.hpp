// What takes operations of the past back now (R12 of docs/live-protocol.md).
//
// The inverse of an operation is computed against the state that it met, and then transformed, as
// if it came first, over what others did later to the same annotation. Operations are taken back
// newest first, so each one's inverse meets a log in which the later ones never were.
// Private to the module.
//
// Thread rule: pure. Errors: none.
#pragma once

#include <functional>

#include "service/annotation/annotation_types.hpp"

namespace aa::annotation {

// What is done with an operation of the log.
enum class Fate {
  stays,      // it is in effect: what is taken back is transformed over it
  skipped,    // it is undone already, together with what undid it
  taken_back  // its inverse is wanted
};

struct TakenBack {
  const StoredOperation* of = nullptr;
  std::vector<document::Change> changes;  // in the order to apply; none: nothing is left to do
};

struct TakeBack {
  std::function<Fate(const StoredOperation&)> fate;
  // Leaves alone what it would delete or replace whole although others changed it since.
  bool spare_changed = false;
};

// `log`: every operation on the annotations concerned, from their beginning, oldest first.
// Newest first, one entry for each operation whose fate is to be taken back.
std::vector<TakenBack> take_back(const std::vector<StoredOperation>& log, const TakeBack& how);

}  // namespace aa::annotation
