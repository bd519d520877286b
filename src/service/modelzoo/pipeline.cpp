#include "service/modelzoo/pipeline.hpp"

#include <algorithm>

#include "core/runtime/event.hpp"

namespace aa::modelzoo {
namespace {

void set_attribute(decode::Finding& target, decode::Attribute attribute) {
  const auto same = std::ranges::find(target.attributes, attribute.name, &decode::Attribute::name);
  if (same == target.attributes.end()) {
    target.attributes.push_back(std::move(attribute));
  } else {
    *same = std::move(attribute);
  }
}

// What an answer about a region says of the finding that was looked at. The answer's own region
// replaces it: a line of text that stands on its head, a face turned upright more exactly.
void join_attributes(decode::Finding& target, decode::Reading answer) {
  if (!answer.embedding.empty()) target.embedding = std::move(answer.embedding);
  if (answer.findings.empty()) return;
  auto& best = answer.findings.front();
  for (auto& attribute : best.attributes) set_attribute(target, std::move(attribute));
  if (!best.embedding.empty()) target.embedding = std::move(best.embedding);
  if (best.region) target.region = best.region;
}

decode::RegionRule rule_of(const PipelineStep& step) {
  return {step.margin.value_or(0), step.square.value_or(false), step.shift_y.value_or(0)};
}

}  // namespace

runtime::Task<decode::Reading> Pipeline::run() {
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    if (!steps_[i].of) {
      co_await run_whole(i);
      continue;
    }
    auto chosen = chosen_by(steps_[i]);
    if (chosen.empty()) continue;
    if (parts_.is_segmenter(steps_[i])) {
      co_await run_segmenter(i, std::move(chosen));
    } else {
      co_await run_regions(i, std::move(chosen));
    }
  }
  co_return std::move(reading_);
}

std::vector<std::size_t> Pipeline::chosen_by(const PipelineStep& step) const {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < step_of_.size() && out.size() < kRegionsMax; ++i) {
    const auto& finding = reading_.findings[i];
    const bool named = !step.classes ||
                       std::ranges::find(*step.classes, finding.class_name) != step.classes->end();
    const auto region = decode::region_of(finding, rule_of(step));
    const bool has_extent = region.width > 0 && region.height > 0;
    if (step_of_[i] == static_cast<std::size_t>(*step.of) && named && has_extent) out.push_back(i);
  }
  return out;
}

runtime::Task<> Pipeline::run_whole(std::size_t index) {
  auto answer = co_await parts_.look(steps_[index], std::nullopt);
  for (auto& finding : answer.findings) {
    reading_.findings.push_back(std::move(finding));
    step_of_.push_back(index);
  }
  if (answer.map) reading_.map = std::move(answer.map);
  if (!answer.embedding.empty()) reading_.embedding = std::move(answer.embedding);
}

runtime::Task<> Pipeline::run_regions(std::size_t index, std::vector<std::size_t> chosen) {
  std::vector<decode::Reading> answers(chosen.size());
  const std::function<runtime::Task<>(std::size_t)> work = [&](std::size_t i) -> runtime::Task<> {
    const auto region = decode::region_of(reading_.findings[chosen[i]], rule_of(steps_[index]));
    answers[i] = co_await parts_.look(steps_[index], region);
  };
  co_await runtime::for_each_limited(parts_.executor, chosen.size(), parts_.at_once, work);
  for (std::size_t i = 0; i < chosen.size(); ++i) join(index, chosen[i], std::move(answers[i]));
}

void Pipeline::join(std::size_t index, std::size_t target, decode::Reading answer) {
  const auto use = steps_[index].use.value_or("add");
  if (use == "add") {
    for (auto& finding : answer.findings) {
      reading_.findings.push_back(std::move(finding));
      step_of_.push_back(index);
    }
    return;
  }
  auto& finding = reading_.findings[target];
  if (use == "shape" && !answer.findings.empty()) finding.shape = answer.findings.front().shape;
  join_attributes(finding, std::move(answer));
}

runtime::Task<> Pipeline::run_segmenter(std::size_t index, std::vector<std::size_t> chosen) {
  std::vector<geometry::Rect> boxes;
  for (const auto i : chosen) {
    boxes.push_back(document::shape_bounds(reading_.findings[i].shape).value_or(geometry::Rect{}));
  }
  const auto masks = co_await parts_.outline(steps_[index], std::move(boxes));
  for (std::size_t i = 0; i < chosen.size() && i < masks.size(); ++i) {
    if (masks[i].polygon.empty()) continue;
    reading_.findings[chosen[i]].shape = document::polygon_of(masks[i].polygon);
  }
}

}  // namespace aa::modelzoo
