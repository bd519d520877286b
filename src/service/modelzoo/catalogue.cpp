#include "service/modelzoo/catalogue.hpp"

#include <algorithm>
#include <fstream>
#include <mutex>

#include "base/hash.hpp"
#include "driver/host/atomic_file.hpp"
#include "kernel/graph/tfjs_import.hpp"
#include "kernel/graph/tflite_import.hpp"
#include "service/modelzoo/label_file.hpp"

namespace aa::json {

// `default` is a word of C++, so this one struct is described by hand.
void Codec<modelzoo::Manifest>::read(Reader& reader, const Value& value, const Field&,
                                     modelzoo::Manifest& out) {
  const Object* object = reader.read_object(value);
  if (object == nullptr) return;
  auto member = [&](std::string_view name, auto& target, bool required) {
    reader.enter(name);
    if (const auto* found = object->if_contains(name))
      read_into(reader, *found, kNoRule, target);
    else if (required)
      reader.problem("is required");
    reader.leave();
  };
  member("id", out.id, true);
  member("name", out.name, true);
  member("task", out.task, true);
  member("family", out.family, true);
  member("licence", out.licence, true);
  member("paper", out.paper, false);
  member("homepage", out.homepage, false);
  member("description", out.description, false);
  member("good_for", out.good_for, false);
  member("default", out.is_default, false);
  member("files", out.files, false);
  member("converter", out.converter, false);
  member("graphs", out.graphs, false);
  member("labels", out.labels, false);
  member("inputs", out.inputs, false);
  member("parameters", out.parameters, false);
  member("preprocess", out.preprocess, false);
  member("steps", out.steps, false);
  if (!out.steps && (out.files.empty() || out.graphs.empty())) {
    reader.problem("needs files and graphs, or steps");
  }
}

}  // namespace aa::json

namespace aa::modelzoo {
namespace {

constexpr std::uint64_t kManifestBytes = 1ULL << 20;
constexpr std::uint64_t kWeightsBytes = 4ULL << 30;
constexpr std::size_t kPiece = 1 << 20;
constexpr std::size_t kNameMax = 100;

bool is_sound(const FileSlice& slice) { return slice.offset >= 0 && slice.length > 0; }

// Names become parts of paths.
void check_names(const Manifest& manifest) {
  auto check = [](const std::string& name, const std::string& pointer) {
    if (!is_plain_name(name)) {
      throw invalid("bad_name", "\"" + name + "\" is no plain name.", {{pointer, "no plain name"}});
    }
  };
  check(manifest.id, "/id");
  for (std::size_t i = 0; i < manifest.files.size(); ++i) {
    const std::string at = "/files/" + std::to_string(i);
    check(manifest.files[i].file, at + "/file");
    if (const auto& local = manifest.files[i].source.local) check(*local, at + "/source/local");
    if (const auto& slice = manifest.files[i].source.slice; slice && !is_sound(*slice)) {
      throw invalid("bad_slice", "A slice begins at 0 or later and holds a byte or more.",
                    {{at + "/source/slice", "out of range"}});
    }
  }
  for (const auto& [role, graph] : manifest.graphs) check(graph, "/graphs/" + role);
  if (manifest.converter) {
    check(manifest.converter->model, "/converter/model");
    check(manifest.converter->to, "/converter/to");
  }
}

Manifest read_manifest(const std::filesystem::path& file) {
  try {
    auto manifest = json::read<Manifest>(json::parse(host::read_file(file, kManifestBytes)));
    check_names(manifest);
    manifest.home = file.parent_path();
    return manifest;
  } catch (const Error& e) {
    throw invalid("bad_manifest", file.filename().string() + ": " + e.message(), e.details());
  }
}

std::string hash_of(const std::filesystem::path& file) {
  Sha256 hash;
  std::ifstream in(file, std::ios::binary);
  std::vector<char> piece(kPiece);
  while (in.read(piece.data(), static_cast<std::streamsize>(piece.size())) || in.gcount() > 0) {
    hash.update(std::string_view(piece.data(), static_cast<std::size_t>(in.gcount())));
  }
  return to_hex(hash.finish());
}

// What a turned graph came from, kept beside it.
std::string stamp_of(const Manifest& manifest) {
  return to_hex(sha256(json::write(manifest.files) + json::write(*manifest.converter)));
}

std::string read_stamp(const std::filesystem::path& file) {
  std::error_code error;
  return std::filesystem::exists(file, error) ? host::read_file(file, kManifestBytes) : "";
}

graph::ImportOptions options_of(const Converter& converter) {
  graph::ImportOptions out;
  if (converter.outputs) out.outputs = *converter.outputs;
  if (!converter.cuts) return out;
  for (const auto& [node, cut] : *converter.cuts) {
    out.cuts[node] = {cut.name, {cut.shape.begin(), cut.shape.end()}};
  }
  return out;
}

graph::ImportedModel converted(const Manifest& row, const std::filesystem::path& folder) {
  const std::string model = host::read_file(folder / row.converter->model, kWeightsBytes);
  if (row.converter->kind == "tflite") return graph::import_tflite(std::as_bytes(std::span(model)));
  std::string weights;
  for (const auto& file : row.files) {
    if (file.file == row.converter->model) continue;
    weights += host::read_file(folder / file.file, kWeightsBytes);
  }
  return graph::import_tfjs({model, std::as_bytes(std::span(weights.data(), weights.size()))},
                            options_of(*row.converter));
}

std::string version_of(const Manifest& manifest) {
  Sha256 hash;
  if (manifest.steps) hash.update(json::write(*manifest.steps));
  for (const auto& file : manifest.files) hash.update(file.sha256);
  return to_hex(hash.finish()).substr(0, 12);
}

}  // namespace

bool is_plain_name(std::string_view text) {
  const auto plain = [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '.' || c == '_' || c == '-';
  };
  return !text.empty() && text.size() <= kNameMax &&
         std::isalnum(static_cast<unsigned char>(text.front())) != 0 &&
         std::ranges::all_of(text, plain);
}

void Catalogue::read_folder(const std::filesystem::path& folder) {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".json") manifests_.push_back(read_manifest(entry.path()));
  }
}

Catalogue::Catalogue(const std::filesystem::path& folder, std::filesystem::path own)
    : own_(std::move(own)) {
  read_folder(folder);
  if (!own_.empty() && own_ != folder) read_folder(own_);
  std::ranges::sort(manifests_, {}, &Manifest::id);
  const auto twice = std::ranges::adjacent_find(manifests_, {}, &Manifest::id);
  if (twice != manifests_.end()) {
    throw invalid("bad_manifest", "Two manifests have the id \"" + twice->id + "\", in " +
                                      twice->home.string() + " and " + (twice + 1)->home.string() +
                                      ".");
  }
  for (const auto& manifest : manifests_) check_steps(manifest);
  for (const auto& manifest : manifests_) {
    if (!manifest.labels || labels_.contains(manifest.home / *manifest.labels)) continue;
    labels_[manifest.home / *manifest.labels] = read_label_file(manifest.home / *manifest.labels);
  }
}

// Steps name models that are there, are no pipelines themselves, and look at earlier steps.
void Catalogue::check_steps(const Manifest& manifest) const {
  const auto bad = [&](std::size_t i, const std::string& what) {
    const std::string pointer = "/steps/" + std::to_string(i);
    return invalid("bad_manifest", manifest.id + ": " + pointer + " " + what + ".",
                   {{pointer, what}});
  };
  const auto steps = manifest.steps.value_or(std::vector<PipelineStep>{});
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const auto model = std::ranges::find(manifests_, steps[i].model, &Manifest::id);
    if (model == manifests_.end() || model->steps) throw bad(i, "names no model");
    if (steps[i].of && *steps[i].of >= static_cast<std::int64_t>(i)) {
      throw bad(i, "looks at a step that does not come before it");
    }
    const auto use = steps[i].use.value_or("add");
    if (use != "add" && use != "shape" && use != "attributes") {
      throw bad(i, "uses what is neither add, shape nor attributes");
    }
  }
}

const Manifest& Catalogue::manifest(const std::string& id) const {
  const auto it = std::ranges::find(manifests_, id, &Manifest::id);
  if (it == manifests_.end()) throw not_found("model \"" + id + "\"");
  return *it;
}

std::filesystem::path Catalogue::folder_of(const std::string& id) const {
  return manifest(id).home / "weights" / id;
}

bool Catalogue::installed(const Manifest& manifest) const {
  if (manifest.steps) {
    return std::ranges::all_of(*manifest.steps, [&](const PipelineStep& step) {
      return installed(this->manifest(step.model));
    });
  }
  std::error_code error;
  return std::ranges::all_of(manifest.files, [&](const ModelFile& file) {
    return std::filesystem::exists(folder_of(manifest.id) / file.file, error);
  });
}

const std::vector<std::string>& Catalogue::labels(const Manifest& manifest) const {
  static const std::vector<std::string> kNone;
  if (!manifest.labels) return kNone;
  return labels_.at(manifest.home / *manifest.labels);
}

Card Catalogue::card(const std::string& id) const {
  const Manifest& row = manifest(id);
  Card card;
  card.id = row.id;
  card.name = row.name;
  card.task = row.task;
  card.family = row.family;
  card.licence = row.licence;
  card.version = version_of(row);
  card.state = installed(row) ? ModelState::ready : ModelState::not_installed;
  for (const auto& file : row.files) card.size_bytes += file.size;
  card.labels = labels(row);
  card.inputs = row.inputs.value_or(json::Object{});
  card.description = row.description;
  card.homepage = row.homepage;
  card.is_default = pick(row.task) == row.id;
  return card;
}

std::vector<Card> Catalogue::cards() const {
  std::vector<Card> out;
  for (const auto& row : manifests_) out.push_back(card(row.id));
  return out;
}

std::optional<std::string> Catalogue::pick(const std::string& task) const {
  // Defaults before the user's own, which are taken when named; of the defaults YOLOX finds most.
  const auto rank = [](const Manifest& row) {
    const bool best = row.family == "yolox" || row.family == "sam";
    return (row.is_default ? 2 : 0) + (best ? 1 : 0);
  };
  const Manifest* picked = nullptr;
  for (const auto& row : manifests_) {
    if (row.task != task || !installed(row)) continue;
    if (picked == nullptr || rank(row) > rank(*picked)) picked = &row;
  }
  return picked == nullptr ? std::nullopt : std::optional(picked->id);
}

bool Catalogue::convert(const std::string& id) const {
  // Two first uses at once would write the same file: one at a time.
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  const Manifest& row = manifest(id);
  if (!row.converter) return false;
  const auto to = folder_of(id) / row.converter->to;
  const auto from = std::filesystem::path(to.string() + ".from");
  const auto stamp = stamp_of(row);
  if (std::filesystem::exists(to) && read_stamp(from) == stamp) return false;
  host::write_file(to, converted(row, folder_of(id)).onnx);
  host::write_file(from, stamp);
  return true;
}

std::filesystem::path Catalogue::graph(const std::string& id, const std::string& role) const {
  const Manifest& row = manifest(id);
  if (!installed(row)) {
    throw unavailable("model_not_installed", "The model " + row.name +
                                                 " is not installed. Bring it with: annotateai "
                                                 "models pull " +
                                                 id);
  }
  const auto graph = row.graphs.find(role);
  if (graph == row.graphs.end()) {
    throw invalid("wrong_model", "The model " + row.name + " is no " + role + ".");
  }
  require_genuine(row);
  convert(id);
  return folder_of(id) / graph->second;
}

std::vector<const ModelFile*> Catalogue::bad_files(const Manifest& manifest) const {
  std::vector<const ModelFile*> out;
  for (const auto& file : manifest.files) {
    const auto path = folder_of(manifest.id) / file.file;
    std::error_code error;
    const auto size = std::filesystem::file_size(path, error);
    const bool sized = !error && size == static_cast<std::uintmax_t>(file.size);
    if (!sized || hash_of(path) != file.sha256) out.push_back(&file);
  }
  return out;
}

// Once per file as it is now: what is loaded is what the manifest names.
void Catalogue::require_genuine(const Manifest& row) const {
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  for (const auto& file : row.files) {
    const auto path = folder_of(row.id) / file.file;
    std::error_code error;
    const auto changed = std::filesystem::last_write_time(path, error);
    const auto known = genuine_.find(path);
    if (!error && known != genuine_.end() && known->second == changed) continue;
    if (hash_of(path) != file.sha256) {
      throw unavailable("model_damaged", "The file " + file.file + " of the model " + row.name +
                                             " differs from its SHA-256. Bring it anew with: "
                                             "annotateai models pull " +
                                             row.id);
    }
    genuine_[path] = changed;
  }
}

std::vector<std::string> Catalogue::verify(const std::string& id) const {
  std::vector<std::string> out;
  for (const auto* file : bad_files(manifest(id))) {
    std::error_code error;
    const bool there = std::filesystem::exists(folder_of(id) / file->file, error);
    out.push_back(file->file + (there ? ": differs from its SHA-256" : ": missing"));
  }
  return out;
}

}  // namespace aa::modelzoo
