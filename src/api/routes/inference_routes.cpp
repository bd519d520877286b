#include "api/project_of.hpp"
#include "api/routes/inference_form.hpp"
#include "base/hash.hpp"

namespace aa::api {
namespace {

using modelzoo::DetectOutcome;
using modelzoo::Pixels;
using modelzoo::SegmentOutcome;
using modelzoo::Timing;

std::string detect_body(const DetectOutcome& outcome) {
  std::string body = R"({"model":)";
  json::append(body, outcome.model);
  body += R"(,"model_version":)";
  json::append(body, outcome.model_version);
  body += R"(,"detections":[)";
  for (bool first = true; const auto& object : outcome.objects) {
    if (!std::exchange(first, false)) body += ',';
    const auto& box = object.detection.box;
    body += R"({"bbox":)";
    json::append(body, std::array<double, 4>{box.x0, box.y0, box.x1, box.y1});
    body += R"(,"confidence":)";
    json::append(body, static_cast<double>(object.detection.score));
    body += R"(,"class":)";
    json::append(body, object.class_name);
    body += R"(,"class_id":)" + std::to_string(object.detection.class_index) + "}";
  }
  body += R"(],"timing_ms":)";
  json::append(body, outcome.timing);
  return body + "}";
}

std::string segment_body(const SegmentOutcome& outcome) {
  std::string body = R"({"model":)";
  json::append(body, outcome.model);
  body += R"(,"model_version":)";
  json::append(body, outcome.model_version);
  body += R"(,"masks":[)";
  std::vector<double> scores;
  for (const auto& mask : outcome.masks) {
    if (!scores.empty()) body += ',';
    scores.push_back(mask.score);
    body += R"({"rle":)";
    json::append(body, mask.rle);
    body += R"(,"polygon":)";
    if (mask.polygon.empty()) {
      body += "null";
    } else {
      json::append(body, document::Shape(document::polygon_of(mask.polygon)));
    }
    const auto& b = mask.bounds;
    body += R"(,"bbox":)";
    json::append(body, std::array<double, 4>{b.x0, b.y0, b.x1, b.y1});
    body += R"(,"area":)" + std::to_string(mask.area) + R"(,"score":)";
    json::append(body, static_cast<double>(mask.score));
    body += '}';
  }
  body += R"(],"scores":)";
  json::append(body, scores);
  body += R"(,"confidence":)";
  json::append(body, scores.empty() ? 0.0 : scores.front());
  body += R"(,"embedding_was_ready":)";
  json::append(body, outcome.embedding_was_ready);
  body += R"(,"timing_ms":)";
  json::append(body, outcome.timing);
  return body + "}";
}

Task<http::Response> handle_detect(Services& services, Call call) {
  if (!is_multipart(call)) {
    auto request = co_await read_body<prelabel::DetectRequest>(call);
    auto tenant = co_await in_project_of(services, call, request.asset_id);
    const auto outcome = co_await services.prelabel.detect(std::move(tenant), std::move(request));
    co_return json_response(200, detect_body(outcome));
  }
  auto form = co_await read_form(call.request);
  auto model = co_await services.models.resolve(call.tenant(), form.field("model"));
  modelzoo::DetectOptions options{std::move(model), kInferenceMinScore,
                                  inference::Lane::interactive};
  if (const auto score = form.number("min_score")) options.min_score = *score;
  if (const auto tiles = form.field("tiles")) options.tiles = modelzoo::read_tiles(*tiles);
  auto pixels = co_await decode_file(services, std::move(form.file));
  const auto organization = call.tenant().organization();
  co_await services.metering.require_model_time(organization);
  const auto outcome = co_await services.models.detect(std::move(pixels), std::move(options));
  co_await services.metering.add_model_time(organization, outcome.timing.run);
  co_return json_response(200, detect_body(outcome));
}

Task<http::Response> handle_segment(Services& services, Call call) {
  if (!is_multipart(call)) {
    auto request = co_await read_body<prelabel::SegmentRequest>(call);
    auto tenant = co_await in_project_of(services, call, request.asset_id);
    const auto outcome = co_await services.prelabel.segment(std::move(tenant), std::move(request));
    co_return json_response(200, segment_body(outcome));
  }
  auto form = co_await read_form(call.request);
  prelabel::Prompts prompts;
  if (const auto text = form.field("prompts")) {
    prompts = json::read<prelabel::Prompts>(json::parse(*text), "invalid_prompts");
  }
  const modelzoo::EmbeddingKey key{call.tenant().organization(), to_hex(sha256(form.file))};
  auto pixels = co_await decode_file(services, std::move(form.file));
  const modelzoo::PixelSource source = [pixels]() -> Task<Pixels> { co_return pixels; };
  if (!prompts.model) prompts.model = form.field("model");
  prompts.model = co_await services.models.resolve(call.tenant(), prompts.model);
  auto read = [&prompts, pixels] {
    return prelabel::to_prompt(prompts, pixels->width(), pixels->height());
  };
  std::vector<decode::sam::Prompt> list;
  list.push_back(co_await runtime::run_on(services.models.vision().urgent(), read));
  co_await services.metering.require_model_time(*key.organization);
  const auto outcome =
      co_await services.models.vision().segment(key, source, pixels->width(), pixels->height(),
                                                std::move(list), prelabel::to_options(prompts));
  co_await services.metering.add_model_time(*key.organization, outcome.timing.run);
  co_return json_response(200, segment_body(outcome));
}

struct PreviewAnswer {
  std::optional<document::Shape> polygon;
  double score = 0;
  bool embedding_was_ready = false;
  Timing timing_ms;
};
BOOST_DESCRIBE_STRUCT(PreviewAnswer, (), (polygon, score, embedding_was_ready, timing_ms))

Task<http::Response> handle_preview(Services& services, Call call) {
  auto request = co_await read_body<prelabel::PreviewRequest>(call);
  auto tenant = co_await in_project_of(services, call, request.asset_id);
  const auto outcome = co_await services.prelabel.preview(std::move(tenant), std::move(request));
  PreviewAnswer out;
  out.embedding_was_ready = outcome.embedding_was_ready;
  out.timing_ms = outcome.timing;
  if (!outcome.masks.empty() && !outcome.masks.front().polygon.empty()) {
    out.polygon = document::Shape(document::polygon_of(outcome.masks.front().polygon));
    out.score = outcome.masks.front().score;
  }
  co_return answer(200, out);
}

Task<http::Response> handle_refine(Services& services, Call call) {
  auto request = co_await read_body<prelabel::RefineRequest>(call);
  auto tenant = co_await in_project_of(services, call, request.asset_id);
  const auto outcome = co_await services.prelabel.refine(std::move(tenant), std::move(request));
  co_return json_response(200, segment_body(outcome));
}

Task<http::Response> handle_prepare(Services& services, Call call) {
  const bool ahead = call.query("ahead") == "true";
  const auto lane = ahead ? inference::Lane::bulk : inference::Lane::interactive;
  co_await services.prelabel.prepare(call.tenant(), call.id<AssetId>("id"), lane);
  co_return http::Response::empty(204);
}

}  // namespace

Routes inference_routes(Services& services) {
  Routes out;
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/inference/detect",
                 .summary = "Find objects: JSON with an asset, or multipart with a file",
                 .permission = Permission::inference_run,
                 .in_any_project = true,
                 .rate = RateClass::inference,
                 .body_limit = kInferenceFileBytes + kInferenceFieldBytes,
                 .request_type = "application/json",
                 .request_schema = schema_of<prelabel::DetectRequest>(),
                 .handler = [&](Call call) { return handle_detect(services, call); }});
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/inference/segment",
                 .summary = "Mask of what is clicked: JSON with an asset, or multipart",
                 .permission = Permission::inference_run,
                 .in_any_project = true,
                 .rate = RateClass::inference,
                 .body_limit = kInferenceFileBytes + kInferenceFieldBytes,
                 .request_type = "application/json",
                 .request_schema = schema_of<prelabel::SegmentRequest>(),
                 .handler = [&](Call call) { return handle_segment(services, call); }});
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/inference/preview",
                 .summary = "What a click on an asset would give, drawn coarsely",
                 .permission = Permission::inference_run,
                 .in_any_project = true,
                 .rate = RateClass::inference,
                 .request_type = "application/json",
                 .request_schema = schema_of<prelabel::PreviewRequest>(),
                 .response_schema = schema_of<PreviewAnswer>(),
                 .handler = [&](Call call) { return handle_preview(services, call); }});
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/inference/refine",
                 .summary = "A mask of an asset, changed where clicks say that it is wrong",
                 .permission = Permission::inference_run,
                 .in_any_project = true,
                 .rate = RateClass::inference,
                 .body_limit = kInferenceFileBytes,
                 .request_type = "application/json",
                 .request_schema = schema_of<prelabel::RefineRequest>(),
                 .handler = [&](Call call) { return handle_refine(services, call); }});
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/assets/{id}/prepare",
                 .summary = "Compute the image's embedding ahead of the first click",
                 .permission = Permission::inference_run,
                 .rate = RateClass::inference,
                 .status = 204,
                 .query = {{"ahead", "boolean", "true: nobody looks at it yet, others go first"}},
                 .handler = [&](Call call) { return handle_prepare(services, call); }});
  return out;
}

}  // namespace aa::api
