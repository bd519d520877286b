// MediaPipe's hand landmarks: 21 points of one hand, whether it is there, and which hand it is.
//
// A skeleton of class "hand"; its score is the presence. The attribute handedness is the hand that
// the photo shows: the model was trained on mirrored images and its own name is the other one.
// Source: MediaPipe Hands, arXiv:2006.10214.
#include <algorithm>

#include "kernel/decode/landmarks.hpp"
#include "kernel/decode/people_rows.hpp"

namespace aa::decode {
namespace {

constexpr std::array<std::string_view, 21> kPoints = {"wrist",
                                                      "thumb_cmc",
                                                      "thumb_mcp",
                                                      "thumb_ip",
                                                      "thumb_tip",
                                                      "index_finger_mcp",
                                                      "index_finger_pip",
                                                      "index_finger_dip",
                                                      "index_finger_tip",
                                                      "middle_finger_mcp",
                                                      "middle_finger_pip",
                                                      "middle_finger_dip",
                                                      "middle_finger_tip",
                                                      "ring_finger_mcp",
                                                      "ring_finger_pip",
                                                      "ring_finger_dip",
                                                      "ring_finger_tip",
                                                      "pinky_mcp",
                                                      "pinky_pip",
                                                      "pinky_dip",
                                                      "pinky_tip"};

}  // namespace

bool recognise_hand_landmarks(const GraphSignature& signature, ModelSpec& spec) {
  if (!gives(signature, {63, 1, 1, 63}) || spec.input.channels != 3) return false;
  use_edge_square(spec.input);
  use_unit_levels(spec.input);
  return true;
}

Reading read_hand_landmarks(Outputs outputs, const ModelSpec&, const Frame& frame,
                            const ReadOptions& options) {
  const float presence = probability_of(outputs, 0);
  const float right = probability_of(outputs, 1);
  Reading reading;
  if (presence < options.score_min) return reading;
  const auto points = read_points(output_of(outputs, 63).values, kPoints.size(), 3, frame);
  reading.findings.push_back(
      {.shape = skeleton_of(points, kPoints),
       .score = presence,
       .class_index = 0,
       .class_name = "hand",
       .attributes = {{"handedness", std::string(right >= 0.5F ? "right" : "left")},
                      {"handedness_confidence", static_cast<double>(std::max(right, 1 - right))}}});
  return reading;
}

}  // namespace aa::decode
