#include "kernel/document/labels.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace aa::document {
namespace {

void say(json::Reader& reader, std::string_view member, std::string detail) {
  reader.enter(member);
  reader.problem(std::move(detail));
  reader.leave();
}

std::vector<ErrorDetail> problems_of(const json::Reader& reader) {
  try {
    reader.finish();
  } catch (const Error& error) {
    return error.details();
  }
  return {};
}

bool is_option(const LabelAttribute& attribute, const json::Value& value) {
  const auto* text = value.if_string();
  if (text == nullptr || !attribute.options) return false;
  const auto& options = *attribute.options;
  return std::find(options.begin(), options.end(), std::string_view(*text)) != options.end();
}

void check_checkbox(json::Reader& reader, const LabelAttribute& attribute,
                    const json::Value& value) {
  if (!attribute.options) {
    if (!value.is_bool()) reader.problem("must be true or false");
    return;
  }
  const auto* chosen = value.if_array();
  if (chosen == nullptr || !std::all_of(chosen->begin(), chosen->end(), [&](const json::Value& v) {
        return is_option(attribute, v);
      })) {
    reader.problem("must be a list of the attribute's options");
  }
}

void check_value(json::Reader& reader, const LabelAttribute& attribute, const json::Value& value) {
  const json::Field range{.min = attribute.min.value_or(-HUGE_VAL),
                          .max = attribute.max.value_or(HUGE_VAL)};
  switch (attribute.kind) {
    case AttributeKind::select:
    case AttributeKind::radio:
      if (!is_option(attribute, value)) reader.problem("must be one of the attribute's options");
      break;
    case AttributeKind::checkbox:
      check_checkbox(reader, attribute, value);
      break;
    case AttributeKind::number: {
      double number = 0;
      reader.read_number(value, range, number);
      break;
    }
    case AttributeKind::text: {
      std::string text;
      const double most = attribute.max.value_or(static_cast<double>(limits::kJsonTextLength));
      reader.read_string(value, {.max_length = static_cast<std::size_t>(most)}, text);
      break;
    }
  }
}

void check_attribute(json::Reader& reader, const LabelAttribute& attribute) {
  const bool chooses =
      attribute.kind == AttributeKind::select || attribute.kind == AttributeKind::radio;
  if (chooses && (!attribute.options || attribute.options->empty())) {
    say(reader, "options", "must list what can be chosen");
  }
  if (attribute.options) {
    const std::set<std::string> distinct(attribute.options->begin(), attribute.options->end());
    if (distinct.size() != attribute.options->size()) say(reader, "options", "must be distinct");
  }
  if (attribute.min && attribute.max && *attribute.min > *attribute.max) {
    say(reader, "max", "must not be below min");
  }
  const bool counts_bytes = attribute.kind == AttributeKind::text && attribute.max;
  if (counts_bytes &&
      !(*attribute.max >= 1 && *attribute.max <= static_cast<double>(limits::kJsonTextLength))) {
    say(reader, "max", "must be a length in bytes");
    return;
  }
  if (!attribute.default_value) return;
  reader.enter("default_value");
  check_value(reader, attribute, *attribute.default_value);
  reader.leave();
}

bool is_color(std::string_view text) {
  return text.size() == 7 && text[0] == '#' &&
         text.find_first_not_of("0123456789abcdefABCDEF", 1) == std::string_view::npos;
}

void check_skeleton(json::Reader& reader, const SkeletonTemplate& skeleton) {
  const std::set<std::string> distinct(skeleton.points.begin(), skeleton.points.end());
  if (distinct.size() != skeleton.points.size()) say(reader, "points", "must be distinct");
  if (skeleton.positions) {
    const auto outside = [](geometry::Point p) {
      return !(p.x >= 0 && p.x <= 1 && p.y >= 0 && p.y <= 1);
    };
    if (skeleton.positions->size() != skeleton.points.size()) {
      say(reader, "positions", "must have one place for each point");
    } else if (std::ranges::any_of(*skeleton.positions, outside)) {
      say(reader, "positions", "must lie between 0 and 1");
    }
  }
  const auto count = static_cast<int>(skeleton.points.size());
  for (const auto& [from, to] : skeleton.edges) {
    if (from >= 0 && from < count && to >= 0 && to < count) continue;
    say(reader, "edges", "must name points by their index");
    return;
  }
}

void check_label(json::Reader& reader, const Label& label) {
  if (!is_color(label.color)) say(reader, "color", "must be written #rrggbb");
  std::set<std::string_view> names;
  reader.enter("attributes");
  for (std::size_t i = 0; i < label.attributes.size(); ++i) {
    reader.enter(i);
    if (!names.insert(label.attributes[i].name).second) say(reader, "name", "stands twice");
    check_attribute(reader, label.attributes[i]);
    reader.leave();
  }
  reader.leave();
  if (!label.skeleton) return;
  reader.enter("skeleton");
  check_skeleton(reader, *label.skeleton);
  reader.leave();
}

void validate_attributes(json::Reader& reader, const Annotation& annotation, const Label& label,
                         bool complete) {
  reader.enter("attributes");
  if (annotation.attributes.size() > limits::kAttributesPerObject) {
    reader.problem("has too many attributes");
  }
  for (const auto& [name, value] : annotation.attributes) {
    const auto known =
        std::find_if(label.attributes.begin(), label.attributes.end(),
                     [&](const LabelAttribute& a) { return std::string_view(name) == a.name; });
    reader.enter(std::string_view(name));
    if (known == label.attributes.end())
      reader.problem("is not an attribute of this label");
    else if (!value.is_null())
      check_value(reader, *known, value);
    reader.leave();
  }
  for (const LabelAttribute& attribute : label.attributes) {
    if (!complete || !attribute.required.value_or(false)) continue;
    const auto* value = annotation.attributes.if_contains(attribute.name);
    if (value == nullptr || value->is_null()) say(reader, attribute.name, "is required");
  }
  reader.leave();
}

void validate_shape(json::Reader& reader, const Shape& shape, const Label& label,
                    const AssetExtent& asset) {
  check_shape(reader, shape);
  if (!takes(label.kind, shape_type(shape))) {
    say(reader, "type",
        "must be " + std::string(boost::describe::enum_to_string(label.kind, "")) +
            " for the label \"" + label.name + "\"");
  }
  if (const auto* mask = std::get_if<MaskShape>(&shape)) {
    if (mask->rle.height == asset.height && mask->rle.width == asset.width) return;
    reader.enter("rle");
    say(reader, "size",
        "must be [" + std::to_string(asset.height) + ", " + std::to_string(asset.width) +
            "], the size of the asset");
    reader.leave();
  }
  const auto* skeleton = std::get_if<Skeleton>(&shape);
  if (skeleton == nullptr || !label.skeleton) return;
  const auto& names = label.skeleton->points;
  reader.enter("points");
  for (std::size_t i = 0; i < skeleton->points.size(); ++i) {
    if (std::find(names.begin(), names.end(), skeleton->points[i].name) != names.end()) continue;
    reader.enter(i);
    say(reader, "name", "is not a point of the label's skeleton");
    reader.leave();
  }
  reader.leave();
}

void validate_frame(json::Reader& reader, std::int64_t frame, const AssetExtent& asset) {
  if (frame < 0 || (asset.frames && frame >= *asset.frames)) {
    say(reader, "frame", "must be a frame of the asset");
  }
}

}  // namespace

const Label* LabelSchema::find(const LabelId& id) const {
  const auto found = std::find_if(labels.begin(), labels.end(),
                                  [&](const Label& label) { return label.id == id; });
  return found == labels.end() ? nullptr : &*found;
}

std::string folded_case(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

const Label* LabelSchema::find_name(std::string_view name) const {
  const std::string folded = folded_case(name);
  const Label* alike = nullptr;
  bool several = false;
  for (const Label& label : labels) {
    if (label.name == name) return &label;
    if (folded_case(label.name) != folded) continue;
    several = alike != nullptr;
    alike = &label;
  }
  return several ? nullptr : alike;
}

bool takes(LabelKind kind, ShapeType type) {
  if (kind == LabelKind::any) return true;
  const bool region = type == ShapeType::polygon || type == ShapeType::mask;
  if (kind == LabelKind::polygon || kind == LabelKind::mask) return region;
  if (kind == LabelKind::cuboid && type == ShapeType::cuboid_2d) return true;
  return boost::describe::enum_to_string(kind, "") == to_string(type);
}

std::vector<ErrorDetail> check_labels(const std::vector<Label>& labels) {
  json::Reader reader;
  std::set<std::string_view> names;
  std::set<LabelId> ids;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    reader.enter(i);
    if (!names.insert(labels[i].name).second) say(reader, "name", "stands twice");
    const bool has_id = labels[i].id != LabelId{};
    if (has_id && !ids.insert(labels[i].id).second) say(reader, "id", "stands twice");
    check_label(reader, labels[i]);
    reader.leave();
  }
  return problems_of(reader);
}

std::vector<ErrorDetail> validate(const Annotation& annotation, const LabelSchema& schema,
                                  const AssetExtent& asset, bool complete) {
  json::Reader reader;
  const Label* label = schema.find(annotation.label_id);
  if (label == nullptr) {
    say(reader, "label_id", "is not a label of the project");
    return problems_of(reader);
  }
  reader.enter("shape");
  validate_shape(reader, annotation.shape, *label, asset);
  reader.leave();
  validate_attributes(reader, annotation, *label, complete);
  if (annotation.score && !(*annotation.score >= 0 && *annotation.score <= 1)) {
    say(reader, "score", "must be between 0 and 1");
  }
  if (annotation.frame) validate_frame(reader, *annotation.frame, asset);
  reader.enter("keyframes");
  for (std::size_t i = 0; annotation.keyframes && i < annotation.keyframes->size(); ++i) {
    const Keyframe& keyframe = (*annotation.keyframes)[i];
    reader.enter(i);
    validate_frame(reader, keyframe.frame, asset);
    reader.enter("shape");
    validate_shape(reader, keyframe.shape, *label, asset);
    reader.leave();
    reader.leave();
  }
  reader.leave();
  return problems_of(reader);
}

void fill_defaults(Annotation& annotation, const LabelSchema& schema) {
  const Label* label = schema.find(annotation.label_id);
  if (label == nullptr) return;
  for (const LabelAttribute& attribute : label->attributes) {
    if (!attribute.default_value || annotation.attributes.contains(attribute.name)) continue;
    annotation.attributes[attribute.name] = *attribute.default_value;
  }
}

}  // namespace aa::document
