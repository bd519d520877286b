#include "kernel/metrics/average_precision.hpp"

#include <algorithm>
#include <limits>
#include <map>

namespace aa::metrics {
namespace {

constexpr std::size_t kThresholds = 10;
constexpr std::size_t kRecalls = 101;
constexpr std::size_t kPredictionsMax = 100;
constexpr std::size_t kAt75 = 5;
constexpr double kEpsilon = std::numeric_limits<double>::epsilon();

struct AreaRange {
  double min;
  double max;
  bool has(double area) const { return area >= min && area <= max; }
};
constexpr double kSmall = 32.0 * 32.0;
constexpr double kMedium = 96.0 * 96.0;
constexpr double kHuge = 1e5 * 1e5;
constexpr std::array<AreaRange, 4> kAreas = {
    {{0, kHuge}, {0, kSmall}, {kSmall, kMedium}, {kMedium, kHuge}}};

// The same numbers, bit for bit, as evenly spaced ones of NumPy.
double iou_threshold(std::size_t i) {
  return i == kThresholds - 1 ? 0.95 : 0.5 + static_cast<double>(i) * ((0.95 - 0.5) / 9);
}
double recall_sample(std::size_t i) { return static_cast<double>(i) * 0.01; }

double overlap(const BoxArea& a, const BoxArea& b, bool b_is_crowd) {
  const double width = std::min(a.x + a.width, b.x + b.width) - std::max(a.x, b.x);
  const double height = std::min(a.y + a.height, b.y + b.height) - std::max(a.y, b.y);
  if (width <= 0 || height <= 0) return 0;
  const double shared = width * height;
  const double own = a.width * a.height;
  return shared / (b_is_crowd ? own : own + b.width * b.height - shared);
}

// The objects of one category in one image.
struct Cell {
  std::vector<const TruthObject*> truth;
  std::vector<const PredictedObject*> predictions;
};
using Category = std::map<std::int64_t, Cell>;  // by image

// What became of one prediction; bit t stands for threshold t.
struct Verdict {
  double score = 0;
  std::uint32_t rank = 0;  // among its cell's, the best first
  std::uint16_t matched = 0;
  std::uint16_t ignored = 0;
};

class Matcher {
 public:
  Matcher(Cell& cell, Region region) : cell_(cell) {
    auto& predictions = cell_.predictions;
    std::ranges::stable_sort(predictions, std::ranges::greater{}, &PredictedObject::score);
    if (predictions.size() > kPredictionsMax) predictions.resize(kPredictionsMax);
    for (const auto* prediction : predictions) {
      for (const auto* object : cell_.truth) {
        overlaps_.push_back(region == Region::box
                                ? overlap(prediction->box, object->box, object->crowd)
                                : raster::iou(prediction->mask, object->mask, object->crowd));
      }
    }
  }

  // Appends a verdict per prediction; returns how many objects count in this range of areas.
  std::int64_t match(const AreaRange& range, std::vector<Verdict>& out) const {
    std::vector<std::size_t> order;  // objects that count first
    for (std::size_t g = 0; g < cell_.truth.size(); ++g) order.push_back(g);
    const auto counts = [&](std::size_t g) {
      return !cell_.truth[g]->crowd && range.has(cell_.truth[g]->area);
    };
    const auto counted = static_cast<std::size_t>(
        std::stable_partition(order.begin(), order.end(), counts) - order.begin());
    const std::size_t first = out.size();
    for (const auto* prediction : cell_.predictions) {
      out.push_back({prediction->score, static_cast<std::uint32_t>(out.size() - first), 0, 0});
    }
    for (std::size_t t = 0; t < kThresholds; ++t) {
      match_at(t, order, counted, std::span(out).subspan(first));
    }
    for (std::size_t d = 0; d < cell_.predictions.size(); ++d) {
      Verdict& verdict = out[first + d];
      if (!range.has(cell_.predictions[d]->area)) {
        verdict.ignored |= static_cast<std::uint16_t>(~verdict.matched);
      }
    }
    return static_cast<std::int64_t>(counted);
  }

 private:
  void match_at(std::size_t t, const std::vector<std::size_t>& order, std::size_t counted,
                std::span<Verdict> verdicts) const {
    const auto bit = static_cast<std::uint16_t>(1U << t);
    std::vector<bool> taken(order.size(), false);
    for (std::size_t d = 0; d < verdicts.size(); ++d) {
      double best = std::min(iou_threshold(t), 1 - 1e-10);
      std::optional<std::size_t> found;
      for (std::size_t i = 0; i < order.size(); ++i) {
        // What counts is never given up for what does not.
        if (i >= counted && found && *found < counted) break;
        if (taken[i] && !cell_.truth[order[i]]->crowd) continue;
        const double value = overlaps_[d * order.size() + order[i]];
        if (value < best) continue;
        best = value;
        found = i;
      }
      if (!found) continue;
      taken[*found] = true;
      verdicts[d].matched |= bit;
      if (*found >= counted) verdicts[d].ignored |= bit;
    }
  }

  Cell& cell_;
  std::vector<double> overlaps_;  // prediction by object
};

struct Curve {
  double recall = 0;     // of all predictions together
  double precision = 0;  // mean over the sampled recalls
};

// `verdicts` by falling score.
Curve curve_at(std::size_t t, std::span<const Verdict> verdicts, std::size_t best_of,
               std::int64_t objects) {
  std::vector<double> recalls;
  std::vector<double> precisions;
  double right = 0;
  double wrong = 0;
  for (const Verdict& verdict : verdicts) {
    if (verdict.rank >= best_of) continue;
    const bool matched = (verdict.matched >> t & 1) != 0;
    if ((verdict.ignored >> t & 1) == 0) (matched ? right : wrong) += 1;
    recalls.push_back(right / static_cast<double>(objects));
    precisions.push_back(right / (right + wrong + kEpsilon));
  }
  for (std::size_t i = precisions.size(); i-- > 1;) {
    precisions[i - 1] = std::max(precisions[i - 1], precisions[i]);
  }
  Curve out;
  if (!recalls.empty()) out.recall = recalls.back();
  std::size_t at = 0;
  for (std::size_t i = 0; i < kRecalls; ++i) {
    while (at < recalls.size() && recalls[at] < recall_sample(i)) ++at;
    if (at < recalls.size()) out.precision += precisions[at];
  }
  out.precision /= kRecalls;
  return out;
}

class Mean {
 public:
  void add(double value) {
    sum_ += value;
    ++count_;
  }
  double value() const { return count_ == 0 ? -1 : sum_ / static_cast<double>(count_); }

 private:
  double sum_ = 0;
  std::size_t count_ = 0;
};

// Means over the thresholds, one category after the other.
struct AreaMeans {
  Mean ap, ap50, ap75, ar1, ar10, ar100;
};

void add_category(std::span<const Verdict> verdicts, std::int64_t objects, AreaMeans& means) {
  for (std::size_t t = 0; t < kThresholds; ++t) {
    const Curve all = curve_at(t, verdicts, kPredictionsMax, objects);
    means.ap.add(all.precision);
    if (t == 0) means.ap50.add(all.precision);
    if (t == kAt75) means.ap75.add(all.precision);
    means.ar100.add(all.recall);
    means.ar10.add(curve_at(t, verdicts, 10, objects).recall);
    means.ar1.add(curve_at(t, verdicts, 1, objects).recall);
  }
}

std::map<std::int64_t, Category> grouped(std::span<const TruthObject> truth,
                                         std::span<const PredictedObject> predictions) {
  std::map<std::int64_t, Category> out;
  for (const auto& object : truth) out[object.category][object.image].truth.push_back(&object);
  for (const auto& prediction : predictions) {
    out[prediction.category][prediction.image].predictions.push_back(&prediction);
  }
  return out;
}

}  // namespace

DetectionScores evaluate_detections(std::span<const TruthObject> truth,
                                    std::span<const PredictedObject> predictions, Region region) {
  std::array<AreaMeans, kAreas.size()> means;
  DetectionScores out;
  for (auto& [id, images] : grouped(truth, predictions)) {
    std::array<std::vector<Verdict>, kAreas.size()> verdicts;
    std::array<std::int64_t, kAreas.size()> objects{};
    for (auto& [image, cell] : images) {
      const Matcher matcher(cell, region);
      for (std::size_t a = 0; a < kAreas.size(); ++a) {
        objects[a] += matcher.match(kAreas[a], verdicts[a]);
      }
    }
    for (std::size_t a = 0; a < kAreas.size(); ++a) {
      if (objects[a] == 0) continue;
      std::ranges::stable_sort(verdicts[a], std::ranges::greater{}, &Verdict::score);
      add_category(verdicts[a], objects[a], means[a]);
      if (a > 0) continue;
      AreaMeans alone;
      add_category(verdicts[a], objects[a], alone);
      out.categories.push_back({id, objects[a], alone.ap.value(), alone.ap50.value()});
    }
  }
  const auto& [all, small, medium, large] = means;
  out.ap = all.ap.value();
  out.ap50 = all.ap50.value();
  out.ap75 = all.ap75.value();
  out.ar1 = all.ar1.value();
  out.ar10 = all.ar10.value();
  out.ar100 = all.ar100.value();
  out.ap_small = small.ap.value();
  out.ap_medium = medium.ap.value();
  out.ap_large = large.ap.value();
  out.ar_small = small.ar100.value();
  out.ar_medium = medium.ar100.value();
  out.ar_large = large.ar100.value();
  return out;
}

}  // namespace aa::metrics
