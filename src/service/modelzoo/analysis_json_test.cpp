#include "service/modelzoo/analysis_json.hpp"

#include <gtest/gtest.h>

#include "base/json.hpp"

namespace aa::modelzoo {
namespace {

TEST(AnalysisJson, TellsShapesScoresAttributesAndFeatures) {
  decode::Reading reading;
  decode::Finding read{.shape = document::Tag{}, .score = 0.5F, .class_name = "text"};
  read.attributes = {{"text", std::string("STOP \"now\"")}, {"angle", 180.0}};
  decode::Finding dog{.shape = document::Box{1, 2, 3, 4, std::nullopt}, .class_index = 16};
  dog.embedding = {0.25F, -1};
  reading.findings = {read, dog};
  std::string out;
  append_findings(out, reading);
  const auto list = json::parse(out).as_array();
  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(list[0].at("class"), "text");
  EXPECT_EQ(list[0].at("attributes").at("text"), "STOP \"now\"");
  EXPECT_EQ(list[0].at("attributes").at("angle").to_number<double>(), 180);
  EXPECT_FALSE(list[0].as_object().contains("class_id"));
  EXPECT_FALSE(list[0].as_object().contains("embedding"));
  EXPECT_EQ(list[1].at("class_id").to_number<int>(), 16);
  EXPECT_EQ(list[1].at("shape").at("width").to_number<double>(), 3);
  EXPECT_EQ(list[1].at("embedding").as_array().size(), 2U);
}

}  // namespace
}  // namespace aa::modelzoo
