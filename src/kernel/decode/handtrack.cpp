// Handtrack: hands and their poses as an SSD finds them, as @vladmandic/human reads it.
//
// Each box takes its likeliest class; faces, which the model knows too, are left out. Of boxes that
// overlap by more than iou_max (0.4, or the parameter "iou_max") the best stays, whatever its
// class. The region is the square around a box times 1.4. Source: SSD, arXiv:1512.02325; weights of
// github.com/victordibia/handtracking.
#include <algorithm>

#include "kernel/decode/family_rows.hpp"
#include "kernel/decode/landmarks.hpp"
#include "kernel/decode/parameters.hpp"
#include "kernel/decode/people_rows.hpp"
#include "kernel/decode/reader_rows.hpp"

namespace aa::decode {
namespace {

constexpr std::array<std::string_view, 7> kLabels = {"hand", "fist", "pinch",   "point",
                                                     "face", "tip",  "pinchtip"};
constexpr int kFace = 4;
constexpr std::size_t kCandidates = 1'000;

Candidates best_of(Candidates all, double iou_max) {
  std::erase_if(all, [](const Candidate& found) {
    return found.class_index == kFace || !geometry::is_finite(found.box) || found.box.empty();
  });
  std::ranges::stable_sort(all, std::ranges::greater{}, &Candidate::score);
  if (all.size() > kCandidates) all.resize(kCandidates);
  Candidates out;
  for (const auto& found : all) {
    const bool covered = std::ranges::any_of(out, [&](const Candidate& better) {
      return geometry::iou(better.box, found.box) > iou_max;
    });
    if (!covered) out.push_back(found);
  }
  return out;
}

}  // namespace

bool recognise_handtrack(const GraphSignature& signature, ModelSpec& spec) {
  if (!recognise_ssd(signature, spec) || spec.classes != std::ssize(kLabels)) return false;
  if (spec.labels.empty()) spec.labels.assign(kLabels.begin(), kLabels.end());
  return true;
}

Reading read_handtrack(Outputs outputs, const ModelSpec& spec, const Frame& frame,
                       const ReadOptions& options) {
  const double iou_max = number_parameter(spec, "iou_max", 0.4, 0, 1);
  auto all = decode_ssd(outputs, spec, static_cast<float>(options.score_min));
  Reading reading;
  for (const auto& found : best_of(std::move(all), iou_max)) {
    const auto box = frame.to_image(found.box);
    if (box.empty()) continue;
    Finding hand{.shape = box_shape(box), .score = found.score, .class_index = found.class_index};
    hand.region = grown(region_in_image(found.box, frame), 1.4);
    reading.findings.push_back(std::move(hand));
  }
  return reading;
}

}  // namespace aa::decode
