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

constexpr char kDetector[] = "detector";
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
    throw invalid(
        "unknown_family",
        "This is one half of a SAM; import both: models import ENCODER --decoder DECODER.");
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
  return {{kDetector, json::Object{{spec.input_name, std::move(shape)}}}};
}

std::string file_of(const std::string& role) { return role + ".onnx"; }

}  // namespace

// A model that is to be kept: graphs by role, and what its manifest will say.
struct Importer::Draft {
  std::string id;
  std::string task;
  std::string family;
  std::map<std::string, std::string> graphs;  // role -> bytes
  std::vector<std::string> labels;
  json::Object inputs;

  json::Object manifest(const ImportRequest& request) const {
    json::Array files;
    json::Object roles;
    for (const auto& [role, bytes] : graphs) {
      files.push_back(json::Object{{"file", file_of(role)},
                                   {"source", json::Object{}},
                                   {"sha256", to_hex(sha256(bytes))},
                                   {"size", static_cast<std::int64_t>(bytes.size())}});
      roles[role] = file_of(role);
    }
    json::Object out = {{"id", id},
                        {"name", request.name.value_or(id)},
                        {"task", task},
                        {"family", family},
                        {"licence", request.licence.value_or("NOASSERTION")},
                        {"default", false},
                        {"files", std::move(files)},
                        {"graphs", std::move(roles)},
                        {"inputs", inputs}};
    if (!labels.empty()) out["labels"] = label_file();
    return out;
  }

  // Laid out as a catalogue reads it. Nothing stays when it cannot be written whole.
  void write(const fs::path& home, const ImportRequest& request) const {
    const auto weights = home / "weights" / id;
    try {
      for (const auto& [role, bytes] : graphs) host::write_file(weights / file_of(role), bytes);
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
};

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
decode::DetectorSpec Importer::try_detector(const fs::path& graph, const ImportRequest& request) {
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

Importer::Draft Importer::detector(const ImportRequest& request, const fs::path& scratch) {
  Draft out{.id = id_for(request), .task = "detection"};
  out.graphs[kDetector] = onnx_of(request.file, request.tfjs);
  const auto graph = scratch / file_of(kDetector);
  host::write_file(graph, out.graphs[kDetector]);
  const auto spec = try_detector(graph, request);
  out.family = decode::family_row(spec.family).name;
  out.labels = labels_for(request, spec);
  out.inputs = inputs_of(spec);
  return out;
}

void Importer::try_segmenter(const fs::path& scratch, const std::string& id) {
  const Catalogue alone(scratch);
  for (const auto& [role, is] : {std::pair{"encoder", &decode::is_sam_encoder},
                                 std::pair{"decoder", &decode::is_sam_decoder}}) {
    const auto signature = decode::signature_of(engine_.info_blocking(alone.graph(id, role)));
    if (is(signature)) continue;
    throw invalid("unknown_family", std::string("This is no ") + role + " of a SAM: it takes " +
                                        ports(signature.inputs) + " and gives " +
                                        ports(signature.outputs) + ".");
  }
  EmbeddingCache embeddings(executors_, 0, {});
  Vision vision(alone, engine_, embeddings, executors_, clock_);
  const auto blank = std::make_shared<const raster::Image>(kBlankSide, kBlankSide, 3);
  const PixelSource source = [blank]() -> Task<Pixels> { co_return blank; };
  decode::sam::Prompt prompt;
  prompt.box = geometry::Rect{1, 1, kBlankSide - 1.0, kBlankSide - 1.0};
  SegmentOptions options{id, inference::Lane::interactive, {}};
  runtime::block_on(executors_, vision.segment({std::nullopt, "blank"}, source, kBlankSide,
                                               kBlankSide, {prompt}, std::move(options)));
}

Importer::Draft Importer::segmenter(const ImportRequest& request, const fs::path& scratch) {
  Draft out{.id = id_for(request), .task = "promptable_segmentation", .family = "sam"};
  if (request.labels) throw invalid("bad_labels", "A SAM has no classes, so it takes no labels.");
  out.graphs["encoder"] = onnx_of(request.file, request.tfjs);
  out.graphs["decoder"] = onnx_of(*request.decoder, request.tfjs);
  out.write(scratch, request);
  try_segmenter(scratch, out.id);
  return out;
}

ImportedModel Importer::import(const ImportRequest& request) {
  for (const auto& file : {request.file, request.decoder.value_or(request.file)}) {
    if (!fs::exists(file)) throw not_found("file or folder " + file.string());
  }
  const blob::TemporaryFolder scratch(blob::TemporaryFolder::Place::disk);
  const auto draft =
      request.decoder ? segmenter(request, scratch.path()) : detector(request, scratch.path());
  engine_.unload_all();
  draft.write(catalogue_.own_folder(), request);
  return {draft.id, draft.family, draft.labels, catalogue_.own_folder() / "weights" / draft.id};
}

}  // namespace aa::modelzoo
