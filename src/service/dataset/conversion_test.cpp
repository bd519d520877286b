#include <gtest/gtest.h>

#include "base/error.hpp"
#include "driver/blob/temporary_folder.hpp"
#include "driver/host/atomic_file.hpp"
#include "driver/media/image_codec.hpp"
#include "service/dataset/dataset_files.hpp"

namespace aa::dataset {
namespace {

namespace fs = std::filesystem;
using formats::CocoDataset;
using formats::Problems;

constexpr std::string_view kCoco = R"({
 "images": [{"id": 7, "file_name": "a/one.png", "width": 40, "height": 20},
            {"id": 9, "file_name": "two.png", "width": 10, "height": 10}],
 "categories": [{"id": 18, "name": "dog"}, {"id": 91, "name": "unicorn"}],
 "annotations": [
  {"id": 1, "image_id": 7, "category_id": 18, "bbox": [10, 5, 20, 10], "area": 200, "iscrowd": 0},
  {"id": 2, "image_id": 7, "category_id": 91, "area": 50, "iscrowd": 0, "bbox": [0, 0, 10, 10],
   "segmentation": [[0, 0, 10, 0, 10, 10]]}]})";

class Conversion : public testing::Test {
 protected:
  fs::path path(const std::string& name) const { return folder_.path() / name; }
  fs::path write(const std::string& name, std::string_view text) const {
    host::write_file(path(name), text);
    return path(name);
  }
  void write_image(const std::string& name, int width, int height) const {
    const raster::Image image(width, height, 3);
    write(name, media::encode_png(image.view()));
  }
  std::string read(const std::string& name) const { return host::read_file(path(name), 1 << 20); }

  blob::TemporaryFolder folder_;
};

std::vector<std::string> places(const Problems& problems) {
  std::vector<std::string> out;
  for (const auto& problem : problems.kept()) out.push_back(problem.where);
  return out;
}

// Box [10, 5, 20, 10] of 40 x 20: centre (20, 10) is (0.5, 0.5), sides 0.5.
TEST_F(Conversion, coco_becomes_yolo_and_yolo_becomes_the_same_coco) {
  const auto coco = read_dataset("coco", write("coco.json", kCoco));
  Problems problems;
  write_dataset("yolo", coco, path("yolo"), problems);
  EXPECT_EQ(problems.total(), 0U);
  EXPECT_EQ(read("yolo/labels/train/a/one.txt"), "0 0.5 0.5 0.5 0.5\n1 0.125 0.25 0.25 0.5\n");
  EXPECT_EQ(read("yolo/labels/train/two.txt"), "");
  write_image("yolo/images/train/a/one.png", 40, 20);
  write_image("yolo/images/train/two.png", 10, 10);
  const auto back = read_dataset("yolo", path("yolo"));
  EXPECT_EQ(back.problems.total(), 0U);
  ASSERT_EQ(back.images.size(), 2U);
  EXPECT_EQ(back.images[0].file_name, "train/a/one.png");
  EXPECT_EQ(back.images[0].width, 40U);
  EXPECT_EQ(back.categories[0].id, 18) << "the official id";
  ASSERT_EQ(back.annotations.size(), 2U);
  EXPECT_EQ(back.annotations[0].annotation.shape, coco.annotations[0].annotation.shape);
  EXPECT_EQ(back.annotations[1].annotation.shape, document::Shape(document::Box{0, 0, 10, 10, {}}));
}

TEST_F(Conversion, outlines_survive_yolo_seg) {
  const auto coco = read_dataset("coco", write("coco.json", kCoco));
  Problems problems;
  write_dataset("yolo-seg", coco, path("yolo"), problems);
  write_image("images/a/one.png", 40, 20);
  write_image("images/two.png", 10, 10);
  const auto back = read_dataset("yolo-seg", path("yolo"), {path("images")});
  EXPECT_EQ(back.problems.total(), 0U) << back.problems.kept()[0].where;
  ASSERT_EQ(back.annotations.size(), 2U);
  const auto& triangle = std::get<document::Polygon>(back.annotations[1].annotation.shape);
  EXPECT_EQ(triangle.parts[0].points.size(), 3U);
  write_dataset("coco", back, path("back.json"), problems);
  const auto again = read_dataset("coco", path("back.json"));
  EXPECT_EQ(again.annotations.size(), 2U);
  EXPECT_EQ(again.images[0].file_name, "a/one.png");
  EXPECT_EQ(problems.total(), 0U);
}

TEST_F(Conversion, what_cannot_be_read_is_named_and_the_rest_is_kept) {
  write("y/data.yaml", "names: [cat]\n");
  write("y/labels/good.txt", "0 0.5 0.5 1 1\n5 0.5 0.5 1 1\n0 0.5 0.5\n");
  write("y/labels/lost.txt", "0 0.5 0.5 1 1\n");
  write("y/images/broken.jpg", "no image");
  write_image("y/images/good.png", 8, 8);
  write_image("y/images/bare.png", 8, 8);
  const auto data = read_dataset("yolo", path("y/data.yaml"));
  EXPECT_EQ(places(data.problems),
            (std::vector<std::string>{"broken.jpg", "labels/good.txt:2", "labels/good.txt:3",
                                      "labels/lost.txt"}));
  EXPECT_EQ(data.images.size(), 2U) << "one without labels is one with nothing on it";
  EXPECT_EQ(data.annotations.size(), 1U);
}

TEST_F(Conversion, what_yolo_cannot_hold_is_named_and_the_rest_is_kept) {
  const auto data = read_dataset("coco", write("c.json", R"({
    "images": [{"id": 1, "file_name": "../../up.jpg", "width": 4, "height": 4},
               {"id": 2, "file_name": "a.jpg", "width": 4, "height": 4},
               {"id": 3, "file_name": "a.png", "width": 4, "height": 4},
               {"id": 4, "file_name": "sizeless.jpg"},
               {"id": 5, "file_name": "/etc/b.jpg", "width": 4, "height": 4}],
    "categories": [{"id": 1, "name": "cat"}],
    "annotations": [{"id": 1, "image_id": 2, "category_id": 1, "bbox": [9, 9, 1, 1]},
                    {"id": 2, "image_id": 2, "category_id": 1, "bbox": [0, 0, 4, 4]}]})"));
  Problems problems;
  write_dataset("yolo", data, path("out"), problems);
  EXPECT_EQ(places(problems),
            (std::vector<std::string>{"image ../../up.jpg", "annotation 1", "image a.png",
                                      "image sizeless.jpg", "image /etc/b.jpg"}));
  EXPECT_EQ(read("out/labels/train/a.txt"), "0 0.5 0.5 1 1\n");
  EXPECT_FALSE(fs::exists(path("up.txt")));
}

TEST_F(Conversion, a_folder_in_use_is_left_alone) {
  const auto data = read_dataset("coco", write("c.json", kCoco));
  write("full/mine.txt", "x");
  Problems problems;
  EXPECT_THROW(write_dataset("yolo", data, path("full"), problems), Error);
  EXPECT_EQ(std::distance(fs::directory_iterator(path("full")), {}), 1);
  fs::create_directories(path("empty"));
  write_dataset("yolo", data, path("empty"), problems);
  EXPECT_TRUE(fs::exists(path("empty/data.yaml")));
}

TEST_F(Conversion, what_is_no_dataset_is_refused) {
  EXPECT_THROW(read_dataset("voc", write("c.json", kCoco)), Error);
  EXPECT_THROW(read_dataset("coco", path("absent.json")), Error);
  EXPECT_THROW(read_dataset("coco", folder_.path()), Error);
  EXPECT_THROW(read_dataset("coco", write("bad.json", "[1, 2")), Error);
  fs::create_directories(path("nothing"));
  EXPECT_THROW(read_dataset("yolo", path("nothing")), Error) << "no names";
}

}  // namespace
}  // namespace aa::dataset
