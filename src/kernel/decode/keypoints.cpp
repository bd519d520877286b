#include "kernel/decode/keypoints.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.hpp"

namespace aa::decode {
namespace {

constexpr std::size_t kNameMax = 100;

int visibility_of(double confidence) {
  if (confidence >= kVisibleConfidence) return 2;
  return confidence >= kHiddenConfidence ? 1 : 0;
}

}  // namespace

std::vector<std::string> keypoint_names(const json::Object& parameters, std::size_t count) {
  std::vector<std::string> out;
  if (const auto* given = parameters.if_contains("keypoints"); given != nullptr) {
    const auto* list = given->if_array();
    if (list == nullptr || list->size() != count) {
      throw invalid("bad_parameters",
                    fmt::format("/parameters/keypoints must hold {} names.", count));
    }
    for (const auto& name : *list) {
      if (!name.is_string() || name.get_string().empty() || name.get_string().size() > kNameMax) {
        throw invalid("bad_parameters", "/parameters/keypoints must hold names.");
      }
      out.emplace_back(std::string_view(name.get_string()));
    }
    return out;
  }
  if (count == kCocoKeypoints.size()) return {kCocoKeypoints.begin(), kCocoKeypoints.end()};
  for (std::size_t i = 1; i <= count; ++i) out.push_back(std::to_string(i));
  return out;
}

document::Skeleton skeleton_of(const std::vector<Keypoint>& keypoints,
                               const std::vector<std::string>& names, const Frame& frame) {
  document::Skeleton out;
  for (std::size_t i = 0; i < keypoints.size(); ++i) {
    const auto at = frame.to_image(keypoints[i].at);
    out.points.push_back({names[i], std::clamp<double>(at.x, 0, frame.image_width),
                          std::clamp<double>(at.y, 0, frame.image_height),
                          visibility_of(keypoints[i].confidence)});
  }
  return out;
}

}  // namespace aa::decode
