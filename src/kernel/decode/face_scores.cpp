// Small classifiers of one face: its emotion, whether it is a face or a picture of one, whether it
// is alive. Each gives a tag with the likeliest class as its score and attributes.
// Sources: Arriaga et al., arXiv:1710.07557 (emotion); the other two as @vladmandic/human ships and
// reads them.
#include <algorithm>

#include "kernel/decode/landmarks.hpp"
#include "kernel/decode/people_rows.hpp"

namespace aa::decode {
namespace {

constexpr std::array<std::string_view, 7> kEmotions = {"angry", "disgust",  "fear",   "happy",
                                                       "sad",   "surprise", "neutral"};

Reading tagged(int index, std::string_view name, float score, Attributes attributes) {
  Reading reading;
  reading.findings.push_back({.shape = document::Tag{},
                              .score = score,
                              .class_index = index,
                              .class_name = std::string(name),
                              .attributes = std::move(attributes)});
  return reading;
}

// Of two classes, the first with this probability.
Reading one_of(float first, std::string_view name, std::string_view other) {
  const bool is_first = first >= 0.5F;
  return tagged(is_first ? 0 : 1, is_first ? name : other, is_first ? first : 1 - first,
                {{std::string(name), static_cast<double>(first)}});
}

void use_stretch(InputSpec& input) {
  input.fit = Fit::stretch;
  input.pad_level = 0;
}

}  // namespace

bool recognise_emotion(const GraphSignature& signature, ModelSpec& spec) {
  if (!gives(signature, {kEmotions.size()}) || spec.input.channels != 1) return false;
  use_stretch(spec.input);
  use_signed_levels(spec.input);
  spec.classes = kEmotions.size();
  return true;
}

Reading read_emotion(Outputs outputs, const ModelSpec&, const Frame&, const ReadOptions&) {
  const auto values = output_of(outputs, kEmotions.size()).values;
  const auto best = std::ranges::max_element(values);
  const auto index = static_cast<std::size_t>(best - values.begin());
  const float score = probability(*best);
  return tagged(static_cast<int>(index), kEmotions[index], score,
                {{"emotion", std::string(kEmotions[index])},
                 {"emotion_confidence", static_cast<double>(score)}});
}

bool recognise_antispoof(const GraphSignature& signature, ModelSpec& spec) {
  if (!gives(signature, {1}) || spec.input.channels != 3) return false;
  use_stretch(spec.input);
  use_unit_levels(spec.input);
  spec.classes = 2;
  return true;
}

Reading read_antispoof(Outputs outputs, const ModelSpec&, const Frame&, const ReadOptions&) {
  return one_of(probability_of(outputs), "real", "spoof");
}

bool recognise_liveness(const GraphSignature& signature, ModelSpec& spec) {
  if (!gives(signature, {2}) || spec.input.channels != 3) return false;
  use_stretch(spec.input);
  use_unit_levels(spec.input);
  spec.classes = 2;
  return true;
}

Reading read_liveness(Outputs outputs, const ModelSpec&, const Frame&, const ReadOptions&) {
  return one_of(probability(output_of(outputs, 2).values[0]), "live", "not_live");
}

}  // namespace aa::decode
