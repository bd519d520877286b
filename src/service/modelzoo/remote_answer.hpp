// What a Label Studio ML backend answers to /predict, as findings.
//
// A prediction holds regions: rectanglelabels, polygonlabels, brushlabels (packed RLE),
// keypointlabels, ellipselabels, choices, and their kin without labels. Their numbers are percent
// of the image's width and height, a rectangle turns about its top left corner; here they become
// pixels of the upright original, and turn about their centres. Regions of other types (text,
// relations) are left out.
//
// Limits: kRegionsMax regions, limits::kShapePoints points, masks of at most limits::kImagePixels.
// Thread rule: pure functions. Errors: invalid_argument "remote_answer", which says where.
// Source: Label Studio's task format and ML backend API.
#pragma once

#include <string>
#include <vector>

#include "base/json.hpp"
#include "kernel/decode/finding.hpp"

namespace aa::modelzoo {

inline constexpr std::size_t kRegionsMax = 10'000;

struct RemotePrediction {
  std::vector<decode::Finding> findings;
  std::string version;  // as the backend calls it; may be empty
};

// `labels`: what the model may say, in order; class_index is the place in it, -1 when not in it.
RemotePrediction read_prediction(const json::Value& answer, int width, int height,
                                 const std::vector<std::string>& labels);

// Alpha values of a brush region's RLE, row by row: `pixels` of them.
std::vector<std::uint8_t> unpack_brush(const std::vector<std::uint8_t>& packed, std::size_t pixels);

}  // namespace aa::modelzoo
