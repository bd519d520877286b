#include "api/routes/routes.hpp"

namespace aa::api {
namespace {

using modelregistry::ArrivingFile;
using modelregistry::ImportFields;
using modelregistry::ModelFilter;
using modelregistry::NewRemote;
using modelzoo::Card;

constexpr std::uint64_t kImportBytes = 2 * modelregistry::kUploadBytes + (4ULL << 20);
constexpr std::uint64_t kLabelsBytes = 1ULL << 20;
constexpr std::size_t kFieldBytes = 1024;
constexpr std::size_t kPiece = 256 * 1024;

struct JobOfModel {
  JobId job_id;
};
BOOST_DESCRIBE_STRUCT(JobOfModel, (), (job_id))

std::string id_in(const Call& call) { return call.path.find("id")->second; }

Task<http::Response> handle_list(Services& services, Call call) {
  ModelFilter filter{call.query("task"), call.query("kind"), call.query("state"),
                     call.query("licence"), call.query("q")};
  Page<Card> page;
  page.items = co_await services.registry.list(call.tenant(), std::move(filter));
  co_return json_response(200, write_page(page));
}

Task<http::Response> handle_get(Services& services, Call call) {
  co_return answer(200, co_await services.registry.get(call.tenant(), id_in(call)));
}

Task<http::Response> handle_delete(Services& services, Call call) {
  co_await services.registry.remove(call.tenant(), id_in(call));
  co_return http::Response::empty(204);
}

// A part that is a file, into the store as it comes.
Task<ArrivingFile> take_file(Services& services, Call call, http::MultipartReader& reader,
                             http::Part part) {
  auto file = co_await services.registry.begin_file(call.tenant(), part.name,
                                                    part.filename.value_or("model"));
  std::vector<std::byte> buffer(kPiece);
  while (const auto count = co_await reader.read(buffer)) {
    if (part.name == "labels" && file.writer->size() + count > kLabelsBytes) {
      throw too_large("file_too_large", "The labels are larger than 1 MiB.");
    }
    co_await services.registry.write_file(file, std::span(buffer).first(count));
  }
  co_return file;
}

[[noreturn]] void refuse_part(const std::string& name, const char* why) {
  throw invalid("invalid_body", "/" + name + " " + why + ".", {{"/" + name, why}});
}

Task<http::Response> handle_import(Services& services, Call call) {
  call.tenant().require(Permission::model_write);
  http::MultipartReader reader(*call.request);
  std::vector<ArrivingFile> files;
  json::Object fields;
  while (const auto part = co_await reader.next()) {
    const bool again = fields.contains(part->name) ||
                       std::ranges::find(files, part->name, &ArrivingFile::part) != files.end();
    if (again) refuse_part(part->name, "stands twice");
    if (part->name == "file" || part->name == "decoder" || part->name == "labels") {
      files.push_back(co_await take_file(services, call, reader, *part));
    } else {
      fields[part->name] = co_await reader.read_text(kFieldBytes);
    }
  }
  if (std::ranges::find(files, "file", &ArrivingFile::part) == files.end()) {
    throw invalid("no_files", "The request holds no part named \"file\".",
                  {{"/file", "is required"}});
  }
  auto read = json::read<ImportFields>(json::Value(std::move(fields)));
  JobOfModel started{
      co_await services.registry.start_import(call.tenant(), std::move(files), std::move(read))};
  co_return answer(202, started);
}

Task<http::Response> handle_install(Services& services, Call call) {
  JobOfModel started{co_await services.registry.start_install(call.tenant(), id_in(call))};
  co_return answer(202, started);
}

Task<http::Response> handle_remote(Services& services, Call call) {
  auto request = co_await read_body<NewRemote>(call);
  co_return answer(201, co_await services.registry.add_remote(call.tenant(), std::move(request)));
}

Route list_route(Services& services) {
  return {.method = "GET",
          .pattern = "/api/v1/models",
          .summary = "The model zoo, the organization's own models and remote ones",
          .permission = Permission::model_read,
          .response_schema = page_schema_of<Card>(),
          .query = {{"task", "string", "Only models of this task"},
                    {"kind", "string", "zoo, own, remote or pipeline"},
                    {"state", "string", "ready, not_installed, installing or failed"},
                    {"licence", "string", "Only models of this licence (SPDX)"},
                    {"q", "string", "In id, name, family, task, good_for or a label"}},
          .handler = [&](Call call) { return handle_list(services, call); }};
}

}  // namespace

Routes model_routes(Services& services) {
  Routes out;
  out.push_back(list_route(services));
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/models",
                 .summary = "Bring a model: multipart, file (ONNX, TFLite, or a TensorFlow.js "
                            "folder as zip), labels?, decoder?, id?, name?, family?, licence?",
                 .permission = Permission::model_write,
                 .rate = RateClass::heavy,
                 .body_limit = kImportBytes,
                 .streams_body = true,
                 .status = 202,
                 .request_type = "multipart/form-data",
                 .response_schema = schema_of<JobOfModel>(),
                 .handler = [&](Call call) { return handle_import(services, call); }});
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/models/remote",
                 .summary = "Add a model that another server runs (Label Studio ML backend)",
                 .permission = Permission::model_write,
                 .rate = RateClass::heavy,
                 .status = 201,
                 .request_type = "application/json",
                 .request_schema = schema_of<NewRemote>(),
                 .response_schema = schema_of<Card>(),
                 .handler = [&](Call call) { return handle_remote(services, call); }});
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/models/{id}",
                 .summary = "A model's card",
                 .permission = Permission::model_read,
                 .response_schema = schema_of<Card>(),
                 .handler = [&](Call call) { return handle_get(services, call); }});
  out.push_back({.method = "DELETE",
                 .pattern = "/api/v1/models/{id}",
                 .summary = "Forget a model of the organization's own, or a remote one",
                 .permission = Permission::model_write,
                 .rate = RateClass::write,
                 .status = 204,
                 .handler = [&](Call call) { return handle_delete(services, call); }});
  out.push_back({.method = "POST",
                 .pattern = "/api/v1/models/{id}/install",
                 .summary = "Bring a model of the zoo from its package",
                 .permission = Permission::model_write,
                 .rate = RateClass::heavy,
                 .status = 202,
                 .response_schema = schema_of<JobOfModel>(),
                 .handler = [&](Call call) { return handle_install(services, call); }});
  return out;
}

}  // namespace aa::api
