#include "kernel/decode/sound_outputs.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace aa::decode {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

TEST(SoundOutputs, a_number_that_is_none_is_found_wherever_it_stands) {
  std::vector<float> values(1000, -kInfinity);
  const std::vector<std::int64_t> shape = {1000};
  const std::vector<TensorView> views = {{"scores", shape, values}};
  EXPECT_NO_THROW(require_sound(views));
  values[777] = std::nanf("");
  try {
    require_sound(views);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.slug(), "model_output");
    EXPECT_NE(error.message().find("1 of 1000 numbers of its output 'scores'"), std::string::npos);
  }
}

TEST(SoundOutputs, classes_have_labels_and_boxes_are_finite) {
  std::vector<Detection> found = {{{0, 0, 1, 1}, 0.5F, 1}};
  EXPECT_NO_THROW(require_sound(found, 2));
  EXPECT_NO_THROW(require_sound(found, 0)) << "its labels are not known";
  EXPECT_THROW(require_sound(found, 1), Error);
  found[0].class_index = -1;
  EXPECT_THROW(require_sound(found, 2), Error);
  found[0] = {{0, 0, std::nan(""), 1}, 0.5F, 0};
  EXPECT_THROW(require_sound(found, 2), Error);
  std::vector<Finding> findings(1);
  findings[0].shape = document::Tag{};
  EXPECT_NO_THROW(require_sound(findings, 2)) << "no class is fine";
  findings[0].class_index = 2;
  EXPECT_THROW(require_sound(findings, 2), Error);
}

}  // namespace
}  // namespace aa::decode
