#include <algorithm>
#include <fstream>
#include <map>
#include <set>

#include "base/error.hpp"
#include "driver/host/atomic_file.hpp"
#include "driver/media/image_codec.hpp"
#include "kernel/formats/coco_categories.hpp"
#include "kernel/formats/yolo.hpp"
#include "service/dataset/dataset_files.hpp"

namespace aa::dataset {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kNamesBytes = 1ULL << 20;
constexpr std::uint64_t kLabelBytes = 64ULL << 20;
constexpr std::size_t kHeadBytes = 1 << 20;  // a header with a large EXIF block still fits

std::vector<std::string> read_names(const fs::path& root) {
  for (const char* name : {"data.yaml", "data.yml", "dataset.yaml"}) {
    if (fs::exists(root / name)) {
      return formats::read_yolo_data_yaml(host::read_file(root / name, kNamesBytes));
    }
  }
  for (const char* name : {"classes.txt", "labels/classes.txt"}) {
    if (fs::exists(root / name)) {
      return formats::read_yolo_classes(host::read_file(root / name, kNamesBytes));
    }
  }
  throw not_found("data.yaml or classes.txt in " + root.string());
}

// The files below a folder as paths relative to it, in order.
std::vector<fs::path> files_below(const fs::path& folder) {
  std::vector<fs::path> out;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) out.push_back(entry.path().lexically_relative(folder));
  }
  std::ranges::sort(out);
  return out;
}

// From the header alone where that suffices.
media::ImageInfo probe_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::string head(kHeadBytes, '\0');
  in.read(head.data(), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<std::size_t>(std::max<std::streamsize>(in.gcount(), 0)));
  const auto bytes = std::as_bytes(std::span(head));
  if (!media::sniff(bytes)) throw malformed("no_image", "is no image");
  try {
    return media::probe(bytes);
  } catch (const Error&) {
    if (in.eof()) throw;
  }
  const auto whole = host::read_file(path, limits::kUploadFileBytes);
  return media::probe(std::as_bytes(std::span(whole)));
}

fs::path as_label(fs::path image) { return image.replace_extension(".txt"); }

// One dataset while it is put together.
class YoloFolder {
 public:
  YoloFolder(fs::path root, fs::path images, fs::path labels)
      : root_(std::move(root)), images_(std::move(images)), labels_(std::move(labels)) {
    names_ = read_names(root_);
    const auto ids = formats::category_ids(names_);
    for (std::size_t i = 0; i < names_.size(); ++i) {
      formats::CocoCategory category{ids[i], names_[i], {}, {}, {}};
      if (const auto* official = formats::find_official_category(names_[i])) {
        category.supercategory = std::string(official->supercategory);
      }
      data_.categories.push_back(std::move(category));
    }
  }

  formats::CocoDataset read() {
    std::set<fs::path> labels;
    for (const auto& file : files_below(labels_)) {
      if (file.extension() == ".txt" && file.filename() != "classes.txt") labels.insert(file);
    }
    for (const auto& file : files_below(images_)) {
      if (file.extension() == ".txt" || file.extension() == ".yaml") continue;
      const auto label = as_label(file);
      add_image(file, labels.contains(label) ? label : fs::path());
      used_.insert(label);
    }
    for (const auto& label : labels) {
      if (!used_.contains(label)) data_.problems.add(name_of(label), "has no image of its name");
    }
    return std::move(data_);
  }

 private:
  std::string name_of(const fs::path& label) const {
    return (labels_ / label).lexically_relative(root_).generic_string();
  }

  void add_image(const fs::path& file, const fs::path& label) {
    formats::CocoImage image;
    image.id = static_cast<std::int64_t>(data_.images.size()) + 1;
    image.file_name = file.generic_string();
    try {
      const auto info = probe_file(images_ / file);
      image.width = info.width;
      image.height = info.height;
      const auto text = label.empty() ? "" : host::read_file(labels_ / label, kLabelBytes);
      add_objects(image, formats::read_yolo(text, names_.size(), image.width, image.height,
                                            name_of(label), data_.problems));
    } catch (const Error& error) {
      data_.problems.add(image.file_name, error.message());
      return;
    }
    data_.images.push_back(std::move(image));
  }

  void add_objects(const formats::CocoImage& image, std::vector<formats::YoloObject> objects) {
    for (auto& object : objects) {
      formats::CocoAnnotation row;
      row.id = static_cast<std::int64_t>(data_.annotations.size()) + 1;
      row.image_id = image.id;
      row.category_id = data_.categories[object.class_index].id;
      row.annotation.shape = std::move(object.shape);
      row.annotation.score = object.score;
      row.annotation.source = document::Source::import;
      data_.annotations.push_back(std::move(row));
    }
  }

  fs::path root_;
  fs::path images_;
  fs::path labels_;
  std::vector<std::string> names_;
  std::set<fs::path> used_;
  formats::CocoDataset data_;
};

fs::path folder_in(const fs::path& root, const char* name) {
  return fs::is_directory(root / name) ? root / name : root;
}

}  // namespace

formats::CocoDataset read_yolo_folder(const fs::path& path, const ReadOptions& options) {
  const fs::path root = fs::is_directory(path) ? path : path.parent_path();
  const fs::path images = options.images.empty() ? folder_in(root, "images") : options.images;
  if (!fs::is_directory(images)) throw not_found("folder " + images.string());
  // With images elsewhere, labels/train/a.txt may belong to DIR/a.jpg.
  fs::path labels = folder_in(root, "labels");
  if (!options.images.empty() && fs::is_directory(labels / "train") &&
      !fs::is_directory(images / "train")) {
    labels /= "train";
  }
  return YoloFolder(root, images, labels).read();
}

}  // namespace aa::dataset
