#include "service/dataset/evaluation.hpp"

#include <map>
#include <unordered_map>

#include "base/error.hpp"
#include "kernel/formats/coco_measures.hpp"
#include "kernel/raster/coco_polygon.hpp"
#include "service/dataset/dataset_files.hpp"

namespace aa::dataset {
namespace {

using formats::CocoAnnotation;
using formats::CocoDataset;
using formats::CocoImage;
using metrics::Region;

using Images = std::unordered_map<std::int64_t, const CocoImage*>;

std::string last_part(const std::string& file_name) {
  return std::filesystem::path(file_name).filename().string();
}

// Ids of the truth by names, for a file that numbers its images in its own way.
class ByName {
 public:
  explicit ByName(const CocoDataset& truth) {
    for (const auto& image : truth.images) {
      whole_.emplace(image.file_name, image.id);
      const auto [found, fresh] = last_.emplace(last_part(image.file_name), image.id);
      if (!fresh) found->second.reset();  // several have it: none is meant
    }
    for (const auto& category : truth.categories) categories_.emplace(category.name, category.id);
  }
  std::optional<std::int64_t> image(const std::string& file_name) const {
    if (const auto found = whole_.find(file_name); found != whole_.end()) return found->second;
    const auto found = last_.find(last_part(file_name));
    return found == last_.end() ? std::nullopt : found->second;
  }
  std::optional<std::int64_t> category(const std::string& name) const {
    const auto found = categories_.find(name);
    if (found == categories_.end()) return std::nullopt;
    return found->second;
  }

 private:
  std::unordered_map<std::string, std::int64_t> whole_;
  std::unordered_map<std::string, std::optional<std::int64_t>> last_;
  std::unordered_map<std::string, std::int64_t> categories_;
};

// Renumbers a dataset as the truth numbers; what the truth does not have is left out. A category
// that the truth lacks is no problem: the truth says what is looked for.
CocoDataset renumbered(CocoDataset data, const CocoDataset& truth, formats::Problems& problems) {
  const ByName names(truth);
  std::unordered_map<std::int64_t, std::int64_t> images;
  for (const auto& image : data.images) {
    if (const auto id = names.image(image.file_name))
      images[image.id] = *id;
    else
      problems.add("image " + image.file_name, "is not in the truth");
  }
  std::unordered_map<std::int64_t, std::int64_t> categories;
  for (const auto& category : data.categories) {
    if (const auto id = names.category(category.name)) categories[category.id] = *id;
  }
  std::erase_if(data.annotations, [&](CocoAnnotation& row) {
    const auto image = images.find(row.image_id);
    const auto category = categories.find(row.category_id);
    if (image == images.end() || category == categories.end()) return true;
    row.image_id = image->second;
    row.category_id = category->second;
    return false;
  });
  return data;
}

void add_all(formats::Problems& to, const std::string& prefix, const formats::Problems& from) {
  for (const auto& problem : from.kept()) to.add(prefix + problem.where, problem.detail);
  for (std::size_t i = from.kept().size(); i < from.total(); ++i) to.add(prefix, "");
}

std::optional<double> score_of(const document::Annotation& annotation) {
  if (annotation.score) return annotation.score;
  const auto* kept = annotation.extra ? annotation.extra->if_contains("score") : nullptr;
  if (kept == nullptr || !kept->is_number()) return std::nullopt;  // scores beyond 1 are kept there
  return kept->to_number<double>();
}

bool has_outline(const document::Shape& shape) {
  return std::holds_alternative<document::Polygon>(shape) ||
         std::holds_alternative<document::MaskShape>(shape);
}

// Filled by COCO's own rule; a box counts as its four corners.
raster::Rle mask_of(const document::Shape& shape, const CocoImage& image) {
  if (const auto* mask = std::get_if<document::MaskShape>(&shape)) return mask->rle;
  std::vector<geometry::Ring> rings;
  for (const auto& part : document::outline(shape)) {
    if (!part.holes.empty()) return *document::to_rle(shape, image.height, image.width);
    rings.push_back(part.outer);
  }
  return raster::fill_as_coco(rings, image.height, image.width);
}

metrics::BoxArea box_of(const formats::CocoMeasures& measures) {
  return {measures.x, measures.y, measures.width, measures.height};
}

class Comparison {
 public:
  Comparison(const EvaluationInput& input, Region region, formats::Problems& problems)
      : input_(input), region_(region), problems_(problems) {
    for (const auto& image : input.truth.images) images_[image.id] = &image;
  }

  metrics::DetectionScores run() {
    std::vector<metrics::TruthObject> truth;
    for (const auto& row : input_.truth.annotations) {
      taken(row, "truth: ", [&](const CocoImage& image, const formats::CocoMeasures& measures) {
        truth.push_back({row.image_id, row.category_id, box_of(measures), region_mask(row, image),
                         measures.area, measures.crowd});
      });
    }
    std::vector<metrics::PredictedObject> predictions;
    for (const auto& row : input_.predictions.annotations) {
      const auto score = score_of(row.annotation);
      if (!score) continue;
      taken(row,
            "predictions: ", [&](const CocoImage& image, const formats::CocoMeasures& measures) {
              auto mask = region_mask(row, image);
              const double area = region_ == Region::mask ? static_cast<double>(raster::area(mask))
                                                          : measures.width * measures.height;
              predictions.push_back(
                  {row.image_id, row.category_id, box_of(measures), std::move(mask), area, *score});
            });
    }
    return metrics::evaluate_detections(truth, predictions, region_);
  }

 private:
  raster::Rle region_mask(const CocoAnnotation& row, const CocoImage& image) const {
    return region_ == Region::mask ? mask_of(row.annotation.shape, image) : raster::Rle{};
  }

  template <class Take>
  void taken(const CocoAnnotation& row, const char* whose, Take take) {
    const auto image = images_.find(row.image_id);
    if (image == images_.end()) return;  // the reader has named it
    try {
      take(*image->second, formats::measures_of(row, *image->second));
    } catch (const Error& error) {
      problems_.add(whose + std::string("annotation ") + std::to_string(row.id), error.message());
    }
  }

  const EvaluationInput& input_;
  Region region_;
  formats::Problems& problems_;
  Images images_;
};

bool any_outline(const CocoDataset& data) {
  return std::ranges::any_of(data.annotations, [](const CocoAnnotation& row) {
    return has_outline(row.annotation.shape);
  });
}

}  // namespace

EvaluationInput read_evaluation(const std::filesystem::path& truth,
                                const std::filesystem::path& predictions,
                                formats::Problems& problems) {
  EvaluationInput out;
  out.truth = read_dataset("coco", truth);
  add_all(problems, "truth: ", out.truth.problems);
  if (!std::filesystem::is_regular_file(predictions)) {
    throw not_found("file " + predictions.string());
  }
  const bool list = is_results_list(predictions);
  auto data = list ? read_results_list(predictions, out.truth) : read_dataset("coco", predictions);
  add_all(problems, "predictions: ", data.problems);
  out.predictions = list ? std::move(data) : renumbered(std::move(data), out.truth, problems);
  return out;
}

Evaluation evaluate(const EvaluationInput& input, formats::Problems& problems) {
  Evaluation out;
  out.images = input.truth.images.size();
  out.objects = input.truth.annotations.size();
  for (const auto& row : input.predictions.annotations) {
    if (score_of(row.annotation))
      ++out.predictions;
    else
      problems.add("predictions: annotation " + std::to_string(row.id), "has no score");
  }
  if (out.predictions == 0 && !input.predictions.annotations.empty()) {
    throw invalid("no_scores", "None of the predictions has a score, so they have no order.");
  }
  out.bbox = Comparison(input, Region::box, problems).run();
  if (any_outline(input.predictions) && any_outline(input.truth)) {
    formats::Problems same;  // items that have no box have no mask either
    out.segm = Comparison(input, Region::mask, same).run();
  }
  return out;
}

}  // namespace aa::dataset
