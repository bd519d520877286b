// Predictions of a detector against a truth, both from files, as the COCO evaluation compares them.
//
// The truth is a COCO file. Predictions are COCO's results list ([{image_id, category_id, bbox |
// segmentation, score}], ids as in the truth) or a COCO file whose annotations have scores, as
// `annotateai annotate` writes; there, images are matched by file name (whole, else the last part
// when it is one image's alone) and categories by name, since its ids are its own.
// Boxes are compared when there are any; masks when predictions and truth have outlines or masks.
// A prediction's area is that of its box among boxes and of its mask among masks; the truth's is
// the `area` its file gives.
//
// Thread rule: pure apart from the files; blocks. Errors: those of the readers; invalid_argument
// "no_scores" when no prediction has a score. Single items become problems.
#pragma once

#include <filesystem>
#include <optional>

#include "kernel/formats/coco.hpp"
#include "kernel/metrics/average_precision.hpp"

namespace aa::dataset {

struct Evaluation {
  std::size_t images = 0;
  std::size_t objects = 0;      // of the truth
  std::size_t predictions = 0;  // that were compared
  std::optional<metrics::DetectionScores> bbox;
  std::optional<metrics::DetectionScores> segm;
};
BOOST_DESCRIBE_STRUCT(Evaluation, (), (images, objects, predictions, bbox, segm))

struct EvaluationInput {
  formats::CocoDataset truth;
  formats::CocoDataset predictions;  // ids of images and categories are those of the truth
};

EvaluationInput read_evaluation(const std::filesystem::path& truth,
                                const std::filesystem::path& predictions,
                                formats::Problems& problems);
Evaluation evaluate(const EvaluationInput& input, formats::Problems& problems);

// A results list, told by its first bracket, read with the truth's images and categories.
bool is_results_list(const std::filesystem::path& path);
formats::CocoDataset read_results_list(const std::filesystem::path& path,
                                       const formats::CocoDataset& truth);

}  // namespace aa::dataset
