// Any model of one image graph, from pixels to findings: what to feed it, how to read its answer.
//
//   spec    = model_of_family(name, signature, parameters)   once per model, or recognise_model()
//   sized   = spec.input.sized_for(width, height)
//   frame   = plan_frame(image width, height, sized, region) the whole image, or a region of it
//             fill_frame(image, sized, frame, tensor)
//   reading = read_model(outputs, spec, frame, options)
//
// A family is a row of the table (reader_rows.hpp) and a file of its own. Models of several graphs
// that work together are not here: SAM (sam.hpp), pairs of image and text encoders (clip.hpp).
//
// Reading fails rather than guesses: numbers that are not finite, a side of an output beyond
// kOutputSideMax, shapes that do not fit, classes beyond the labels and coordinates beyond
// limits::kCoordinate are errors.
// Thread rule: pure functions. Errors: invalid_argument "model_output", "bad_parameters".
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/json.hpp"
#include "kernel/decode/detector.hpp"
#include "kernel/decode/frame.hpp"

namespace aa::decode {

inline constexpr std::int64_t kOutputSideMax = 1 << 20;

struct ReaderRow;

// An input besides the image that is the same in every run, in whatever type the graph has.
struct ConstantInput {
  std::string name;
  std::vector<std::int64_t> shape;
  std::vector<double> values;
};

struct ModelSpec : DetectorSpec {
  const ReaderRow* reader = nullptr;
  json::Object parameters;  // of the manifest, free for the family
  std::vector<ConstantInput> constants;
};

struct ReadOptions {
  double score_min = 0.25;
  double iou_max = 0.45;
  std::size_t findings_max = 300;
  double tolerance = 1.0;  // of polygons, pixels
};

struct ReaderRow {
  std::string_view family;
  std::string_view task;     // the words of the manifests: models/README.md
  std::string_view outputs;  // shape types, comma separated: "box", "mask", "skeleton", "map", ...
  // Fills what the signature alone does not say; false: not this family. The image input's name,
  // size and layout are set already where the first input is an image.
  bool (*recognise)(const GraphSignature& signature, ModelSpec& spec);
  Reading (*read)(Outputs outputs, const ModelSpec& spec, const Frame& frame,
                  const ReadOptions& options);
  bool by_name_only = false;  // its shapes tell too little to recognise it by
};

// All rows, in the order in which a graph is tried.
std::span<const ReaderRow* const> readers();
const ReaderRow* reader_named(std::string_view family);  // null: none

std::optional<ModelSpec> recognise_model(const GraphSignature& signature);
// nullopt: the signature is not that of the family. Error bad_parameters.
std::optional<ModelSpec> model_of_family(std::string_view family, const GraphSignature& signature,
                                         json::Object parameters = {});
// What a manifest says about the input stands above what the family assumes: members of
// `preprocess` are fit (stretch, top_left, centred, cover with cover_share), resampling (plain,
// bilinear, bicubic), color (rgb, bgr, grey), mean and std in levels of 0..255 (or scale and
// offset), pad_level, pad_zero, side_max, multiple.
void apply_preprocess(const json::Object& preprocess, InputSpec& input);

// Throws unless every number of the outputs is finite, then reads, orders by falling score and
// names classes by the labels.
Reading read_model(Outputs outputs, const ModelSpec& spec, const Frame& frame,
                   const ReadOptions& options = {});

// The label of a class, or "class 7".
std::string class_name(const DetectorSpec& spec, int class_index);

}  // namespace aa::decode
