#include <algorithm>

#include <fmt/format.h>

#include "kernel/document/labels.hpp"
#include "kernel/learning/alike_places.hpp"
#include "service/prelabel/mask_points.hpp"
#include "service/prelabel/plan.hpp"

namespace aa::prelabel {
namespace {

using decode::sam::MaskResult;

constexpr float kPeakMin = 0.3F;   // of a place that is worth a look
constexpr double kAlikeMin = 0.6;  // of a proposal
constexpr double kAreaMin = 0.2;   // of the part's area
constexpr double kAreaMax = 5;
constexpr double kSameIou = 0.5;       // two outlines of one thing
constexpr std::size_t kLooksMax = 32;  // decoder runs
constexpr std::string_view kFinder = "similar@1";

// The share of each of the encoder's cells that a mask covers.
std::vector<float> shares_of(const raster::Rle& mask, const decode::Letterbox& frame, int side) {
  constexpr auto kFine = decode::sam::kMaskSide;
  const auto logits = decode::sam::logits_of(mask, frame);
  std::vector<float> out(static_cast<std::size_t>(side) * static_cast<std::size_t>(side));
  const int step = kFine / side;
  const auto unit = 2 * decode::sam::kMaskLogit * static_cast<float>(step * step);
  for (int y = 0; y < step * side; ++y) {
    for (int x = 0; x < step * side; ++x) {
      const float logit = logits[static_cast<std::size_t>(y * kFine + x)];
      out[static_cast<std::size_t>(y / step * side + x / step)] +=
          (logit + decode::sam::kMaskLogit) / unit;
    }
  }
  return out;
}

document::Shape shaped_as(const document::Shape& model, const MaskResult& mask) {
  if (std::holds_alternative<document::MaskShape>(model)) return document::MaskShape{mask.rle};
  if (std::holds_alternative<document::Polygon>(model)) return document::polygon_of(mask.polygon);
  document::Box box;
  box.x = mask.bounds.x0;
  box.y = mask.bounds.y0;
  box.width = mask.bounds.x1 - mask.bounds.x0;
  box.height = mask.bounds.y1 - mask.bounds.y0;
  return box;
}

}  // namespace

// What is looked for, and where the image's features say that it may be.
struct Prelabel::Sought {
  raster::Rle mask;
  std::uint64_t area = 0;
  decode::Frame frame;
  int side = 0;
  std::shared_ptr<const learning::AlikePlaces> places;
  std::vector<geometry::Point> points;  // in the image, the likeliest first
  std::string segmenter;

  float likeness(const raster::Rle& other) const {
    return places->likeness(shares_of(other, *frame.letterbox, side));
  }
  bool fits(const MaskResult& found, const std::vector<MaskResult>& kept) const {
    const double share = static_cast<double>(found.area) / static_cast<double>(area);
    if (found.polygon.empty() || share < kAreaMin || share > kAreaMax) return false;
    if (raster::iou(found.rle, mask) > kSameIou) return false;
    return std::ranges::none_of(
        kept, [&](const auto& other) { return raster::iou(found.rle, other.rle) > kSameIou; });
  }
};

Task<Prelabel::Sought> Prelabel::sought(const assets::Asset& asset, modelzoo::EmbeddingKey key,
                                        modelzoo::PixelSource source, AlikeRequest request) {
  Sought out;
  const auto width = static_cast<int>(asset.width);
  const auto height = static_cast<int>(asset.height);
  out.segmenter = models_.vision().segmenter(request.model);
  constexpr auto kLane = inference::Lane::interactive;
  out.frame = co_await models_.vision().frame_for(out.segmenter, width, height, kLane);
  const auto embedding =
      co_await models_.vision().prepare(std::move(key), std::move(source), out.segmenter, kLane);
  auto look = [&out, &embedding, &request, width, height] {
    auto mask = document::to_rle(request.shape, static_cast<std::uint32_t>(height),
                                 static_cast<std::uint32_t>(width));
    if (!mask || raster::area(*mask) == 0) {
      throw invalid("no_area", "Only a shape with an area can be looked for.",
                    {{"/shape", "has no area in the image"}});
    }
    out.mask = std::move(*mask);
    out.area = raster::area(out.mask);
    const auto& shape = embedding->shape;
    out.side = static_cast<int>(shape.at(shape.size() - 1));
    const auto& letterbox = *out.frame.letterbox;
    const double cell = static_cast<double>(decode::sam::kSide) / out.side;
    learning::FeatureGrid grid;
    grid.values = embedding->values;
    grid.side = static_cast<std::size_t>(out.side);
    grid.channels = static_cast<std::size_t>(shape.at(shape.size() - 3));
    grid.columns = letterbox.resized_width / cell;
    grid.rows = letterbox.resized_height / cell;
    out.places = std::make_shared<const learning::AlikePlaces>(
        grid, shares_of(out.mask, letterbox, out.side));
    for (const auto& peak : out.places->peaks(kPeakMin, 4 * kLooksMax)) {
      const auto at = out.frame.to_image(geometry::Point{peak.cell.x * cell, peak.cell.y * cell});
      if (at.x < width && at.y < height) out.points.push_back(at);
    }
  };
  co_await runtime::run_on(models_.vision().urgent(), look);
  co_return out;
}

Task<AlikeFound> Prelabel::find_alike(tenancy::Tenant tenant, AssetId id, AlikeRequest request) {
  tenant.require(tenancy::Permission::prelabel_run);
  co_await metering_.require_model_time(tenant.organization());
  const auto asset = co_await assets_.get(tenant, id);
  const auto labels = co_await projects_.labels_for(tenant.organization(), asset.project_id);
  const auto* label = labels.find(request.label_id);
  if (label == nullptr) {
    throw invalid("invalid_body", "/label_id is no label of the project.",
                  {{"/label_id", "is no label of the project"}});
  }
  const modelzoo::PixelSource source = [this, organization = tenant.organization(), id = asset.id] {
    return assets_.pixels_for(organization, id);
  };
  const modelzoo::EmbeddingKey key{tenant.organization(), asset.sha256};
  request.model = co_await models_.resolve(tenant, request.model);
  const auto thing = co_await sought(asset, key, source, request);
  std::vector<MaskResult> kept;
  std::vector<Suggestion> proposals;
  std::size_t looks = 0;
  for (const auto at : thing.points) {
    const bool seen = holds(thing.mask, at) || std::ranges::any_of(kept, [&](const auto& other) {
                        return holds(other.rle, at);
                      });
    if (seen || looks == kLooksMax) continue;
    ++looks;
    std::vector<decode::sam::Prompt> prompts(1);
    prompts.front().points.push_back({at, true});
    modelzoo::SegmentOptions options;
    options.model = thing.segmenter;
    auto running = models_.vision().segment(key, source, static_cast<int>(asset.width),
                                            static_cast<int>(asset.height), std::move(prompts),
                                            std::move(options));
    auto answer = co_await counted(tenant.organization(), std::move(running));
    if (answer.masks.empty() || !thing.fits(answer.masks.front(), kept)) continue;
    auto& mask = answer.masks.front();
    const double likeness = std::min<double>(thing.likeness(mask.rle), 1);
    if (likeness < kAlikeMin) continue;
    Suggestion one;
    one.shape = shaped_as(request.shape, mask);
    one.label_id = request.label_id;
    one.class_name = label->name;
    one.score = likeness;
    one.model_version = fmt::format("{}+{}@{}", kFinder, answer.model, answer.model_version);
    one.reasons.push_back(
        fmt::format("Looks like the {} that was chosen (likeness {:.2f}).", label->name, likeness));
    proposals.push_back(std::move(one));
    kept.push_back(std::move(mask));
  }
  AlikeFound out;
  out.found = static_cast<std::int64_t>(proposals.size());
  out.suggestions = co_await propose_for(tenant.actor(), id, std::move(proposals));
  co_return out;
}

}  // namespace aa::prelabel
