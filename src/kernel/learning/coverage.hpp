// Which images are least like what is labelled: greedy k-centre.
//
// The first pick is the point farthest from all that is covered; it is covered then, and so on: no
// two picks are alike. With nothing covered, the first pick is the one nearest the mean of all.
// Distance is 1 - cosine, from 0 (alike) to 2. The greedy choice covers at most twice as badly as
// the best one.
// Sources: Gonzalez, Theoretical Computer Science 38, 1985; Sener and Savarese, "Active Learning
// for Convolutional Neural Networks: A Core-Set Approach", arXiv:1708.00489.
// Cost: (covered + count) * points dot products.
// Thread rule: pure function. Errors: none; vectors are of unit length and equally long.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace aa::learning {

struct Pick {
  std::size_t index = 0;
  double distance = 0;  // to the nearest that was covered before; 2 when nothing was
};

using UnitVectors = std::vector<std::vector<float>>;

std::vector<Pick> farthest_first(const UnitVectors& points, const UnitVectors& covered,
                                 std::size_t count);

}  // namespace aa::learning
