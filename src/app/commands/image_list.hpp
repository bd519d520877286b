// The images that paths on the command line mean, each with a name of its own.
//
// A folder means the images below it, by their extension; a file means itself. An image is listed
// once, however often it is meant. Its name is its path below the folder given, or its last part;
// where two would be alike, both become their paths as given.
//
// Thread rule: pure apart from the file system. Errors: not_found naming the path;
// invalid_argument "unreadable_folder".
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace aa::app {

struct ListedImage {
  std::filesystem::path path;
  std::string name;
};

// In the order of the paths.
std::vector<ListedImage> list_images(const std::vector<std::filesystem::path>& paths);

}  // namespace aa::app
