// Zips with pictures coming in, names and labels that must be told apart, and cases 125, 128, 130
// and 131 of the security list.
#include <gmock/gmock.h>
#include <sstream>

#include "driver/archive/zip_samples.hpp"
#include "service/testing/transfer_fixture.hpp"

namespace aa::transfer {
namespace {

using archive::packed_zip;
using fixture::png_file;
using testing::ElementsAre;
using testing::HasSubstr;

class ImportTest : public TransferFixture {
 protected:
  void SetUp() override {
    TransferFixture::SetUp();
    if (world_) start_workers();
  }
  std::vector<std::string> names(ProjectId project) {
    std::vector<std::string> out;
    for (const auto& asset : all_assets(project)) out.push_back(asset.filename);
    return out;
  }
  std::size_t annotations_in(ProjectId project) {
    std::size_t out = 0;
    for (const auto& asset : all_assets(project)) out += annotations_of(*tenant_, asset.id).size();
    return out;
  }
  std::vector<document::Label> labels_in(ProjectId project) {
    return run(world_->projects.get(*tenant_, project)).labels;
  }
  static std::multiset<std::string> lines(const std::string& zip, const std::string& path) {
    std::istringstream text(unzip(zip).at(path));
    std::multiset<std::string> out;
    for (std::string line; std::getline(text, line);) out.insert(line);
    return out;
  }
  // A COCO file of one image, "a.png" of 64 x 48, and these annotations.
  static std::string coco_of(const std::string& annotations) {
    return R"({"images": [{"id": 1, "file_name": "a.png", "width": 64, "height": 48}],
      "categories": [{"id": 1, "name": "dog"}], "annotations": [)" +
           annotations + "]}";
  }
};
AA_ON_BOTH_ENGINES(ImportTest);

TEST_P(ImportTest, a_coco_zip_of_ours_fills_an_empty_project_with_all_it_held) {
  const auto from = varied_project();
  upload_one(*tenant_, from.id, "sub/b.png", png_file(30, 20, 1));
  upload_one(*tenant_, from.id, "b.png", png_file(30, 20, 2));
  upload_one(*tenant_, from.id, "b.png", png_file(30, 20, 3));
  upload_one(*tenant_, from.id, "phone.jpg", fixture::turned_jpeg_file(80, 50, 6));
  const auto zip = exported(from.id, "coco", true);
  const auto into = make_project(*tenant_, {});
  const auto result = imported(into.id, zip);
  EXPECT_EQ(result.imported, 5);
  EXPECT_EQ(result.skipped, 0);
  EXPECT_TRUE(result.problems.empty()) << result.problems[0].where << result.problems[0].detail;
  EXPECT_EQ(names(into.id), names(from.id));
  const auto now = run(world_->projects.get(*tenant_, into.id));
  EXPECT_EQ(essence(first_image(into.id), now.labels), essence(first_image(from.id), from.labels));
  const auto before = all_assets(from.id);
  const auto after = all_assets(into.id);
  for (std::size_t i = 0; i < before.size(); ++i) {
    EXPECT_EQ(after[i].width, before[i].width);
    EXPECT_EQ(after[i].height, before[i].height);
    const bool upright = before[i].orientation == 1;
    EXPECT_EQ(after[i].sha256 == before[i].sha256, upright);
  }
  // Out of the copy comes the same again, ids and origins aside.
  const auto pictures = [](const std::string& bytes) {
    auto files = unzip(bytes);
    files.erase("annotations.json");
    return files;
  };
  EXPECT_EQ(pictures(exported(into.id, "coco", true)), pictures(zip));
}

TEST_P(ImportTest, a_zip_twice_or_into_its_own_project_makes_nothing_double) {
  const auto from = varied_project();
  upload_one(*tenant_, from.id, "phone.jpg", fixture::turned_jpeg_file(80, 50, 6));
  const auto zip = exported(from.id, "coco", true);
  EXPECT_EQ(imported(from.id, zip).imported, 5);
  EXPECT_EQ(all_assets(from.id).size(), 2U) << "its own images";
  const auto into = make_project(*tenant_, {});
  imported(into.id, zip);
  EXPECT_EQ(imported(into.id, zip).imported, 5);
  EXPECT_EQ(all_assets(into.id).size(), 2U) << "the same bytes under the same name";
  EXPECT_EQ(annotations_in(into.id), 5U);
}

TEST_P(ImportTest, a_zip_import_that_runs_again_after_a_crash_makes_nothing_double) {
  const auto from = varied_project();
  const auto zip = exported(from.id, "coco", true);
  const auto into = make_project(*tenant_, {});
  const auto job = finish_import(into.id, zip);
  ASSERT_EQ(job.state, jobs::State::succeeded);
  bare("update job_steps set state = 'pending' where job_id = $1", db::args(job.id));
  bare("update jobs set state = 'queued', done = 0, result = null where id = $1", db::args(job.id));
  const auto again = wait_for(*tenant_, job.id);
  EXPECT_EQ(json::write(*again.result), json::write(*job.result));
  EXPECT_EQ(all_assets(into.id).size(), 1U);
  EXPECT_EQ(annotations_in(into.id), 5U);
}

TEST_P(ImportTest, a_zip_of_another_program_keeps_what_fits_and_tells_the_rest) {
  const auto project = make_project(*tenant_, {"dog"});
  const auto png = png_file(64, 48);
  const auto zip = packed_zip({{"train/b.png", png_file(64, 48, 2)},
                               {"instances.json", R"({"images": [
        {"id": 1, "file_name": "a.png", "width": 64, "height": 48},
        {"id": 2, "file_name": "train/b.png", "width": 64, "height": 48},
        {"id": 3, "file_name": "cut.png", "width": 64, "height": 48},
        {"id": 4, "file_name": "gone.png", "width": 64, "height": 48},
        {"id": 5, "file_name": "small.png", "width": 640, "height": 480}],
       "categories": [{"id": 7, "name": "Dog"}],
       "annotations": [
        {"id": 1, "image_id": 1, "category_id": 7, "bbox": [1, 2, 3, 4], "area": 12, "iscrowd": 0},
        {"id": 2, "image_id": 2, "category_id": 7, "bbox": [1, 2, 3, 4], "area": 12, "iscrowd": 0},
        {"id": 3, "image_id": 3, "category_id": 7, "bbox": [1, 2, 3, 4], "area": 12, "iscrowd": 0},
        {"id": 4, "image_id": 4, "category_id": 7, "bbox": [1, 2, 3, 4], "area": 12, "iscrowd": 0},
        {"id": 5, "image_id": 5, "category_id": 7, "bbox": [1, 2, 3, 4], "area": 12, "iscrowd": 0}
       ]})"},
                               {"__MACOSX/._a.png", "fork"},
                               {"pictures/a.png", png},
                               {"pictures/cut.png", png.substr(0, 60)},
                               {"pictures/small.png", png_file(64, 48, 3)},
                               {"pictures/extra.png", png_file(64, 48, 4)}});
  const auto result = imported(project.id, zip);
  EXPECT_EQ(result.imported, 2);
  EXPECT_EQ(result.skipped, 3);
  std::vector<std::string> where;
  for (const auto& problem : result.problems) where.push_back(problem.where);
  EXPECT_THAT(where, ElementsAre("images/3", "images/4", "images/5", "pictures/extra.png"));
  EXPECT_THAT(result.problems[0].detail, HasSubstr("pictures/cut.png"));
  EXPECT_THAT(names(project.id), ElementsAre("a.png", "train/b.png", "small.png"));
  EXPECT_EQ(labels_in(project.id).size(), 1U) << "Dog is the project's dog";
}

TEST_P(ImportTest, a_hostile_zip_fails_the_import_and_leaves_nothing) {
  const auto project = make_project(*tenant_, {"dog"});
  const auto before = world_->blobs.present().size();
  const archive::RawEntry json{.name = "annotations.json", .content = coco_of("")};
  const archive::RawEntry good{.name = "a.png", .content = png_file(64, 48)};
  auto damaged = good;
  damaged.name = "b.png";
  damaged.crc = 5;
  const std::vector<std::pair<std::vector<archive::RawEntry>, std::string>> cases = {
      {{json, good, {.name = "../canary", .content = "x"}}, "zip_entry_path"},
      {{json, good, {.name = "link", .content = "/etc/passwd", .mode = 0120777}}, "zip_entry_type"},
      {{json, good, damaged}, "zip_damaged"},
      {{good}, "no_annotations"},
      {{good, {.name = "x.json", .content = "{}"}, {.name = "y.json", .content = "{}"}},
       "several_annotations"}};
  std::size_t imports = 0;
  for (const auto& [entries, code] : cases) {
    const auto job = finish_import(project.id, archive::raw_zip(entries));
    EXPECT_EQ(job.state, jobs::State::failed);
    EXPECT_EQ(job.error ? job.error->code : "", code);
    ++imports;
  }
  EXPECT_TRUE(all_assets(project.id).empty());
  EXPECT_EQ(world_->blobs.present().size(), before + imports) << "the files as they were sent";
}

TEST_P(ImportTest, yolo_zips_of_ours_come_back_into_an_empty_project) {
  const auto from = make_project(*tenant_, {"cat", "big dog's"});
  const auto one = upload_one(*tenant_, from.id, "a.png", png_file(64, 48, 1));
  upload_one(*tenant_, from.id, "a.png", png_file(32, 32, 2));
  put(one.id, from.labels[1].id, document::Box{16, 12, 32, 24, std::nullopt});
  document::Polygon triangle;
  triangle.parts.resize(1);
  triangle.parts[0].points = {{0, 0}, {32, 0}, {32, 24}};
  put(one.id, from.labels[0].id, triangle);
  for (const std::string format : {"yolo", "yolo-seg"}) {
    const auto zip = exported(from.id, format, true);
    const auto into = make_project(*tenant_, {});
    const auto result = imported(into.id, zip, format);
    EXPECT_EQ(result.imported, 2);
    EXPECT_TRUE(result.problems.empty());
    EXPECT_THAT(names(into.id), ElementsAre("a_0.png", "a_1.png"));
    const auto labels = labels_in(into.id);
    ASSERT_EQ(labels.size(), 2U);
    EXPECT_EQ(labels[1].name, "big dog's");
    auto back = first_image(into.id);
    EXPECT_EQ(lines(exported(into.id, format), "labels/train/a_0.txt"),
              lines(zip, "labels/train/a_0.txt"));
    ASSERT_EQ(back.size(), 2U);
    EXPECT_EQ(imported(into.id, zip, format).imported, 2);
    EXPECT_EQ(annotations_in(into.id), 2U) << "not twice";
    EXPECT_EQ(all_assets(into.id).size(), 2U);
    const auto there = std::ranges::count_if(
        back, [&](const Annotation& annotation) { return annotation.label_id == labels[1].id; });
    EXPECT_EQ(there, 1);
  }
  // Labels alone go onto the images that are there.
  EXPECT_EQ(imported(from.id, exported(from.id, "yolo"), "yolo").imported, 2);
  EXPECT_EQ(all_assets(from.id).size(), 2U);
}

TEST_P(ImportTest, twins_in_different_folders_stay_two_however_often_they_come) {
  const auto png = png_file(64, 48);
  const auto zip = packed_zip({{"data.yaml", "names: [dog]\n"},
                               {"images/train/1.png", png},
                               {"images/val/1.png", png},
                               {"labels/train/1.txt", "0 0.5 0.5 0.5 0.5\n"},
                               {"labels/val/1.txt", "0 0.25 0.25 0.5 0.5\n"}});
  const auto project = make_project(*tenant_, {});
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(imported(project.id, zip, "yolo").imported, 2);
    ASSERT_EQ(all_assets(project.id).size(), 2U);
    for (const auto& asset : all_assets(project.id)) {
      EXPECT_EQ(annotations_of(*tenant_, asset.id).size(), 1U);
    }
  }
}

TEST_P(ImportTest, case_130_a_yolo_zip_that_lies_fails_or_is_told) {
  const auto project = make_project(*tenant_, {});
  const auto with = [&](const std::string& yaml) {
    return finish_import(project.id,
                         packed_zip({{"data.yaml", yaml},
                                     {"images/train/a.png", png_file(64, 48)},
                                     {"labels/train/a.txt",
                                      "0 0.5 0.5 0.5 0.5\n7 0 0 1 1\n"
                                      "0 nan 0.5 0.5 0.5\n"}}),
                         "yolo");
  };
  for (const std::string& yaml :
       {std::string("a: &a [x, x]\nb: &b [*a, *a]\nnames: *b\n"),
        std::string("names: [!!python/object/apply:os.system x]\n"),
        std::string("x: !!python/object:os.system\nnames: [dog]\n"),
        std::string(1'000'000, 'k') + ": 1\nnames: [dog]\n", std::string("path: /etc\n"),
        std::string("names: dog\n"), std::string()}) {
    const auto job = with(yaml);
    EXPECT_EQ(job.state, jobs::State::failed) << yaml.substr(0, 60);
    EXPECT_EQ(job.error ? job.error->code : "", "malformed_yaml");
  }
  EXPECT_EQ(with(std::string(2'000'000, ' ')).error->code, "file_too_large");
  EXPECT_TRUE(all_assets(project.id).empty());
  const auto result = result_of(with("path: /etc\ntrain: ../../root\nnames: [dog]\n"));
  EXPECT_EQ(result.imported, 1);
  EXPECT_EQ(result.skipped, 2);
  std::vector<std::string> where;
  for (const auto& problem : result.problems) where.push_back(problem.where);
  EXPECT_THAT(where, ElementsAre("data.yaml/path", "data.yaml/train", "labels/train/a.txt:2",
                                 "labels/train/a.txt:3"));
  EXPECT_EQ(finish_import(project.id, "names: [dog]", "yolo").error->code, "not_a_zip");
}

TEST_P(ImportTest, images_of_one_name_get_their_own_annotations_back) {
  const auto project = make_project(*tenant_, {"dog"});
  std::vector<assets::Asset> assets;
  for (int i = 0; i < 3; ++i) {
    assets.push_back(
        upload_one(*tenant_, project.id, i == 2 ? "A.png" : "a.png", png_file(64, 48, i)));
    put(assets.back().id, project.labels[0].id, document::Box{1.0 + i, 2, 10, 8, std::nullopt});
  }
  const auto whole = exported(project.id);
  auto bare_names = json::parse(whole).as_object();
  std::vector<std::string> told;
  for (auto& image : bare_names["images"].as_array()) {
    told.emplace_back(std::string_view(image.at("file_name").as_string()));
    image.as_object().erase("annotateai");
  }
  EXPECT_THAT(told, ElementsAre("a_0.png", "a_1.png", "A_2.png"));
  for (const auto& text : {whole, json::to_text(json::Value(bare_names))}) {
    for (const auto& asset : assets) {
      const auto id = annotations_of(*tenant_, asset.id).at(0).id;
      run(world_->annotations.remove(*tenant_, id, std::nullopt));
    }
    const auto result = imported(project.id, text);
    EXPECT_EQ(result.imported, 3);
    EXPECT_TRUE(result.problems.empty());
    for (std::size_t i = 0; i < assets.size(); ++i) {
      const auto list = annotations_of(*tenant_, assets[i].id);
      ASSERT_EQ(list.size(), 1U);
      EXPECT_EQ(std::get<document::Box>(list[0].shape).x, 1.0 + static_cast<double>(i));
    }
  }
  // One is deleted: the numbered names still mean the images that are left.
  run(world_->assets.remove(*tenant_, assets[0].id));
  const auto result = imported(project.id, json::to_text(json::Value(bare_names)));
  EXPECT_EQ(result.imported, 2);
  EXPECT_THAT(result.problems.at(0).detail, HasSubstr("a_0.png"));
}

TEST_P(ImportTest, labels_that_differ_in_case_alone_stay_apart) {
  const auto from = make_project(*tenant_, {"Dog", "dog"});
  const auto asset = upload_png(*tenant_, from.id, "a.png", 64, 48);
  put(asset.id, from.labels[0].id, document::Box{1, 2, 10, 8, std::nullopt});
  put(asset.id, from.labels[1].id, document::Box{20, 2, 10, 8, std::nullopt});
  const auto text = exported(from.id);
  for (const std::vector<std::string>& labels :
       {std::vector<std::string>{}, {"dog"}, {"Dog", "dog"}, {"DOG"}}) {
    const auto into = make_project(*tenant_, labels);
    upload_png(*tenant_, into.id, "a.png", 64, 48);
    EXPECT_EQ(imported(into.id, text).imported, 2);
    EXPECT_EQ(essence(first_image(into.id), labels_in(into.id)),
              essence(first_image(from.id), from.labels));
  }
  // Told in another case: the only one that is meant, and none where two could be.
  const auto shouting = coco_of(R"({"id": 1, "image_id": 1, "category_id": 1,
                                    "bbox": [1, 2, 3, 4], "area": 12, "iscrowd": 0})");
  const auto one = make_project(*tenant_, {"DOG"});
  upload_png(*tenant_, one.id, "a.png", 64, 48);
  imported(one.id, shouting);
  EXPECT_EQ(labels_in(one.id).size(), 1U);
  const auto two = make_project(*tenant_, {"DOG", "Dog"});
  upload_png(*tenant_, two.id, "a.png", 64, 48);
  imported(two.id, shouting);
  EXPECT_EQ(labels_in(two.id).size(), 3U);
}

// 125: each lie is a problem with its place; nothing that is not finite is ever stored.
TEST_P(ImportTest, case_125_a_coco_file_that_lies_is_told_item_by_item) {
  const auto project = make_project(*tenant_, {"dog"});
  const auto asset = upload_png(*tenant_, project.id, "a.png", 64, 48);
  const std::string head = R"("image_id": 1, "category_id": 1, "iscrowd": 0, )";
  const auto box = [&](const std::string& id, const std::string& numbers) {
    return "{\"id\": " + id + ", " + head + "\"bbox\": [" + numbers + "]}";
  };
  const auto region = [&](const std::string& id, const std::string& value) {
    return "{\"id\": " + id + ", " + head + "\"segmentation\": " + value + "}";
  };
  std::string many = "[[";
  for (int i = 0; i < 200'000; ++i) many += i == 0 ? "1,2" : ",1,2";
  many += "]]";
  const std::vector<std::string> lies = {
      box("1", "NaN, 1, 2, 3"),
      box("2", "1, Infinity, 2, 3"),
      box("3", "1e309, 1, 2, 3"),
      box("4", "1e308, 1, 2, 3"),
      box("5", std::string(400'000, '9') + ", 1, 2, 3"),
      box("6", "1, 1, -2, 3"),
      box("7", "1, 2, 3"),
      box("8", "\"1\", 2, 3, 4"),
      box("9223372036854775808", "1, 1, 2, 3"),
      box("9.5", "1, 1, 2, 3"),
      region("10", "[[1, 1, 5, 5]]"),
      region("11", "[[1, 1, 5, 5, 7]]"),
      region("12", many),
      region("13", R"({"size": [48, 64], "counts": [5]})"),
      region("14", R"({"size": [48, 64], "counts": [-1, 3073]})"),
      region("15", R"({"size": [1000000000, 1000000000], "counts": [1, 2]})"),
      R"({"id": 16, "image_id": 99, "category_id": 1, "bbox": [1, 1, 2, 3]})",
      R"({"id": 17, "image_id": 1, "category_id": 99, "bbox": [1, 1, 2, 3]})",
      R"({"id": 18, "category_id": 1, "bbox": [1, 1, 2, 3]})",
      box("20", "1, 1, 2, 3")};
  std::string all = box("20", "5, 6, 7, 8");
  for (const auto& lie : lies) all += ",\n" + lie;
  const auto result = imported(project.id, coco_of(all));
  EXPECT_EQ(result.imported, 1);
  EXPECT_EQ(result.skipped, static_cast<std::int64_t>(lies.size()));
  EXPECT_GE(result.problems.size(), lies.size());
  const auto list = annotations_of(*tenant_, asset.id);
  ASSERT_EQ(list.size(), 1U);
  EXPECT_EQ(std::get<document::Box>(list[0].shape).x, 5);
}

// A box outside its image is kept as it is told: people draw past the edge.
TEST_P(ImportTest, case_125_a_box_outside_is_kept_as_the_editor_would) {
  const auto project = make_project(*tenant_, {"dog"});
  const auto asset = upload_png(*tenant_, project.id, "a.png", 64, 48);
  imported(project.id, coco_of(R"({"id": 1, "image_id": 1, "category_id": 1, "iscrowd": 0,
                                   "bbox": [-5, 40, 500, 20]})"));
  const auto list = annotations_of(*tenant_, asset.id);
  ASSERT_EQ(list.size(), 1U);
  EXPECT_EQ(std::get<document::Box>(list[0].shape).width, 500);
}

// 128: a path in a dataset names an image of it or of the project, and never a file.
TEST_P(ImportTest, case_128_paths_that_lead_out_reach_nothing_and_leave_as_plain_names) {
  const auto project = make_project(*tenant_, {"dog"});
  const std::vector<std::string> paths = {"../../canary.png",   "/etc/passwd",
                                          "file:///etc/passwd", "http://127.0.0.1:1/c.png",
                                          "..\\\\x.png",        "images/../../../d.png"};
  std::string images;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    images += (i == 0 ? "" : ",") + std::string(R"({"id": )") + std::to_string(i + 1) +
              R"(, "file_name": ")" + paths[i] + R"("})";
  }
  const auto text = R"({"images": [)" + images + R"(], "categories": [], "annotations": []})";
  EXPECT_EQ(imported(project.id, text).problems.size(), paths.size());
  EXPECT_TRUE(all_assets(project.id).empty());
  const auto zip = packed_zip({{"annotations.json", text},
                               {"canary.png", png_file(8, 8, 1)},
                               {"c.png", png_file(8, 8, 2)},
                               {"d.png", png_file(8, 8, 3)},
                               {"x.png", png_file(8, 8, 4)}});
  EXPECT_EQ(imported(project.id, zip).problems.size(), 2U) << "no picture is named passwd";
  EXPECT_THAT(names(project.id),
              testing::UnorderedElementsAre("canary.png", "c.png", "d.png", "x.png"));
  upload_one(*tenant_, project.id, "../../up.png", png_file(8, 8, 5));
  upload_one(*tenant_, project.id, "C:\\y.png", png_file(8, 8, 6));
  for (const auto* format : {"coco", "yolo"}) {
    for (const auto& file : unzip(exported(project.id, format, true))) {
      EXPECT_EQ(file.first.find("../"), std::string::npos) << file.first;
      EXPECT_EQ(file.first.find_first_of("\\:"), std::string::npos) << file.first;
    }
  }
}

// 131: of 10,000 rows one is bad: it is named, the rest is there.
TEST_P(ImportTest, case_131_one_bad_row_of_many_is_named) {
  const auto project = make_project(*tenant_, {"dog"});
  upload_png(*tenant_, project.id, "a.png", 64, 48);
  std::string rows;
  for (int i = 1; i <= 3'000; ++i) {
    rows += (i == 1 ? "" : ",") + std::string(R"({"id": )") + std::to_string(i) +
            R"(, "image_id": 1, "category_id": 1, "iscrowd": 0, "bbox": [)" +
            (i == 2'999 ? "-1, 1, -5, 5" : std::to_string(i % 50) + ", 1, 5, 5") + "]}";
  }
  const auto result = imported(project.id, coco_of(rows));
  EXPECT_EQ(result.imported, 2'999);
  EXPECT_EQ(result.skipped, 1);
  ASSERT_EQ(result.problems.size(), 1U);
  EXPECT_THAT(result.problems[0].where, HasSubstr("annotations/2998"));
  EXPECT_EQ(imported(project.id, coco_of(rows)).imported, 2'999) << "twice";
  EXPECT_EQ(annotations_in(project.id), 2'999U) << "makes nothing double";
}

TEST_P(ImportTest, case_131_two_imports_at_once_are_both_whole) {
  const auto from = make_project(*tenant_, {"dog", "cat"});
  const auto asset = upload_png(*tenant_, from.id, "a.png", 64, 48);
  for (int i = 0; i < 20; ++i) {
    put(asset.id, from.labels[i % 2].id, document::Box{1.0 + i, 2, 10, 8, std::nullopt});
  }
  const auto ours = exported(from.id);
  auto foreign = json::parse(ours).as_object();
  for (auto& row : foreign["annotations"].as_array()) row.as_object().erase("annotateai");
  for (const auto& text : {ours, json::to_text(json::Value(foreign))}) {
    const auto into = make_project(*tenant_, {});
    upload_png(*tenant_, into.id, "a.png", 64, 48);
    std::vector<JobId> jobs;
    for (int i = 0; i < 2; ++i) {
      jobs.push_back(run(import_text(service(), *tenant_, into.id, text, "coco")));
    }
    for (const auto& id : jobs) {
      const auto job = wait_for(*tenant_, id);
      ASSERT_EQ(job.state, jobs::State::succeeded) << (job.error ? job.error->detail : "");
      EXPECT_EQ(result_of(job).imported, 20);
      EXPECT_TRUE(result_of(job).problems.empty());
    }
    EXPECT_EQ(annotations_in(into.id), 20U);
    EXPECT_EQ(labels_in(into.id).size(), 2U);
  }
}

}  // namespace
}  // namespace aa::transfer
