// Line segments by their centres (M-LSD, arXiv:2106.00186): the map of scores holds peaks already;
// four offsets lead from a peak to both ends. The map has half the input's resolution.
#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "kernel/decode/grid.hpp"
#include "kernel/decode/nms.hpp"
#include "kernel/decode/parameters.hpp"
#include "kernel/decode/reader_rows.hpp"
#include "kernel/decode/scene_rows.hpp"

namespace aa::decode {
namespace {

using geometry::Point;

struct Ends {
  Point from;
  Point to;
};

document::Shape line_of(Ends ends, const Frame& frame) {
  document::Polyline line;
  for (const Point end : {ends.from, ends.to}) {
    const Point at = frame.to_image(end);
    line.points.push_back({std::clamp(at.x, 0.0, static_cast<double>(frame.image_width)),
                           std::clamp(at.y, 0.0, static_cast<double>(frame.image_height))});
  }
  document::Shape shape = std::move(line);
  document::assign_keys(shape);
  return shape;
}

class Peaks {
 public:
  Peaks(Outputs outputs, const ModelSpec& spec, const Frame& frame)
      : scores_(planes_of(output_named(outputs, "scores"), frame, spec.input.layout)),
        offsets_(planes_of(output_named(outputs, "offsets"), frame, spec.input.layout)),
        step_x_(static_cast<double>(frame.input_width) / scores_.width),
        step_y_(static_cast<double>(frame.input_height) / scores_.height) {
    if (scores_.count != 1 || offsets_.count != 4 || scores_.width != offsets_.width ||
        scores_.height != offsets_.height) {
      throw invalid("model_output", "Scores and offsets of lines do not fit together.");
    }
  }
  std::size_t count() const { return scores_.cells(); }
  float score(std::size_t cell) const { return scores_.value(0, cell); }
  double length(std::size_t cell) const {  // in cells
    return std::hypot(offset(0, cell) - offset(2, cell), offset(1, cell) - offset(3, cell));
  }
  Ends ends(std::size_t cell) const {  // in pixels of the input
    const auto width = static_cast<std::size_t>(scores_.width);
    const auto x = static_cast<double>(cell % width);
    const auto y = static_cast<double>(cell / width);
    return {{(x + offset(0, cell)) * step_x_, (y + offset(1, cell)) * step_y_},
            {(x + offset(2, cell)) * step_x_, (y + offset(3, cell)) * step_y_}};
  }

 private:
  double offset(std::size_t which, std::size_t cell) const { return offsets_.value(which, cell); }

  Planes scores_;
  Planes offsets_;
  double step_x_;
  double step_y_;
};

}  // namespace

bool recognise_line_detector(const GraphSignature& signature, ModelSpec& spec) {
  if (spec.input.channels != 4 || signature.outputs.size() != 2) return false;
  const auto& outputs = signature.outputs;
  const auto has = [&](std::string_view name) {
    return std::ranges::find(outputs, name, &Port::name) != outputs.end();
  };
  if (!has("scores") || !has("offsets")) return false;
  spec.input.fit = Fit::stretch;
  spec.input.fourth = 1;
  spec.labels = {"line"};
  return true;
}

Reading read_lines(Outputs outputs, const ModelSpec& spec, const Frame& frame,
                   const ReadOptions& options) {
  const Peaks peaks(outputs, spec, frame);
  const double length_min = number_parameter(spec, "length_min", 20, 0, 1e4);
  Reading reading;
  for (std::size_t cell = 0; cell < peaks.count(); ++cell) {
    const float score = peaks.score(cell);
    if (score <= options.score_min || peaks.length(cell) <= length_min) continue;
    if (reading.findings.size() >= kCandidatesMax) {
      throw invalid("model_output", "The model found more lines than a picture can hold.");
    }
    reading.findings.push_back({.shape = line_of(peaks.ends(cell), frame),
                                .score = std::min(score, 1.0F),
                                .class_index = 0});
  }
  return reading;
}

}  // namespace aa::decode
