// The functions behind the rows of scene_readers.cpp, one pair per family.
//
//   family        output                                   gives
//   ppocr_det     probability of text [1, 1, H, W]         quadrangles with upright regions
//   ppocr_cls     [1, 2]: upright, on its head             tag with the attribute "orientation"
//   ppocr_rec     [1, T, C], C = blank, characters, space  tag with the attribute "text"
//   mlsd          scores and offsets of line centres       polylines of two points
//   isnet         foreground probability [1, 1, h, w]      mask or polygon, map
//   classifier    [1, C] scores of classes                 tags
//   embedder      [1, D]                                   vector of length 1
//   depth         [1, h, w]                                map
//   segmentation  [1, C, h, w] scores, or ids [1, h, w]    a mask per class
//
// Parameters: ppocr_det pixel_min (0.3), box_min (0.6), unclip (1.5); mlsd length_min (20 cells);
// isnet threshold (0.5), shape ("mask" or "polygon"); classifier top (5); segmentation background
// (the class that is no finding). The labels of ppocr_rec are its characters, without the blank.
//
// Thread rule: pure functions. Errors: invalid_argument "model_output", "bad_parameters".
#pragma once

#include "kernel/decode/reader.hpp"

namespace aa::decode {

bool recognise_text_detector(const GraphSignature& signature, ModelSpec& spec);
Reading read_text_boxes(Outputs outputs, const ModelSpec& spec, const Frame& frame,
                        const ReadOptions& options);
bool recognise_text_orientation(const GraphSignature& signature, ModelSpec& spec);
Reading read_text_orientation(Outputs outputs, const ModelSpec& spec, const Frame& frame,
                              const ReadOptions& options);
bool recognise_text_reader(const GraphSignature& signature, ModelSpec& spec);
Reading read_text_line(Outputs outputs, const ModelSpec& spec, const Frame& frame,
                       const ReadOptions& options);
bool recognise_line_detector(const GraphSignature& signature, ModelSpec& spec);
Reading read_lines(Outputs outputs, const ModelSpec& spec, const Frame& frame,
                   const ReadOptions& options);
bool recognise_salient(const GraphSignature& signature, ModelSpec& spec);
Reading read_salient(Outputs outputs, const ModelSpec& spec, const Frame& frame,
                     const ReadOptions& options);
bool recognise_classifier(const GraphSignature& signature, ModelSpec& spec);
Reading read_classes(Outputs outputs, const ModelSpec& spec, const Frame& frame,
                     const ReadOptions& options);
bool recognise_embedder(const GraphSignature& signature, ModelSpec& spec);
Reading read_embedding(Outputs outputs, const ModelSpec& spec, const Frame& frame,
                       const ReadOptions& options);
bool recognise_depth(const GraphSignature& signature, ModelSpec& spec);
Reading read_depth(Outputs outputs, const ModelSpec& spec, const Frame& frame,
                   const ReadOptions& options);
bool recognise_segmentation(const GraphSignature& signature, ModelSpec& spec);
Reading read_segmentation(Outputs outputs, const ModelSpec& spec, const Frame& frame,
                          const ReadOptions& options);

// Does any of the words stand in the name, in any case?
bool name_has(std::string_view name, std::initializer_list<std::string_view> words);
// RGB, stretched, mean and deviation of ImageNet.
void use_imagenet(InputSpec& input);
// Could sides h, w be those of a grid over the input? Free sides (-1) can.
bool covers_input(std::int64_t height, std::int64_t width, const InputSpec& input);

}  // namespace aa::decode
