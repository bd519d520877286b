#include "kernel/formats/yolo.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "base/error.hpp"

namespace aa::formats {
namespace {

using document::Point;
using document::Shape;
using geometry::Ring;

// Outlines of masks are simplified by this much before they become lines.
constexpr double kOutlineTolerance = 0.5;

void append_ratio(std::string& out, double value, double whole) {
  const double ratio = std::clamp(value / whole, 0.0, 1.0);
  out += ' ';
  json::append_number(out, std::round(ratio * 1e6) / 1e6);
}

std::string box_line(const Shape& shape, std::size_t class_index, double width, double height) {
  const auto bounds = document::shape_bounds(shape);
  if (!bounds) return {};
  const geometry::Rect box = geometry::clamped(*bounds, width, height);
  if (box.empty()) return {};
  std::string out = std::to_string(class_index);
  append_ratio(out, box.center().x, width);
  append_ratio(out, box.center().y, height);
  append_ratio(out, box.width(), width);
  append_ratio(out, box.height(), height);
  return out + '\n';
}

std::vector<raster::Part> outlines(const Shape& shape) {
  if (const auto* mask = std::get_if<document::MaskShape>(&shape)) {
    return raster::trace(mask->rle, kOutlineTolerance);
  }
  return document::outline(shape);
}

std::string outline_lines(const Shape& shape, std::size_t class_index, double width,
                          double height) {
  std::string out;
  for (const raster::Part& part : outlines(shape)) {
    const Ring ring = geometry::clip(part.outer, {0, 0, width, height});
    if (ring.size() < 3) continue;
    out += std::to_string(class_index);
    for (const Point p : ring) {
      append_ratio(out, p.x, width);
      append_ratio(out, p.y, height);
    }
    out += '\n';
  }
  return out;
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

template <class Visit>
void for_each_line(std::string_view text, Visit visit) {
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto end = text.find('\n');
    visit(number, text.substr(0, end));
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

// The numbers of a line; empty and a reason when one cannot be read.
std::vector<double> numbers_of(std::string_view line, std::string& why) {
  std::vector<double> out;
  while (!(line = trimmed(line)).empty()) {
    const std::string_view word = line.substr(0, line.find_first_of(" \t"));
    double number = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
    if (error != std::errc{} || end != word.data() + word.size() || !std::isfinite(number)) {
      why = "\"" + std::string(word.substr(0, 40)) + "\" is not a finite number";
      return {};
    }
    if (out.size() > 2 * limits::kShapePoints) {
      why = "has too many numbers";
      return {};
    }
    out.push_back(number);
    line.remove_prefix(word.size());
  }
  return out;
}

std::string check_numbers(const std::vector<double>& numbers, std::size_t class_count) {
  const std::size_t count = numbers.size();
  if (count < 5) return "has fewer than 5 numbers";
  if (count != 6 && count % 2 == 0) return "has an odd number of coordinates";
  const double index = numbers[0];
  if (index < 0 || index != std::floor(index) || index >= static_cast<double>(class_count)) {
    return "has a class that is not among the names";
  }
  for (std::size_t i = 1; i < count; ++i) {
    if (numbers[i] < -kSlack || numbers[i] > 1 + kSlack) return "leaves the range from 0 to 1";
  }
  return {};
}

YoloObject object_of(const std::vector<double>& numbers, double width, double height) {
  YoloObject out;
  out.class_index = static_cast<std::size_t>(numbers[0]);
  if (numbers.size() <= 6) {
    const double box_width = std::max(numbers[3], 0.0) * width;
    const double box_height = std::max(numbers[4], 0.0) * height;
    out.shape = document::Box{numbers[1] * width - box_width / 2,
                              numbers[2] * height - box_height / 2,
                              box_width,
                              box_height,
                              {}};
    if (numbers.size() == 6) out.score = std::clamp(numbers[5], 0.0, 1.0);
    return out;
  }
  document::PolygonPart part;
  for (std::size_t i = 1; i < numbers.size(); i += 2) {
    part.points.push_back({numbers[i] * width, numbers[i + 1] * height});
  }
  out.shape = document::Polygon{{std::move(part)}};
  document::assign_keys(out.shape);
  return out;
}

}  // namespace

std::string yolo_lines(const Shape& shape, std::size_t class_index, std::uint32_t width,
                       std::uint32_t height, YoloVariant variant) {
  if (width == 0 || height == 0) return {};
  if (variant == YoloVariant::segmentation) {
    return outline_lines(shape, class_index, width, height);
  }
  return box_line(shape, class_index, width, height);
}

std::vector<YoloObject> read_yolo(std::string_view text, std::size_t class_count,
                                  std::uint32_t width, std::uint32_t height, std::string_view where,
                                  Problems& problems) {
  std::vector<YoloObject> out;
  for_each_line(text, [&](std::size_t number, std::string_view line) {
    if (trimmed(line).empty()) return;
    std::string why;
    const std::vector<double> numbers = numbers_of(line, why);
    if (why.empty()) why = check_numbers(numbers, class_count);
    if (why.empty()) {
      out.push_back(object_of(numbers, width, height));
    } else {
      problems.add(std::string(where) + ":" + std::to_string(number), why);
    }
  });
  return out;
}

}  // namespace aa::formats
