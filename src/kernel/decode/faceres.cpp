// FaceRes: age, gender and an embedding of one face.
//
// A tag with the attributes age (years), gender and gender_confidence, and 1024 features. The age
// is the mean of the two likeliest years, weighted by their probabilities; the gender's confidence
// is the probability of the likelier one, and the finding's score. Source: Savchenko, PeerJ
// Computer Science 5:e197 (2019), arXiv:1807.07718.
#include <algorithm>

#include "kernel/decode/landmarks.hpp"
#include "kernel/decode/people_rows.hpp"

namespace aa::decode {
namespace {

constexpr std::size_t kAges = 100;
constexpr std::size_t kFeatures = 1024;

double age_of(std::span<const float> years) {
  const auto first = std::ranges::max_element(years) - years.begin();
  std::ptrdiff_t second = first == 0 ? 1 : 0;
  for (std::ptrdiff_t i = 0; i < std::ssize(years); ++i) {
    if (i != first &&
        years[static_cast<std::size_t>(i)] > years[static_cast<std::size_t>(second)]) {
      second = i;
    }
  }
  const double a = probability(years[static_cast<std::size_t>(first)]);
  const double b = probability(years[static_cast<std::size_t>(second)]);
  return a + b > 0 ? (a * static_cast<double>(first) + b * static_cast<double>(second)) / (a + b)
                   : 0;
}

}  // namespace

bool recognise_faceres(const GraphSignature& signature, ModelSpec& spec) {
  if (!gives(signature, {1, kAges, kFeatures}) || spec.input.channels != 3) return false;
  spec.input.fit = Fit::stretch;
  spec.input.pad_level = 0;
  return true;
}

Reading read_faceres(Outputs outputs, const ModelSpec&, const Frame&, const ReadOptions&) {
  const float male = probability_of(outputs);
  const float confidence = std::max(male, 1 - male);
  const auto features = output_of(outputs, kFeatures).values;
  Reading reading;
  reading.findings.push_back(
      {.shape = document::Tag{},
       .score = confidence,
       .class_index = 0,
       .class_name = "face",
       .attributes = {{"age", age_of(output_of(outputs, kAges).values)},
                      {"gender", std::string(male > 0.5F ? "male" : "female")},
                      {"gender_confidence", static_cast<double>(confidence)}},
       .embedding = {features.begin(), features.end()}});
  return reading;
}

}  // namespace aa::decode
