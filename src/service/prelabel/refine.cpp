#include <algorithm>

#include "service/prelabel/mask_points.hpp"
#include "service/prelabel/prelabel.hpp"

namespace aa::prelabel {
namespace {

using decode::sam::MaskResult;
using decode::sam::Prompt;

constexpr std::size_t kSeeds = 3;

// All that the clicks mark, or that is kept apart from them.
struct Clicks {
  std::vector<geometry::Point> wanted;
  std::vector<geometry::Point> unwanted;

  bool met_by(const raster::Rle& mask) const {
    const auto within = [&](geometry::Point at) { return holds(mask, at); };
    return std::ranges::all_of(wanted, within) && std::ranges::none_of(unwanted, within);
  }
};

Clicks clicks_of(const std::vector<PointPrompt>& points, const assets::Asset& asset) {
  Clicks out;
  for (const auto& point : points) {
    // The last pixel's far edge is still that pixel.
    const geometry::Point at{std::clamp(point.x, 0.0, static_cast<double>(asset.width) - 0.5),
                             std::clamp(point.y, 0.0, static_cast<double>(asset.height) - 0.5)};
    (point.label == 1 ? out.wanted : out.unwanted).push_back(at);
  }
  return out;
}

void add(Prompt& prompt, const std::vector<geometry::Point>& points, bool positive) {
  for (const auto& at : points) prompt.points.push_back({at, positive});
}

// One prompt for the whole, with and without the mask as it is; then one for the part that each
// click marks, told from the rest.
std::vector<Prompt> prompts_for(const Clicks& clicks, const raster::Rle& before,
                                const decode::Frame& frame) {
  const auto seeds = interior_points(before, frame, kSeeds, clicks.unwanted);
  std::vector<Prompt> out(2);
  for (auto& prompt : out) {
    add(prompt, seeds, true);
    add(prompt, clicks.wanted, true);
    add(prompt, clicks.unwanted, false);
  }
  out.front().previous_mask = before;
  for (const auto& at : clicks.wanted) {
    auto& prompt = out.emplace_back();
    prompt.points.push_back({at, true});
    add(prompt, clicks.unwanted, false);
  }
  for (const auto& at : clicks.unwanted) {
    auto& prompt = out.emplace_back();
    prompt.points.push_back({at, true});
    add(prompt, seeds, false);
  }
  return out;
}

// The mask as it is, with the parts that were clicked put on and taken off.
raster::Rle patched(const raster::Rle& before, const Clicks& clicks,
                    std::span<const MaskResult> parts) {
  auto out = before;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const bool on = i < clicks.wanted.size();
    const auto mode = on ? raster::MergeMode::unite : raster::MergeMode::subtract;
    const auto& at = on ? clicks.wanted[i] : clicks.unwanted[i - clicks.wanted.size()];
    // Where it is as wanted already, nothing is to be done.
    if (holds(before, at) != on) out = raster::merge(out, parts[i].rle, mode);
  }
  return out;
}

}  // namespace

Task<modelzoo::SegmentOutcome> Prelabel::refine(tenancy::Tenant tenant, RefineRequest request) {
  tenant.require(tenancy::Permission::inference_run);
  co_await metering_.require_model_time(tenant.organization());
  const auto asset = co_await assets_.get(tenant, request.asset_id);
  const auto width = static_cast<int>(asset.width);
  const auto height = static_cast<int>(asset.height);
  decode::sam::require_size(request.mask, width, height);
  const modelzoo::PixelSource source = [this, organization = tenant.organization(), id = asset.id] {
    return assets_.pixels_for(organization, id);
  };
  modelzoo::SegmentOptions options;
  options.model = co_await models_.resolve(tenant, request.model);
  const auto frame =
      co_await models_.vision().frame_for(options.model, width, height, options.lane);
  const auto clicks = clicks_of(request.points, asset);
  auto prepare = [&] { return prompts_for(clicks, request.mask, frame); };
  auto prompts = co_await runtime::run_on(models_.vision().urgent(), prepare);
  auto running = models_.vision().segment({tenant.organization(), asset.sha256}, source, width,
                                          height, std::move(prompts), std::move(options));
  auto out = co_await counted(tenant.organization(), std::move(running));
  auto choose = [&] {
    constexpr std::size_t kWholes = 2;
    const std::span parts(out.masks.begin() + kWholes, out.masks.end());
    std::vector<MaskResult> choices(out.masks.begin(), out.masks.begin() + kWholes);
    const float sure = std::min(choices[0].score, choices[1].score);
    const decode::sam::MaskOptions how;
    choices.push_back(
        decode::sam::mask_result(patched(request.mask, clicks, parts), sure, how.tolerance));
    // What does as the clicks say, and else leaves the mask as it is.
    const auto worth = [&](const MaskResult& one) {
      return (clicks.met_by(one.rle) ? 1 : 0) + raster::iou(one.rle, request.mask);
    };
    auto best = std::ranges::max_element(choices, {}, worth);
    std::vector<MaskResult> kept;
    kept.push_back(std::move(*best));
    return kept;
  };
  out.masks = co_await runtime::run_on(models_.vision().urgent(), choose);
  co_return out;
}

}  // namespace aa::prelabel
