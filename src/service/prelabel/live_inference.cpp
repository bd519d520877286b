#include "service/prelabel/plan.hpp"

namespace aa::prelabel {

using tenancy::Permission;

decode::sam::Prompt to_prompt(const Prompts& prompts, int width, int height) {
  decode::sam::Prompt prompt;
  for (const auto& point : prompts.points.value_or(std::vector<PointPrompt>{})) {
    prompt.points.push_back({{point.x, point.y}, point.label == 1});
  }
  if (prompts.box) {
    const auto& b = *prompts.box;
    prompt.box = geometry::Rect{std::min(b[0], b[2]), std::min(b[1], b[3]), std::max(b[0], b[2]),
                                std::max(b[1], b[3])};
  }
  if (prompts.previous_mask) {
    decode::sam::require_size(*prompts.previous_mask, width, height);
    prompt.previous_mask = prompts.previous_mask;
  }
  return prompt;
}

modelzoo::SegmentOptions to_options(const Prompts& prompts) {
  modelzoo::SegmentOptions options{prompts.model, inference::Lane::interactive, {}};
  options.masks.tolerance = prompts.tolerance.value_or(options.masks.tolerance);
  options.masks.masks_max = static_cast<std::size_t>(prompts.masks.value_or(1));
  return options;
}

Task<modelzoo::DetectOutcome> Prelabel::detect(tenancy::Tenant tenant, DetectRequest request) {
  tenant.require(Permission::inference_run);
  co_await metering_.require_model_time(tenant.organization());
  const auto asset = co_await assets_.get(tenant, request.asset_id);
  auto pixels = co_await assets_.pixels_for(tenant.organization(), asset.id);
  auto model = co_await models_.resolve(tenant, request.model);
  modelzoo::DetectOptions options{std::move(model), request.min_score.value_or(kDefaultMinScore),
                                  inference::Lane::interactive};
  if (request.tiles) options.tiles = modelzoo::read_tiles(*request.tiles);
  auto running = models_.detect(std::move(pixels), std::move(options));
  co_return co_await counted(tenant.organization(), std::move(running));
}

Task<modelzoo::SegmentOutcome> Prelabel::segment(tenancy::Tenant tenant, SegmentRequest request) {
  tenant.require(Permission::inference_run);
  co_await metering_.require_model_time(tenant.organization());
  const auto asset = co_await assets_.get(tenant, request.asset_id);
  const modelzoo::PixelSource source = [this, organization = tenant.organization(), id = asset.id] {
    return assets_.pixels_for(organization, id);
  };
  const auto width = static_cast<int>(asset.width);
  const auto height = static_cast<int>(asset.height);
  request.model = co_await models_.resolve(tenant, request.model);
  auto read = [&request, width, height] { return to_prompt(request, width, height); };
  std::vector<decode::sam::Prompt> prompts;
  prompts.push_back(co_await runtime::run_on(models_.vision().urgent(), read));
  auto running = models_.vision().segment({tenant.organization(), asset.sha256}, source, width,
                                          height, std::move(prompts), to_options(request));
  co_return co_await counted(tenant.organization(), std::move(running));
}

// Reduced to what a screen shows: many come in a second, and none is kept.
Task<modelzoo::SegmentOutcome> Prelabel::preview(tenancy::Tenant tenant, PreviewRequest request) {
  tenant.require(Permission::inference_run);
  co_await metering_.require_model_time(tenant.organization());
  const auto asset = co_await assets_.get(tenant, request.asset_id);
  const modelzoo::PixelSource source = [this, organization = tenant.organization(), id = asset.id] {
    return assets_.pixels_for(organization, id);
  };
  std::vector<decode::sam::Prompt> prompts(1);
  prompts.front().points.push_back({{request.x, request.y}, true});
  modelzoo::SegmentOptions options;
  options.model = co_await models_.resolve(tenant, request.model);
  options.mask_side = kPreviewSide;
  auto running = models_.vision().segment(
      {tenant.organization(), asset.sha256}, source, static_cast<int>(asset.width),
      static_cast<int>(asset.height), std::move(prompts), std::move(options));
  co_return co_await counted(tenant.organization(), std::move(running));
}

Task<> Prelabel::prepare(tenancy::Tenant tenant, AssetId id, inference::Lane lane) {
  tenant.require(Permission::inference_run);
  co_await metering_.require_model_time(tenant.organization());
  const auto asset = co_await assets_.get(tenant, id);
  const modelzoo::PixelSource source = [this, organization = tenant.organization(), id = asset.id] {
    return assets_.pixels_for(organization, id);
  };
  co_await models_.vision().prepare({tenant.organization(), asset.sha256}, source, std::nullopt,
                                    lane);
}

Task<modelzoo::Analysis> Prelabel::analyze(tenancy::Tenant tenant, AnalyzeRequest request) {
  tenant.require(Permission::inference_run);
  co_await metering_.require_model_time(tenant.organization());
  const auto asset = co_await assets_.get(tenant, request.asset_id);
  auto pixels = co_await assets_.pixels_for(tenant.organization(), asset.id);
  auto model = co_await models_.resolve(tenant, request.model);
  modelzoo::AnalyzeOptions options{.model = std::move(model)};
  options.min_score = request.min_score.value_or(kDefaultMinScore);
  options.image.emplace(tenant.organization(), asset.sha256);
  if (request.labels) options.labels = std::move(*request.labels);
  if (request.box) {
    const auto& b = *request.box;
    options.region = decode::region_of(geometry::Rect{b[0], b[1], b[2], b[3]});
  }
  auto running = models_.analyzer().analyze(std::move(pixels), std::move(options));
  co_return co_await counted(tenant.organization(), std::move(running));
}

}  // namespace aa::prelabel
