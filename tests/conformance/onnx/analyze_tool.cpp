// Runs any model of one image graph on one image and prints what its family reads, as JSON:
//
//   analyze_tool GRAPH FAMILY IMAGE.ppm [OPTION VALUE]...
//     FAMILY: a row of kernel/decode/reader.hpp, or auto
//     --region CX,CY,WIDTH,HEIGHT,ROTATION[,MIRRORED]   look at this part of the image only
//     --parameters JSON   --preprocess JSON  as in a manifest
//     --labels A,B,C      --min-score S      --iou S
//     --dictionary FILE   labels, one a line
//     --input FILE        writes the model's input as raw float32
//     --map FILE          writes the map's values as raw float32
//
//   {"family", "input": {"shape", "frame"}, "findings": [{"shape", "score", "class", "class_id",
//    "attributes", "embedding"?, "region"?}], "map"?: {"width", "height"}, "embedding"?}
//
// `frame` maps pixels of the input to those of the image (frame.hpp).
#include <iostream>
#include <map>

#include <fmt/format.h>

#include "kernel/decode/reader.hpp"
#include "model_machine.hpp"

namespace {

using namespace aa;

struct Job {
  std::string graph;
  std::string family;
  std::string image;
  std::map<std::string, std::string> options;

  const std::string* option(const std::string& name) const {
    const auto found = options.find(name);
    return found == options.end() ? nullptr : &found->second;
  }
  double number(const std::string& name, double otherwise) const {
    const auto* text = option(name);
    return text == nullptr ? otherwise : std::stod(*text);
  }
  json::Object object(const std::string& name) const {
    const auto* text = option(name);
    return text == nullptr ? json::Object() : json::parse(*text).as_object();
  }
};

std::optional<decode::Region> region_of(const Job& job) {
  const auto* text = job.option("--region");
  if (text == nullptr) return std::nullopt;
  decode::Region out;
  int mirrored = 0;
  if (std::sscanf(text->c_str(), "%lf,%lf,%lf,%lf,%lf,%d", &out.center.x, &out.center.y, &out.width,
                  &out.height, &out.rotation, &mirrored) < 5) {
    throw invalid("bad_region", "'" + *text + "' is no region.");
  }
  out.mirrored = mirrored != 0;
  return out;
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at <= text.size();) {
    const auto end = std::min(text.find(',', at), text.size());
    out.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

std::vector<std::string> lines_of(const std::string& path) {
  std::ifstream file(path);
  std::vector<std::string> out;
  for (std::string line; std::getline(file, line);) out.push_back(std::move(line));
  return out;
}

decode::ModelSpec spec_of(const Job& job, const decode::GraphSignature& signature) {
  auto spec = job.family == "auto" ? decode::recognise_model(signature)
                                   : decode::model_of_family(job.family, signature);
  if (!spec) throw invalid("model_unknown", job.graph + " is not of the family " + job.family);
  spec->parameters = job.object("--parameters");
  decode::apply_preprocess(job.object("--preprocess"), spec->input);
  if (const auto* labels = job.option("--labels")) spec->labels = split(*labels);
  if (const auto* path = job.option("--dictionary")) spec->labels = lines_of(*path);
  return std::move(*spec);
}

void write_floats(const std::string* path, std::span<const float> values) {
  if (path == nullptr) return;
  std::ofstream file(*path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(values.data()),
             static_cast<std::streamsize>(values.size_bytes()));
}

template <class Number>
inference::Tensor converted(inference::Tensor from, inference::ElementType type) {
  inference::Tensor out{from.name, type, from.shape, RawBytes(from.elements() * sizeof(Number))};
  auto* numbers = reinterpret_cast<Number*>(out.bytes.data());
  for (const float value : from.floats()) *numbers++ = static_cast<Number>(value + 0.5F);
  return out;
}

// Graphs that take levels take whole numbers.
inference::Tensor as_type(inference::Tensor tensor, inference::ElementType type) {
  using inference::ElementType;
  if (type == ElementType::int32) return converted<std::int32_t>(std::move(tensor), type);
  if (type == ElementType::uint8) return converted<std::uint8_t>(std::move(tensor), type);
  return tensor;
}

json::Object json_of(const decode::Region& region) {
  return {{"cx", region.center.x},   {"cy", region.center.y},       {"width", region.width},
          {"height", region.height}, {"rotation", region.rotation}, {"mirrored", region.mirrored}};
}

json::Value json_of(const decode::Finding& found) {
  json::Object attributes;
  for (const auto& [name, value] : found.attributes) {
    attributes[name] = std::visit([](const auto& held) { return json::Value(held); }, value);
  }
  json::Object out{{"shape", json::parse(json::write(found.shape))},
                   {"score", found.score},
                   {"class", found.class_name},
                   {"class_id", found.class_index},
                   {"attributes", std::move(attributes)}};
  if (!found.embedding.empty()) out["embedding"] = boost::json::value_from(found.embedding);
  if (found.region) out["region"] = json_of(*found.region);
  return out;
}

void print(const decode::Reading& reading, const decode::ModelSpec& spec,
           const decode::InputSpec& input, const decode::Frame& frame) {
  json::Array findings;
  for (const auto& found : reading.findings) findings.push_back(json_of(found));
  json::Object out{{"family", spec.reader->family},
                   {"input", json::Object{{"shape", boost::json::value_from(input.shape())},
                                          {"frame", boost::json::value_from(frame.a)}}},
                   {"findings", std::move(findings)}};
  if (reading.map) {
    out["map"] = json::Object{{"width", reading.map->width}, {"height", reading.map->height}};
  }
  if (!reading.embedding.empty()) out["embedding"] = boost::json::value_from(reading.embedding);
  std::cout << json::to_text(out) << '\n';
}

void analyze(const Job& job) {
  conformance::Machine machine;
  const auto image = conformance::read_ppm(job.image);
  const auto info = machine.info(job.graph);
  const auto spec = spec_of(job, decode::signature_of(info));
  const auto region = region_of(job);
  const auto input = region ? spec.input.sized_for(region->width, region->height)
                            : spec.input.sized_for(image.width(), image.height());
  const auto frame = decode::plan_frame(image.width(), image.height(), input, region);
  auto tensor = inference::Tensor::of_floats(spec.input_name, input.shape());
  decode::fill_frame(image.view(), input, frame, tensor.floats());
  write_floats(job.option("--input"), tensor.floats());
  std::vector<inference::Tensor> inputs;
  inputs.push_back(as_type(std::move(tensor), info.inputs.at(0).type));
  const auto result = machine.run(job.graph, std::move(inputs));
  const auto views = decode::views_of(result.outputs);
  const decode::ReadOptions defaults;
  const auto reading =
      decode::read_model(views, spec, frame,
                         {.score_min = job.number("--min-score", defaults.score_min),
                          .iou_max = job.number("--iou", defaults.iou_max)});
  if (reading.map) write_floats(job.option("--map"), reading.map->values);
  print(reading, spec, input, frame);
}

}  // namespace

int main(int count, char** words) {
  if (count < 4 || count % 2 != 0) {
    std::cerr << "usage: analyze_tool GRAPH FAMILY IMAGE.ppm [OPTION VALUE]..., see the source\n";
    return 2;
  }
  try {
    Job job{words[1], words[2], words[3], {}};
    for (int i = 4; i + 1 < count; i += 2) job.options[words[i]] = words[i + 1];
    analyze(job);
    return 0;
  } catch (const std::exception& e) {
    std::cerr << e.what() << '\n';
    return 1;
  }
}
