#include "api/blob_body.hpp"
#include "api/routes/routes.hpp"
#include "kernel/formats/formats.hpp"

namespace aa::api {
namespace {

using transfer::ExportRequest;

constexpr std::uint64_t kImportBytes = (2ULL << 30) + (1ULL << 20);
constexpr std::size_t kFieldBytes = 1024;

struct JobAccepted {
  JobId job_id;
};
BOOST_DESCRIBE_STRUCT(JobAccepted, (), (job_id))

Task<http::Response> handle_export(Services& services, Call call) {
  const auto project = call.id<ProjectId>("id");
  auto request = co_await read_body<ExportRequest>(call);
  co_return answer(202, JobAccepted{co_await services.transfer.start_export(call.tenant(), project,
                                                                            std::move(request))});
}

Task<http::Response> handle_export_content(Services& services, Call call) {
  const auto job = call.id<JobId>("id");
  const auto file = co_await services.transfer.export_file(call.tenant(), job);
  auto reader = co_await services.transfer.export_content(call.tenant(), job);
  const bool zipped = file.filename.ends_with(".zip");
  auto response =
      blob_response(*call.request, std::move(reader),
                    zipped ? "application/zip" : "application/json", services.executors);
  response.headers.set("Content-Disposition",
                       http::content_disposition("attachment", file.filename));
  co_return response;
}

Task<http::Response> handle_import(Services& services, Call call) {
  const auto project = call.id<ProjectId>("id");
  auto arrival = co_await services.transfer.begin_import(call.tenant(), project);
  http::MultipartReader reader(*call.request);
  std::vector<std::byte> buffer(256 * 1024);
  std::string format;
  std::optional<std::string> filename;
  while (const auto part = co_await reader.next()) {
    if (part->name == "format") {
      format = co_await reader.read_text(kFieldBytes);
    } else if (part->name == "file") {
      filename = part->filename.value_or("import");
      while (const auto count = co_await reader.read(buffer)) {
        co_await services.transfer.write_import(arrival, std::span(buffer).first(count));
      }
    }
  }
  if (!filename) {
    throw invalid("no_files", "The request holds no part named \"file\".",
                  {{"/file", "is required"}});
  }
  co_return answer(202, JobAccepted{co_await services.transfer.start_import(
                            call.tenant(), project, std::move(arrival), std::move(*filename),
                            std::move(format))});
}

}  // namespace

Routes transfer_routes(Services& services) {
  Routes out;
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/projects/{id}/exports",
                 .summary = "Write a dataset; coco or yolo",
                 .permission = Permission::export_run,
                 .rate = RateClass::heavy,
                 .status = 202,
                 .request_type = "application/json",
                 .request_schema = schema_of<ExportRequest>(),
                 .response_schema = schema_of<JobAccepted>(),
                 .handler = [&](Call call) { return handle_export(services, call); }});
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/exports/{id}/content",
                 .summary = "Download an export",
                 .permission = Permission::export_run,
                 .response_type = "application/octet-stream",
                 .handler = [&](Call call) { return handle_export_content(services, call); }});
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/projects/{id}/imports",
                 .summary = "Read a dataset: multipart, file (COCO JSON, or a zip with images) "
                            "and format (coco, yolo or yolo-seg)",
                 .permission = Permission::import_run,
                 .rate = RateClass::heavy,
                 .body_limit = kImportBytes,
                 .streams_body = true,
                 .status = 202,
                 .request_type = "multipart/form-data",
                 .response_schema = schema_of<JobAccepted>(),
                 .handler = [&](Call call) { return handle_import(services, call); }});
  return out;
}

}  // namespace aa::api
