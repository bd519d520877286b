#include <algorithm>
#include <charconv>

#include "api/blob_body.hpp"
#include "api/routes/routes.hpp"

namespace aa::api {
namespace {

using assets::Asset;
using assets::ThumbnailSize;
using assets::UploadResult;

constexpr std::size_t kChunkBytes = 256 * 1024;
constexpr std::uint64_t kUploadBytes = 16ULL << 30;
constexpr std::uint64_t kReplaceBytes = 512ULL << 20;

struct VersionView {
  std::string id;
  std::uint64_t size_bytes = 0;
  std::string sha256;
  Timestamp created_at;
};
BOOST_DESCRIBE_STRUCT(VersionView, (), (id, size_bytes, sha256, created_at))

Task<http::Response> handle_upload(Services& services, Call call) {
  auto upload = co_await services.assets.upload(call.tenant(), call.id<ProjectId>("id"));
  http::MultipartReader reader(*call.request);
  std::vector<std::byte> buffer(kChunkBytes);
  std::size_t files = 0;
  while (const auto part = co_await reader.next()) {
    if (part->name != "files" && part->name != "file") continue;
    ++files;
    co_await upload.begin(part->filename.value_or(""));
    while (const auto count = co_await reader.read(buffer)) {
      co_await upload.write(std::span(buffer).first(count));
    }
    co_await upload.end();
  }
  auto result = co_await upload.finish();
  if (files == 0) {
    throw invalid("no_files", "The upload holds no part named \"files\".",
                  {{"/files", "is required"}});
  }
  // Nothing taken at all is a failed request; its reasons stand in the body all the same.
  const bool none = result.items.empty();
  co_return answer(none ? 422 : 201, result);
}

Task<http::Response> handle_delete(Services& services, Call call) {
  co_await services.assets.remove(call.tenant(), call.id<AssetId>("id"));
  co_return http::Response::empty(204);
}

std::string content_type_of(const Asset& asset) {
  return asset.kind == assets::AssetKind::image ? "image/" + asset.format
                                                : "application/octet-stream";
}

Task<http::Response> handle_content(Services& services, Call call) {
  const auto id = call.id<AssetId>("id");
  const auto asset = co_await services.assets.get(call.tenant(), id);
  auto reader = co_await services.assets.content(call.tenant(), id);
  auto response =
      blob_response(*call.request, std::move(reader), content_type_of(asset), services.executors);
  response.headers.set("Content-Disposition",
                       http::content_disposition("attachment", asset.filename));
  response.headers.set("Cache-Control", "private, no-cache");
  co_return response;
}

Task<http::Response> handle_thumbnail(Services& services, Call call) {
  const auto size = call.query("size").value_or("small");
  if (size != "small" && size != "large") {
    throw invalid("invalid_query", "size must be small or large.");
  }
  const auto id = call.id<AssetId>("id");
  const auto asset = co_await services.assets.get(call.tenant(), id);
  const std::string etag = "\"" + asset.sha256.substr(0, 32) + "-" + size + "\"";
  http::Response response;
  if (call.request->headers.get("If-None-Match") == std::string_view(etag)) {
    response = http::Response::empty(304);
  } else {
    auto bytes = co_await services.assets.thumbnail(
        call.tenant(), id, size == "small" ? ThumbnailSize::small : ThumbnailSize::large);
    response = http::Response::text(200, "image/jpeg", std::move(bytes));
  }
  response.headers.set("ETag", etag);
  response.headers.set("Cache-Control", "private, no-cache");
  co_return response;
}

std::uint32_t tile_number(const Call& call, std::string_view name) {
  const auto& text = call.path.find(name)->second;
  std::uint32_t out = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (failure != std::errc{} || end != text.data() + text.size()) throw not_found("tile");
  return out;
}

Task<http::Response> handle_tile(Services& services, Call call) {
  const assets::TilePlace place{tile_number(call, "level"), tile_number(call, "x"),
                                tile_number(call, "y")};
  const auto tenant = call.tenant();
  auto asset = co_await services.assets.get(tenant, call.id<AssetId>("id"));
  const std::string etag = "\"" + asset.sha256.substr(0, 32) + "-tile\"";
  http::Response response;
  if (call.request->headers.get("If-None-Match") == std::string_view(etag)) {
    response = http::Response::empty(304);
  } else {
    auto bytes = co_await services.tiles.get(tenant.organization(), std::move(asset), place);
    response = http::Response::text(200, "image/jpeg", std::move(bytes));
  }
  response.headers.set("ETag", etag);
  response.headers.set("Cache-Control", "private, no-cache");
  co_return response;
}

Task<http::Response> handle_versions(Services& services, Call call) {
  Page<VersionView> page;
  for (const auto& version :
       co_await services.assets.versions(call.tenant(), call.id<AssetId>("id"))) {
    page.items.push_back({version.id, version.size, to_hex(version.sha256), version.created_at});
  }
  co_return json_response(200, write_page(page));
}

Task<http::Response> handle_replace(Services& services, Call call) {
  auto bytes = co_await call.request->read_body(kReplaceBytes);
  co_return answer(200, co_await services.assets.replace_content(
                            call.tenant(), call.id<AssetId>("id"), std::move(bytes)));
}

Task<http::Response> handle_restore(Services& services, Call call) {
  co_return answer(200, co_await services.assets.restore(call.tenant(), call.id<AssetId>("id"),
                                                         call.path.find("version")->second));
}

void add_content_routes(Services& services, Routes& out) {
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/assets/{id}/content",
                 .summary = "The original bytes, with Range",
                 .permission = Permission::asset_read,
                 .response_type = "image/*",
                 .handler = [&](Call call) { return handle_content(services, call); }});
  out.push_back({.method = "PUT",
                 .pattern = "/api/v1/assets/{id}/content",
                 .summary = "Replace the bytes; the old version is kept",
                 .permission = Permission::asset_write,
                 .rate = RateClass::upload,
                 .body_limit = kReplaceBytes,
                 .request_type = "application/octet-stream",
                 .response_schema = schema_of<Asset>(),
                 .handler = [&](Call call) { return handle_replace(services, call); }});
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/assets/{id}/versions",
                 .summary = "Versions of the bytes, oldest first",
                 .permission = Permission::asset_read,
                 .response_schema = page_schema_of<VersionView>(),
                 .handler = [&](Call call) { return handle_versions(services, call); }});
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/assets/{id}/versions/{version}/restore",
                 .summary = "Make an older version the current one",
                 .permission = Permission::asset_write,
                 .rate = RateClass::write,
                 .response_schema = schema_of<Asset>(),
                 .handler = [&](Call call) { return handle_restore(services, call); }});
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/assets/{id}/thumbnail",
                 .summary = "A JPEG of at most 256 or 1024 pixels a side",
                 .permission = Permission::asset_read,
                 .response_type = "image/jpeg",
                 .query = {{"size", "string", "small or large"}},
                 .handler = [&](Call call) { return handle_thumbnail(services, call); }});
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/assets/{id}/tiles/{level}/{x}/{y}",
                 .summary = "A JPEG of at most 512 x 512 pixels, upright; each level halves",
                 .permission = Permission::asset_read,
                 .response_type = "image/jpeg",
                 .handler = [&](Call call) { return handle_tile(services, call); }});
}

}  // namespace

Routes asset_routes(Services& services) {
  Routes out;
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/projects/{id}/assets",
                 .summary = "Upload images and zips of images: multipart, field files repeated",
                 .permission = Permission::asset_write,
                 .rate = RateClass::upload,
                 .body_limit = kUploadBytes,
                 .streams_body = true,
                 .status = 201,
                 .request_type = "multipart/form-data",
                 .response_schema = schema_of<UploadResult>(),
                 .handler = [&](Call call) { return handle_upload(services, call); }});
  out.push_back({.method = "DELETE",
                 .pattern = "/api/v1/assets/{id}",
                 .summary = "Delete an asset",
                 .permission = Permission::asset_delete,
                 .rate = RateClass::write,
                 .status = 204,
                 .handler = [&](Call call) { return handle_delete(services, call); }});
  add_content_routes(services, out);
  return out;
}

}  // namespace aa::api
