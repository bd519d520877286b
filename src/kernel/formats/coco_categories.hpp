// The 80 object classes of COCO with their official ids (1 to 90, with gaps).
//
// Thread rule: constant table. Source: Lin et al., arXiv:1405.0312, instances_val2017.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace aa::formats {

inline constexpr std::int64_t kCocoIdMax = 90;

struct OfficialCategory {
  std::int64_t id = 0;
  std::string_view name;
  std::string_view supercategory;
};

std::span<const OfficialCategory> official_categories();  // in order of their ids
const OfficialCategory* find_official_category(std::string_view name);

// One id for each name: the official one where there is one, and numbers from 91 on for the rest.
// A name that stands twice gets its official id once.
std::vector<std::int64_t> category_ids(std::span<const std::string> names);

}  // namespace aa::formats
