#include "service/modelzoo/model_import.hpp"

#include <algorithm>

#include "base/hash.hpp"
#include "driver/blob/temporary_folder.hpp"
#include "driver/host/atomic_file.hpp"
#include "driver/host/mapped_file.hpp"
#include "service/modelzoo/foreign_model.hpp"
#include "service/modelzoo/label_file.hpp"

namespace aa::modelzoo {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kVersionDigits = 12;

std::vector<std::string> labels_for(const ImportRequest& request, const ProbeReport& report) {
  if (report.family == "sam") {
    if (request.labels) throw invalid("bad_labels", "A SAM has no classes, so it takes no labels.");
    return {};
  }
  auto labels = request.labels ? read_label_file(*request.labels) : report.labels;
  const bool needed = report.task == "detection" || report.classes > 0;
  if (labels.empty() && !needed) return {};
  if (labels.empty()) {
    throw invalid(
        "bad_labels",
        (report.classes > 0 ? "The model has " + std::to_string(report.classes) + " classes"
                            : std::string("The model has classes")) +
            " whose names it does not tell; give them with --labels FILE, or as the part "
            "\"labels\" (one name per line, a JSON list, or a data.yaml).");
  }
  if (report.classes > 0 && labels.size() != static_cast<std::size_t>(report.classes)) {
    throw invalid("bad_labels", "The model has " + std::to_string(report.classes) +
                                    " classes, but there are " + std::to_string(labels.size()) +
                                    " labels.");
  }
  return labels;
}

// "Best v2.onnx" becomes "best-v2"; of a model.json or model.onnx the folder's name is taken.
std::string id_from(const fs::path& file) {
  const bool plain = file.stem() == "model" && file.has_parent_path();
  std::string out;
  for (const char c : (plain ? file.parent_path().filename() : file.stem()).string()) {
    const auto byte = static_cast<unsigned char>(c);
    const bool keep = std::isalnum(byte) != 0 || c == '.' || c == '_';
    if (keep)
      out += static_cast<char>(std::tolower(byte));
    else if (!out.empty() && out.back() != '-')
      out += '-';
  }
  while (!out.empty() && std::isalnum(static_cast<unsigned char>(out.back())) == 0) out.pop_back();
  return out.substr(0, 100);
}

}  // namespace

// A model that is to be kept: its graphs by role, and what its manifest will say.
struct Importer::Draft {
  struct Graph {
    fs::path from;  // in the scratch folder
    std::string sha256;
    std::int64_t size = 0;
    std::string file(const std::string& role) const {
      return role + "-" + sha256.substr(0, kVersionDigits) + ".onnx";
    }
  };
  std::string id;
  std::map<std::string, Graph> graphs;  // by role
  ProbeReport report;
  std::vector<std::string> labels;

  json::Object manifest(const ImportRequest& request) const {
    json::Array files;
    json::Object roles;
    for (const auto& [role, graph] : graphs) {
      files.push_back(json::Object{{"file", graph.file(role)},
                                   {"source", json::Object{}},
                                   {"sha256", graph.sha256},
                                   {"size", graph.size}});
      roles[role] = graph.file(role);
    }
    json::Object out = {{"id", id},
                        {"name", request.name.value_or(id)},
                        {"task", report.task},
                        {"family", report.family},
                        {"licence", request.licence.value_or("NOASSERTION")},
                        {"default", false},
                        {"files", std::move(files)},
                        {"graphs", std::move(roles)},
                        {"inputs", report.inputs},
                        {"origin", request.origin}};
    if (!labels.empty()) out["labels"] = label_file();
    return out;
  }

  // Laid out as a catalogue reads it. Nothing stays when it cannot be written whole.
  void write(const fs::path& home, const ImportRequest& request) const {
    const auto weights = home / "weights" / id;
    try {
      for (const auto& [role, graph] : graphs) keep(graph, weights / graph.file(role));
      if (!labels.empty()) host::write_file(home / label_file(), json::write(labels));
      host::write_file(home / (id + ".json"), json::write(manifest(request)));  // makes it one
    } catch (const Error&) {
      std::error_code ignored;
      fs::remove_all(weights, ignored);
      fs::remove(home / label_file(), ignored);
      throw;
    }
  }

 private:
  std::string label_file() const { return "labels/" + id + ".json"; }

  // Hashed as it is copied: bytes that were exchanged since the inspection are not kept.
  static void keep(const Graph& graph, const fs::path& to) {
    const host::MappedFile from(graph.from);
    host::AtomicFile copy(to);
    copy.write(from.bytes());
    Sha256 hash;
    hash.update(from.bytes());
    if (to_hex(hash.finish()) != graph.sha256) {
      throw invalid("model_changed", "The model's file changed while it was checked.");
    }
    copy.commit();
  }
};

std::string Importer::id_for(const ImportRequest& request) const {
  const auto id = request.id.value_or(id_from(request.file));
  if (!is_plain_name(id)) {
    throw invalid("bad_id", "\"" + id +
                                "\" cannot be an id: letters, digits, \".\", \"_\" and "
                                "\"-\", starting with a letter or digit. Give one with "
                                "--id, or as the part \"id\".");
  }
  return id;
}

std::optional<ImportedModel> Importer::done_before(const std::string& id,
                                                   const ImportRequest& request) const {
  Manifest wanted;
  wanted.id = id;
  wanted.organization = request.organization;
  catalogue_.refresh();
  if (catalogue_.knows(wanted.key())) {
    const auto there = catalogue_.manifest(wanted.key());
    if (!request.origin.empty() && there.origin == request.origin) {
      return ImportedModel{id, there.family, catalogue_.labels(there),
                           catalogue_.folder_of(wanted.key()), there.task};
    }
  } else if (!catalogue_.knows(id)) {
    return std::nullopt;
  }
  throw Error(ErrorCode::already_exists, "model_exists",
              "There is a model \"" + id + "\" already; give another --id.");
}

Importer::Draft Importer::draft(const ImportRequest& request, const fs::path& scratch) const {
  Draft out;
  std::map<std::string, fs::path> from;
  from[request.decoder ? "encoder" : "model"] = request.file;
  if (request.decoder) from["decoder"] = *request.decoder;
  ProbeRequest probe{{}, request.family};
  for (const auto& [role, path] : from) {
    const auto file = scratch / (role + ".onnx");
    take_model(path, request.tfjs, file);
    out.graphs[role] = {file, sha256_of_file(file), static_cast<std::int64_t>(fs::file_size(file))};
    probe.graphs[role] = role + ".onnx";
  }
  out.report = probe_(scratch, probe);
  if (out.report.task == "detection") {
    auto model = out.graphs.extract("model");
    model.key() = "detector";
    out.graphs.insert(std::move(model));
  }
  out.labels = labels_for(request, out.report);
  return out;
}

ImportedModel Importer::import(const ImportRequest& request) {
  for (const auto& file : {request.file, request.decoder.value_or(request.file)}) {
    if (!fs::exists(file)) throw not_found("file or folder " + file.filename().string());
  }
  const auto id = id_for(request);
  if (auto done = done_before(id, request)) return std::move(*done);
  const blob::TemporaryFolder scratch(blob::TemporaryFolder::Place::disk);
  auto model = draft(request, scratch.path());
  model.id = id;
  const auto home =
      request.organization ? catalogue_.own_folder(*request.organization) : catalogue_.own_folder();
  // Two imports of one name may have come this far: the first to write has it.
  static std::mutex writing;
  const std::lock_guard lock(writing);
  if (auto done = done_before(id, request)) return std::move(*done);
  model.write(home, request);
  catalogue_.refresh();
  return {id, model.report.family, model.labels, home / "weights" / id, model.report.task};
}

void remove_own_model(Catalogue& catalogue, const std::string& key) {
  const auto row = catalogue.manifest(key);
  if (!row.own) {
    throw Error(ErrorCode::conflict, "not_removable",
                "The model " + row.id + " came with the program and cannot be removed.");
  }
  fs::remove(row.home / (row.id + ".json"));
  std::error_code ignored;
  fs::remove_all(row.home / "weights" / row.id, ignored);
  if (row.labels) fs::remove(row.home / *row.labels, ignored);
  catalogue.refresh();
}

}  // namespace aa::modelzoo
