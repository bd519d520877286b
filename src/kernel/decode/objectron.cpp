// Objectron's second stage: the box in space around one thing, as its nine points in the image.
//
// A skeleton: the middle and the eight corners, named by the side of the box they are on as the
// thing itself has sides. The class is the model's one label, since each model knows one thing.
// Source: Objectron, arXiv:2012.09988; MobilePose, arXiv:2003.03522.
#include "kernel/decode/landmarks.hpp"
#include "kernel/decode/people_rows.hpp"

namespace aa::decode {
namespace {

constexpr std::array<std::string_view, 9> kPoints = {
    "center",         "back_bottom_left",  "front_bottom_left",  "back_top_left",
    "front_top_left", "back_bottom_right", "front_bottom_right", "back_top_right",
    "front_top_right"};

}  // namespace

bool recognise_objectron(const GraphSignature& signature, ModelSpec& spec) {
  if (!gives(signature, {2 * kPoints.size(), 1}) || spec.input.channels != 3) return false;
  use_edge_square(spec.input);
  use_unit_levels(spec.input);
  if (spec.labels.empty()) spec.labels = {"object"};
  return true;
}

Reading read_objectron(Outputs outputs, const ModelSpec&, const Frame& frame,
                       const ReadOptions& options) {
  const float presence = probability_of(outputs);
  Reading reading;
  if (presence < options.score_min) return reading;
  const auto points =
      read_points(output_of(outputs, 2 * kPoints.size()).values, kPoints.size(), 2, frame);
  reading.findings.push_back(
      {.shape = skeleton_of(points, kPoints), .score = presence, .class_index = 0});
  return reading;
}

}  // namespace aa::decode
