#include "service/modelzoo/catalogue.hpp"

#include <algorithm>
#include <fstream>

#include "base/hash.hpp"
#include "core/observe/log.hpp"
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
  member("outputs", out.outputs, false);
  member("verified", out.verified, false);
  member("origin", out.origin, false);
  if (!out.steps && (out.files.empty() || out.graphs.empty())) {
    reader.problem("needs files and graphs, or steps");
  }
}

}  // namespace aa::json

namespace aa::modelzoo {

namespace fs = std::filesystem;

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

Manifest read_manifest(const fs::path& file) {
  try {
    auto manifest = json::read<Manifest>(json::parse(host::read_file(file, kManifestBytes)));
    check_names(manifest);
    manifest.home = file.parent_path();
    return manifest;
  } catch (const Error& e) {
    throw invalid("bad_manifest", file.filename().string() + ": " + e.message(), e.details());
  }
}

// What a turned graph came from, kept beside it.
std::string stamp_of(const Manifest& manifest) {
  return to_hex(sha256(json::write(manifest.files) + json::write(*manifest.converter)));
}

std::string read_stamp(const fs::path& file) {
  std::error_code error;
  return fs::exists(file, error) ? host::read_file(file, kManifestBytes) : "";
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

graph::ImportedModel converted(const Manifest& row, const fs::path& folder) {
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

fs::path weights_of(const Manifest& manifest) { return manifest.home / "weights" / manifest.id; }

}  // namespace

bool is_plain_name(std::string_view text) {
  const auto plain = [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '.' || c == '_' || c == '-';
  };
  return !text.empty() && text.size() <= kNameMax &&
         std::isalnum(static_cast<unsigned char>(text.front())) != 0 &&
         std::ranges::all_of(text, plain);
}

std::string sha256_of_file(const fs::path& file) {
  Sha256 hash;
  std::ifstream in(file, std::ios::binary);
  std::vector<char> piece(kPiece);
  while (in.read(piece.data(), static_cast<std::streamsize>(piece.size())) || in.gcount() > 0) {
    hash.update(std::string_view(piece.data(), static_cast<std::size_t>(in.gcount())));
  }
  return to_hex(hash.finish());
}

std::string public_id(std::string_view key) {
  const auto colon = key.rfind(':');
  return std::string(colon == std::string_view::npos ? key : key.substr(colon + 1));
}

std::string Manifest::key() const { return organization ? organization->str() + ":" + id : id; }

namespace {

// The folders of the user's models: the installation's, then one for each organisation.
std::vector<fs::path> folders_of_own(const fs::path& own) {
  std::vector<fs::path> out = {own};
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(own, error)) {
    const bool organization = OrganizationId::parse(entry.path().filename().string()).has_value();
    if (organization && entry.is_directory(error)) out.push_back(entry.path());
  }
  std::ranges::sort(out);
  return out;
}

using LabelFiles = std::map<fs::path, std::vector<std::string>>;

void read_labels(const Manifest& manifest, LabelFiles& labels) {
  if (!manifest.labels) return;
  const auto file = manifest.home / *manifest.labels;
  if (!labels.contains(file)) labels[file] = read_label_file(file);
}

struct Found {
  std::vector<Manifest> manifests;
  LabelFiles labels;
};

enum class OnError { stop, leave_out };

void read_folder(const fs::path& folder, bool own, OnError on_error, Found& out) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (entry.path().extension() != ".json") continue;
    try {
      auto manifest = read_manifest(entry.path());
      manifest.own = own;
      if (own) manifest.organization = OrganizationId::parse(folder.filename().string());
      read_labels(manifest, out.labels);
      out.manifests.push_back(std::move(manifest));
    } catch (const Error& e) {
      if (on_error == OnError::stop) throw;
      observe::warn("models.bad_manifest", {{"error", std::string_view(e.what())}});
    }
  }
}

// Steps name models that are there, are no pipelines themselves, and look at earlier steps.
void check_steps(const Manifest& manifest, const std::vector<Manifest>& all) {
  const auto bad = [&](std::size_t i, const std::string& what) {
    const std::string pointer = "/steps/" + std::to_string(i);
    return invalid("bad_manifest", manifest.id + ": " + pointer + " " + what + ".",
                   {{pointer, what}});
  };
  const auto steps = manifest.steps.value_or(std::vector<PipelineStep>{});
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const auto model = std::ranges::find(all, steps[i].model, &Manifest::key);
    if (model == all.end() || model->steps) throw bad(i, "names no model");
    if (steps[i].of && *steps[i].of >= static_cast<std::int64_t>(i)) {
      throw bad(i, "looks at a step that does not come before it");
    }
    const auto use = steps[i].use.value_or("add");
    if (use != "add" && use != "shape" && use != "attributes") {
      throw bad(i, "uses what is neither add, shape nor attributes");
    }
  }
}

void check_all_steps(std::vector<Manifest>& manifests, OnError on_error) {
  for (std::size_t i = manifests.size(); i-- > 0;) {
    try {
      check_steps(manifests[i], manifests);
    } catch (const Error& e) {
      if (on_error == OnError::stop) throw;
      observe::warn("models.bad_manifest", {{"error", std::string_view(e.what())}});
      manifests.erase(manifests.begin() + static_cast<std::ptrdiff_t>(i));
    }
  }
}

void sort_unique(std::vector<Manifest>& manifests, OnError on_error) {
  std::ranges::stable_sort(manifests, {}, &Manifest::key);
  const auto twice = std::ranges::adjacent_find(manifests, {}, &Manifest::key);
  if (twice == manifests.end()) return;
  if (on_error == OnError::stop) {
    throw invalid("bad_manifest", "Two manifests have the id \"" + twice->id + "\", in " +
                                      twice->home.string() + " and " + (twice + 1)->home.string() +
                                      ".");
  }
  const auto rest = std::ranges::unique(manifests, {}, &Manifest::key);
  manifests.erase(rest.begin(), rest.end());
}

}  // namespace

Catalogue::Catalogue(const fs::path& folder, fs::path own) : own_(std::move(own)) {
  Found found;
  looks_for_own_ = !own_.empty() && own_ != folder;
  read_folder(folder, false, OnError::stop, found);
  if (looks_for_own_) {
    stamp_ = stamp_of_own();
    for (const auto& home : folders_of_own(own_)) read_folder(home, true, OnError::stop, found);
  }
  sort_unique(found.manifests, OnError::stop);
  check_all_steps(found.manifests, OnError::stop);
  contents_ = std::make_shared<const Contents>(
      Contents{std::move(found.manifests), std::move(found.labels)});
}

Catalogue::Stamp Catalogue::stamp_of_own() const {
  Stamp out;
  for (const auto& home : folders_of_own(own_)) {
    std::error_code error;
    const auto changed = fs::last_write_time(home, error);
    if (!error) out.emplace_back(home, changed);
  }
  return out;
}

bool Catalogue::refresh() const {
  if (!looks_for_own_) return false;
  const std::lock_guard one_at_a_time(refreshing_);
  auto stamp = stamp_of_own();
  const auto before = contents();
  {
    const std::lock_guard lock(mutex_);
    if (stamp == stamp_) return false;
  }
  Found found;
  for (const auto& row : before->manifests) {
    if (row.own) continue;
    found.manifests.push_back(row);
    if (row.labels) found.labels[row.home / *row.labels] = labels(row);
  }
  for (const auto& home : folders_of_own(own_)) read_folder(home, true, OnError::leave_out, found);
  sort_unique(found.manifests, OnError::leave_out);
  check_all_steps(found.manifests, OnError::leave_out);
  auto after = std::make_shared<const Contents>(
      Contents{std::move(found.manifests), std::move(found.labels)});
  const std::lock_guard lock(mutex_);
  contents_ = std::move(after);
  stamp_ = std::move(stamp);
  ++revision_;
  return true;
}

std::uint64_t Catalogue::revision() const {
  const std::lock_guard lock(mutex_);
  return revision_;
}

std::shared_ptr<const Catalogue::Contents> Catalogue::contents() const {
  const std::lock_guard lock(mutex_);
  return contents_;
}

std::vector<Manifest> Catalogue::manifests() const { return contents()->manifests; }

bool Catalogue::knows(const std::string& key) const {
  const auto now = contents();
  return std::ranges::find(now->manifests, key, &Manifest::key) != now->manifests.end();
}

Manifest Catalogue::manifest(const std::string& key) const {
  const auto now = contents();
  const auto it = std::ranges::find(now->manifests, key, &Manifest::key);
  if (it == now->manifests.end()) throw not_found("model \"" + key + "\"");
  return *it;
}

fs::path Catalogue::folder_of(const std::string& key) const { return weights_of(manifest(key)); }

bool Catalogue::installed(const Manifest& manifest) const {
  if (manifest.steps) {
    return std::ranges::all_of(*manifest.steps, [&](const PipelineStep& step) {
      return installed(this->manifest(step.model));
    });
  }
  std::error_code error;
  return std::ranges::all_of(manifest.files, [&](const ModelFile& file) {
    return fs::exists(weights_of(manifest) / file.file, error);
  });
}

std::vector<std::string> Catalogue::labels(const Manifest& manifest) const {
  if (!manifest.labels) return {};
  const auto now = contents();
  const auto found = now->labels.find(manifest.home / *manifest.labels);
  return found == now->labels.end() ? std::vector<std::string>{} : found->second;
}

std::optional<std::string> Catalogue::pick(const std::string& task) const {
  return pick_of(*contents(), task);
}

std::optional<std::string> Catalogue::pick_of(const Contents& contents,
                                              const std::string& task) const {
  // Defaults before the user's own, which are taken when named; of the defaults YOLOX finds most.
  const auto rank = [](const Manifest& row) {
    const bool best = row.family == "yolox" || row.family == "sam";
    return (row.is_default ? 2 : 0) + (best ? 1 : 0);
  };
  const Manifest* picked = nullptr;
  for (const auto& row : contents.manifests) {
    if (row.task != task || row.organization || !installed(row)) continue;
    if (picked == nullptr || rank(row) > rank(*picked)) picked = &row;
  }
  return picked == nullptr ? std::nullopt : std::optional(picked->id);
}

bool Catalogue::convert(const std::string& key) const {
  const std::lock_guard lock(converting_);
  const Manifest row = manifest(key);
  if (!row.converter) return false;
  const auto to = weights_of(row) / row.converter->to;
  const auto from = fs::path(to.string() + ".from");
  const auto stamp = stamp_of(row);
  if (fs::exists(to) && read_stamp(from) == stamp) return false;
  host::write_file(to, converted(row, weights_of(row)).onnx);
  host::write_file(from, stamp);
  return true;
}

fs::path Catalogue::graph(const std::string& key, const std::string& role) const {
  const Manifest row = manifest(key);
  if (!installed(row)) {
    throw unavailable("model_not_installed", "The model " + row.name +
                                                 " is not installed. Bring it with: annotateai "
                                                 "models pull " +
                                                 row.id);
  }
  const auto graph = row.graphs.find(role);
  if (graph == row.graphs.end()) {
    throw invalid("wrong_model", "The model " + row.name + " is no " + role + ".");
  }
  require_genuine(row);
  convert(key);
  return weights_of(row) / graph->second;
}

std::vector<const ModelFile*> Catalogue::bad_files(const Manifest& manifest) const {
  std::vector<const ModelFile*> out;
  for (const auto& file : manifest.files) {
    const auto path = weights_of(manifest) / file.file;
    std::error_code error;
    const auto size = fs::file_size(path, error);
    const bool sized = !error && size == static_cast<std::uintmax_t>(file.size);
    if (!sized || sha256_of_file(path) != file.sha256) out.push_back(&file);
  }
  return out;
}

// Once per file as it is now: what is loaded is what the manifest names.
void Catalogue::require_genuine(const Manifest& row) const {
  const std::lock_guard lock(hashing_);
  for (const auto& file : row.files) {
    const auto path = weights_of(row) / file.file;
    std::error_code error;
    const auto changed = fs::last_write_time(path, error);
    const auto known = genuine_.find(path);
    if (!error && known != genuine_.end() && known->second == changed) continue;
    if (sha256_of_file(path) != file.sha256) {
      throw unavailable("model_damaged", "The file " + file.file + " of the model " + row.name +
                                             " differs from its SHA-256. Bring it anew with: "
                                             "annotateai models pull " +
                                             row.id);
    }
    genuine_[path] = changed;
  }
}

std::vector<std::string> Catalogue::verify(const std::string& key) const {
  std::vector<std::string> out;
  const Manifest row = manifest(key);
  for (const auto* file : bad_files(row)) {
    std::error_code error;
    const bool there = fs::exists(weights_of(row) / file->file, error);
    out.push_back(file->file + (there ? ": differs from its SHA-256" : ": missing"));
  }
  return out;
}

}  // namespace aa::modelzoo
