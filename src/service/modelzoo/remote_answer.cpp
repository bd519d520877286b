#include "service/modelzoo/remote_answer.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "kernel/raster/rle.hpp"

namespace aa::modelzoo {
namespace {

constexpr double kPercentMax = 10'000;  // far outside the image, but a number still
constexpr std::size_t kNameMax = 200;
constexpr double kWhole = 100;

Error bad(std::string what) {
  return invalid("remote_answer",
                 "The remote model's answer cannot be used: " + std::move(what) + ".");
}

struct Region {
  const json::Object& object;
  const json::Object& value;
  std::string where;  // "results/0/result/3"
  int width;
  int height;

  double number(std::string_view name) const {
    const auto* found = value.if_contains(name);
    if (found == nullptr || !found->is_number())
      throw bad(where + "/value/" + std::string(name) + " is no number");
    const double out = found->to_number<double>();
    if (!std::isfinite(out) || std::abs(out) > kPercentMax) {
      throw bad(where + "/value/" + std::string(name) + " is out of range");
    }
    return out;
  }
  double number_or(std::string_view name, double initial) const {
    const auto* found = value.if_contains(name);
    return found == nullptr || found->is_null() ? initial : number(name);
  }
  double x(double percent) const { return percent / kWhole * width; }
  double y(double percent) const { return percent / kWhole * height; }
};

std::string type_of(const json::Object& region) {
  const auto* type = region.if_contains("type");
  return type != nullptr && type->is_string() ? std::string(type->as_string()) : std::string();
}

// Degrees in 0..360, or none.
std::optional<double> turn_of(const Region& region) {
  const double degrees = std::fmod(region.number_or("rotation", 0), 360.0);
  return degrees == 0 ? std::nullopt : std::optional(degrees < 0 ? degrees + 360 : degrees);
}

document::Shape read_rectangle(const Region& region) {
  const double x = region.x(region.number("x"));
  const double y = region.y(region.number("y"));
  const double width = region.x(region.number("width"));
  const double height = region.y(region.number("height"));
  if (!(width > 0 && height > 0)) throw bad(region.where + " has no size");
  const auto turn = turn_of(region);
  if (!turn) {
    const double left = std::clamp(x, 0.0, static_cast<double>(region.width));
    const double top = std::clamp(y, 0.0, static_cast<double>(region.height));
    const double right = std::clamp(x + width, 0.0, static_cast<double>(region.width));
    const double bottom = std::clamp(y + height, 0.0, static_cast<double>(region.height));
    return document::Box{left, top, right - left, bottom - top, std::nullopt};
  }
  // It was turned about its top left corner: so was its centre.
  const double angle = *turn * std::numbers::pi / 180;
  const double center_x = x + std::cos(angle) * width / 2 - std::sin(angle) * height / 2;
  const double center_y = y + std::sin(angle) * width / 2 + std::cos(angle) * height / 2;
  return document::Box{center_x - width / 2, center_y - height / 2, width, height, turn};
}

document::Shape read_polygon(const Region& region) {
  const auto* points = region.value.if_contains("points");
  const auto* list = points != nullptr ? points->if_array() : nullptr;
  if (list == nullptr || list->size() < 3 || list->size() > limits::kShapePoints) {
    throw bad(region.where + "/value/points are no polygon");
  }
  document::PolygonPart part;
  for (const auto& point : *list) {
    const auto* pair = point.if_array();
    const bool numbers =
        pair != nullptr && pair->size() == 2 && pair->at(0).is_number() && pair->at(1).is_number();
    if (!numbers) throw bad(region.where + "/value/points holds what is no point");
    const double x = pair->at(0).to_number<double>();
    const double y = pair->at(1).to_number<double>();
    if (!(std::abs(x) <= kPercentMax && std::abs(y) <= kPercentMax)) {
      throw bad(region.where + "/value/points is out of range");
    }
    part.points.push_back({std::clamp(region.x(x), 0.0, static_cast<double>(region.width)),
                           std::clamp(region.y(y), 0.0, static_cast<double>(region.height))});
  }
  document::Shape out = document::Polygon{{std::move(part)}};
  document::assign_keys(out);
  return out;
}

document::Shape read_keypoint(const Region& region) {
  document::Shape out =
      document::PointSet{{{region.x(region.number("x")), region.y(region.number("y"))}}, {}};
  document::assign_keys(out);
  return out;
}

document::Shape read_ellipse(const Region& region) {
  return document::Ellipse{region.x(region.number("x")), region.y(region.number("y")),
                           region.x(region.number("radiusX")), region.y(region.number("radiusY")),
                           turn_of(region)};
}

std::int64_t side_of(const Region& region, std::string_view name, int initial) {
  const auto* found = region.object.if_contains(name);
  if (found == nullptr) return initial;
  if (!found->is_number()) throw bad(region.where + "/" + std::string(name) + " is no number");
  const double side = found->to_number<double>();
  if (!(side >= 1 && side <= limits::kImageSide)) {
    throw bad(region.where + "/" + std::string(name) + " is out of range");
  }
  return static_cast<std::int64_t>(side);
}

// In the size that the backend saw, then pixel by pixel in the original's.
document::Shape read_brush(const Region& region) {
  const auto* packed = region.value.if_contains("rle");
  const auto* list = packed != nullptr ? packed->if_array() : nullptr;
  if (list == nullptr) throw bad(region.where + "/value/rle is missing");
  std::vector<std::uint8_t> bytes;
  bytes.reserve(list->size());
  for (const auto& byte : *list) {
    const auto* number = byte.if_int64();
    if (number == nullptr || *number < 0 || *number > 255) {
      throw bad(region.where + "/value/rle holds what is no byte");
    }
    bytes.push_back(static_cast<std::uint8_t>(*number));
  }
  const auto width = side_of(region, "original_width", region.width);
  const auto height = side_of(region, "original_height", region.height);
  const auto seen = unpack_brush(bytes, static_cast<std::size_t>(width * height));
  raster::Mask mask{
      static_cast<std::uint32_t>(region.height), static_cast<std::uint32_t>(region.width), {}};
  mask.bytes.resize(std::size_t{mask.height} * mask.width);
  for (std::int64_t y = 0; y < region.height; ++y) {
    const std::int64_t from = (2 * y + 1) * height / (2 * std::int64_t{region.height}) * width;
    for (std::int64_t x = 0; x < region.width; ++x) {
      mask.bytes[static_cast<std::size_t>(y * region.width + x)] = seen[static_cast<std::size_t>(
          from + (2 * x + 1) * width / (2 * std::int64_t{region.width}))];
    }
  }
  return document::MaskShape{raster::encode(mask)};
}

document::Shape read_choice(const Region&) { return document::Tag{}; }

// A type of region: how its shape is read. The value's member of the same name holds the labels.
struct RegionRow {
  std::string_view type;
  document::Shape (*read)(const Region& region);
};
constexpr RegionRow kRegions[] = {
    {"rectanglelabels", read_rectangle},
    {"rectangle", read_rectangle},
    {"polygonlabels", read_polygon},
    {"polygon", read_polygon},
    {"brushlabels", read_brush},
    {"brush", read_brush},
    {"keypointlabels", read_keypoint},
    {"keypoint", read_keypoint},
    {"ellipselabels", read_ellipse},
    {"ellipse", read_ellipse},
    {"choices", read_choice},
};

std::string label_of(const Region& region, const std::string& type) {
  for (const auto& name : {type, std::string("labels")}) {
    const auto* found = region.value.if_contains(name);
    const auto* list = found != nullptr ? found->if_array() : nullptr;
    if (list == nullptr || list->empty()) continue;
    const auto* text = list->front().if_string();
    if (text == nullptr || text->empty() || text->size() > kNameMax) {
      throw bad(region.where + "/value/" + name + " holds no label");
    }
    return std::string(*text);
  }
  return "object";
}

std::optional<double> score_of(const json::Object& object, const std::string& where) {
  const auto* found = object.if_contains("score");
  if (found == nullptr || found->is_null()) return std::nullopt;
  const double score = found->is_number() ? found->to_number<double>() : -1;
  if (!(score >= 0 && score <= 1)) throw bad(where + "/score is not within 0 and 1");
  return score;
}

void read_region(const json::Value& item, const std::string& where, double score, int width,
                 int height, const std::vector<std::string>& labels, RemotePrediction& out) {
  const auto* object = item.if_object();
  if (object == nullptr) throw bad(where + " is no region");
  const auto type = type_of(*object);
  const auto* row = std::ranges::find(kRegions, std::string_view(type), &RegionRow::type);
  if (row == std::end(kRegions)) return;
  const auto* value = object->if_contains("value");
  if (value == nullptr || !value->is_object()) throw bad(where + " has no value");
  const Region region{*object, value->get_object(), where, width, height};
  if (const auto* turned = object->if_contains("image_rotation")) {
    if (!turned->is_number() || turned->to_number<double>() != 0) {
      throw bad(where + " was made on a turned image");
    }
  }
  decode::Finding finding;
  finding.shape = row->read(region);
  finding.class_name = label_of(region, type);
  const auto known = std::ranges::find(labels, finding.class_name);
  if (known != labels.end()) finding.class_index = static_cast<int>(known - labels.begin());
  finding.score = static_cast<float>(score_of(*object, where).value_or(score));
  out.findings.push_back(std::move(finding));
}

// One prediction, or of a list of them (each by another version) the first.
const json::Object& prediction_in(const json::Value& answer) {
  const auto* root = answer.if_object();
  const auto* results = root != nullptr ? root->if_contains("results") : nullptr;
  const auto* list = results != nullptr ? results->if_array() : nullptr;
  if (list == nullptr || list->size() != 1) throw bad("/results does not hold one prediction");
  const json::Value* first = &list->front();
  if (const auto* several = first->if_array(); several != nullptr && !several->empty()) {
    first = &several->front();
  }
  if (!first->is_object()) throw bad("/results/0 is no prediction");
  return first->get_object();
}

}  // namespace

RemotePrediction read_prediction(const json::Value& answer, int width, int height,
                                 const std::vector<std::string>& labels) {
  const auto& prediction = prediction_in(answer);
  RemotePrediction out;
  for (const auto* holder : {&prediction, &answer.get_object()}) {
    const auto* version = holder->if_contains("model_version");
    if (out.version.empty() && version != nullptr && version->is_string()) {
      out.version = std::string(version->as_string()).substr(0, kNameMax);
    }
  }
  const auto* regions = prediction.if_contains("result");
  const auto* list = regions != nullptr ? regions->if_array() : nullptr;
  if (list == nullptr) throw bad("/results/0/result is no list");
  if (list->size() > kRegionsMax) {
    throw bad("it holds more than " + std::to_string(kRegionsMax) + " regions");
  }
  const double score = score_of(prediction, "results/0").value_or(1);
  for (std::size_t i = 0; i < list->size(); ++i) {
    read_region((*list)[i], "results/0/result/" + std::to_string(i), score, width, height, labels,
                out);
  }
  return out;
}

}  // namespace aa::modelzoo
