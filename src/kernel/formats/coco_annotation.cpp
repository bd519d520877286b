#include "kernel/formats/coco_annotation.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "kernel/formats/coco_measures.hpp"

namespace aa::formats {
namespace {

using document::Annotation;
using json::Object;
using json::Value;

constexpr std::size_t kExtraMax = 200;
constexpr auto kOwn = "annotateai";
constexpr auto kGiven = "coco_given";
constexpr auto kRotation = "rotation";  // as CVAT says how a box is turned
// An attribute of that name is the object's own.
constexpr auto kOwnRotation = "rotation_attribute";
const std::initializer_list<std::string_view> kStandard = {
    "id",        "image_id",      "category_id", "bbox",       "area", "segmentation", "iscrowd",
    "keypoints", "num_keypoints", "score",       "attributes", kOwn,   kGiven};

// Does the file still say what this shape would have been written as?
bool agrees(const NativeShape& native, const Object& item, bool has_names) {
  const auto says = [&](const char* name) {
    const Value* found = item.if_contains(name);
    return found != nullptr && found->is_structured() &&
           !(found->is_array() && found->get_array().empty());
  };
  const auto same = [&](const char* name, const std::optional<Value>& expected) {
    const Value* found = item.if_contains(name);
    return found != nullptr && same_value(*found, *expected);
  };
  if (native.segmentation) return same("segmentation", native.segmentation);
  if (says("segmentation")) return false;
  if (native.keypoints) return same("keypoints", native.keypoints);
  if (has_names && says("keypoints")) return false;
  return native.bbox ? same("bbox", native.bbox) : !says("bbox");
}

// What stands in "annotateai"; nullopt when it is absent or broken.
std::optional<Annotation> read_own(const Object& item, const CocoImage& image,
                                   std::span<const std::string> names, const std::string& where,
                                   Problems& problems) {
  const Value* own = item.if_contains(kOwn);
  if (own == nullptr) return std::nullopt;
  if (!own->is_object()) {
    problems.add(where + "/annotateai", "must be an object; it is left out");
    return std::nullopt;
  }
  Object members = own->get_object();
  members.erase(kOwnRotation);
  const bool has_shape = members.contains("shape");
  if (!has_shape) members["shape"] = Object{{"type", "tag"}};
  if (!members.contains("id")) members["id"] = AnnotationId{}.str();
  if (!members.contains("source")) members["source"] = "import";
  members["label_id"] = LabelId{}.str();
  try {
    auto out = json::read<Annotation>(members, "invalid_annotateai");
    const NativeShape native = native_of(out.shape, image.width, image.height, names);
    if (!has_shape || !agrees(native, item, !names.empty())) {
      out.shape = shape_of(item, image.width, image.height, names);
    }
    return out;
  } catch (const Error& error) {
    problems.add(where + "/annotateai", error.message() + " It is left out.");
    return std::nullopt;
  }
}

void read_score(const Object& item, Annotation& out, Object& extra) {
  const Value* score = item.if_contains("score");
  if (score == nullptr) return;
  boost::json::error_code error;
  const double number = score->to_number<double>(error);
  if (score->is_number() && !error && number >= 0 && number <= 1)
    out.score = number;
  else
    extra["score"] = *score;
}

double rotation_of(const document::Shape& shape) {
  const auto* box = std::get_if<document::Box>(&shape);
  return box == nullptr ? 0.0 : box->rotation.value_or(0.0);
}

// A turned box of another program stands upright in `bbox` and says its turn among the attributes.
// What we wrote there beside a turned box goes again.
void read_rotation(const Object& item, Annotation& out) {
  const Value* own = item.if_contains(kOwn);
  const Object* members = own == nullptr ? nullptr : own->if_object();
  const Value* value = out.attributes.if_contains(kRotation);
  if (value == nullptr || !value->is_number()) return;
  if (members != nullptr) {
    const bool ours = !members->contains(kOwnRotation) && rotation_of(out.shape) != 0;
    if (ours && same_value(*value, rotation_of(out.shape))) out.attributes.erase(kRotation);
    return;
  }
  auto* box = std::get_if<document::Box>(&out.shape);
  boost::json::error_code error;
  const auto degrees = value->to_number<double>(error);
  if (box == nullptr || error || degrees == 0 || !std::isfinite(degrees)) return;
  box->rotation = degrees;
  out.attributes.erase(kRotation);
}

void read_attributes(const Object& item, Annotation& out, Object& extra) {
  const Value* attributes = item.if_contains("attributes");
  if (attributes == nullptr) return;
  const Object* members = attributes->if_object();
  if (members != nullptr && members->size() <= limits::kAttributesPerObject) {
    out.attributes = *members;
  } else {
    extra["attributes"] = *attributes;
  }
}

// Derived numbers that the file has otherwise than we compute them.
void read_given(const Object& item, const NativeShape& native, Object& extra) {
  Object given;
  const Value* area = item.if_contains("area");
  if (area != nullptr && area->is_number() && !same_value(*area, native.area)) {
    given["area"] = json::Array{*area, native.area};
  }
  const Value* bbox = item.if_contains("bbox");
  const bool has_bbox = bbox != nullptr && bbox->is_array() && !bbox->get_array().empty();
  if (has_bbox && native.bbox && !same_value(*bbox, *native.bbox)) {
    given["bbox"] = json::Array{*bbox, *native.bbox};
  }
  if (!given.empty()) extra[kGiven] = std::move(given);
}

Object read_extra(const Object& item, const Annotation& annotation) {
  Object out = unknown_members(item, kStandard);
  const Value* crowd = item.if_contains("iscrowd");
  if (crowd != nullptr && !same_value(*crowd, 0)) out["iscrowd"] = *crowd;
  if (std::holds_alternative<document::Skeleton>(annotation.shape)) return out;
  for (const char* name : {"keypoints", "num_keypoints"}) {
    if (const Value* value = item.if_contains(name)) out[name] = *value;
  }
  return out;
}

// The file's own number where it belongs to what we would compute now.
Value given_or(const Object* given, const char* name, Value computed) {
  const Value* pair = given == nullptr ? nullptr : given->if_contains(name);
  if (pair == nullptr || !pair->is_array() || pair->get_array().size() != 2) return computed;
  const json::Array& both = pair->get_array();
  return same_value(both[1], computed) ? both[0] : computed;
}

const Object* given_in(const Annotation& annotation) {
  const Value* found = annotation.extra ? annotation.extra->if_contains(kGiven) : nullptr;
  return found == nullptr ? nullptr : found->if_object();
}

Object own_members(const Annotation& annotation, const Object& written, const CocoImage& image,
                   std::span<const std::string> names) {
  Annotation rest = annotation;
  rest.shape = document::Tag{};
  rest.extra.reset();
  rest.attributes.clear();
  rest.score.reset();
  Object out = json::parse(json::write(rest)).as_object();
  for (const char* name : {"asset_id", "label_id", "shape", "attributes", "revision"}) {
    out.erase(name);
  }
  if (annotation.id == AnnotationId{}) out.erase("id");
  if (annotation.source == document::Source::import) out.erase("source");
  bool recovered = false;
  try {
    recovered = shape_of(written, image.width, image.height, names) == annotation.shape;
  } catch (const CocoProblem&) {
    recovered = false;  // a degenerate shape that COCO cannot hold
  }
  if (!recovered) out["shape"] = json::parse(json::write(annotation.shape));
  return out;
}

int visible_count(const Value& keypoints) {
  int out = 0;
  const json::Array& numbers = keypoints.get_array();
  for (std::size_t i = 2; i < numbers.size(); i += 3) out += same_value(numbers[i], 0) ? 0 : 1;
  return out;
}

std::span<const std::string> names_of(const CocoCategory* category) {
  if (category == nullptr) return {};
  return category->keypoints;
}

}  // namespace

std::int64_t integer_at(const Object& item, std::string_view name) {
  const Value* value = item.if_contains(name);
  const std::string where = "/" + std::string(name);
  if (value == nullptr) throw CocoProblem(where, "is missing");
  boost::json::error_code error;
  const auto number = value->to_number<std::int64_t>(error);
  if (!value->is_number() || error) throw CocoProblem(where, "must be a whole number");
  return number;
}

Object unknown_members(const Object& item, std::initializer_list<std::string_view> known) {
  Object out;
  for (const auto& [key, value] : item) {
    if (std::find(known.begin(), known.end(), std::string_view(key)) == known.end()) {
      out[key] = value;
    }
  }
  if (out.size() > kExtraMax) throw CocoProblem("", "has too many unknown members");
  require_finite(out);
  return out;
}

void require_finite(const Value& value) {
  json::Reader reader;
  Value checked;
  json::read_into(reader, value, json::kNoRule, checked);
  try {
    reader.finish();
  } catch (const Error& error) {
    throw CocoProblem(error.details()[0].pointer, error.details()[0].detail);
  }
}

CocoAnnotation annotation_of(const Object& item, const CocoImage& image,
                             const CocoCategory* category, const std::string& where,
                             Problems& problems) {
  CocoAnnotation out;
  if (item.contains("id")) out.id = integer_at(item, "id");
  out.image_id = integer_at(item, "image_id");
  out.category_id = integer_at(item, "category_id");
  const auto names = names_of(category);
  Annotation& annotation = out.annotation;
  if (auto own = read_own(item, image, names, where, problems)) {
    annotation = std::move(*own);
  } else {
    annotation.source = document::Source::import;
    annotation.shape = shape_of(item, image.width, image.height, names);
  }
  static_cast<void>(read_bbox(item));  // a bad box is a problem beside a good polygon too
  Object extra = read_extra(item, annotation);
  read_score(item, annotation, extra);
  read_attributes(item, annotation, extra);
  read_rotation(item, annotation);
  read_given(item, native_of(annotation.shape, image.width, image.height, names), extra);
  if (!extra.empty()) annotation.extra = std::move(extra);
  require_finite(annotation.attributes);
  if (annotation.extra) require_finite(*annotation.extra);
  return out;
}

CocoMeasures measures_of(const CocoAnnotation& row, const CocoImage& image) {
  const NativeShape native = native_of(row.annotation.shape, image.width, image.height, {});
  if (!native.bbox) throw invalid("no_box", "It has no extent.");
  const Object* given = given_in(row.annotation);
  const Value bbox = given_or(given, "bbox", *native.bbox);
  CocoMeasures out;
  if (const json::Array* numbers = bbox.if_array(); numbers != nullptr && numbers->size() == 4) {
    out.x = (*numbers)[0].to_number<double>();
    out.y = (*numbers)[1].to_number<double>();
    out.width = (*numbers)[2].to_number<double>();
    out.height = (*numbers)[3].to_number<double>();
  }
  out.area = given_or(given, "area", native.area).to_number<double>();
  const auto& extra = row.annotation.extra;
  const Value* crowd = extra ? extra->if_contains("iscrowd") : nullptr;
  out.crowd = crowd != nullptr && !same_value(*crowd, 0);
  return out;
}

Object object_of(const CocoAnnotation& row, const CocoImage& image, const CocoCategory* category) {
  const Annotation& annotation = row.annotation;
  const auto names = names_of(category);
  const NativeShape native = native_of(annotation.shape, image.width, image.height, names);
  const Object* extra = annotation.extra ? &*annotation.extra : nullptr;
  const Object* given = given_in(annotation);
  Object out{{"id", row.id}, {"image_id", row.image_id}, {"category_id", row.category_id}};
  out["iscrowd"] = extra != nullptr && extra->contains("iscrowd") ? extra->at("iscrowd") : 0;
  out["segmentation"] = native.segmentation.value_or(json::Array{});
  if (native.keypoints) {
    out["keypoints"] = *native.keypoints;
    out["num_keypoints"] = visible_count(*native.keypoints);
  }
  if (native.bbox) out["bbox"] = *native.bbox;
  Object own = own_members(annotation, out, image, names);
  if (native.bbox) out["bbox"] = given_or(given, "bbox", *native.bbox);
  out["area"] = given_or(given, "area", native.area);
  if (annotation.score) out["score"] = *annotation.score;
  Object attributes = annotation.attributes;
  const Value* more = extra == nullptr ? nullptr : extra->if_contains("attributes");
  if (more != nullptr && more->is_object()) {
    for (const auto& [key, value] : more->get_object()) {
      if (!attributes.contains(key)) attributes[key] = value;
    }
  }
  if (const double rotation = rotation_of(annotation.shape); rotation != 0) {
    if (attributes.contains(kRotation))
      own[kOwnRotation] = true;
    else if (attributes.size() < limits::kAttributesPerObject)
      attributes[kRotation] = rotation;
  }
  if (!attributes.empty()) out["attributes"] = std::move(attributes);
  for (const auto& [key, value] : annotation.extra.value_or(Object{})) {
    if (key != kGiven && !out.contains(key)) out[key] = value;
  }
  if (!own.empty()) out[kOwn] = std::move(own);
  return out;
}

}  // namespace aa::formats
