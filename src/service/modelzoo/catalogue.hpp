// The catalogue of models: manifests (models/*.json), their weights, and whether they are there.
//
// A manifest is a row: id, task, family, licence, files with their source and SHA-256, graphs,
// labels. Weights are brought by script/setup or `annotateai models pull`; TensorFlow.js graphs are
// turned into ONNX here on first use. The user's own models (`annotateai models import`) stand in a
// second folder of the same layout. Formats: models/README.md.
//
// Thread rule: immutable after construction but for states, which are read from the disk.
// Errors: invalid_argument "bad_manifest" (file and pointer, or two models of one id); not_found;
// unavailable "model_not_installed", which says how to get it.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
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
  std::optional<json::Object> parameters;          // free for the family
  std::optional<json::Object> preprocess;          // decode::apply_preprocess
  std::optional<std::vector<PipelineStep>> steps;  // family "pipeline": models that work together
  std::filesystem::path home;                      // the folder it was read from
};

enum class ModelState { ready, not_installed };
BOOST_DESCRIBE_ENUM(ModelState, ready, not_installed)

// What the API shows of a model.
struct Card {
  std::string id;
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
};
BOOST_DESCRIBE_STRUCT(Card, (),
                      (id, name, task, family, licence, version, state, size_bytes, labels, inputs,
                       metrics, description, homepage, is_default))

// A word that can be a file's name and a model's id: letters, digits, ".", "_", "-", and none of
// the signs in front.
bool is_plain_name(std::string_view text);

class Catalogue {
 public:
  // Reads `folder`/*.json and those of `own`, the user's; weights stand in FOLDER/weights/ID/.
  explicit Catalogue(const std::filesystem::path& folder, std::filesystem::path own = {});

  const std::vector<Manifest>& manifests() const { return manifests_; }
  const Manifest& manifest(const std::string& id) const;
  std::vector<Card> cards() const;
  Card card(const std::string& id) const;
  bool installed(const Manifest& manifest) const;
  const std::vector<std::string>& labels(const Manifest& manifest) const;

  // The default of a task, or else any that is installed; nullopt when there is none.
  std::optional<std::string> pick(const std::string& task) const;

  // Path of one graph of a model, converted first when it has to be. Error unavailable
  // "model_damaged" when a file is not the one that the manifest names. Blocks.
  std::filesystem::path graph(const std::string& id, const std::string& role) const;
  // Turns what has to be turned, and what was turned from other files or in another way; true when
  // there was something to do. Blocks.
  bool convert(const std::string& id) const;
  // Files that lack or differ from their size or SHA-256. Blocks.
  std::vector<const ModelFile*> bad_files(const Manifest& manifest) const;
  std::vector<std::string> verify(const std::string& id) const;  // the same as lines for people
  std::filesystem::path folder_of(const std::string& id) const;
  const std::filesystem::path& own_folder() const { return own_; }

 private:
  void read_folder(const std::filesystem::path& folder);
  void check_steps(const Manifest& manifest) const;
  void require_genuine(const Manifest& row) const;

  std::filesystem::path own_;
  std::vector<Manifest> manifests_;
  std::map<std::filesystem::path, std::vector<std::string>> labels_;  // by labels file
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
