// Reading a line of text (PP-OCR, arXiv:2009.09941 and 2206.03001): first whether it stands on its
// head, then its characters by connectionist temporal classification (Graves et al., ICML 2006),
// greedily: the likeliest class of each column, repetitions once, blanks never.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/error.hpp"
#include "kernel/decode/reader_rows.hpp"
#include "kernel/decode/scene_rows.hpp"

namespace aa::decode {
namespace {

constexpr int kLineHeight = 48;
constexpr int kOrientationWidth = 192;  // longer lines are squeezed: the reader is not asked yet
constexpr int kLineWidthMax = 48 * 80;
constexpr std::int64_t kColumnsMax = 4'096;

void use_line(InputSpec& input) {
  input.height = kLineHeight;
  input.fit = Fit::stretch;
  input.bgr = true;
  input.scale.fill(2.0F / 255.0F);
  input.offset.fill(-1);
}

bool is_line_input(const GraphSignature& signature) {
  if (signature.inputs.size() != 1 || signature.outputs.size() != 1) return false;
  const auto& in = signature.inputs[0].shape;
  return in.size() == 4 && in[1] == 3 && (in[2] < 0 || in[2] == kLineHeight);
}

// The character of a class: blank first, then those of the labels, then the space.
std::string_view character(const ModelSpec& spec, std::int64_t class_index) {
  const auto at = static_cast<std::size_t>(class_index) - 1;
  return at < spec.labels.size() ? std::string_view(spec.labels[at]) : " ";
}

void require_characters(const ModelSpec& spec, std::int64_t classes) {
  const auto known = static_cast<std::int64_t>(spec.labels.size());
  if (classes == known + 1 || classes == known + 2) return;
  throw invalid("model_output",
                fmt::format("The model tells {} characters and a blank apart; its labels are {}.",
                            classes - 1, known));
}

// Where the model looked, turned so that the text stands upright.
Region upright_region(const Frame& frame, double turn) {
  const auto& a = frame.a;
  const geometry::Point middle{frame.input_width / 2.0, frame.input_height / 2.0};
  return {.center = frame.to_image(middle),
          .width = std::hypot(a[0], a[3]) * frame.input_width,
          .height = std::hypot(a[1], a[4]) * frame.input_height,
          .rotation = frame.rotation() + turn};
}

struct Line {
  std::string text;
  double score = 0;
};

Line read_columns(const Matrix& columns, const ModelSpec& spec) {
  Line line;
  std::size_t kept = 0;
  std::int64_t last = 0;
  for (std::int64_t t = 0; t < columns.rows; ++t) {
    const float* row = columns.row(t);
    const auto best = std::max_element(row, row + columns.columns) - row;
    if (best != 0 && best != last) {
      line.text += character(spec, best);
      line.score += row[best];
      ++kept;
    }
    last = best;
  }
  if (kept > 0) line.score /= static_cast<double>(kept);
  return line;
}

}  // namespace

bool recognise_text_orientation(const GraphSignature& signature, ModelSpec& spec) {
  if (!is_line_input(signature)) return false;
  const auto& out = signature.outputs[0].shape;
  if (out.size() != 2 || out[1] != 2) return false;
  use_line(spec.input);
  spec.input.sizing = Sizing::by_aspect;
  spec.input.side_max = kOrientationWidth;
  spec.labels = {"0", "180"};
  return true;
}

Reading read_text_orientation(Outputs outputs, const ModelSpec&, const Frame& frame,
                              const ReadOptions& options) {
  if (outputs.size() != 1 || outputs[0].values.size() != 2) {
    throw invalid("model_output", "The orientation of text has two scores.");
  }
  const auto scores = outputs[0].values;
  const int best = scores[1] > scores[0] ? 1 : 0;
  const float score = scores[static_cast<std::size_t>(best)];
  Reading reading;
  if (score < options.score_min) return reading;
  reading.findings.push_back({.shape = document::Tag{},
                              .score = std::clamp(score, 0.0F, 1.0F),
                              .class_index = best,
                              .attributes = {{"orientation", best * 180.0}},
                              .region = upright_region(frame, best * 180.0)});
  return reading;
}

bool recognise_text_reader(const GraphSignature& signature, ModelSpec& spec) {
  if (!is_line_input(signature)) return false;
  const auto& out = signature.outputs[0].shape;
  if (out.size() != 3 || out[2] < 3 || signature.inputs[0].shape[2] != kLineHeight) return false;
  use_line(spec.input);
  spec.input.sizing = Sizing::by_aspect;
  spec.input.side_max = kLineWidthMax;
  return true;
}

Reading read_text_line(Outputs outputs, const ModelSpec& spec, const Frame&,
                       const ReadOptions& options) {
  if (outputs.size() != 1 || outputs[0].shape.size() != 3 || outputs[0].shape[0] != 1 ||
      outputs[0].shape[1] > kColumnsMax) {
    throw invalid("model_output", "A reader of text gives one output [1, columns, characters].");
  }
  const auto columns = as_matrix(outputs[0], outputs[0].shape[2]);
  require_characters(spec, columns.columns);
  auto line = read_columns(columns, spec);
  Reading reading;
  if (line.text.empty() || line.score < options.score_min) return reading;
  reading.findings.push_back({.shape = document::Tag{},
                              .score = static_cast<float>(std::clamp(line.score, 0.0, 1.0)),
                              .class_name = "text",
                              .attributes = {{"text", std::move(line.text)}}});
  return reading;
}

}  // namespace aa::decode
