// The layout of a YOLO zip: data.yaml (or classes.txt), pictures, and beside them one text file
// each, found as Ultralytics does: the last part "images" of the path becomes "labels", the
// extension becomes "txt". A zip of labels alone goes onto the project's images by their names.
#include <algorithm>

#include "kernel/formats/yolo.hpp"
#include "service/assets/zip_content.hpp"
#include "service/transfer/import_run.hpp"

namespace aa::transfer {
namespace {

using archive::ZipEntry;

constexpr std::uint64_t kNamesBytes = 1 << 20;
constexpr std::uint64_t kLabelBytes = 64ULL << 20;

std::string label_path(const std::string& picture) {
  const auto stem = stem_of(picture);
  const auto inner = stem.rfind("/images/");
  if (inner != std::string::npos) {
    return stem.substr(0, inner) + "/labels/" + stem.substr(inner + 8) + ".txt";
  }
  return (stem.starts_with("images/") ? "labels/" + stem.substr(7) : stem) + ".txt";
}

bool is_label(const std::string& path) {
  return path.ends_with(".txt") &&
         (path.starts_with("labels/") || path.find("/labels/") != std::string::npos);
}

const ZipEntry* find_base(std::span<const ZipEntry> entries, std::string_view name) {
  const auto found = std::ranges::find_if(entries, [&](const ZipEntry& entry) {
    return !assets::is_leftover(entry.path) && base_name(entry.path) == name;
  });
  return found == entries.end() ? nullptr : &*found;
}

std::vector<std::string> read_names(const archive::ZipReader& zip, formats::Problems& problems) {
  for (const auto* name : {"data.yaml", "data.yml", "dataset.yaml"}) {
    const auto* entry = find_base(zip.entries(), name);
    if (entry == nullptr) continue;
    const auto text = zip.read_all(*entry, kNamesBytes);
    formats::check_yolo_paths(text, problems);
    return formats::read_yolo_data_yaml(text);
  }
  const auto* classes = find_base(zip.entries(), "classes.txt");
  if (classes == nullptr) {
    throw invalid("no_annotations", "The zip holds neither a data.yaml nor a classes.txt.");
  }
  return formats::read_yolo_classes(zip.read_all(*classes, kNamesBytes));
}

}  // namespace

void ImportRun::read_yolo_layout() {
  const auto* zip = file_->zip();
  if (zip == nullptr) {
    throw malformed("not_a_zip", "A YOLO dataset is a zip with data.yaml, images and labels.");
  }
  formats::Problems paths;
  for (std::int64_t id = 1; const auto& name : read_names(*zip, paths)) {
    dataset_.categories.push_back({id++, name, {}, {}, {}});
  }
  for (const auto& [where, detail] : paths.kept()) problem(where, detail);
  std::map<std::string, const ZipEntry*> labels;
  for (const auto& entry : zip->entries()) {
    if (!entry.folder && is_label(entry.path)) labels.emplace(entry.path, &entry);
  }
  std::int64_t id = 1;
  for (const auto* picture : file_->pictures()) {
    const auto found = labels.find(label_path(picture->path));
    if (found != labels.end()) {
      lines_of_[id] = found->second;
      labels.erase(found);
    }
    dataset_.images.push_back({id++, picture->path, 0, 0, {}});
  }
  // Labels without their picture.
  for (const auto& [path, entry] : labels) {
    lines_of_[id] = entry;
    dataset_.images.push_back({id++, stem_of(base_name(path)), 0, 0, {}});
  }
}

void ImportRun::add_yolo_lines(std::int64_t image, const assets::Asset& asset,
                               const ZipEntry& entry) {
  const auto text = file_->zip()->read_all(entry, kLabelBytes);
  for (auto& object : formats::read_yolo(
           text, dataset_.categories.size(), static_cast<std::uint32_t>(asset.width),
           static_cast<std::uint32_t>(asset.height), entry.path, dataset_.problems)) {
    formats::CocoAnnotation row;
    row.id = static_cast<std::int64_t>(dataset_.annotations.size()) + 1;
    row.image_id = image;
    row.category_id = static_cast<std::int64_t>(object.class_index) + 1;
    row.annotation.source = document::Source::import;
    row.annotation.shape = std::move(object.shape);
    row.annotation.score = object.score;
    dataset_.annotations.push_back(std::move(row));
  }
}

// Lines are fractions of a size that only the image tells.
Task<> ImportRun::read_yolo_labels() {
  auto read = [this] {
    for (const auto& [image, entry] : lines_of_) {
      const auto asset = asset_of_.find(image);
      if (asset != asset_of_.end()) add_yolo_lines(image, asset->second, *entry);
    }
    return true;
  };
  co_await on_disk(std::move(read));
}

}  // namespace aa::transfer
