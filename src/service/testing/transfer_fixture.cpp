#include "service/testing/transfer_fixture.hpp"

#include "driver/archive/zip_reader.hpp"

namespace aa::transfer {

Task<JobId> import_text(Transfer& transfer, tenancy::Tenant tenant, ProjectId project,
                        std::string text, std::string format) {
  auto arrival = co_await transfer.begin_import(tenant, project);
  const auto bytes = std::as_bytes(std::span(text));
  const auto half = bytes.size() / 2;
  co_await transfer.write_import(arrival, bytes.first(half));
  co_await transfer.write_import(arrival, bytes.subspan(half));
  co_return co_await transfer.start_import(std::move(tenant), project, std::move(arrival),
                                           "set.json", std::move(format));
}

std::map<std::string, std::string> unzip(const std::string& bytes) {
  const archive::ZipReader zip(std::make_shared<archive::TextSource>(bytes));
  std::map<std::string, std::string> out;
  for (const auto& entry : zip.entries()) out[entry.path] = zip.read_all(entry, 1 << 28);
  return out;
}

void TransferFixture::SetUp() {
  ServiceTest::SetUp();
  if (!world_) return;
  tenant_.emplace(register_person());
  world_->queue.add_kind(service().export_kind());
  world_->queue.add_kind(service().import_kind());
}

jobs::Job TransferFixture::finish_export(ProjectId project, const std::string& format,
                                         bool images) {
  const ExportRequest request{format, images, std::nullopt};
  return wait_for(*tenant_, run(service().start_export(*tenant_, project, request)));
}

std::string TransferFixture::content(JobId job) {
  const auto reader = run(service().export_content(*tenant_, job));
  return blob::read_all(*reader, 1 << 26);
}

std::string TransferFixture::exported(ProjectId project, const std::string& format, bool images) {
  const auto job = finish_export(project, format, images);
  EXPECT_EQ(job.state, jobs::State::succeeded) << (job.error ? job.error->detail : "");
  return content(job.id);
}

jobs::Job TransferFixture::finish_import(ProjectId project, const std::string& text,
                                         const std::string& format) {
  return wait_for(*tenant_, run(import_text(service(), *tenant_, project, text, format)));
}

ImportResult TransferFixture::imported(ProjectId project, const std::string& text,
                                       const std::string& format) {
  const auto job = finish_import(project, text, format);
  EXPECT_EQ(job.state, jobs::State::succeeded) << (job.error ? job.error->detail : "");
  return result_of(job);
}

ImportResult TransferFixture::result_of(const jobs::Job& job) {
  return json::read<ImportResult>(job.result.value_or(json::Object{}));
}

void TransferFixture::put(AssetId asset, LabelId label, Shape shape, json::Object extra) {
  Annotation annotation = fixture::box_annotation(fresh<AnnotationId>(), label, 0, 0);
  annotation.shape = std::move(shape);
  document::assign_keys(annotation.shape);
  if (!extra.empty()) annotation.extra = std::move(extra);
  const auto head = run(world_->assets.get(*tenant_, asset)).revision;
  const auto outcome =
      apply(*tenant_, asset, head, {fixture::put_operation(fresh<OperationId>(), annotation)});
  ASSERT_TRUE(outcome.rejected.empty());
}

projects::Project TransferFixture::varied_project() {
  projects::CreateProject input{"My dogs!", projects::ProjectType::detection,
                                std::vector<projects::LabelInput>(3)};
  (*input.labels)[0].name = "dog";
  (*input.labels)[1].name = "Höhle";
  (*input.labels)[2].name = "walker";
  (*input.labels)[2].skeleton = document::SkeletonTemplate{{"nose", "tail"}, {{0, 1}}};
  const auto project = run(world_->projects.create(*tenant_, std::move(input)));
  const auto asset = upload_png(*tenant_, project.id, "a.png", 64, 48);
  const auto label = [&](std::size_t i) { return project.labels[i].id; };
  put(asset.id, label(0), document::Box{0.1, 1.0 / 3, 20.25, 10, std::nullopt});
  document::Polygon polygon;
  polygon.parts.resize(2);
  polygon.parts[0].points = {{2, 2}, {40, 2}, {40, 40}, {2, 40}};
  polygon.parts[0].holes = {{{10, 10}, {20, 10}, {20, 20.5}}};
  polygon.parts[1].points = {{50, 30}, {60, 30}, {60, 44.75}};
  put(asset.id, label(1), polygon);
  document::Polygon plain;
  plain.parts.resize(1);
  plain.parts[0].points = {{1.5, 2.5}, {9, 2}, {8, 30}};
  put(asset.id, label(0), plain);
  raster::Rle rle{48, 64, {100, 20, 28, 20, 48 * 64 - 168}};
  put(asset.id, label(1), document::MaskShape{rle}, {{"iscrowd", 1}, {"note", "kept"}});
  put(asset.id, label(2), document::Skeleton{{{"nose", 5, 6, 2}, {"tail", 7, 8, 1}}});
  return project;
}

std::vector<assets::Asset> TransferFixture::all_assets(ProjectId project) {
  return run(world_->assets.list(*tenant_, project, -1, 200));
}

std::vector<document::Annotation> TransferFixture::first_image(ProjectId project) {
  const auto list = run(world_->assets.list(*tenant_, project, -1, 1));
  return annotations_of(*tenant_, list.at(0).id);
}

std::multiset<std::string> TransferFixture::essence(const std::vector<Annotation>& list,
                                                    const std::vector<document::Label>& labels) {
  std::multiset<std::string> out;
  for (const auto& annotation : list) {
    const auto label = std::ranges::find(labels, annotation.label_id, &document::Label::id);
    // Members in the order of their names: JSON objects have no order of their own.
    std::map<std::string, std::string> extra;
    for (const auto& [key, value] : annotation.extra.value_or(json::Object{})) {
      extra[std::string(key)] = json::to_text(value);
    }
    out.insert(label->name + json::write(annotation.shape) + json::write(extra));
  }
  return out;
}

}  // namespace aa::transfer
