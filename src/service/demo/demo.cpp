#include "service/demo/demo.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "service/demo/statements.hpp"

namespace aa::demo {
namespace {

using tenancy::Permission;

Error unreadable(const std::filesystem::path& file) {
  return Error(ErrorCode::unavailable, "demo_unreadable",
               "The demo's file " + file.filename().string() +
                   " cannot be read. The installation lacks its folder \"demo\".");
}

}  // namespace

Task<std::string> Demo::file(std::filesystem::path name) {
  auto read = [path = folder_ / name] {
    std::ifstream in(path, std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    if (!in) throw unreadable(path);
    return text.str();
  };
  co_return co_await runtime::run_on(executors_.blocking(), read);
}

Task<std::optional<ProjectId>> Demo::find(tenancy::Tenant tenant) {
  const auto rows =
      co_await database_.query(tenant.scope(), sql::find_demo, db::args(tenant.organization()));
  if (rows.empty()) co_return std::nullopt;
  co_return rows[0].get<ProjectId>("project_id");
}

Task<projects::Project> Demo::open(tenancy::Tenant tenant) {
  tenant.require(Permission::project_write);
  auto id = co_await find(tenant);
  if (!id) {
    const auto built = co_await build(tenant);
    const auto claimed = co_await database_.write(
        tenant.scope(), sql::claim_demo, db::args(tenant.organization(), built, clock_.now()));
    if (claimed.affected() == 0) co_await projects_.remove(tenant, built);
    id = co_await find(tenant);
    if (!id) throw not_found("project");  // someone deleted it at this very moment
  }
  co_return co_await projects_.get(tenant, *id);
}

Task<ProjectId> Demo::build(tenancy::Tenant tenant) {
  const auto text = co_await file("demo.json");
  auto content = json::read<DemoContent>(json::parse(text));
  projects::CreateProject input{content.name, content.type, content.labels};
  auto project = co_await projects_.create(tenant, std::move(input));
  const auto id = project.id;
  std::optional<Error> failure;
  try {
    co_await fill(tenant, std::move(project), std::move(content));
  } catch (const Error& e) {
    failure = e;
  }
  if (failure) {
    co_await projects_.remove(tenant, id);
    throw *failure;
  }
  co_return id;
}

Task<> Demo::fill(tenancy::Tenant tenant, projects::Project project, DemoContent content) {
  const auto assets = co_await upload(tenant, project.id, content.photos);
  for (std::size_t i = 0; i < assets.size(); ++i) {
    auto batch = batch_of(content.photos[i], project);
    const auto outcome = co_await annotations_.apply(tenant, assets[i].id, std::move(batch));
    if (!outcome.rejected.empty()) {
      throw internal_error("the demo's objects were refused: " + outcome.rejected[0].detail);
    }
  }
}

Task<std::vector<assets::Asset>> Demo::upload(tenancy::Tenant tenant, ProjectId project,
                                              std::vector<DemoPhoto> photos) {
  auto upload = co_await assets_.upload(tenant, project);
  for (const auto& photo : photos) {
    const auto bytes = co_await file(std::filesystem::path("photos") / photo.file);
    co_await upload.begin(photo.file);
    const auto span = std::as_bytes(std::span(bytes.data(), bytes.size()));
    co_await upload.write(span);
    co_await upload.end();
  }
  auto result = co_await upload.finish();
  if (!result.rejected.empty()) throw internal_error(result.rejected[0].detail);
  co_return std::move(result.items);
}

annotation::Batch Demo::batch_of(const DemoPhoto& photo, const projects::Project& project) {
  annotation::Batch batch;
  for (const auto& object : photo.objects) {
    const auto label = std::ranges::find(project.labels, object.label, &document::Label::name);
    if (label == project.labels.end()) {
      throw internal_error("demo.json has no label \"" + object.label + "\"");
    }
    document::Annotation annotation;
    annotation.id = ids_.next_as<AnnotationId>();
    annotation.label_id = label->id;
    annotation.shape = object.shape;
    annotation.attributes = object.attributes.value_or(json::Object{});
    document::Operation operation{ids_.next_as<OperationId>(),
                                  document::Put{std::move(annotation)}};
    batch.operations.push_back(std::move(operation));
  }
  return batch;
}

}  // namespace aa::demo
