#include "service/modelzoo/pipeline.hpp"

#include <gtest/gtest.h>

namespace aa::modelzoo {
namespace {

using runtime::Task;

decode::Finding box_at(double x, double side, std::string name) {
  decode::Finding out{.shape = document::Box{x, 0, side, side, std::nullopt}};
  out.class_name = std::move(name);
  return out;
}

decode::Reading one(decode::Finding finding) {
  decode::Reading out;
  out.findings.push_back(std::move(finding));
  return out;
}

Task<decode::Reading> answer(decode::Reading reading) { co_return reading; }

// Models made of functions: what is tested is who looks where and what becomes of the answers.
class PipelineTest : public testing::Test {
 protected:
  decode::Reading run(std::vector<PipelineStep> steps) {
    PipelineParts parts{.executor = executors_.io()};
    parts.look = [this](const PipelineStep& step, PipelineParts::Regions region) {
      if (region) regions_.push_back(*region);
      return answer(look_(step, region));
    };
    parts.is_segmenter = [](const PipelineStep& step) { return step.model == "sam"; };
    parts.outline = [this](const PipelineStep&, std::vector<geometry::Rect> boxes) {
      prompts_ = boxes;
      return outline(boxes.size());
    };
    parts.at_once = 1;
    Pipeline pipeline(std::move(steps), std::move(parts));
    return runtime::block_on(executors_, pipeline.run());
  }

  static Task<std::vector<decode::sam::MaskResult>> outline(std::size_t count) {
    std::vector<decode::sam::MaskResult> masks(count);
    masks.back().polygon = {{{{0, 0}, {4, 0}, {4, 4}}, {}}};
    co_return masks;
  }

  runtime::Executors executors_{{.io_threads = 1, .compute_threads = 1, .blocking_threads = 1}};
  std::function<decode::Reading(const PipelineStep&, PipelineParts::Regions)> look_;
  std::vector<decode::Region> regions_;
  std::vector<geometry::Rect> prompts_;
};

TEST_F(PipelineTest, StepsLookAtTheClassesTheyName) {
  look_ = [](const PipelineStep& step, PipelineParts::Regions) {
    if (step.model == "pose") return one(box_at(1, 1, "nose"));
    auto both = one(box_at(0, 10, "person"));
    both.findings.push_back(box_at(50, 10, "dog"));
    return both;
  };
  const auto reading = run({{.model = "detector"},
                            {.model = "pose",
                             .of = 0,
                             .classes = std::vector<std::string>{"person"},
                             .margin = 0.5,
                             .square = true}});
  ASSERT_EQ(reading.findings.size(), 3);
  EXPECT_EQ(reading.findings[2].class_name, "nose");
  ASSERT_EQ(regions_.size(), 1);
  EXPECT_EQ(regions_[0], (decode::Region{{5, 5}, 20, 20, 0}));
}

TEST_F(PipelineTest, AttributesJoinAndTheRegionTurns) {
  look_ = [](const PipelineStep& step, PipelineParts::Regions region) {
    auto out = box_at(0, 10, step.model);
    if (step.model == "orient") {
      out.attributes = {{"rotation", 180.0}};
      out.region = *region;
      out.region->rotation = 180;
    }
    if (step.model == "read") out.attributes = {{"text", std::string("STOP")}};
    return one(std::move(out));
  };
  const auto reading = run({{.model = "find"},
                            {.model = "orient", .of = 0, .use = "attributes"},
                            {.model = "read", .of = 0, .use = "attributes"}});
  ASSERT_EQ(reading.findings.size(), 1);
  EXPECT_EQ(reading.findings[0].attributes.size(), 2);
  ASSERT_EQ(regions_.size(), 2);
  EXPECT_EQ(regions_[1].rotation, 180);
  EXPECT_EQ(reading.findings[0].class_name, "find");
}

TEST_F(PipelineTest, ASegmenterGivesShapesWhereItFindsOne) {
  look_ = [](const PipelineStep&, PipelineParts::Regions) {
    auto both = one(box_at(0, 10, "cup"));
    both.findings.push_back(box_at(20, 10, "cup"));
    return both;
  };
  const auto reading = run({{.model = "detector"}, {.model = "sam", .of = 0}});
  ASSERT_EQ(prompts_.size(), 2);
  EXPECT_EQ(prompts_[1], (geometry::Rect{20, 0, 30, 10}));
  EXPECT_TRUE(std::holds_alternative<document::Box>(reading.findings[0].shape));
  EXPECT_TRUE(std::holds_alternative<document::Polygon>(reading.findings[1].shape));
}

TEST_F(PipelineTest, NothingFoundIsNothingLookedAt) {
  look_ = [](const PipelineStep&, PipelineParts::Regions) { return decode::Reading{}; };
  EXPECT_TRUE(run({{.model = "detector"}, {.model = "sam", .of = 0}}).findings.empty());
  EXPECT_TRUE(prompts_.empty());
}

}  // namespace
}  // namespace aa::modelzoo
