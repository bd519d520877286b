#include "service/dataset/evaluation.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "driver/blob/temporary_folder.hpp"
#include "driver/host/atomic_file.hpp"

namespace aa::dataset {
namespace {

constexpr std::string_view kTruth = R"({
 "images": [{"id": 139, "file_name": "val/a.jpg", "width": 100, "height": 100},
            {"id": 285, "file_name": "val/b.jpg", "width": 100, "height": 100}],
 "categories": [{"id": 1, "name": "person"}, {"id": 18, "name": "dog"}],
 "annotations": [
  {"id": 1, "image_id": 139, "category_id": 18, "bbox": [10, 10, 40, 40], "area": 900,
   "segmentation": [[10, 10, 50, 10, 50, 50, 10, 50]], "iscrowd": 0},
  {"id": 2, "image_id": 285, "category_id": 1, "bbox": [0, 0, 20, 20], "area": 400,
   "segmentation": [[0, 0, 20, 0, 20, 20, 0, 20]], "iscrowd": 0},
  {"id": 3, "image_id": 285, "category_id": 1, "bbox": [50, 50, 50, 50], "area": 2500,
   "segmentation": {"size": [100, 100], "counts": [5050, 50, 4900]}, "iscrowd": 1}]})";

class EvaluationTest : public testing::Test {
 protected:
  Evaluation run(std::string_view predictions, std::string_view truth = kTruth) {
    host::write_file(folder_.path() / "truth.json", truth);
    host::write_file(folder_.path() / "predictions.json", predictions);
    problems_ = {};
    const auto input = read_evaluation(folder_.path() / "truth.json",
                                       folder_.path() / "predictions.json", problems_);
    return evaluate(input, problems_);
  }
  blob::TemporaryFolder folder_;
  formats::Problems problems_;
};

TEST_F(EvaluationTest, a_results_list_is_read_with_the_ids_of_the_truth) {
  const auto result = run(R"([
    {"image_id": 139, "category_id": 18, "bbox": [10, 10, 40, 40], "score": 0.9},
    {"image_id": 285, "category_id": 1, "bbox": [0, 0, 20, 20], "score": 12.5},
    {"image_id": 285, "category_id": 1, "bbox": [60, 60, 20, 20], "score": 0.1}])");
  EXPECT_EQ(problems_.total(), 0U);
  EXPECT_EQ(result.predictions, 3U);
  EXPECT_NEAR(result.bbox->ap, 1, 1e-9) << "the third lies in the crowd; scores may pass 1";
  EXPECT_NEAR(result.bbox->ap_small, 1, 1e-9) << "900 pixels by its area, 1600 by its box";
  EXPECT_EQ(result.bbox->ap_medium, -1);
  EXPECT_FALSE(result.segm.has_value());
}

TEST_F(EvaluationTest, masks_are_compared_where_both_have_them) {
  const auto result = run(R"([
    {"image_id": 139, "category_id": 18, "score": 0.9,
     "segmentation": [[10, 10, 50, 10, 50, 50, 10, 50]]},
    {"image_id": 285, "category_id": 1, "score": 0.9,
     "segmentation": {"size": [100, 100], "counts": "0d0P`2"}}])");
  ASSERT_TRUE(result.segm.has_value());
  EXPECT_EQ(result.segm->categories.size(), 2U);
  EXPECT_NEAR(result.segm->categories[1].ap, 1, 1e-9);
  EXPECT_LT(result.segm->categories[0].ap, 0.5) << "one column of the person";
}

TEST_F(EvaluationTest, a_dataset_is_matched_by_the_names_of_images_and_categories) {
  const auto result = run(R"({
    "images": [{"id": 1, "file_name": "b.jpg", "width": 100, "height": 100},
               {"id": 2, "file_name": "a.jpg", "width": 100, "height": 100},
               {"id": 3, "file_name": "c.jpg", "width": 100, "height": 100}],
    "categories": [{"id": 1, "name": "dog"}, {"id": 2, "name": "person"},
                   {"id": 3, "name": "unicorn"}],
    "annotations": [
     {"id": 1, "image_id": 1, "category_id": 2, "bbox": [0, 0, 20, 20], "score": 0.8},
     {"id": 2, "image_id": 2, "category_id": 1, "bbox": [10, 10, 40, 40], "score": 0.9},
     {"id": 3, "image_id": 2, "category_id": 3, "bbox": [10, 10, 40, 40], "score": 0.9}]})");
  EXPECT_EQ(result.predictions, 2U) << "the truth knows no unicorns";
  EXPECT_NEAR(result.bbox->ap, 1, 1e-9);
  ASSERT_EQ(problems_.total(), 1U);
  EXPECT_EQ(problems_.kept()[0].where, "image c.jpg");
}

TEST_F(EvaluationTest, bad_items_are_named_and_the_rest_counts) {
  const auto result = run(R"([
    {"image_id": 139, "category_id": 18, "bbox": [10, 10, 40, 40], "score": 0.9},
    {"image_id": 5, "category_id": 18, "bbox": [10, 10, 40, 40], "score": 0.9},
    {"image_id": 139, "category_id": 77, "bbox": [10, 10, 40, 40], "score": 0.9},
    {"image_id": 139, "category_id": 18, "bbox": [10, 10, NaN, 40], "score": 0.9},
    {"image_id": 139, "category_id": 18, "bbox": [10, 10, 40, 40]},
    7])");
  EXPECT_EQ(result.predictions, 1U);
  EXPECT_EQ(problems_.total(), 5U);
  const auto names_the_second = [](const formats::Problem& problem) {
    return problem.where == "predictions: annotations/1/image_id";
  };
  EXPECT_TRUE(std::ranges::any_of(problems_.kept(), names_the_second));
}

TEST_F(EvaluationTest, what_cannot_be_compared_is_refused) {
  EXPECT_THROW(run(R"([{"image_id": 139, "category_id": 18, "bbox": [1, 1, 4, 4]}])"), Error);
  EXPECT_THROW(run("not JSON"), Error);
  EXPECT_THROW(run("[]", "[]"), Error);
  EXPECT_EQ(run("[]").bbox->ap, 0);
  EXPECT_EQ(run("[]").bbox->ar100, 0);
}

}  // namespace
}  // namespace aa::dataset
