// How early an order shows what is looked for.
//
// The curve is the share of all hits found after looking at a share of the list; its area is 0.5
// for a random order in the mean, and 1 - hits / (2 * size) for the best one.
// Thread rule: pure function. Errors: none; without hits, or with nothing else, the area is 0.5.
#pragma once

#include <vector>

namespace aa::learning {

double discovery_area(const std::vector<bool>& hits_in_order);

}  // namespace aa::learning
