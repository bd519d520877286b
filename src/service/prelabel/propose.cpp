#include <algorithm>

#include "service/modelzoo/analysis_json.hpp"
#include "service/prelabel/plan.hpp"

namespace aa::prelabel {
namespace {

bool gives_shapes(const modelzoo::Card& card) {
  static constexpr std::array kNone = {"text_recognition", "text_orientation", "face_attributes",
                                       "embedding", "depth"};
  return std::ranges::find(kNone, card.task) == kNone.end();
}

Suggestion to_suggestion(decode::Finding finding) {
  Suggestion out;
  out.shape = std::move(finding.shape);
  out.class_name = std::move(finding.class_name);
  out.score = std::clamp(static_cast<double>(finding.score), 0.0, 1.0);
  out.attributes = modelzoo::attributes_object(finding.attributes);
  return out;
}

// Does the answer of a segmenter take the place of this proposal?
bool wants_region(const Suggestion& suggestion, const document::Label* known, bool regions) {
  return std::holds_alternative<document::Box>(suggestion.shape) &&
         (regions || (known != nullptr && takes_regions(known->kind)));
}

}  // namespace

std::string Prelabel::proposer(const std::optional<std::string>& name) const {
  if (!name) return models_.vision().detector(name);
  if (modelzoo::RemoteKey::parse(*name)) return *name;
  const auto card = models_.catalogue().card(*name);
  if (card.task == "detection" || card.task == "promptable_segmentation") {
    return models_.vision().detector(name);
  }
  if (!gives_shapes(card)) {
    throw invalid(
        "wrong_model",
        "The model " + card.name + " says something of an image but gives no shapes to propose.",
        {{"/detector", "gives no shapes"}});
  }
  if (card.state != modelzoo::ModelState::ready) {
    throw unavailable("model_not_installed", "The model " + card.name +
                                                 " is not installed. Bring it with: annotateai "
                                                 "models pull " +
                                                 card.id);
  }
  return *name;
}

Task<std::vector<Suggestion>> Prelabel::propose(const Plan& plan, assets::Asset asset,
                                                modelzoo::Pixels pixels) {
  modelzoo::AnalyzeOptions how{.model = plan.detector, .min_score = plan.min_score};
  how.lane = inference::Lane::bulk;
  how.image.emplace(plan.organization, asset.sha256);
  for (const auto& label : plan.labels.labels) how.labels.push_back(label.name);
  auto running = models_.analyzer().analyze(pixels, std::move(how));
  auto analysis = co_await counted(plan.organization, std::move(running));
  std::vector<Suggestion> out;
  for (auto& finding : analysis.reading.findings) {
    if (finding.score < plan.min_score) continue;
    auto suggestion = to_suggestion(std::move(finding));
    suggestion.id = ids_.next_as<SuggestionId>();
    suggestion.asset_id = asset.id;
    suggestion.label_id = plan.label_for(suggestion.class_name);
    suggestion.model_version = analysis.model + "@" + analysis.model_version;
    suggestion.created_at = clock_.now();
    out.push_back(std::move(suggestion));
  }
  if (plan.segmenter) co_await outline(plan, asset, std::move(pixels), out);
  co_return out;
}

// Boxes become masks or polygons where the project wants regions.
Task<> Prelabel::outline(const Plan& plan, assets::Asset asset, modelzoo::Pixels pixels,
                         std::vector<Suggestion>& proposed) {
  std::vector<decode::sam::Prompt> prompts;
  std::vector<std::size_t> prompted;
  for (std::size_t i = 0; i < proposed.size(); ++i) {
    const auto& label = proposed[i].label_id;
    const auto* known = label ? plan.labels.find(*label) : nullptr;
    if (!wants_region(proposed[i], known, plan.regions)) continue;
    decode::sam::Prompt prompt;
    prompt.box = document::shape_bounds(proposed[i].shape);  // around a turned one
    prompts.push_back(std::move(prompt));
    prompted.push_back(i);
  }
  if (prompts.empty()) co_return;
  const modelzoo::PixelSource source = [pixels]() -> Task<modelzoo::Pixels> { co_return pixels; };
  modelzoo::SegmentOptions options{plan.segmenter, inference::Lane::bulk, {}};
  auto running = models_.vision().segment(
      {plan.organization, asset.sha256}, source, static_cast<int>(asset.width),
      static_cast<int>(asset.height), std::move(prompts), std::move(options));
  const auto segmented = co_await counted(plan.organization, std::move(running));
  for (std::size_t i = 0; i < segmented.masks.size() && i < prompted.size(); ++i) {
    auto& suggestion = proposed[prompted[i]];
    const auto& mask = segmented.masks[i];
    if (mask.polygon.empty()) continue;
    const auto* known = suggestion.label_id ? plan.labels.find(*suggestion.label_id) : nullptr;
    if (known != nullptr && known->kind == document::LabelKind::mask) {
      suggestion.shape = document::MaskShape{mask.rle};
    } else {
      suggestion.shape = document::polygon_of(mask.polygon);
    }
    suggestion.model_version += "+" + segmented.model + "@" + segmented.model_version;
  }
}

json::Object Prelabel::fitting_attributes(const json::Object& offered,
                                          const document::Annotation& annotation,
                                          const document::LabelSchema& labels,
                                          const assets::Asset& asset) {
  document::AssetExtent extent;
  extent.width = static_cast<std::uint32_t>(asset.width);
  extent.height = static_cast<std::uint32_t>(asset.height);
  json::Object out;
  for (const auto& [name, value] : offered) {
    auto trial = annotation;
    trial.attributes = {{name, value}};
    const auto problems = document::validate(trial, labels, extent);
    const bool fits = std::ranges::none_of(
        problems, [](const auto& problem) { return problem.pointer.starts_with("/attributes"); });
    if (fits) out[name] = value;
  }
  return out;
}

}  // namespace aa::prelabel
