#include <algorithm>

#include "base/error.hpp"
#include "kernel/formats/coco_annotation.hpp"
#include "kernel/formats/coco_categories.hpp"

namespace aa::formats {
namespace {

using json::Object;
using json::Value;

void add_extra(Object& out, const Object& extra) {
  for (const auto& [key, value] : extra) {
    if (!out.contains(key)) out[key] = value;
  }
}

Object object_of(const CocoCategory& category) {
  Object out{{"id", category.id}, {"name", category.name}};
  if (!category.supercategory.empty()) out["supercategory"] = category.supercategory;
  if (!category.keypoints.empty()) {
    out["keypoints"] = json::Array(category.keypoints.begin(), category.keypoints.end());
  }
  add_extra(out, category.extra);
  return out;
}

}  // namespace

std::string CocoWriter::item(std::string text) {
  const bool first = std::exchange(first_, false);
  return (first ? "\n" : ",\n") + std::move(text);
}

std::string CocoWriter::begin(std::span<const CocoCategory> categories, const Object& extra) {
  if (stage_ != Stage::begin) throw internal_error("CocoWriter::begin is called once");
  stage_ = Stage::images;
  categories_.assign(categories.begin(), categories.end());
  std::string out = "{";
  for (const auto& [key, value] : extra) {
    if (key == "images" || key == "annotations" || key == "categories") continue;
    json::append_string(out, key);
    out += ':';
    json::append_value(out, value);
    out += ",\n";
  }
  out += "\"categories\":[";
  for (const CocoCategory& category : categories_) {
    out += item(json::write(object_of(category)));
  }
  first_ = true;
  return out + "\n],\n\"images\":[";
}

std::string CocoWriter::image(const CocoImage& image) {
  if (stage_ != Stage::images) throw internal_error("CocoWriter::image comes before annotations");
  Object out{{"id", image.id}, {"file_name", image.file_name}};
  if (image.width > 0) {
    out["width"] = image.width;
    out["height"] = image.height;
  }
  add_extra(out, image.extra);
  return item(json::write(out));
}

std::string CocoWriter::annotation(const CocoAnnotation& annotation, const CocoImage& image) {
  std::string out;
  if (stage_ == Stage::images) {
    stage_ = Stage::annotations;
    first_ = true;
    out = "\n],\n\"annotations\":[";
  }
  if (stage_ != Stage::annotations) throw internal_error("CocoWriter::annotation out of order");
  const auto category =
      std::find_if(categories_.begin(), categories_.end(),
                   [&](const CocoCategory& row) { return row.id == annotation.category_id; });
  const CocoCategory* row = category == categories_.end() ? nullptr : &*category;
  return out + item(json::write(formats::object_of(annotation, image, row)));
}

std::string CocoWriter::end() {
  if (stage_ == Stage::begin || stage_ == Stage::done) {
    throw internal_error("CocoWriter::end out of order");
  }
  const std::string open = stage_ == Stage::images ? "\n],\n\"annotations\":[" : "";
  stage_ = Stage::done;
  return open + "\n]}\n";
}

std::vector<CocoCategory> coco_categories(const document::LabelSchema& schema) {
  std::vector<std::string> names;
  for (const document::Label& label : schema.labels) names.push_back(label.name);
  const std::vector<std::int64_t> ids = category_ids(names);
  std::vector<CocoCategory> out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    CocoCategory category{ids[i], names[i], {}, {}, {}};
    if (const auto* official = find_official_category(names[i])) {
      category.supercategory = std::string(official->supercategory);
    }
    if (const auto& skeleton = schema.labels[i].skeleton) {
      category.keypoints = skeleton->points;
      json::Array edges;  // COCO counts points from 1
      for (const auto& [a, b] : skeleton->edges) edges.push_back(json::Array{a + 1, b + 1});
      if (!edges.empty()) category.extra["skeleton"] = std::move(edges);
    }
    out.push_back(std::move(category));
  }
  return out;
}

}  // namespace aa::formats
