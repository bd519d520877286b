#include "service/modelzoo/catalogue.hpp"

#include <algorithm>
#include <fstream>
#include <mutex>

#include "base/hash.hpp"
#include "kernel/graph/tfjs_import.hpp"

namespace aa::json {

// `default` is a word of C++, so this one struct is described by hand.
void Codec<modelzoo::Manifest>::read(Reader& reader, const Value& value, const Field&,
                                     modelzoo::Manifest& out) {
  const Object* object = reader.read_object(value);
  if (object == nullptr) return;
  auto member = [&](std::string_view name, auto& target, bool required) {
    reader.enter(name);
    if (const auto* found = object->if_contains(name)) read_into(reader, *found, kNoRule, target);
    else if (required) reader.problem("is required");
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
  member("default", out.is_default, false);
  member("files", out.files, true);
  member("converter", out.converter, false);
  member("graphs", out.graphs, true);
  member("labels", out.labels, false);
  member("inputs", out.inputs, false);
}

}  // namespace aa::json

namespace aa::modelzoo {
namespace {

constexpr std::uintmax_t kManifestBytes = 1ULL << 20;
constexpr std::uintmax_t kWeightsBytes = 4ULL << 30;

std::string read_file(const std::filesystem::path& file, std::uintmax_t max_bytes) {
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  if (error) throw not_found("file " + file.filename().string());
  if (size > max_bytes)
    throw too_large("file_too_large", file.filename().string() + " is too large.");
  std::string out(size, '\0');
  std::ifstream in(file, std::ios::binary);
  in.read(out.data(), static_cast<std::streamsize>(size));
  if (!in) throw internal_error("cannot read " + file.string());
  return out;
}

void write_file(const std::filesystem::path& file, const std::string& bytes) {
  const auto temporary = file.string() + ".part";
  std::ofstream out(temporary, std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (!out) throw Error(ErrorCode::out_of_space, "out_of_space", "The model cannot be written.");
  std::filesystem::rename(temporary, file);
}

Manifest read_manifest(const std::filesystem::path& file) {
  try {
    return json::read<Manifest>(json::parse(read_file(file, kManifestBytes)));
  } catch (const Error& e) {
    throw invalid("bad_manifest", file.filename().string() + ": " + e.message(), e.details());
  }
}

// Either a list of names, or of objects with a name.
std::vector<std::string> read_labels(const std::filesystem::path& file) {
  std::vector<std::string> out;
  const auto value = json::parse(read_file(file, kManifestBytes));
  const auto* list = value.if_array();
  if (list == nullptr) list = value.as_object().at("labels").if_array();
  for (const auto& item : *list) {
    const auto& name = item.is_object() ? item.as_object().at("name") : item;
    out.emplace_back(name.as_string());
  }
  return out;
}

std::string version_of(const Manifest& manifest) {
  Sha256 hash;
  for (const auto& file : manifest.files) hash.update(file.sha256);
  return to_hex(hash.finish()).substr(0, 12);
}

}  // namespace

Catalogue::Catalogue(std::filesystem::path folder) : folder_(std::move(folder)) {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder_, error)) {
    if (entry.path().extension() == ".json") manifests_.push_back(read_manifest(entry.path()));
  }
  std::ranges::sort(manifests_, {}, &Manifest::id);
  for (const auto& manifest : manifests_) {
    if (!manifest.labels || labels_.contains(*manifest.labels)) continue;
    labels_[*manifest.labels] = read_labels(folder_ / *manifest.labels);
  }
}

const Manifest& Catalogue::manifest(const std::string& id) const {
  const auto it = std::ranges::find(manifests_, id, &Manifest::id);
  if (it == manifests_.end()) throw not_found("model \"" + id + "\"");
  return *it;
}

std::filesystem::path Catalogue::folder_of(const std::string& id) const {
  return folder_ / "weights" / id;
}

bool Catalogue::installed(const Manifest& manifest) const {
  std::error_code error;
  return std::ranges::all_of(manifest.files, [&](const ModelFile& file) {
    return std::filesystem::exists(folder_of(manifest.id) / file.file, error);
  });
}

const std::vector<std::string>& Catalogue::labels(const Manifest& manifest) const {
  static const std::vector<std::string> kNone;
  if (!manifest.labels) return kNone;
  return labels_.at(*manifest.labels);
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
  card.is_default = row.is_default;
  return card;
}

std::vector<Card> Catalogue::cards() const {
  std::vector<Card> out;
  for (const auto& row : manifests_) out.push_back(card(row.id));
  return out;
}

std::optional<std::string> Catalogue::pick(const std::string& task) const {
  std::optional<std::string> any;
  // YOLOX before the others where it is installed: of the defaults it finds most.
  for (const auto& row : manifests_) {
    if (row.task != task || !installed(row)) continue;
    if (row.family == "yolox" || row.family == "sam") return row.id;
    if (row.is_default || !any) any = row.id;
  }
  return any;
}

void Catalogue::convert(const std::string& id) const {
  // Two first uses at once would write the same file: one at a time.
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  const Manifest& row = manifest(id);
  if (!row.converter || std::filesystem::exists(folder_of(id) / row.converter->to)) return;
  const std::string model = read_file(folder_of(id) / row.converter->model, kWeightsBytes);
  std::string weights;
  for (const auto& file : row.files) {
    if (file.file != row.converter->model) {
      weights += read_file(folder_of(id) / file.file, kWeightsBytes);
    }
  }
  graph::ImportOptions options;
  if (row.converter->outputs) options.outputs = *row.converter->outputs;
  if (row.converter->cuts) {
    for (const auto& [node, cut] : *row.converter->cuts) {
      options.cuts[node] = {cut.name, {cut.shape.begin(), cut.shape.end()}};
    }
  }
  const auto imported = graph::import_tfjs(
      {model, std::as_bytes(std::span(weights.data(), weights.size()))}, options);
  write_file(folder_of(id) / row.converter->to, imported.onnx);
}

std::filesystem::path Catalogue::graph(const std::string& id, const std::string& role) const {
  const Manifest& row = manifest(id);
  if (!installed(row)) {
    throw unavailable("model_not_installed", "The model " + row.name +
                                                 " is not installed. Bring it with: annotateai "
                                                 "models pull " + id);
  }
  const auto graph = row.graphs.find(role);
  if (graph == row.graphs.end()) {
    throw invalid("wrong_model", "The model " + row.name + " is no " + role + ".");
  }
  convert(id);
  return folder_of(id) / graph->second;
}

std::vector<std::string> Catalogue::verify(const std::string& id) const {
  std::vector<std::string> out;
  for (const auto& file : manifest(id).files) {
    const auto path = folder_of(id) / file.file;
    if (!std::filesystem::exists(path)) {
      out.push_back(file.file + ": missing");
    } else if (to_hex(sha256(read_file(path, kWeightsBytes))) != file.sha256) {
      out.push_back(file.file + ": differs from its SHA-256");
    }
  }
  return out;
}

}  // namespace aa::modelzoo
