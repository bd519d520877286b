#include "kernel/decode/reader.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/limits.hpp"
#include "kernel/decode/families.hpp"
#include "kernel/decode/reader_rows.hpp"
#include "kernel/decode/sound_outputs.hpp"

namespace aa::decode {
namespace {

// Strictest first: what users bring names itself by its metadata or by odd shapes.
std::vector<const ReaderRow*> all_rows() {
  std::vector<const ReaderRow*> out;
  for (const auto group :
       {detector_readers(), brought_readers(), scene_readers(), people_readers()}) {
    for (const auto& row : group) out.push_back(&row);
  }
  return out;
}

void require_finite(Outputs outputs) {
  for (const auto& output : outputs) {
    const bool finite =
        std::ranges::all_of(output.values, [](float value) { return std::isfinite(value); });
    if (!finite) {
      throw invalid(
          "model_output",
          fmt::format("Output '{}' of the model holds numbers that are not finite.", output.name));
    }
  }
}

// Ten million boxes are no answer.
void require_bounded(Outputs outputs) {
  for (const auto& output : outputs) {
    const bool bounded = std::ranges::all_of(
        output.shape, [](std::int64_t side) { return side >= 0 && side <= kOutputSideMax; });
    if (!bounded) {
      throw invalid("model_output",
                    fmt::format("Output '{}' of the model has shape [{}]; a side is "
                                "at most {}.",
                                output.name, fmt::join(output.shape, ", "), kOutputSideMax));
    }
  }
}

void require_sane(const Finding& finding, const ModelSpec& spec) {
  if (!spec.labels.empty() && std::cmp_greater_equal(finding.class_index, spec.labels.size())) {
    throw invalid("model_output", fmt::format("The model gave class {}, but there are {} labels.",
                                              finding.class_index, spec.labels.size()));
  }
  const auto bounds = document::shape_bounds(finding.shape);
  if (!bounds) return;
  const auto fits = [](double value) { return std::abs(value) <= limits::kCoordinate; };
  if (!fits(bounds->x0) || !fits(bounds->y0) || !fits(bounds->x1) || !fits(bounds->y1)) {
    throw invalid("model_output", "The model gave coordinates beyond all images.");
  }
}

float number_in(const json::Value& value, std::string_view name) {
  if (!value.is_number()) {
    throw invalid("bad_parameters", fmt::format("/preprocess/{} must be a number.", name));
  }
  return value.to_number<float>();
}

// One number for all channels, or three.
std::array<float, 3> triple(const json::Value& value, std::string_view name) {
  std::array<float, 3> out{};
  if (!value.is_array()) {
    out.fill(number_in(value, name));
    return out;
  }
  if (value.get_array().size() != 3) {
    throw invalid("bad_parameters", fmt::format("/preprocess/{} must hold 3 numbers.", name));
  }
  for (std::size_t i = 0; i < 3; ++i) out[i] = number_in(value.get_array()[i], name);
  return out;
}

void set_mean(const json::Object& preprocess, InputSpec& input) {
  const auto* mean = preprocess.if_contains("mean");
  const auto* deviation = preprocess.if_contains("std");
  if (mean == nullptr && deviation == nullptr) return;
  // In levels of 0..255: value = (level - mean) / std.
  const auto means = mean != nullptr ? triple(*mean, "mean") : std::array<float, 3>{};
  const auto deviations =
      deviation != nullptr ? triple(*deviation, "std") : std::array<float, 3>{1, 1, 1};
  for (std::size_t c = 0; c < 3; ++c) {
    if (!(deviations[c] > 0)) throw invalid("bad_parameters", "/preprocess/std must be above 0.");
    input.scale[c] = 1.0F / deviations[c];
    input.offset[c] = -means[c] / deviations[c];
  }
}

Fit fit_named(const json::Value& value) {
  if (value == "stretch") return Fit::stretch;
  if (value == "top_left") return Fit::top_left;
  if (value == "centred") return Fit::centred;
  if (value == "cover") return Fit::cover;
  throw invalid("bad_parameters", "/preprocess/fit must be stretch, top_left, centred or cover.");
}

Resampling resampling_named(const json::Value& value) {
  if (value == "plain") return Resampling::plain;
  if (value == "bilinear") return Resampling::bilinear;
  if (value == "bicubic") return Resampling::bicubic;
  throw invalid("bad_parameters", "/preprocess/resampling must be plain, bilinear or bicubic.");
}

}  // namespace

std::span<const ReaderRow* const> readers() {
  static const std::vector<const ReaderRow*> rows = all_rows();
  return rows;
}

const ReaderRow* reader_named(std::string_view family) {
  const auto rows = readers();
  const auto found = std::ranges::find(rows, family, [](const auto* row) { return row->family; });
  return found == rows.end() ? nullptr : *found;
}

std::optional<ModelSpec> recognise_model(const GraphSignature& signature) {
  // Halves of a Segment Anything: a grid of features is no map of classes.
  if (is_sam_encoder(signature) || is_sam_decoder(signature)) return std::nullopt;
  ModelSpec base;
  describe_input(signature, base);
  for (const auto* row : readers()) {
    if (row->by_name_only) continue;
    ModelSpec spec = base;
    spec.reader = row;
    if (row->recognise(signature, spec)) return spec;
  }
  return std::nullopt;
}

std::optional<ModelSpec> model_of_family(std::string_view family, const GraphSignature& signature,
                                         json::Object parameters) {
  const auto* row = reader_named(family);
  if (row == nullptr) return std::nullopt;
  ModelSpec spec;
  describe_input(signature, spec);
  spec.reader = row;
  spec.parameters = std::move(parameters);
  if (!row->recognise(signature, spec)) return std::nullopt;
  return spec;
}

void apply_preprocess(const json::Object& preprocess, InputSpec& input) {
  set_mean(preprocess, input);
  for (const auto& [key, value] : preprocess) {
    const std::string_view name(key);
    if (name == "fit") input.fit = fit_named(value);
    if (name == "color") input.bgr = value == "bgr";
    if (name == "resampling") input.resampling = resampling_named(value);
    if (name == "cover_share") input.cover_share = number_in(value, name);
    if (name == "scale") input.scale = triple(value, name);
    if (name == "offset") input.offset = triple(value, name);
    if (name == "pad_level") input.pad_level = number_in(value, name);
    if (name == "pad_zero") input.pad_zero = value.is_bool() && value.get_bool();
    if (name == "side_max") input.side_max = static_cast<int>(number_in(value, name));
    if (name == "multiple") input.multiple = static_cast<int>(number_in(value, name));
  }
  if (!(input.cover_share > 0 && input.cover_share <= 1)) {
    throw invalid("bad_parameters", "/preprocess/cover_share must be above 0 and at most 1.");
  }
  if (input.side_max < 1 || input.multiple < 1) {
    throw invalid("bad_parameters", "/preprocess/side_max and multiple must be at least 1.");
  }
}

Reading read_model(Outputs outputs, const ModelSpec& spec, const Frame& frame,
                   const ReadOptions& options) {
  require_bounded(outputs);
  require_finite(outputs);
  Reading reading = spec.reader->read(outputs, spec, frame, options);
  require_sound(reading.findings, spec.labels.size());
  std::ranges::stable_sort(reading.findings, std::ranges::greater{}, &Finding::score);
  if (reading.findings.size() > options.findings_max) {
    reading.findings.resize(options.findings_max);
  }
  for (auto& finding : reading.findings) {
    require_sane(finding, spec);
    if (finding.class_name.empty()) finding.class_name = class_name(spec, finding.class_index);
  }
  return reading;
}

std::string class_name(const DetectorSpec& spec, int class_index) {
  const auto index = static_cast<std::size_t>(class_index);
  if (class_index >= 0 && index < spec.labels.size()) return spec.labels[index];
  return "class " + std::to_string(class_index);
}

const TensorView& output_named(Outputs outputs, std::string_view name) {
  const auto found = std::ranges::find(outputs, name, &TensorView::name);
  if (found != outputs.end()) return *found;
  throw invalid("model_output", fmt::format("The model has no output '{}'.", name));
}

document::Box box_shape(const geometry::Rect& rect) {
  return {rect.x0, rect.y0, rect.width(), rect.height(), std::nullopt};
}

}  // namespace aa::decode
