#include "app/commands/image_list.hpp"

#include <fstream>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "driver/blob/temporary_folder.hpp"

namespace aa::app {
namespace {

namespace fs = std::filesystem;
using Names = std::vector<std::string>;

class ImageList : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"a/one.jpg", "a/deep/one.JPG", "b/one.jpg", "b/two.png", "b/x.txt"}) {
      fs::create_directories((root() / name).parent_path());
      std::ofstream(root() / name) << "x";
    }
  }
  fs::path root() const { return folder_.path(); }
  static Names names(const std::vector<fs::path>& paths) {
    Names out;
    for (const auto& image : list_images(paths)) out.push_back(image.name);
    return out;
  }
  blob::TemporaryFolder folder_;
};

TEST_F(ImageList, names_are_paths_below_the_folder_given) {
  EXPECT_EQ(names({root() / "a"}), (Names{"deep/one.JPG", "one.jpg"}));
  EXPECT_EQ(names({root()}), (Names{"a/deep/one.JPG", "a/one.jpg", "b/one.jpg", "b/two.png"}));
  EXPECT_EQ(names({root() / "b" / "x.txt"}), (Names{"x.txt"})) << "named, so it is tried";
}

TEST_F(ImageList, names_that_would_be_alike_are_told_apart) {
  const auto a = (root() / "a" / "one.jpg").string();
  const auto b = (root() / "b" / "one.jpg").string();
  EXPECT_EQ(names({root() / "a", root() / "b"}), (Names{"deep/one.JPG", a, b, "two.png"}));
  EXPECT_EQ(names({a, b}), (Names{a, b}));
}

TEST_F(ImageList, an_image_is_listed_once) {
  EXPECT_EQ(names({root() / "b", root() / "b" / "one.jpg", root() / "a" / ".." / "b"}),
            (Names{"one.jpg", "two.png"}));
}

TEST_F(ImageList, what_is_not_there_is_named) {
  EXPECT_THROW(list_images({root() / "absent"}), Error);
  fs::create_directories(root() / "empty");
  EXPECT_TRUE(list_images({root() / "empty"}).empty());
}

}  // namespace
}  // namespace aa::app
