// What the API shows of the rows of the catalogue.
#include <algorithm>

#include "base/hash.hpp"
#include "kernel/decode/reader.hpp"
#include "service/modelzoo/catalogue.hpp"

namespace aa::modelzoo {
namespace {

std::optional<std::string> source_of(const Manifest& manifest) {
  for (const auto& file : manifest.files) {
    if (file.source.npm) return file.source.npm;
    if (file.source.url) return file.source.url;
  }
  return std::nullopt;
}

ModelKind kind_of(const Manifest& manifest) {
  if (manifest.own) return ModelKind::own;
  return manifest.steps && !manifest.steps->empty() ? ModelKind::pipeline : ModelKind::zoo;
}

std::string version_of(const Manifest& manifest) {
  Sha256 hash;
  if (manifest.steps) hash.update(json::write(*manifest.steps));
  for (const auto& file : manifest.files) hash.update(file.sha256);
  return to_hex(hash.finish()).substr(0, 12);
}

void add_outputs(std::string_view list, std::vector<std::string>& out) {
  while (!list.empty()) {
    const auto end = std::min(list.find(','), list.size());
    auto word = list.substr(0, end);
    while (word.starts_with(' ')) word.remove_prefix(1);
    if (std::ranges::find(out, word) == out.end()) out.emplace_back(word);
    list.remove_prefix(std::min(end + 1, list.size()));
  }
}

// What the manifest says, or the family gives; of a pipeline, what its steps do.
std::vector<std::string> outputs_of(const std::vector<Manifest>& all, const Manifest& row) {
  if (row.outputs) return *row.outputs;
  std::vector<std::string> out;
  if (row.family == "sam") add_outputs("mask,polygon", out);
  if (const auto* reader = decode::reader_named(row.family)) add_outputs(reader->outputs, out);
  for (const auto& step : row.steps.value_or(std::vector<PipelineStep>{})) {
    const auto model = std::ranges::find(all, step.model, &Manifest::key);
    if (model == all.end()) continue;
    for (const auto& word : outputs_of(all, *model)) add_outputs(word, out);
  }
  return out;
}

}  // namespace

Card Catalogue::card_of(const Contents& contents, const Manifest& row) const {
  Card card;
  card.id = row.id;
  card.kind = kind_of(row);
  card.name = row.name;
  card.task = row.task;
  card.family = row.family;
  card.licence = row.licence;
  card.version = version_of(row);
  card.state = installed(row) ? ModelState::ready : ModelState::not_installed;
  for (const auto& file : row.files) {
    card.size_bytes += file.size;
    card.files.push_back({file.file, file.sha256, file.size});
  }
  if (row.labels) card.labels = contents.labels.at(row.home / *row.labels);
  card.inputs = row.inputs.value_or(json::Object{});
  card.description = row.description;
  card.homepage = row.homepage;
  card.is_default = pick_of(contents, row.task) == row.key();
  card.good_for = row.good_for;
  card.source = source_of(row);
  card.paper = row.paper;
  for (const auto& step : row.steps.value_or(std::vector<PipelineStep>{})) {
    card.steps.push_back(step.model);
  }
  card.outputs = outputs_of(contents.manifests, row);
  card.verified = row.verified.value_or(true);
  const std::lock_guard lock(mutex_);
  const auto problem = problems_.find(row.key());
  if (problem == problems_.end() || card.state == ModelState::ready) return card;
  card.state = ModelState::failed;
  card.problem = problem->second;
  return card;
}

void Catalogue::set_problem(const std::string& key, std::string problem) {
  const std::lock_guard lock(mutex_);
  if (problem.empty())
    problems_.erase(key);
  else
    problems_[key] = std::move(problem);
}

Card Catalogue::card(const std::string& key) const {
  const auto now = contents();
  const auto it = std::ranges::find(now->manifests, key, &Manifest::key);
  if (it == now->manifests.end()) throw not_found("model \"" + key + "\"");
  return card_of(*now, *it);
}

std::vector<Card> Catalogue::cards(const std::optional<OrganizationId>& organization) const {
  const auto now = contents();
  std::vector<Card> out;
  for (const auto& row : now->manifests) {
    if (!row.organization || row.organization == organization) out.push_back(card_of(*now, row));
  }
  std::ranges::sort(out, {}, &Card::id);
  return out;
}

}  // namespace aa::modelzoo
