// Operational transformation of annotation operations (Ellis and Gibbs 1989; central order as in
// Nichols et al., "High-latency, low-bandwidth windowing in the Jupiter collaboration system",
// 1995).
//
// The server alone orders operations, so one property is needed and proven by tests (TP1): for
// changes `a` before `b` in that order, both made against the same state S,
//   S · a · transform(b, a, later)  =  S · b · transform(a, b, earlier)
// where a change that the document refuses counts as no change. Two things are outside of it, since
// they cannot be known without the state: what a bound of the document refuses (too_*,
// duplicate_key, no_such_part), and insertions into rings of foreign keys that do not ascend; there
// the order decides. Rules and their numbers: docs/live-protocol.md. Operations on different
// annotations never meet. `prev` of a `set` of a shape or of all attributes is what the author saw;
// with it, writes of the whole are merged part by part, without it the write is one of every part.
//
// Thread rule: pure functions. Errors: none thrown for changes read by read_operation().
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "kernel/document/document.hpp"

namespace aa::ot {

using document::Change;

// Where the change that is transformed stands in the server's order.
enum class Side { earlier, later };

struct Merge {
  std::optional<Change> change;  // empty: nothing is left of it
  std::string_view rule;         // "R3" when the other change mattered, empty when it did not
};

// What `change` becomes on a state to which `over` was applied already.
Merge transform(const Change& change, const Change& over, Side side);

// The same, empty when `change` stays as it is: without a copy for changes that do not meet.
std::optional<Merge> meet(const Change& change, const Change& over, Side side);

// Each of `changes` over all of `over`, which stand one after the other; `over` becomes what it is
// after `changes`, without those of which nothing is left. Lost changes are empty at their place.
// Only those of one annotation meet.
std::vector<Merge> transform_all(std::vector<Change> changes, std::vector<Change>& over, Side side);
// The same, with lost ones of `over` empty at their place.
std::vector<Merge> transform_all(std::vector<Change> changes, std::vector<Merge>& over, Side side);

// One change with the effect of both, `second` directly after `first`, on every state that takes
// both; empty when there is none, or none that would merge with others' changes as well.
std::optional<Change> compose(const Change& first, const Change& second);

}  // namespace aa::ot
