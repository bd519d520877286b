// Takes a model that a user brings as a file into the user's own folder of the catalogue.
//
// ONNX files are inspected before anything loads them; TensorFlow.js graphs (a folder, or its
// model.json) are turned into ONNX here. Pickles (.pt, .pth, .pkl, .joblib, and TorchScript's zip)
// are refused by name and by content: to load one is to run what its author wrote. A detector's
// family is told from the graph or given; a SAM comes as encoder and decoder. The model is loaded
// and run once on an empty image and its answer read as the family does, so what is imported works.
// Nothing is kept of what is refused.
//
// Units: none. Limits: those of kernel/graph; a file of at most 2 GiB. Thread rule: one owner;
// blocks. Errors: unsupported "pickle_refused" with the command that exports ONNX;
// invalid_argument "not_a_model", "unknown_family", "bad_labels", "bad_id"; already_exists
// "model_exists"; those of inspect_onnx, import_tfjs and the engine.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "kernel/graph/tfjs_import.hpp"
#include "service/modelzoo/vision.hpp"

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
};

struct ImportedModel {
  std::string id;
  std::string family;
  std::vector<std::string> labels;
  std::filesystem::path folder;  // of its weights
};

class Importer {
 public:
  Importer(const Catalogue& catalogue, inference::Engine& engine, runtime::Executors& executors,
           const Clock& clock)
      : catalogue_(catalogue), engine_(engine), executors_(executors), clock_(clock) {}

  // A catalogue made afterwards lists it.
  ImportedModel import(const ImportRequest& request);

 private:
  struct Draft;
  std::string id_for(const ImportRequest& request) const;
  Draft detector(const ImportRequest& request, const std::filesystem::path& scratch);
  Draft segmenter(const ImportRequest& request, const std::filesystem::path& scratch);
  decode::DetectorSpec try_detector(const std::filesystem::path& graph,
                                    const ImportRequest& request);
  void try_segmenter(const std::filesystem::path& scratch, const std::string& id);

  const Catalogue& catalogue_;
  inference::Engine& engine_;
  runtime::Executors& executors_;
  const Clock& clock_;
};

}  // namespace aa::modelzoo
