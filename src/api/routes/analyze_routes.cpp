#include "api/project_of.hpp"
#include "api/routes/inference_form.hpp"
#include "base/hash.hpp"
#include "driver/media/image_codec.hpp"
#include "service/modelzoo/analysis_json.hpp"

namespace aa::api {
namespace {

// The map as an 8-bit grey PNG from `low` to `high`.
std::string map_body(const decode::ScalarMap& map) {
  const auto [low, high] = std::ranges::minmax(map.values);
  const float scale = high > low ? 255.0F / (high - low) : 0.0F;
  raster::Image image(map.width, map.height, 1);
  for (std::size_t i = 0; i < map.values.size(); ++i) {
    image.data()[i] = static_cast<std::uint8_t>((map.values[i] - low) * scale + 0.5F);
  }
  std::string out = R"({"width":)" + std::to_string(map.width) + R"(,"height":)" +
                    std::to_string(map.height) + R"(,"low":)";
  json::append(out, static_cast<double>(low));
  out += R"(,"high":)";
  json::append(out, static_cast<double>(high));
  out += R"(,"png":)";
  json::append(out, to_base64(media::encode_png(image.view())));
  return out + "}";
}

std::string analysis_body(const modelzoo::Analysis& analysis) {
  std::string body = R"({"model":)";
  json::append(body, analysis.model);
  body += R"(,"model_version":)";
  json::append(body, analysis.model_version);
  body += R"(,"findings":)";
  modelzoo::append_findings(body, analysis.reading);
  if (!analysis.reading.embedding.empty()) {
    const auto& features = analysis.reading.embedding;
    body += R"(,"embedding":)";
    json::append(body, std::vector<double>(features.begin(), features.end()));
  }
  if (const auto& map = analysis.reading.map; map && !map->values.empty()) {
    body += R"(,"map":)" + map_body(*map);
  }
  body += R"(,"timing_ms":)";
  json::append(body, analysis.timing);
  return body + "}";
}

Task<modelzoo::Analysis> analyze_file(Services& services, Call call) {
  auto form = co_await read_form(call.request);
  const auto model = form.field("model");
  if (!model) {
    throw invalid("invalid_body", "Name a model.", {{"/model", "is required"}});
  }
  auto key = co_await services.models.resolve(call.tenant(), *model);
  modelzoo::AnalyzeOptions options{.model = std::move(key)};
  options.min_score = form.number("min_score").value_or(kInferenceMinScore);
  options.image.emplace(call.tenant().organization(), to_hex(sha256(form.file)));
  auto pixels = co_await decode_file(services, std::move(form.file));
  const auto organization = call.tenant().organization();
  co_await services.metering.require_model_time(organization);
  auto analysis =
      co_await services.models.analyzer().analyze(std::move(pixels), std::move(options));
  co_await services.metering.add_model_time(organization, analysis.timing.run);
  co_return analysis;
}

Task<http::Response> handle_analyze(Services& services, Call call) {
  if (is_multipart(call)) {
    const auto analysis = co_await analyze_file(services, call);
    co_return json_response(200, analysis_body(analysis));
  }
  auto request = co_await read_body<prelabel::AnalyzeRequest>(call);
  auto tenant = co_await in_project_of(services, call, request.asset_id);
  const auto analysis = co_await services.prelabel.analyze(std::move(tenant), std::move(request));
  co_return json_response(200, analysis_body(analysis));
}

}  // namespace

Routes analyze_routes(Services& services) {
  Routes out;
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/inference/analyze",
                 .summary = "What any model says of an image: JSON with an asset, or multipart",
                 .permission = Permission::inference_run,
                 .in_any_project = true,
                 .rate = RateClass::inference,
                 .body_limit = kInferenceFileBytes + kInferenceFieldBytes,
                 .request_type = "application/json",
                 .request_schema = schema_of<prelabel::AnalyzeRequest>(),
                 .handler = [&](Call call) { return handle_analyze(services, call); }});
  return out;
}

}  // namespace aa::api
