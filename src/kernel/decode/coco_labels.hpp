// The 80 classes of COCO (Lin et al., arXiv:1405.0312), in the order detectors use, and their
// official category ids, which run to 90 with gaps.
//
// Thread rule: constants. Errors: none.
#pragma once

#include <array>
#include <string_view>
#include <vector>

namespace aa::decode {

inline constexpr int kCocoClasses = 80;
inline constexpr int kCocoIdMax = 90;

struct CocoLabel {
  std::string_view name;
  int category_id;
};

const std::array<CocoLabel, kCocoClasses>& coco_labels();
// Column k (category id k + 1) to label index, -1 in the gaps.
std::vector<int> coco_class_map();

}  // namespace aa::decode
