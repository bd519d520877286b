#include <algorithm>
#include <charconv>

#include "api/routes/routes.hpp"

namespace aa::api {
namespace {

using assets::Asset;
using assets::AssetDetail;
using assets::AssetFilter;
using assets::AssetKey;
using assets::AssetOrder;
using assets::DeleteAssets;
using assets::Deleted;
using assets::Histogram;
using assets::PageStart;
using assets::PatchAsset;

// A page of a gallery: where it begins in the whole order, and how long that is, when asked for.
struct AssetPage : Page<Asset> {
  std::optional<std::int64_t> position;
  std::optional<std::int64_t> total;
};

template <class Enum>
Enum query_choice(const Call& call, std::string_view name, Enum otherwise) {
  const auto text = call.query(name);
  Enum out = otherwise;
  if (text && !boost::describe::enum_from_string(text->c_str(), out)) {
    throw invalid("invalid_query", std::string(name) + " does not take \"" + *text + "\".");
  }
  return out;
}

bool query_flag(const Call& call, std::string_view name) {
  const auto text = call.query(name).value_or("false");
  if (text != "true" && text != "false") {
    throw invalid("invalid_query", std::string(name) + " must be true or false.");
  }
  return text == "true";
}

std::optional<Timestamp> query_time(const Call& call, std::string_view name) {
  const auto text = call.query(name);
  if (!text) return std::nullopt;
  const auto time = Timestamp::parse(*text);
  if (!time) {
    throw invalid("invalid_query", std::string(name) + " must be a time as 2026-01-31T12:00:00Z.");
  }
  return time;
}

AssetFilter query_filter(const Call& call) {
  AssetFilter out;
  out.state = query_choice(call, "state", out.state);
  out.name_part = call.query("name").value_or("");
  if (out.name_part.size() > limits::kFilenameBytes) {
    throw invalid("invalid_query", "name is longer than any file name.");
  }
  out.bytes_min = call.query_number("min_bytes").value_or(out.bytes_min);
  out.bytes_max = call.query_number("max_bytes").value_or(out.bytes_max);
  out.uploaded_from = query_time(call, "uploaded_from").value_or(out.uploaded_from);
  out.uploaded_to = query_time(call, "uploaded_to").value_or(out.uploaded_to);
  out.with_note = query_flag(call, "with_note");
  out.with_comments = query_flag(call, "with_comments");
  if (const auto text = call.query("label_id")) {
    out.label = LabelId::parse(*text);
    if (!out.label) throw invalid("invalid_query", "label_id must be a UUID.");
  }
  return out;
}

std::string write_assets(const AssetPage& page) {
  std::string out = write_page<Asset>(page);
  out.pop_back();
  for (const auto& [name, value] : {std::pair{"position", page.position}, {"total", page.total}}) {
    if (value) out += ",\"" + std::string(name) + "\":" + std::to_string(*value);
  }
  return out += '}';
}

std::function<json::Value(json::Schemas&)> asset_page_schema() {
  return [](json::Schemas& schemas) {
    auto schema = page_schema_of<Asset>()(schemas);
    auto& properties = schema.as_object()["properties"].as_object();
    properties["position"] = json::Value{{"type", "integer"}};
    properties["total"] = json::Value{{"type", "integer"}};
    return schema;
  };
}

std::string cursor_of(const AssetKey& key, AssetOrder order) {
  auto out = std::to_string(key.rank);
  return order == AssetOrder::name ? out + '/' + key.filename : out;
}

std::optional<AssetKey> query_cursor(const Call& call, AssetOrder order) {
  const auto text = call.query("cursor");
  if (!text || text->empty()) return std::nullopt;
  AssetKey out;
  const auto slash = text->find('/');
  const auto* end = text->data() + std::min(slash, text->size());
  const auto read = std::from_chars(text->data(), end, out.rank);
  const bool named = slash != std::string::npos;
  const bool whole = read.ec == std::errc{} && read.ptr == end && out.rank >= 0;
  if (!whole || named != (order == AssetOrder::name)) {
    throw invalid("invalid_query", "cursor is none of a list in this order.");
  }
  if (named) out.filename = text->substr(slash + 1);
  return out;
}

// A page around a position begins at the order's start, any other one after its cursor.
PageStart query_start(const Call& call, AssetOrder order, int limit) {
  PageStart out;
  if (const auto around = call.query_number("around_rank")) {
    out.skip = std::max<std::int64_t>(0, *around - limit / 2);
  } else {
    out.after = query_cursor(call, order);
    out.skip = call.query_number("skip").value_or(0);
  }
  return out;
}

Task<AssetPage> read_page(Services& services, Call call) {
  const auto project = call.id<ProjectId>("id");
  const auto filter = query_filter(call);
  const auto order = query_choice(call, "sort", AssetOrder::oldest);
  const int limit = call.limit();
  const auto start = query_start(call, order, limit);
  AssetPage page;
  if (!start.after) page.position = start.skip;
  page.items = co_await services.assets.page(call.tenant(), project, filter, order, start, limit);
  if (static_cast<int>(page.items.size()) == limit) {
    const auto& last = page.items.back();
    page.next_cursor = cursor_of({last.rank, last.filename}, order);
  }
  if (query_flag(call, "count")) {
    page.total = co_await services.assets.count(call.tenant(), project, filter);
  }
  co_return page;
}

Task<http::Response> handle_list(Services& services, Call call) {
  const auto page = co_await read_page(services, std::move(call));
  co_return json_response(200, write_assets(page));
}

// Cursors from which any position of a list is near.
struct Marks {
  std::int64_t every = assets::kMarkEvery;
  std::vector<std::string> cursors;
};
BOOST_DESCRIBE_STRUCT(Marks, (), (every, cursors))

Task<http::Response> handle_marks(Services& services, Call call) {
  const auto order = query_choice(call, "sort", AssetOrder::oldest);
  const auto keys = co_await services.assets.marks(call.tenant(), call.id<ProjectId>("id"),
                                                   query_filter(call), order);
  Marks out;
  for (const auto& key : keys) out.cursors.push_back(cursor_of(key, order));
  co_return answer(200, out);
}

http::Response detail_answer(const AssetDetail& asset) {
  auto response = answer(200, asset);
  response.headers.set("ETag", "\"" + std::to_string(asset.note_revision) + "\"");
  return response;
}

Task<http::Response> handle_get(Services& services, Call call) {
  co_return detail_answer(co_await services.assets.detail(call.tenant(), call.id<AssetId>("id")));
}

Task<http::Response> handle_patch(Services& services, Call call) {
  const auto id = call.id<AssetId>("id");
  auto change = co_await read_body<PatchAsset>(call);
  co_return detail_answer(
      co_await services.assets.patch(call.tenant(), id, std::move(change), call.if_match()));
}

Task<http::Response> handle_delete_many(Services& services, Call call) {
  const auto project = call.id<ProjectId>("id");
  auto request = co_await read_body<DeleteAssets>(call);
  co_return answer(
      200, co_await services.assets.remove_many(call.tenant(), project, std::move(request)));
}

Task<http::Response> handle_histogram(Services& services, Call call) {
  co_return answer(200,
                   co_await services.assets.histogram(call.tenant(), call.id<ProjectId>("id")));
}

std::vector<QueryParameter> filter_parameters() {
  return {{"sort", "string", "oldest, newest or name"},
          {"state", "string", "all, unlabelled, labelled or suggestions"},
          {"label_id", "string", "has an object of this label"},
          {"name", "string", "a part of the file name"},
          {"min_bytes", "integer", ""},
          {"max_bytes", "integer", ""},
          {"uploaded_from", "string", "RFC 3339"},
          {"uploaded_to", "string", "RFC 3339"},
          {"with_note", "boolean", ""},
          {"with_comments", "boolean", ""}};
}

std::vector<QueryParameter> list_parameters() {
  auto out = filter_parameters();
  out.insert(out.begin(), {{"limit", "integer", "1 to 200"},
                           {"cursor", "string", "a next_cursor or a mark of the same order"},
                           {"skip", "integer", "begins so many assets beyond the cursor"},
                           {"around_rank", "integer", "a page around this position in the order"},
                           {"count", "boolean", "with total, how many there are"}});
  return out;
}

}  // namespace

Routes gallery_routes(Services& services) {
  Routes out;
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/projects/{id}/assets",
                 .summary = "Assets, filtered and in an order, from any position",
                 .permission = Permission::asset_read,
                 .response_schema = asset_page_schema(),
                 .query = list_parameters(),
                 .handler = [&](Call call) { return handle_list(services, call); }});
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/projects/{id}/assets/marks",
                 .summary = "Cursors of every thousandth asset, filtered and in an order",
                 .permission = Permission::asset_read,
                 .response_schema = schema_of<Marks>(),
                 .query = filter_parameters(),
                 .handler = [&](Call call) { return handle_marks(services, call); }});
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/projects/{id}/assets/delete",
                 .summary = "Delete up to 1,000 assets of a project",
                 .permission = Permission::asset_delete,
                 .rate = RateClass::write,
                 .request_type = "application/json",
                 .request_schema = schema_of<DeleteAssets>(),
                 .response_schema = schema_of<Deleted>(),
                 .handler = [&](Call call) { return handle_delete_many(services, call); }});
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/projects/{id}/histogram",
                 .summary = "Objects of each label, and images that have some",
                 .permission = Permission::annotation_read,
                 .response_schema = schema_of<Histogram>(),
                 .handler = [&](Call call) { return handle_histogram(services, call); }});
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/assets/{id}",
                 .summary = "An asset with its note; the ETag is the note's revision",
                 .permission = Permission::asset_read,
                 .response_schema = schema_of<AssetDetail>(),
                 .handler = [&](Call call) { return handle_get(services, call); }});
  out.push_back({.method = "PATCH",
                 .pattern = "/api/v1/assets/{id}",
                 .summary = "Write an asset's note",
                 .permission = Permission::annotation_write,
                 .rate = RateClass::write,
                 .request_type = "application/json",
                 .request_schema = schema_of<PatchAsset>(),
                 .response_schema = schema_of<AssetDetail>(),
                 .handler = [&](Call call) { return handle_patch(services, call); }});
  return out;
}

}  // namespace aa::api
