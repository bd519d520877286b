#include "service/modelzoo/model_probe.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "driver/host/atomic_file.hpp"
#include "kernel/decode/families.hpp"
#include "kernel/decode/sound_outputs.hpp"
#include "service/modelzoo/model_bench.hpp"

namespace aa::modelzoo {
namespace {

constexpr char kDetector[] = "detector";
constexpr int kProbeWidth = 640;
constexpr int kProbeHeight = 480;

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
    throw invalid("unknown_family", told(signature) + ", which does not fit " + *given + ".");
  }
  return *spec;
}

json::Object inputs_of(const decode::DetectorSpec& spec) {
  json::Array shape;
  for (const auto side : spec.input_shape()) shape.push_back(side);
  return {{kDetector, json::Object{{spec.input_name, std::move(shape)}}}};
}

// A picture with content through all that a real one goes through.
ProbeReport probe_detector(const std::filesystem::path& graph, const ProbeRequest& request,
                           ProbeParts parts) {
  const auto spec =
      spec_of(decode::signature_of(parts.engine.info_blocking(graph)), request.family);
  const auto image = gradient_image(kProbeWidth, kProbeHeight);
  auto input = inference::Tensor::of_floats(spec.input_name, spec.input_shape());
  const auto letterbox = decode::prepare_detector_input(image->view(), spec, input.floats());
  std::vector<inference::Tensor> inputs;
  inputs.push_back(std::move(input));
  const auto result = parts.engine.run_blocking(graph, std::move(inputs));
  const auto views = decode::views_of(result.outputs);
  decode::require_sound(views);
  decode::decode_detections(views, spec, letterbox);
  return {"detection", std::string(decode::family_row(spec.family).name), spec.classes, spec.labels,
          inputs_of(spec)};
}

// Vision reads models from a catalogue, so the two halves are laid out as one.
void write_as_catalogue(const std::filesystem::path& folder, const ProbeRequest& request) {
  json::Object roles;
  for (const auto& [role, file] : request.graphs) {
    std::error_code error;
    std::filesystem::create_directories(folder / "catalogue/weights/probe", error);
    std::filesystem::create_symlink(folder / file, folder / "catalogue/weights/probe" / file,
                                    error);
    roles[role] = file;
  }
  const json::Object manifest = {{"id", "probe"},
                                 {"name", "probe"},
                                 {"task", "promptable_segmentation"},
                                 {"family", "sam"},
                                 {"licence", "NOASSERTION"},
                                 {"files", json::Array{}},
                                 {"graphs", std::move(roles)}};
  host::write_file(folder / "catalogue/probe.json", json::write(manifest));
}

void require_halves(const Catalogue& alone, ProbeParts parts) {
  for (const auto& [role, is] : {std::pair{"encoder", &decode::is_sam_encoder},
                                 std::pair{"decoder", &decode::is_sam_decoder}}) {
    const auto signature =
        decode::signature_of(parts.engine.info_blocking(alone.graph("probe", role)));
    if (is(signature)) continue;
    throw invalid("unknown_family", std::string("This is no ") + role + " of a SAM: it takes " +
                                        ports(signature.inputs) + " and gives " +
                                        ports(signature.outputs) + ".");
  }
}

ProbeReport probe_segmenter(const std::filesystem::path& folder, const ProbeRequest& request,
                            ProbeParts parts) {
  write_as_catalogue(folder, request);
  const Catalogue alone(folder / "catalogue");
  require_halves(alone, parts);
  EmbeddingCache embeddings(parts.executors, 0, {});
  Vision vision(alone, parts.engine, embeddings, parts.executors, parts.clock);
  const auto image = gradient_image(kProbeWidth, kProbeHeight);
  const PixelSource source = [image]() -> Task<Pixels> { co_return image; };
  decode::sam::Prompt prompt;
  prompt.box = geometry::Rect{1, 1, kProbeWidth - 1.0, kProbeHeight - 1.0};
  SegmentOptions options{"probe", inference::Lane::interactive, {}};
  runtime::block_on(parts.executors, vision.segment({std::nullopt, "probe"}, source, image->width(),
                                                    image->height(), {prompt}, std::move(options)));
  return {"promptable_segmentation", "sam", 0, {}, {}};
}

}  // namespace

ProbeReport probe_model(const std::filesystem::path& folder, const ProbeRequest& request,
                        ProbeParts parts) {
  const auto detector = request.graphs.find(kDetector);
  if (detector == request.graphs.end()) return probe_segmenter(folder, request, parts);
  return probe_detector(folder / detector->second, request, parts);
}

}  // namespace aa::modelzoo
