#include "service/modelzoo/model_import.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/hash.hpp"
#include "driver/blob/temporary_folder.hpp"
#include "driver/host/atomic_file.hpp"
#include "kernel/decode/families.hpp"
#include "service/modelzoo/foreign_model.hpp"
#include "service/modelzoo/label_file.hpp"

namespace aa::modelzoo {
namespace {

namespace fs = std::filesystem;

constexpr char kGraph[] = "model.onnx";
constexpr char kRole[] = "detector";
constexpr int kBlankSide = 64;

std::string family_names() {
  std::string out;
  for (const auto& row : decode::families()) {
    out += (out.empty() ? "" : ", ") + std::string(row.name);
  }
  return out;
}

std::string ports(const std::vector<decode::Port>& list) {
  std::string out;
  for (const auto& port : list) {
    out +=
        (out.empty() ? "" : ", ") + port.name + fmt::format(" [{}]", fmt::join(port.shape, ", "));
  }
  return out;
}

[[noreturn]] void refuse_family(const decode::GraphSignature& signature) {
  if (decode::is_sam_encoder(signature) || decode::is_sam_decoder(signature)) {
    throw invalid("unknown_family",
                  "This is one half of a SAM; models of two files cannot be "
                  "imported yet.");
  }
  throw invalid("unknown_family", "The model takes " + ports(signature.inputs) + " and gives " +
                                      ports(signature.outputs) +
                                      ", which is none of the families " + family_names() + ".");
}

decode::DetectorSpec spec_of(const decode::GraphSignature& signature,
                             const std::optional<std::string>& given) {
  if (!given) {
    auto spec = decode::recognise_detector(signature);
    if (!spec) refuse_family(signature);
    return *spec;
  }
  const auto family = decode::family_named(*given);
  if (!family) {
    throw invalid("unknown_family",
                  "There is no family \"" + *given + "\"; there are " + family_names() + ".");
  }
  auto spec = decode::detector_of_family(*family, signature);
  if (!spec) {
    throw invalid("unknown_family", "The model takes " + ports(signature.inputs) + " and gives " +
                                        ports(signature.outputs) + ", which does not fit " +
                                        *given + ".");
  }
  return *spec;
}

std::vector<std::string> labels_for(const ImportRequest& request,
                                    const decode::DetectorSpec& spec) {
  auto labels = request.labels ? read_label_file(*request.labels) : spec.labels;
  if (labels.empty()) {
    throw invalid("bad_labels",
                  (spec.classes > 0 ? "The model has " + std::to_string(spec.classes) + " classes"
                                    : std::string("The model has classes")) +
                      " whose names it does not tell; give them with --labels FILE (one name per "
                      "line, a JSON list, or a data.yaml).");
  }
  if (spec.classes > 0 && labels.size() != static_cast<std::size_t>(spec.classes)) {
    throw invalid("bad_labels", "The model has " + std::to_string(spec.classes) +
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

json::Object inputs_of(const decode::DetectorSpec& spec) {
  json::Array shape;
  for (const auto side : spec.input_shape()) shape.push_back(side);
  return {{kRole, json::Object{{spec.input_name, std::move(shape)}}}};
}

}  // namespace

std::string Importer::id_for(const ImportRequest& request) const {
  const auto id = request.id.value_or(id_from(request.file));
  if (!is_plain_name(id)) {
    throw invalid("bad_id", "\"" + id +
                                "\" cannot be an id: letters, digits, \".\", \"_\" and "
                                "\"-\", starting with a letter or digit. Give one with "
                                "--id.");
  }
  if (std::ranges::find(catalogue_.manifests(), id, &Manifest::id) !=
      catalogue_.manifests().end()) {
    throw Error(ErrorCode::already_exists, "model_exists",
                "There is a model \"" + id + "\" already; give another --id.");
  }
  return id;
}

// An empty image through all that a real one goes through.
decode::DetectorSpec Importer::try_out(const fs::path& graph, const ImportRequest& request) {
  const auto signature = decode::signature_of(engine_.info_blocking(graph));
  const auto spec = spec_of(signature, request.family);
  const raster::Image blank(kBlankSide, kBlankSide, 3);
  auto input = inference::Tensor::of_floats(spec.input_name, spec.input_shape());
  const auto letterbox = decode::prepare_detector_input(blank.view(), spec, input.floats());
  std::vector<inference::Tensor> inputs;
  inputs.push_back(std::move(input));
  const auto result = engine_.run_blocking(graph, std::move(inputs));
  decode::decode_detections(decode::views_of(result.outputs), spec, letterbox);
  return spec;
}

void Importer::keep(const ImportRequest& request, const ImportedModel& model,
                    const decode::DetectorSpec& spec, const std::string& onnx) const {
  const auto& home = catalogue_.own_folder();
  const std::string label_file = "labels/" + model.id + ".json";
  const json::Object manifest = {
      {"id", model.id},
      {"name", request.name.value_or(model.id)},
      {"task", "detection"},
      {"family", model.family},
      {"licence", request.licence.value_or("NOASSERTION")},
      {"default", false},
      {"files", json::Array{json::Object{{"file", kGraph},
                                         {"source", json::Object{}},
                                         {"sha256", to_hex(sha256(onnx))},
                                         {"size", static_cast<std::int64_t>(onnx.size())}}}},
      {"graphs", json::Object{{kRole, kGraph}}},
      {"labels", label_file},
      {"inputs", inputs_of(spec)}};
  try {
    host::write_file(model.folder / kGraph, onnx);
    host::write_file(home / label_file, json::write(model.labels));
    host::write_file(home / (model.id + ".json"), json::write(manifest));  // last: it makes it one
  } catch (const Error&) {
    std::error_code ignored;
    fs::remove_all(model.folder, ignored);
    fs::remove(home / label_file, ignored);
    throw;
  }
}

ImportedModel Importer::import(const ImportRequest& request) {
  if (!fs::exists(request.file)) throw not_found("file or folder " + request.file.string());
  ImportedModel out{.id = id_for(request), .family = {}, .labels = {}, .folder = {}};
  const auto onnx = onnx_of(request.file);
  const blob::TemporaryFolder scratch(blob::TemporaryFolder::Place::disk);
  host::write_file(scratch.path() / kGraph, onnx);
  const auto spec = try_out(scratch.path() / kGraph, request);
  engine_.unload_all();
  out.family = decode::family_row(spec.family).name;
  out.labels = labels_for(request, spec);
  out.folder = catalogue_.own_folder() / "weights" / out.id;
  keep(request, out, spec, onnx);
  return out;
}

}  // namespace aa::modelzoo
