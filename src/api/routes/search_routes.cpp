#include <charconv>

#include "api/routes/routes.hpp"

namespace aa::api {
namespace {

using search::Duplicates;
using search::EmbeddingStatus;
using search::EmbedRequest;
using search::Query;
using search::SearchResult;

constexpr std::size_t kTextMax = 1'000;

struct EmbeddingsAccepted {
  JobId job_id;
};
BOOST_DESCRIBE_STRUCT(EmbeddingsAccepted, (), (job_id))

template <class IdType>
std::optional<IdType> query_id(const Call& call, std::string_view name) {
  const auto text = call.query(name);
  if (!text) return std::nullopt;
  const auto id = IdType::parse(*text);
  if (!id) throw invalid("invalid_query", std::string(name) + " must be a UUID.");
  return id;
}

std::optional<double> query_similarity(const Call& call) {
  const auto text = call.query("min_similarity");
  if (!text) return std::nullopt;
  double value = 0;
  const auto* end = text->data() + text->size();
  const auto [at, error] = std::from_chars(text->data(), end, value);
  if (error != std::errc{} || at != end || !(value >= 0 && value <= 1)) {
    throw invalid("invalid_query", "min_similarity must be a number from 0 to 1.");
  }
  return value;
}

Task<http::Response> handle_start(Services& services, Call call) {
  const auto project = call.id<ProjectId>("id");
  EmbedRequest request;
  if (call.request->content_length.value_or(0) > 0)
    request = co_await read_body<EmbedRequest>(call);
  co_return answer(202, EmbeddingsAccepted{co_await services.search.start(call.tenant(), project,
                                                                          std::move(request))});
}

Task<http::Response> handle_status(Services& services, Call call) {
  co_return answer(200, co_await services.search.status(call.tenant(), call.id<ProjectId>("id")));
}

Task<http::Response> handle_search(Services& services, Call call) {
  Query query;
  query.text = call.query("text");
  if (query.text && (query.text->empty() || query.text->size() > kTextMax)) {
    throw invalid("invalid_query", "text must have 1 to " + std::to_string(kTextMax) + " bytes.");
  }
  query.asset_id = query_id<AssetId>(call, "asset_id");
  query.annotation_id = query_id<AnnotationId>(call, "annotation_id");
  query.limit = call.limit();
  co_return answer(200, co_await services.search.find(call.tenant(), call.id<ProjectId>("id"),
                                                      std::move(query)));
}

Task<http::Response> handle_duplicates(Services& services, Call call) {
  co_return answer(200, co_await services.search.duplicates(call.tenant(), call.id<ProjectId>("id"),
                                                            query_similarity(call)));
}

}  // namespace

Routes search_routes(Services& services) {
  Routes out;
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/projects/{id}/embeddings",
                 .summary = "Compute the features that a project is searched by",
                 .permission = Permission::prelabel_run,
                 .rate = RateClass::heavy,
                 .status = 202,
                 .request_type = "application/json",
                 .request_schema = schema_of<EmbedRequest>(),
                 .response_schema = schema_of<EmbeddingsAccepted>(),
                 .handler = [&](Call call) { return handle_start(services, call); }});
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/projects/{id}/embeddings",
                 .summary = "How many images can be searched, and by which model's features",
                 .permission = Permission::asset_read,
                 .response_schema = schema_of<EmbeddingStatus>(),
                 .handler = [&](Call call) { return handle_status(services, call); }});
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/projects/{id}/search",
                 .summary = "Images like an image, objects like an object, images by words",
                 .permission = Permission::asset_read,
                 .rate = RateClass::inference,
                 .response_schema = schema_of<SearchResult>(),
                 .query = {{"text", "string", "words; needs a model that joins images and text"},
                           {"asset_id", "string", "images like this one"},
                           {"annotation_id", "string", "objects like this one"},
                           {"limit", "integer", "1 to 200"}},
                 .handler = [&](Call call) { return handle_search(services, call); }});
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/projects/{id}/duplicates",
                 .summary = "Groups of images that show the same",
                 .permission = Permission::asset_read,
                 .rate = RateClass::inference,
                 .response_schema = schema_of<Duplicates>(),
                 .query = {{"min_similarity", "number", "0 to 1; else what suits the model"}},
                 .handler = [&](Call call) { return handle_duplicates(services, call); }});
  return out;
}

}  // namespace aa::api
