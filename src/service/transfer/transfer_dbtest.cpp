#include <gmock/gmock.h>

#include "service/testing/transfer_fixture.hpp"
#include "service/transfer/statements.hpp"

namespace aa::transfer {
namespace {

using document::Annotation;

const bool kCensus = fixture::require_statements(sql::kAll);

class TransferTest : public TransferFixture {};
AA_ON_BOTH_ENGINES(TransferTest);

TEST_P(TransferTest, coco_goes_out_and_into_another_project_unchanged) {
  start_workers();
  const auto from = varied_project();
  const auto text = exported(from.id);
  const auto into = make_project(*tenant_, {"DOG"});
  upload_png(*tenant_, into.id, "a.png", 64, 48);
  const auto result = imported(into.id, text);
  EXPECT_EQ(result.imported, 5);
  EXPECT_EQ(result.skipped, 0);
  EXPECT_TRUE(result.problems.empty());
  const auto now = run(world_->projects.get(*tenant_, into.id));
  ASSERT_EQ(now.labels.size(), 3U) << "a label of the same name, case aside, serves";
  EXPECT_EQ(now.labels[2].skeleton, from.labels[2].skeleton);
  auto renamed = now.labels;
  renamed[0].name = "dog";
  EXPECT_EQ(essence(first_image(into.id), renamed), essence(first_image(from.id), from.labels));
  for (const auto& annotation : first_image(into.id)) {
    EXPECT_EQ(annotation.created_by, tenant_->user());
  }
  EXPECT_EQ(exported(into.id).find("not there"), std::string::npos);
}

TEST_P(TransferTest, importing_twice_makes_nothing_double) {
  start_workers();
  const auto project = varied_project();
  const auto before = first_image(project.id);
  const auto text = exported(project.id);
  EXPECT_EQ(imported(project.id, text).imported, 5);
  const auto after = first_image(project.id);
  EXPECT_EQ(essence(after, project.labels), essence(before, project.labels));
  std::set<AnnotationId> ids;
  for (const auto& annotation : before) ids.insert(annotation.id);
  for (const auto& annotation : after) EXPECT_TRUE(ids.contains(annotation.id));
  const auto other = make_project(*tenant_);
  upload_png(*tenant_, other.id, "a.png", 64, 48);
  imported(other.id, text);
  EXPECT_EQ(imported(other.id, text).imported, 5);
  EXPECT_EQ(first_image(other.id).size(), 5U);
}

TEST_P(TransferTest, an_edit_by_another_program_wins_over_what_we_added) {
  start_workers();
  const auto project = make_project(*tenant_, {"dog"});
  const auto asset = upload_png(*tenant_, project.id, "a.png", 64, 48);
  put(asset.id, project.labels[0].id, document::Box{4, 5, 10, 8, std::nullopt});
  auto text = exported(project.id);
  auto value = json::parse(text).as_object();
  auto& annotation = value["annotations"].as_array()[0].as_object();
  annotation["bbox"] = {6, 7, 12, 9};
  imported(project.id, json::to_text(json::Value(value)));
  bool found = false;
  for (const auto& item : first_image(project.id)) {
    const auto* box = std::get_if<document::Box>(&item.shape);
    found = found || (box != nullptr && box->x == 6 && box->width == 12);
  }
  EXPECT_TRUE(found);
}

constexpr std::string_view kForeign = R"({
  "info": {"year": 2026},
  "images": [
    {"id": 7, "file_name": "some/folder/a.png", "width": 64, "height": 48, "license": 4,
     "coco_url": "http://images.example/a.png"},
    {"id": 8, "file_name": "gone.png", "width": 64, "height": 48},
    {"id": 9, "file_name": "twice.png", "width": 64, "height": 48},
    {"id": 10, "file_name": "small.png", "width": 640, "height": 480}],
  "categories": [{"id": 1, "name": "dog"}, {"id": 2, "name": "cow", "supercategory": "animal"}],
  "annotations": [
    {"id": 1, "image_id": 7, "category_id": 1, "bbox": [1, 2, 30, 20], "area": 600,
     "iscrowd": 0, "breed": "pug", "attributes": {"occluded": true}},
    {"id": 2, "image_id": 7, "category_id": 2, "segmentation": [[1, 1, 20, 1, 20, 20]],
     "bbox": [1, 1, 19, 19], "area": 180.5, "iscrowd": 0},
    {"id": 3, "image_id": 7, "category_id": 5, "bbox": [1, 2, 3, 4], "area": 12, "iscrowd": 0},
    {"id": 4, "image_id": 8, "category_id": 1, "bbox": [1, 2, 3, 4], "area": 12, "iscrowd": 0},
    {"id": 5, "image_id": 9, "category_id": 1, "bbox": [1, 2, 3, 4], "area": 12, "iscrowd": 0},
    {"id": 6, "image_id": 10, "category_id": 1, "bbox": [1, 2, 3, 4], "area": 12, "iscrowd": 0},
    {"id": 7, "image_id": 7, "category_id": 1, "segmentation": {"size": [9, 9],
     "counts": [81]}, "bbox": [0, 0, 1, 1], "area": 0, "iscrowd": 1}]})";

TEST_P(TransferTest, a_foreign_file_keeps_what_fits_and_tells_the_rest) {
  start_workers();
  const auto project = make_project(*tenant_, {"dog"});
  for (const auto* name : {"a.png", "twice.png", "twice.png", "small.png"}) {
    upload_png(*tenant_, project.id, name, 64, 48);
  }
  const auto result = imported(project.id, std::string(kForeign));
  EXPECT_EQ(result.imported, 2);
  EXPECT_EQ(result.skipped, 5);
  std::vector<std::string> where;
  for (const auto& problem : result.problems) where.push_back(problem.where);
  EXPECT_THAT(where, testing::IsSupersetOf(
                         {"images/8", "images/9", "images/10", "annotations/2/category_id"}));
  EXPECT_EQ(where.size(), 5U);
  const auto list = first_image(project.id);
  ASSERT_EQ(list.size(), 2U);
  for (const auto& annotation : list) EXPECT_EQ(annotation.source, document::Source::import);
  const auto text = exported(project.id);
  EXPECT_NE(text.find(R"("breed":"pug")"), std::string::npos) << "unknown members survive";
  EXPECT_NE(text.find(R"("attributes":{"occluded":true})"), std::string::npos);
  EXPECT_NE(text.find(R"("name":"cow","supercategory":"animal")"), std::string::npos);
  EXPECT_NE(text.find(R"("info":{"year":2026})"), std::string::npos);
  EXPECT_NE(text.find(R"("license":4,"coco_url":"http://images.example/a.png")"),
            std::string::npos);
  // Out and in again, elsewhere: what was kept goes along.
  const auto other = make_project(*tenant_);
  upload_png(*tenant_, other.id, "a.png", 64, 48);
  imported(other.id, text);
  const auto again = exported(other.id);
  EXPECT_NE(again.find(R"("coco_url":"http://images.example/a.png")"), std::string::npos);
  EXPECT_NE(again.find(R"("info":{"year":2026})"), std::string::npos);
  EXPECT_NE(again.find(R"("name":"cow","supercategory":"animal")"), std::string::npos);
}

TEST_P(TransferTest, the_same_file_of_a_foreign_program_may_run_again_after_a_crash) {
  const auto project = make_project(*tenant_, {"dog"});
  upload_png(*tenant_, project.id, "a.png", 64, 48);
  const auto id = run(import_text(service(), *tenant_, project.id, std::string(kForeign), "coco"));
  start_workers();
  const auto job = wait_for(*tenant_, id);
  ASSERT_EQ(job.state, jobs::State::succeeded);
  const auto once = first_image(project.id);
  // As if the worker had died just before it told that it was done.
  bare("update job_steps set state = 'pending' where job_id = $1", db::args(id));
  bare("update jobs set state = 'queued', done = 0, result = null where id = $1", db::args(id));
  const auto again = wait_for(*tenant_, id);
  EXPECT_EQ(again.state, jobs::State::succeeded);
  EXPECT_EQ(json::write(*again.result), json::write(*job.result));
  EXPECT_EQ(json::write(first_image(project.id)), json::write(once));
}

TEST_P(TransferTest, a_file_that_is_no_dataset_fails_with_a_reason) {
  start_workers();
  const auto project = make_project(*tenant_);
  const auto id = run(import_text(service(), *tenant_, project.id, "no JSON at all", "coco"));
  const auto job = wait_for(*tenant_, id);
  EXPECT_EQ(job.state, jobs::State::failed);
  EXPECT_EQ(job.error->code, "malformed_coco");
  EXPECT_EQ(slug_of(import_text(service(), *tenant_, project.id, "{}", "crayon")),
            "unknown_format");
  const ExportRequest unknown{"crayon", std::nullopt, std::nullopt};
  EXPECT_EQ(slug_of(service().start_export(*tenant_, project.id, unknown)), "unknown_format");
  EXPECT_EQ(pointer(), "/format");
}

TEST_P(TransferTest, an_export_is_named_after_its_project_and_waits_until_it_is_ready) {
  const auto project = varied_project();
  const ExportRequest request{"coco", std::nullopt, std::nullopt};
  const auto id = run(service().start_export(*tenant_, project.id, request));
  EXPECT_EQ(slug_of(service().export_file(*tenant_, id)), "export_not_ready");
  EXPECT_EQ(slug_of(service().export_content(*tenant_, id)), "export_not_ready");
  start_workers();
  const auto job = wait_for(*tenant_, id);
  EXPECT_EQ(job.result->at("filename").as_string(), "my-dogs.coco.json");
  const auto file = run(service().export_file(*tenant_, id));
  EXPECT_EQ(file.filename, "my-dogs.coco.json");
  EXPECT_EQ(file.size_bytes, static_cast<std::int64_t>(content(id).size()));
  EXPECT_EQ(slug_of(service().export_file(*tenant_, fresh<JobId>())), "not_found");
}

TEST_P(TransferTest, another_tenant_gets_nothing) {
  start_workers();
  const auto project = varied_project();
  const auto job = finish_export(project.id, "coco");
  const auto eve = register_person("eve");
  const ExportRequest request{"coco", std::nullopt, std::nullopt};
  EXPECT_EQ(slug_of(service().export_file(eve, job.id)), "not_found");
  EXPECT_EQ(slug_of(service().export_content(eve, job.id)), "not_found");
  EXPECT_EQ(slug_of(service().start_export(eve, project.id, request)), "not_found");
  EXPECT_EQ(slug_of(import_text(service(), eve, project.id, "{}", "coco")), "not_found");
  const auto viewer = with_role(*tenant_, tenancy::Role::viewer);
  EXPECT_EQ(slug_of(import_text(service(), viewer, project.id, "{}", "coco")), "permission_denied");
}

TEST_P(TransferTest, files_of_one_name_become_different_files) {
  start_workers();
  const auto project = make_project(*tenant_, {"dog"});
  std::vector<std::pair<std::string, std::string>> files;
  const std::vector<std::string> names = {"a_2.png",     "a.png", "a.png", "a.jpg",
                                          "../../etc/x", "noext", "noext"};
  for (std::size_t i = 0; i < names.size(); ++i) {
    files.emplace_back(names[i], fixture::png_file(16, 16, static_cast<int>(i)));
  }
  for (auto& file : files) upload(*tenant_, project.id, {file});
  const auto coco = unzip(exported(project.id, "coco", true));
  EXPECT_EQ(coco.size(), names.size() + 1);
  const auto table = json::parse(coco.at("annotations.json")).as_object();
  const auto& images = table.at("images").as_array();
  ASSERT_EQ(images.size(), names.size());
  for (std::size_t i = 0; i < images.size(); ++i) {
    const std::string name(images[i].at("file_name").as_string());
    ASSERT_TRUE(coco.contains("images/" + name)) << name;
    EXPECT_EQ(coco.at("images/" + name), files[i].second) << name;
    EXPECT_EQ(name.find('/'), std::string::npos);
  }
  const auto yolo = unzip(exported(project.id, "yolo", true));
  EXPECT_EQ(yolo.size(), 2 * names.size() + 1) << "a label file for each picture, and data.yaml";
}

TEST_P(TransferTest, pictures_are_exported_upright) {
  start_workers();
  const auto project = make_project(*tenant_, {"dog"});
  upload_one(*tenant_, project.id, "phone.jpg", fixture::turned_jpeg_file(80, 50, 6));
  const auto files = unzip(exported(project.id, "coco", true));
  const auto info = media::probe(std::as_bytes(std::span(files.at("images/phone.jpg"))));
  EXPECT_EQ(info.orientation, 1);
  EXPECT_EQ(info.width, 50U);
  EXPECT_EQ(info.height, 80U);
}

TEST_P(TransferTest, yolo_has_a_line_for_each_box) {
  start_workers();
  const auto project = make_project(*tenant_, {"cat", "dog"});
  const auto asset = upload_png(*tenant_, project.id, "a.png", 64, 48);
  put(asset.id, project.labels[1].id, document::Box{16, 12, 32, 24, std::nullopt});
  const auto files = unzip(exported(project.id, "yolo"));
  const auto& lines = files.at("labels/train/a.txt");
  EXPECT_TRUE(lines.starts_with("1 0.5 0.5 0.5 0.5")) << lines;
  EXPECT_NE(files.at("data.yaml").find("dog"), std::string::npos);
  document::Polygon triangle;
  triangle.parts.resize(1);
  triangle.parts[0].points = {{0, 0}, {32, 0}, {32, 24}};
  put(asset.id, project.labels[0].id, triangle);
  const auto numbers = [](const std::string& text) { return std::ranges::count(text, ' '); };
  EXPECT_EQ(numbers(unzip(exported(project.id, "yolo")).at("labels/train/a.txt")), 2 * 4)
      << "boxes only";
  EXPECT_EQ(numbers(unzip(exported(project.id, "yolo-seg")).at("labels/train/a.txt")), 8 + 6)
      << "corners of the box and of the triangle";
}

TEST_P(TransferTest, a_cancelled_export_is_cancelled_and_leaves_no_file) {
  const auto project = make_project(*tenant_, {"dog"});
  const auto asset = upload_png(*tenant_, project.id, "a.png", 16, 16);
  // Two pages of images, without drawing them all.
  bare(
      "insert into assets (id, organization_id, project_id, rank, filename, kind, format, width,"
      " height, sha256, size_bytes, status, created_by, created_at) "
      "select " +
          std::string(
              GetParam() == db::Engine::sqlite
                  ? "lower(hex(randomblob(4))) || '-0000-7000-8000-' || lower(hex(randomblob(6)))"
                  : "gen_random_uuid()") +
          ", a.organization_id, a.project_id, 1 + n, 'x.png', a.kind, a.format, a.width, a.height,"
          " a.sha256, a.size_bytes, a.status, a.created_by, a.created_at "
          "from assets a, (with recursive s(n) as (select 0 union all select n + 1 from s "
          "where n < 249) select n from s) t where a.id = $1",
      db::args(asset.id));
  const ExportRequest request{"coco", std::nullopt, std::nullopt};
  const auto id = run(service().start_export(*tenant_, project.id, request));
  // Cancelled once it runs: a queued job would end before it begins.
  world_->blobs.on_begin(
      [&](const blob::Key&) { run(world_->queue.cancel(tenant_->scope(), id)); });
  start_workers();
  const auto job = wait_for(*tenant_, id);
  EXPECT_EQ(job.state, jobs::State::cancelled);
  EXPECT_EQ(world_->blobs.begun().back(), "exports/" + id.str()) << "it had begun";
  EXPECT_EQ(slug_of(service().export_file(*tenant_, id)), "export_not_ready");
  for (const auto& name : world_->blobs.present()) EXPECT_FALSE(name.starts_with("exports/"));
}

TEST_P(TransferTest, the_sweep_takes_files_of_exports_and_imports_that_are_over) {
  const auto project = varied_project();
  const auto waiting =
      run(import_text(service(), *tenant_, project.id, "{}", "coco"));  // no worker yet
  const auto organization = tenant_->organization();
  blob::put(world_->blobs, {organization, "exports/" + fresh<JobId>().str()}, "half");
  blob::put(world_->blobs, {organization, "imports/" + fresh<JobId>().str()}, "never started");
  blob::Sweep sweep(world_->blobs, world_->clock, world_->executors);
  sweep.add(service().export_folder());
  sweep.add(service().import_folder());
  world_->clock.advance(std::chrono::minutes(5));
  EXPECT_EQ(run(sweep.run(Timestamp{0}, world_->clock.now())), 2U);
  start_workers();
  wait_for(*tenant_, waiting);
  const auto job = finish_export(project.id, "coco");
  world_->clock.advance(std::chrono::minutes(5));
  EXPECT_EQ(run(sweep.run(Timestamp{0}, world_->clock.now())), 1U) << "the import's file";
  EXPECT_FALSE(content(job.id).empty());
}

}  // namespace
}  // namespace aa::transfer
