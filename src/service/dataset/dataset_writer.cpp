#include <map>
#include <set>
#include <unordered_map>

#include "base/error.hpp"
#include "driver/host/atomic_file.hpp"
#include "kernel/formats/yolo.hpp"
#include "service/dataset/dataset_files.hpp"

namespace aa::dataset {
namespace {

namespace fs = std::filesystem;
using formats::CocoDataset;
using formats::Problems;

std::string where_of(const formats::CocoAnnotation& row) {
  return "annotation " + std::to_string(row.id);
}

void write_coco(const CocoDataset& dataset, const fs::path& out, Problems& problems) {
  host::AtomicFile file(out);
  formats::CocoWriter writer;
  file.write(writer.begin(dataset.categories, dataset.extra));
  std::unordered_map<std::int64_t, const formats::CocoImage*> images;
  for (const auto& image : dataset.images) {
    images[image.id] = &image;
    file.write(writer.image(image));
  }
  for (const auto& row : dataset.annotations) {
    try {
      file.write(writer.annotation(row, *images.at(row.image_id)));
    } catch (const Error& error) {
      if (error.slug() == "cannot_write") throw;
      problems.add(where_of(row), error.message());
    }
  }
  file.write(writer.end());
  file.commit();
}

// "labels/train/NAME.txt" of an image; empty when its name would lead elsewhere.
fs::path label_path(const std::string& file_name) {
  const fs::path name = fs::path(file_name).lexically_normal();
  if (name.empty() || name.is_absolute() || !name.has_filename()) return {};
  for (const auto& part : name) {
    if (part == "..") return {};
  }
  return fs::path("labels") / "train" / fs::path(name).replace_extension(".txt");
}

class YoloWriter {
 public:
  YoloWriter(const CocoDataset& dataset, formats::YoloVariant variant, Problems& problems)
      : dataset_(dataset), variant_(variant), problems_(problems) {
    for (std::size_t i = 0; i < dataset.categories.size(); ++i) {
      class_of_[dataset.categories[i].id] = i;
      names_.push_back(dataset.categories[i].name);
    }
    for (const auto& row : dataset.annotations) rows_[row.image_id].push_back(&row);
  }

  void write(const fs::path& out) {
    for (const auto& image : dataset_.images) write_image(image, out);
    host::write_file(out / "data.yaml", formats::yolo_data_yaml(names_));
  }

 private:
  void write_image(const formats::CocoImage& image, const fs::path& out) {
    const auto path = label_path(image.file_name);
    if (path.empty()) {
      problems_.add("image " + image.file_name, "its name leads out of the folder");
    } else if (!used_.insert(path).second) {
      problems_.add("image " + image.file_name,
                    path.generic_string() + " belongs to an image of the same name already");
    } else if (image.width == 0) {
      problems_.add("image " + image.file_name, "the file does not tell its width and height");
    } else {
      host::write_file(out / path, lines_of(image), host::Durable::no);
    }
  }

  std::string lines_of(const formats::CocoImage& image) {
    std::string out;
    for (const auto* row : rows_[image.id]) {
      try {
        const auto lines =
            formats::yolo_lines(row->annotation.shape, class_of_.at(row->category_id), image.width,
                                image.height, variant_);
        if (lines.empty()) problems_.add(where_of(*row), "has no extent inside its image");
        out += lines;
      } catch (const Error& error) {
        problems_.add(where_of(*row), error.message());
      }
    }
    return out;
  }

  const CocoDataset& dataset_;
  formats::YoloVariant variant_;
  Problems& problems_;
  std::map<std::int64_t, std::size_t> class_of_;
  std::vector<std::string> names_;
  std::unordered_map<std::int64_t, std::vector<const formats::CocoAnnotation*>> rows_;
  std::set<fs::path> used_;
};

void require_new_folder(const fs::path& out) {
  std::error_code error;
  if (!fs::exists(out, error)) return;
  if (fs::is_directory(out, error) && fs::is_empty(out, error)) return;
  throw invalid("folder_not_empty", out.string() +
                                        " is there already; a YOLO dataset is written into a new "
                                        "or empty folder.");
}

}  // namespace

void write_dataset(std::string_view format, const CocoDataset& dataset, const fs::path& out,
                   Problems& problems) {
  const auto& row = format_row(format);
  if (row.name == "coco") return write_coco(dataset, out, problems);
  require_new_folder(out);
  const auto variant =
      row.name == "yolo-seg" ? formats::YoloVariant::segmentation : formats::YoloVariant::detection;
  YoloWriter(dataset, variant, problems).write(out);
}

}  // namespace aa::dataset
