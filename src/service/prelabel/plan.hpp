// One pre-annotation job's request, made sure of before its first step.
//
// Thread rule: values. Errors: none.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "kernel/document/labels.hpp"
#include "service/prelabel/prelabel.hpp"

namespace aa::prelabel {

inline constexpr double kDefaultMinScore = 0.35;

inline bool takes_regions(document::LabelKind kind) {
  return kind == document::LabelKind::polygon || kind == document::LabelKind::mask;
}

struct Prelabel::Plan {
  OrganizationId organization;
  std::string detector;
  std::optional<std::string> segmenter;
  double min_score = kDefaultMinScore;
  std::optional<double> auto_accept_score;
  std::map<std::string, LabelId> label_map;
  document::LabelSchema labels;
  bool regions = false;  // the project wants masks or polygons

  std::optional<LabelId> label_for(const std::string& class_name) const {
    if (const auto it = label_map.find(class_name); it != label_map.end()) return it->second;
    const auto* label = labels.find_name(class_name);
    return label != nullptr ? std::optional(label->id) : std::nullopt;
  }
};

}  // namespace aa::prelabel
