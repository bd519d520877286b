#include "kernel/metrics/average_precision.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <random>

#include <gtest/gtest.h>

#include "base/json.hpp"

namespace aa::metrics {
namespace {

TruthObject truth(std::int64_t image, BoxArea box, std::int64_t category = 1) {
  return {image, category, box, {}, box.width * box.height, false};
}
PredictedObject guess(std::int64_t image, BoxArea box, double score, std::int64_t category = 1) {
  return {image, category, box, {}, box.width * box.height, score};
}
DetectionScores of_boxes(const std::vector<TruthObject>& truths,
                         const std::vector<PredictedObject>& guesses) {
  return evaluate_detections(truths, guesses, Region::box);
}

constexpr BoxArea kA = {10, 10, 40, 40};      // 1600 pixels: medium
constexpr BoxArea kB = {100, 100, 200, 100};  // 20,000: large
constexpr BoxArea kC = {300, 300, 10, 10};    // 100: small

TEST(AveragePrecision, perfect_predictions_score_one_everywhere) {
  const auto scores = of_boxes({truth(1, kA), truth(1, kB), truth(2, kC, 7)},
                               {guess(1, kA, 0.3), guess(1, kB, 0.9), guess(2, kC, 0.1, 7)});
  for (const double value :
       {scores.ap, scores.ap50, scores.ap75, scores.ap_small, scores.ap_medium, scores.ap_large,
        scores.ar10, scores.ar100, scores.ar_small, scores.ar_medium, scores.ar_large}) {
    EXPECT_NEAR(value, 1, 1e-9);
  }
  // One of two in category 1, all of category 7.
  EXPECT_NEAR(scores.ar1, 0.75, 1e-12);
  ASSERT_EQ(scores.categories.size(), 2U);
  EXPECT_EQ(scores.categories[0].objects, 2);
}

TEST(AveragePrecision, nothing_predicted_is_zero_and_nothing_to_find_is_minus_one) {
  const auto none = of_boxes({truth(1, kA)}, {});
  EXPECT_EQ(none.ap, 0);
  EXPECT_EQ(none.ar100, 0);
  EXPECT_EQ(none.ap_small, -1) << "there are no small objects";
  const auto empty = of_boxes({}, {guess(1, kA, 0.9)});
  EXPECT_EQ(empty.ap, -1);
  EXPECT_TRUE(empty.categories.empty());
}

// One object; a false prediction scores higher than the right one. Precision is 1/2 at every
// recall.
TEST(AveragePrecision, a_better_scored_mistake_halves_precision) {
  const auto scores = of_boxes({truth(1, kA)}, {guess(1, kB, 0.9), guess(1, kA, 0.8)});
  EXPECT_NEAR(scores.ap, 0.5, 1e-9);
  EXPECT_NEAR(scores.ar1, 0, 1e-12) << "the best one is the mistake";
  EXPECT_NEAR(scores.ar10, 1, 1e-12);
}

// Two objects, right / wrong / right by falling score: precision 1 up to recall 0.5 (samples 0 to
// 50: 51 of them), then 2/3 for the other 50.
TEST(AveragePrecision, precision_is_sampled_at_101_recalls) {
  const BoxArea nowhere = {600, 600, 40, 40};
  const auto scores = of_boxes({truth(1, kA), truth(1, kB)},
                               {guess(1, kA, 0.9), guess(1, nowhere, 0.8), guess(1, kB, 0.7)});
  EXPECT_NEAR(scores.ap, (51 + 50 * 2.0 / 3) / 101, 1e-9);
}

// 40 x 40 against the same moved by 8: 32/48 = 0.667 overlap, enough for 0.50, 0.55, 0.60, 0.65.
TEST(AveragePrecision, thresholds_rise_in_steps_of_five_hundredths) {
  const auto scores = of_boxes({truth(1, kA)}, {guess(1, {18, 10, 40, 40}, 0.9)});
  EXPECT_NEAR(scores.ap, 0.4, 1e-9);
  EXPECT_NEAR(scores.ap50, 1, 1e-9);
  EXPECT_EQ(scores.ap75, 0);
  EXPECT_NEAR(scores.ar100, 0.4, 1e-9);
}

TEST(AveragePrecision, an_object_is_found_once) {
  const auto scores = of_boxes({truth(1, kA)}, {guess(1, kA, 0.9), guess(1, kA, 0.8)});
  EXPECT_NEAR(scores.ap, 1, 1e-9) << "the second comes after all was found";
  const auto two = of_boxes({truth(1, kA), truth(1, kB)},
                            {guess(1, kA, 0.9), guess(1, kA, 0.8), guess(1, kB, 0.7)});
  EXPECT_NEAR(two.ap, (51 + 50 * 2.0 / 3) / 101, 1e-9);
}

TEST(AveragePrecision, crowds_swallow_predictions_and_count_for_nothing) {
  auto crowd = truth(1, {0, 0, 400, 400});
  crowd.crowd = true;
  const auto scores = of_boxes({truth(1, {500, 0, 40, 40}), crowd},
                               {guess(1, {500, 0, 40, 40}, 0.5), guess(1, {20, 20, 30, 30}, 0.9),
                                guess(1, {80, 80, 30, 30}, 0.8), guess(1, {390, 0, 100, 40}, 0.7)});
  // The last lies with a tenth of itself in the crowd: a mistake; the two inside are not.
  EXPECT_NEAR(scores.ap, 0.5, 1e-9);
  EXPECT_EQ(scores.categories[0].objects, 1);
}

TEST(AveragePrecision, areas_are_those_of_the_truth_and_of_what_took_nothing) {
  auto object = truth(1, kA);
  object.area = 1000;  // by its mask: small, though its box is medium
  const auto scores = of_boxes({object}, {guess(1, kA, 0.9), guess(1, kB, 0.95)});
  EXPECT_NEAR(scores.ap_small, 1, 1e-9) << "the large mistake is no matter among the small";
  EXPECT_EQ(scores.ap_medium, -1);
  EXPECT_NEAR(scores.ap, 0.5, 1e-9);
  object.area = 32 * 32;  // an end belongs to both
  const auto both = of_boxes({object}, {guess(1, kA, 0.9)});
  EXPECT_NEAR(both.ap_small, 1, 1e-9);
  EXPECT_NEAR(both.ap_medium, 1, 1e-9);
}

TEST(AveragePrecision, only_the_hundred_best_of_an_image_count) {
  std::vector<PredictedObject> guesses;
  for (int i = 0; i < 100; ++i) guesses.push_back(guess(1, {700, 0, 40, 40}, 0.9));
  guesses.push_back(guess(1, kA, 0.5));
  EXPECT_EQ(of_boxes({truth(1, kA)}, guesses).ar100, 0);
  guesses.back().score = 0.95;
  EXPECT_EQ(of_boxes({truth(1, kA)}, guesses).ar100, 1);
  EXPECT_EQ(of_boxes({truth(1, kA)}, guesses).ar1, 1);
}

TEST(AveragePrecision, masks_are_compared_by_their_pixels) {
  const auto mask = [](std::uint32_t first, std::uint32_t count) {
    return raster::from_runs(std::vector<std::uint32_t>{first, count, 100 - first - count}, 10, 10);
  };
  std::vector<TruthObject> truths = {{1, 1, {}, mask(10, 20), 20, false}};
  // 15 pixels shared of 25: 0.6, so three of ten thresholds.
  const std::vector<PredictedObject> guesses = {{1, 1, {}, mask(15, 20), 20, 0.9}};
  EXPECT_NEAR(evaluate_detections(truths, guesses, Region::mask).ap, 0.3, 1e-9);
  truths[0].mask = mask(15, 20);
  EXPECT_NEAR(evaluate_detections(truths, guesses, Region::mask).ap, 1, 1e-9);
}

struct Scene {
  std::vector<TruthObject> truths;
  std::vector<PredictedObject> guesses;
};

Scene random_scene(std::uint32_t seed) {
  std::mt19937 random(seed);
  const auto below = [&](std::size_t bound) {
    return static_cast<std::uint32_t>(random() % bound);
  };
  Scene out;
  for (std::int64_t image = 1; image <= 4; ++image) {
    for (std::uint32_t i = 0; i < below(7); ++i) {
      const BoxArea box = {double(below(200)), double(below(200)), 1.0 + below(150),
                           1.0 + below(150)};
      auto object = truth(image, box, 1 + below(3));
      object.crowd = below(6) == 0;
      out.truths.push_back(object);
      for (std::uint32_t k = 0; k < below(3); ++k) {
        BoxArea near = box;
        near.x += below(20);
        near.width += below(20);
        out.guesses.push_back(guess(image, near, 0, 1 + below(3)));
      }
    }
  }
  // Scores all differ, so that their order is one.
  for (std::size_t i = 0; i < out.guesses.size(); ++i) {
    out.guesses[i].score = static_cast<double>(i + 1) / 1000;
  }
  std::shuffle(out.guesses.begin(), out.guesses.end(), random);
  for (std::size_t i = 0; i < out.guesses.size(); ++i)
    std::swap(out.guesses[i].score, out.guesses[below(i + 1)].score);
  return out;
}

void expect_equal(const DetectionScores& a, const DetectionScores& b, std::uint32_t seed) {
  EXPECT_DOUBLE_EQ(a.ap, b.ap) << seed;
  EXPECT_DOUBLE_EQ(a.ap50, b.ap50) << seed;
  EXPECT_DOUBLE_EQ(a.ap_medium, b.ap_medium) << seed;
  EXPECT_DOUBLE_EQ(a.ar1, b.ar1) << seed;
  EXPECT_DOUBLE_EQ(a.ar100, b.ar100) << seed;
}

TEST(AveragePrecisionProperty, order_scale_of_scores_and_names_of_images_play_no_part) {
  for (std::uint32_t seed = 1; seed <= 200; ++seed) {
    auto scene = random_scene(seed);
    const auto before = of_boxes(scene.truths, scene.guesses);
    std::mt19937 random(seed);
    std::shuffle(scene.guesses.begin(), scene.guesses.end(), random);
    expect_equal(of_boxes(scene.truths, scene.guesses), before, seed);
    for (auto& one : scene.guesses) one.score = 7 * one.score * one.score;
    expect_equal(of_boxes(scene.truths, scene.guesses), before, seed);
    for (auto& one : scene.guesses) one.image = -one.image;
    for (auto& one : scene.truths) one.image = -one.image;
    expect_equal(of_boxes(scene.truths, scene.guesses), before, seed);
  }
}

TEST(AveragePrecisionProperty, figures_stay_in_range_and_fall_with_the_threshold) {
  for (std::uint32_t seed = 1; seed <= 200; ++seed) {
    auto scene = random_scene(seed);
    const auto scores = of_boxes(scene.truths, scene.guesses);
    if (scores.ap == -1) continue;
    for (const double value : {scores.ap, scores.ap50, scores.ap75, scores.ar1, scores.ar100}) {
      EXPECT_GE(value, 0);
      EXPECT_LE(value, 1);
    }
    EXPECT_GE(scores.ap50, scores.ap75) << seed;
    EXPECT_GE(scores.ap50, scores.ap) << seed;
    EXPECT_GE(scores.ar10, scores.ar1) << seed;
    EXPECT_GE(scores.ar100, scores.ar10) << seed;
    // A mistake that scores less than all others harms nothing.
    scene.guesses.push_back(guess(1, {5'000, 5'000, 30, 30}, 0));
    EXPECT_DOUBLE_EQ(of_boxes(scene.truths, scene.guesses).ap, scores.ap) << seed;
  }
}

TEST(AveragePrecisionProperty, the_truth_as_prediction_is_perfect) {
  for (std::uint32_t seed = 1; seed <= 100; ++seed) {
    auto scene = random_scene(seed);
    scene.guesses.clear();
    for (const auto& object : scene.truths) {
      if (!object.crowd)
        scene.guesses.push_back(guess(object.image, object.box, 0.5, object.category));
    }
    const auto scores = of_boxes(scene.truths, scene.guesses);
    if (scores.ap == -1) continue;  // nothing but crowds
    EXPECT_NEAR(scores.ap, 1, 1e-9) << seed;
  }
}

// A mask that is a rectangle of whole pixels in an image of 30 x 30.
raster::Rle rectangle(const BoxArea& box) {
  constexpr std::uint32_t kSide = 30;
  raster::Mask mask{kSide, kSide, std::vector<std::uint8_t>(kSide * kSide)};
  for (auto y = static_cast<std::uint32_t>(box.y); y < box.y + box.height; ++y) {
    for (auto x = static_cast<std::uint32_t>(box.x); x < box.x + box.width; ++x) {
      mask.bytes[y * kSide + x] = 1;
    }
  }
  return raster::encode(mask);
}

BoxArea box_in(const json::Value& item) {
  const auto numbers = json::read<std::vector<double>>(item.at("bbox"));
  return {numbers[0], numbers[1], numbers[2], numbers[3]};
}

// A second implementation, in another language and without a common line, worked these out:
// tests/conformance/metrics/reference.py.
TEST(AveragePrecisionConformance, figures_are_those_of_the_reference) {
  std::ifstream in(AA_SOURCE_FOLDER "/tests/conformance/metrics/scenes.json");
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  const auto document = json::parse(text);
  std::size_t scenes = 0;
  for (const auto& scene : document.as_array()) {
    const bool masks = scene.at("masks").as_bool();
    std::vector<TruthObject> truths;
    for (const auto& item : scene.at("truths").as_array()) {
      const auto box = box_in(item);
      truths.push_back({item.at("image").as_int64(), item.at("category").as_int64(), box,
                        masks ? rectangle(box) : raster::Rle{}, item.at("area").to_number<double>(),
                        item.at("crowd").as_bool()});
    }
    std::vector<PredictedObject> guesses;
    for (const auto& item : scene.at("predictions").as_array()) {
      const auto box = box_in(item);
      guesses.push_back({item.at("image").as_int64(), item.at("category").as_int64(), box,
                         masks ? rectangle(box) : raster::Rle{},
                         item.at("area").to_number<double>(),
                         item.at("score").to_number<double>()});
    }
    const auto scores = evaluate_detections(truths, guesses, masks ? Region::mask : Region::box);
    const auto ours = json::parse(json::write(scores));
    for (const auto& [name, value] : scene.at("figures").as_object()) {
      EXPECT_NEAR(ours.at(name).to_number<double>(), value.to_number<double>(), 1e-9)
          << "scene " << scenes << " " << name;
    }
    ++scenes;
  }
  EXPECT_EQ(scenes, 36U);
}

}  // namespace
}  // namespace aa::metrics
