#include "service/modelzoo/model_probe.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "driver/host/atomic_file.hpp"
#include "kernel/decode/families.hpp"
#include "service/modelzoo/analyze.hpp"
#include "service/modelzoo/model_bench.hpp"

namespace aa::modelzoo {
namespace {

namespace fs = std::filesystem;

constexpr char kProbe[] = "probe";
constexpr int kProbeWidth = 640;
constexpr int kProbeHeight = 480;

std::string family_names() {
  std::string out;
  for (const auto* row : decode::readers()) {
    out += (out.empty() ? "" : ", ") + std::string(row->family);
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

std::string told(const decode::GraphSignature& signature) {
  return "The model takes " + ports(signature.inputs) + " and gives " + ports(signature.outputs);
}

[[noreturn]] void refuse_family(const decode::GraphSignature& signature) {
  if (decode::is_sam_encoder(signature) || decode::is_sam_decoder(signature)) {
    throw invalid("unknown_family",
                  "This is one half of a SAM; import both, the encoder as the file and the other "
                  "as the decoder: models import ENCODER --decoder DECODER.");
  }
  throw invalid("unknown_family",
                told(signature) + ", which is none of the families " + family_names() + ".");
}

decode::ModelSpec spec_of(const decode::GraphSignature& signature,
                          const std::optional<std::string>& given) {
  if (!given) {
    auto spec = decode::recognise_model(signature);
    if (!spec) refuse_family(signature);
    return *spec;
  }
  if (decode::reader_named(*given) == nullptr) {
    throw invalid("unknown_family",
                  "There is no family \"" + *given + "\"; there are " + family_names() + ".");
  }
  auto spec = decode::model_of_family(*given, signature);
  if (!spec) {
    throw invalid("unknown_family", told(signature) + ", which does not fit " + *given + ".");
  }
  return *spec;
}

json::Object inputs_of(const decode::ModelSpec& spec, const std::string& role) {
  json::Array shape;
  for (const auto side : spec.input.sized_for(kProbeWidth, kProbeHeight).shape()) {
    shape.push_back(side);
  }
  return {{role, json::Object{{spec.input_name, std::move(shape)}}}};
}

// What runs models reads them from a catalogue, so the graphs are laid out as one.
void write_as_catalogue(const fs::path& folder, const ProbeRequest& request,
                        const ProbeReport& report) {
  const auto weights = folder / "catalogue/weights" / kProbe;
  fs::create_directories(weights);
  json::Object roles;
  json::Array files;
  for (const auto& [role, file] : request.graphs) {
    fs::create_hard_link(folder / file, weights / file);
    roles[role] = file;
    files.push_back(json::Object{{"file", file},
                                 {"source", json::Object{}},
                                 {"sha256", sha256_of_file(weights / file)},
                                 {"size", fs::file_size(weights / file)}});
  }
  const json::Object manifest = {{"id", kProbe},
                                 {"name", kProbe},
                                 {"task", report.task},
                                 {"family", report.family},
                                 {"licence", "NOASSERTION"},
                                 {"files", std::move(files)},
                                 {"graphs", std::move(roles)}};
  host::write_file(folder / "catalogue/probe.json", json::write(manifest));
}

// A catalogue of this one model and what runs it.
struct ProbeBench {
  ProbeBench(const fs::path& folder, ProbeParts parts)
      : catalogue(folder / "catalogue"),
        embeddings(parts.executors, 0, {}),
        vision(catalogue, parts.engine, embeddings, parts.executors, parts.clock),
        analyzer(catalogue, parts.engine, vision, parts.executors, parts.clock) {}
  Catalogue catalogue;
  EmbeddingCache embeddings;
  Vision vision;
  Analyzer analyzer;
};

// A picture with content through all that a real one goes through.
ProbeReport probe_image_model(const fs::path& folder, const ProbeRequest& request,
                              ProbeParts parts) {
  const auto& [role, file] = *request.graphs.begin();
  const auto info = parts.engine.info_blocking(folder / file);
  const auto spec = spec_of(decode::signature_of(info), request.family);
  ProbeReport report{std::string(spec.reader->task),
                     std::string(spec.reader->family),
                     spec.classes,
                     spec.labels,
                     {}};
  report.inputs = inputs_of(spec, report.task == "detection" ? "detector" : role);
  write_as_catalogue(folder, request, report);
  ProbeBench bench(folder, parts);
  AnalyzeOptions options{.model = kProbe};
  const auto image = gradient_image(kProbeWidth, kProbeHeight);
  runtime::block_on(parts.executors, bench.analyzer.analyze(image, std::move(options)));
  return report;
}

void require_halves(const Catalogue& alone, ProbeParts parts) {
  for (const auto& [role, is] : {std::pair{"encoder", &decode::is_sam_encoder},
                                 std::pair{"decoder", &decode::is_sam_decoder}}) {
    const auto signature =
        decode::signature_of(parts.engine.info_blocking(alone.graph(kProbe, role)));
    if (is(signature)) continue;
    throw invalid("unknown_family", std::string("This is no ") + role + " of a SAM: it takes " +
                                        ports(signature.inputs) + " and gives " +
                                        ports(signature.outputs) + ".");
  }
}

ProbeReport probe_segmenter(const fs::path& folder, const ProbeRequest& request, ProbeParts parts) {
  ProbeReport report{"promptable_segmentation", "sam", 0, {}, {}};
  write_as_catalogue(folder, request, report);
  ProbeBench bench(folder, parts);
  require_halves(bench.catalogue, parts);
  const auto image = gradient_image(kProbeWidth, kProbeHeight);
  const PixelSource source = [image]() -> Task<Pixels> { co_return image; };
  decode::sam::Prompt prompt;
  prompt.box = geometry::Rect{1, 1, kProbeWidth - 1.0, kProbeHeight - 1.0};
  SegmentOptions options{kProbe, inference::Lane::interactive, {}};
  runtime::block_on(parts.executors,
                    bench.vision.segment({std::nullopt, kProbe}, source, image->width(),
                                         image->height(), {prompt}, std::move(options)));
  return report;
}

}  // namespace

ProbeReport probe_model(const fs::path& folder, const ProbeRequest& request, ProbeParts parts) {
  if (request.graphs.size() != 1) return probe_segmenter(folder, request, parts);
  return probe_image_model(folder, request, parts);
}

}  // namespace aa::modelzoo
