// Runs models on one image from the shell and prints JSON, for the conformance test:
//
//   inference_tool decode IMAGE OUT.ppm
//   inference_tool detect MODEL IMAGE.ppm MIN_SCORE
//   inference_tool segment ENCODER DECODER IMAGE.ppm PROMPT...
//     PROMPT: +X,Y (on the object) | -X,Y (not on it) | box:X0,Y0,X1,Y1
#include <fstream>
#include <iostream>

#include <fmt/format.h>

#include "driver/media/image_codec.hpp"
#include "kernel/decode/families.hpp"
#include "kernel/decode/sam.hpp"
#include "model_machine.hpp"

namespace {

using namespace aa;
using conformance::Machine;
using conformance::read_ppm;

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw not_found("file " + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

void decode_file(const std::string& from, const std::string& to) {
  const auto bytes = read_file(from);
  const auto image = media::decode(std::as_bytes(std::span(bytes)));
  std::ofstream file(to, std::ios::binary);
  file << "P6\n" << image.width() << ' ' << image.height() << "\n255\n";
  file.write(reinterpret_cast<const char*>(image.data()),
             static_cast<std::streamsize>(image.bytes()));
  if (!file.flush()) throw Error(ErrorCode::out_of_space, "write_failed", to + " was not written.");
}

inference::Tensor tensor(std::string name, std::vector<std::int64_t> shape,
                         std::span<const float> values) {
  auto out = inference::Tensor::of_floats(std::move(name), std::move(shape));
  std::ranges::copy(values, out.floats().begin());
  return out;
}

void detect(const std::string& model, const std::string& file, double score_min) {
  Machine machine;
  const auto image = read_ppm(file);
  const auto spec = decode::recognise_detector(machine.signature(model));
  if (!spec) throw invalid("model_unknown", model + " is no detector of a known family.");
  const auto input = decode::prepare_detector_input(image, *spec);
  std::vector<inference::Tensor> inputs;
  inputs.push_back(tensor(spec->input_name, spec->input_shape(), input.values));
  const auto result = machine.run(model, std::move(inputs));
  const auto views = decode::views_of(result.outputs);
  const auto found =
      decode::decode_detections(views, *spec, input.letterbox, {.score_min = score_min});
  fmt::print("{{\"family\": \"{}\", \"detections\": [", decode::family_row(spec->family).name);
  for (bool first = true; const auto& [box, score, class_index] : found) {
    fmt::print("{}{{\"bbox\": [{}, {}, {}, {}], \"score\": {}, \"class\": {}}}", first ? "" : ", ",
               box.x0, box.y0, box.x1, box.y1, score, class_index);
    first = false;
  }
  fmt::print("]}}\n");
}

decode::sam::Prompt read_prompt(int count, char** words) {
  decode::sam::Prompt prompt;
  for (int i = 0; i < count; ++i) {
    const std::string word = words[i];
    double a = 0, b = 0, c = 0, d = 0;
    if (std::sscanf(word.c_str(), "box:%lf,%lf,%lf,%lf", &a, &b, &c, &d) == 4) {
      prompt.box = geometry::Rect{a, b, c, d};
    } else if (std::sscanf(word.c_str() + 1, "%lf,%lf", &a, &b) == 2 &&
               (word[0] == '+' || word[0] == '-')) {
      prompt.points.push_back({{a, b}, word[0] == '+'});
    } else {
      throw invalid("bad_prompt", "'" + word + "' is no prompt.");
    }
  }
  return prompt;
}

void segment(const std::string& encoder, const std::string& decoder, const std::string& file,
             const decode::sam::Prompt& prompt) {
  namespace sam = decode::sam;
  Machine machine;
  const auto image = sam::prepare_image(read_ppm(file));
  const auto encoder_signature = machine.signature(encoder);
  std::vector<inference::Tensor> inputs;
  inputs.push_back(
      tensor(encoder_signature.inputs.at(0).name, {1, 3, sam::kSide, sam::kSide}, image.values));
  auto embedding = machine.run(encoder, std::move(inputs)).outputs.at(0);
  embedding.name = "image_embeddings";
  const auto given = sam::prepare_prompt(prompt, image.frame);
  inputs.clear();
  inputs.push_back(std::move(embedding));
  inputs.push_back(tensor("point_coords", {1, given.count(), 2}, given.point_coords));
  inputs.push_back(tensor("point_labels", {1, given.count()}, given.point_labels));
  inputs.push_back(tensor("mask_input", {1, 1, sam::kMaskSide, sam::kMaskSide}, given.mask_input));
  inputs.push_back(tensor("has_mask_input", {1}, given.has_mask));
  inputs.push_back(tensor("orig_im_size", {2}, given.image_size));
  const auto result = machine.run(decoder, std::move(inputs));
  const auto views = decode::views_of(result.outputs);
  const auto masks = sam::read_masks(views, image.frame);
  const auto& best = masks.at(0);
  fmt::print(
      "{{\"score\": {}, \"area\": {}, \"parts\": {}, \"bbox\": [{}, {}, {}, {}], "
      "\"size\": [{}, {}], \"runs\": [{}]}}\n",
      best.score, best.area, best.polygon.size(), best.bounds.x0, best.bounds.y0, best.bounds.x1,
      best.bounds.y1, best.rle.height, best.rle.width, fmt::join(best.rle.runs, ","));
}

int run(int count, char** words) {
  const std::string command = count > 1 ? words[1] : "";
  if (command == "decode" && count == 4)
    decode_file(words[2], words[3]);
  else if (command == "detect" && count == 5)
    detect(words[2], words[3], std::stod(words[4]));
  else if (command == "segment" && count > 5)
    segment(words[2], words[3], words[4], read_prompt(count - 5, words + 5));
  else {
    std::cerr << "usage: inference_tool decode|detect|segment ..., see the source\n";
    return 2;
  }
  return 0;
}

}  // namespace

int main(int count, char** words) {
  try {
    return run(count, words);
  } catch (const std::exception& e) {
    std::cerr << e.what() << '\n';
    return 1;
  }
}
