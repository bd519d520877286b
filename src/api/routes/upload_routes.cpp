// Resumable uploads by the tus protocol 1.0 (https://tus.io/protocols/resumable-upload):
// creation, checksum, expiration and termination. GET tells more than the protocol does: what
// became of it.
#include <algorithm>

#include <fmt/chrono.h>

#include "api/project_of.hpp"
#include "api/routes/routes.hpp"
#include "base/hash.hpp"
#include "base/utf8.hpp"

namespace aa::api {
namespace {

using uploads::NewUpload;
using uploads::UploadId;
using uploads::UploadState;
using uploads::UploadView;

constexpr std::string_view kVersion = "1.0.0";
constexpr std::string_view kExtensions = "creation,checksum,expiration,termination";
constexpr std::string_view kPieceType = "application/offset+octet-stream";

void require_version(const http::Request& request) {
  if (request.headers.get("Tus-Resumable") == kVersion) return;
  throw Error(ErrorCode::precondition_failed, "tus_version",
              "Tus-Resumable must be 1.0.0, the version of the protocol that is spoken here.");
}

std::int64_t number_in(const http::Request& request, std::string_view name) {
  constexpr std::size_t kDigitsMax = 15;
  const auto text = request.headers.get(name).value_or("");
  const bool digits = std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  if (text.empty() || text.size() > kDigitsMax || !digits) {
    throw invalid("invalid_header", std::string(name) + " must be a whole number of bytes.");
  }
  return std::stoll(std::string(text));
}

std::optional<std::string> from_base64(std::string text) {
  std::ranges::replace(text, '+', '-');
  std::ranges::replace(text, '/', '_');
  while (text.ends_with('=')) text.pop_back();
  return from_base64url(text);
}

Error bad_metadata(std::string why) {
  return invalid("invalid_metadata", "Upload-Metadata " + why);
}

// "filename ZG9nLmpwZw==,project_id MDE5..": keys with values in base64.
std::map<std::string, std::string> metadata_of(const http::Request& request) {
  std::map<std::string, std::string> out;
  std::string_view rest = request.headers.get("Upload-Metadata").value_or("");
  while (!rest.empty()) {
    auto pair = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
    while (pair.starts_with(' ')) pair.remove_prefix(1);
    const auto space = pair.find(' ');
    const auto key = std::string(pair.substr(0, space));
    const auto coded = space == std::string_view::npos ? "" : pair.substr(space + 1);
    const auto value = from_base64(std::string(coded));
    if (!value || !is_utf8(*value)) throw bad_metadata("holds a value that is no text in base64.");
    if (!out.emplace(key, *value).second) throw bad_metadata("names " + key + " twice.");
  }
  return out;
}

NewUpload new_upload(const http::Request& request) {
  NewUpload out;
  auto named = metadata_of(request);
  const auto project = ProjectId::parse(named["project_id"]);
  if (!project) throw bad_metadata("must name project_id, the project that the file is for.");
  out.project_id = *project;
  out.filename = named["filename"];
  out.size_bytes = number_in(request, "Upload-Length");
  return out;
}

std::string http_date(Timestamp time) {
  constexpr std::int64_t kMicros = 1'000'000;
  return fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT",
                     fmt::gmtime(static_cast<std::time_t>(time.micros / kMicros)));
}

http::Response with_state(http::Response response, const UploadView& upload) {
  response.headers.set("Tus-Resumable", std::string(kVersion));
  response.headers.set("Upload-Offset", std::to_string(upload.received));
  response.headers.set("Upload-Length", std::to_string(upload.size_bytes));
  if (upload.state == UploadState::receiving) {
    response.headers.set("Upload-Expires", http_date(upload.expires_at));
  }
  return response;
}

Task<http::Response> handle_options(Call) {
  auto response = http::Response::empty(204);
  response.headers.set("Tus-Resumable", std::string(kVersion));
  response.headers.set("Tus-Version", std::string(kVersion));
  response.headers.set("Tus-Extension", std::string(kExtensions));
  response.headers.set("Tus-Checksum-Algorithm", std::string(uploads::kChecksumAlgorithms));
  response.headers.set("Tus-Max-Size", std::to_string(limits::kUploadFileBytes));
  co_return response;
}

Task<http::Response> handle_create(Services& services, Call call) {
  require_version(*call.request);
  const auto input = new_upload(*call.request);
  const auto upload = co_await services.uploads.create(in_project(call, input.project_id), input);
  auto response = with_state(http::Response::empty(201), upload);
  response.headers.set("Location", "/api/v1/uploads/" + upload.id.str());
  co_return response;
}

Task<http::Response> handle_state(Services& services, Call call) {
  const auto upload = co_await services.uploads.get(call.tenant(), call.id<UploadId>("id"));
  co_return with_state(answer(200, upload), upload);
}

// "sha1 2jmj7l5rSw0yVb/vlWAYkK/YBwk="
std::optional<uploads::Checksum> checksum_of(const http::Request& request) {
  const auto text = request.headers.get("Upload-Checksum");
  if (!text) return std::nullopt;
  const auto space = text->find(' ');
  const auto coded = space == std::string_view::npos ? "" : text->substr(space + 1);
  uploads::Checksum out{std::string(text->substr(0, space)), {}};
  out.digest = from_base64(std::string(coded)).value_or("");
  return out;
}

Task<http::Response> handle_piece(Services& services, Call call) {
  require_version(*call.request);
  if (call.request->headers.get("Content-Type") != kPieceType) {
    throw Error(ErrorCode::unsupported, "unsupported_media_type",
                "The body must be " + std::string(kPieceType) + ".");
  }
  const auto offset = number_in(*call.request, "Upload-Offset");
  auto next = [request = call.request](std::span<std::byte> buffer) {
    return request->body->read(buffer);
  };
  auto checksum = checksum_of(*call.request);
  const auto upload = co_await services.uploads.receive(
      call.tenant(), call.id<UploadId>("id"), offset, std::move(next), std::move(checksum));
  co_return with_state(http::Response::empty(204), upload);
}

Task<http::Response> handle_remove(Services& services, Call call) {
  co_await services.uploads.remove(call.tenant(), call.id<UploadId>("id"));
  auto response = http::Response::empty(204);
  response.headers.set("Tus-Resumable", std::string(kVersion));
  co_return response;
}

}  // namespace

Routes upload_routes(Services& services) {
  Routes out;
  out.push_back({.method = "OPTIONS",
                 .pattern = "/api/v1/uploads",
                 .summary = "What of tus 1.0 is spoken here",
                 .permission = Permission::account_self,
                 .status = 204,
                 .handler = [](Call call) { return handle_options(std::move(call)); }});
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/uploads",
                 .summary =
                     "Begin a resumable upload (tus 1.0): Upload-Length, and Upload-Metadata "
                     "with filename and project_id",
                 .permission = Permission::asset_write,
                 .in_any_project = true,
                 .rate = RateClass::write,
                 .status = 201,
                 .handler = [&](Call call) { return handle_create(services, call); }});
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/uploads/{id}",
                 .summary = "How far an upload is, and what became of it; HEAD as in tus 1.0",
                 .permission = Permission::asset_write,
                 .response_schema = schema_of<UploadView>(),
                 .handler = [&](Call call) { return handle_state(services, call); }});
  out.push_back({.method = "PATCH",
                 .pattern = "/api/v1/uploads/{id}",
                 .summary = "Append bytes at Upload-Offset (tus 1.0), checked by Upload-Checksum",
                 .permission = Permission::asset_write,
                 .rate = RateClass::write,
                 .body_limit = limits::kUploadFileBytes,
                 .streams_body = true,
                 .status = 204,
                 .request_type = kPieceType,
                 .handler = [&](Call call) { return handle_piece(services, call); }});
  out.push_back({.method = "DELETE",
                 .pattern = "/api/v1/uploads/{id}",
                 .summary = "Give an upload up",
                 .permission = Permission::asset_write,
                 .rate = RateClass::write,
                 .status = 204,
                 .handler = [&](Call call) { return handle_remove(services, call); }});
  return out;
}

}  // namespace aa::api
