// Takes a model that a user brings as a file into the user's own folder of the catalogue, or into
// that of one organisation.
//
// ONNX files are inspected before anything loads them; TensorFlow.js graphs (a folder, its
// model.json, or the folder as a zip) are turned into ONNX here. What could run code (pickles,
// Keras) is refused by name and by content. Then the model is probed (model_probe.hpp): loaded and
// run once, outside this process, its family recognised or checked against the one given, its
// answer read. What is kept are the bytes that were inspected: their SHA-256 is taken before the
// probe and again after, and it is what the manifest names. Files are called by it, so that a path
// never means other bytes. Nothing is kept of what is refused.
//
// Units: none. Limits: those of kernel/graph; a file of at most 2 GiB. Thread rule: any thread;
// blocks. Errors: unsupported "pickle_refused", "code_refused" with the command that exports ONNX;
// invalid_argument "not_a_model", "unknown_family", "bad_labels", "bad_id", "model_changed";
// already_exists "model_exists"; those of inspect_onnx, import_tfjs and the probe.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "kernel/graph/tfjs_import.hpp"
#include "service/modelzoo/catalogue.hpp"
#include "service/modelzoo/model_probe.hpp"

namespace aa::modelzoo {

struct ImportRequest {
  std::filesystem::path file;                    // a detector, or a SAM's encoder
  std::optional<std::filesystem::path> decoder;  // of a SAM
  std::optional<std::string> id;                 // else from the file's name
  std::optional<std::string> name;               // else the id
  std::optional<std::string> family;             // else recognised
  std::optional<std::string> licence;            // SPDX; else NOASSERTION
  std::optional<std::filesystem::path> labels;   // else from the model's metadata
  graph::ImportOptions tfjs;                     // for TensorFlow.js graphs
  std::optional<OrganizationId> organization;    // the only one that will see it
  std::string origin;                            // a repeat from the same one finds it done
};

struct ImportedModel {
  std::string id;
  std::string family;
  std::vector<std::string> labels;
  std::filesystem::path folder;  // of its weights
  std::string task;
};

class Importer {
 public:
  Importer(Catalogue& catalogue, Probe probe) : catalogue_(catalogue), probe_(std::move(probe)) {}

  ImportedModel import(const ImportRequest& request);

 private:
  struct Draft;
  std::string id_for(const ImportRequest& request) const;
  std::optional<ImportedModel> done_before(const std::string& id,
                                           const ImportRequest& request) const;
  Draft draft(const ImportRequest& request, const std::filesystem::path& scratch) const;

  Catalogue& catalogue_;
  Probe probe_;
};

// Forgets a model of the user's own: its manifest first, then its files. Blocks.
void remove_own_model(Catalogue& catalogue, const std::string& key);

}  // namespace aa::modelzoo
