#include "app/commands/image_list.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/error.hpp"

namespace aa::app {
namespace {

namespace fs = std::filesystem;

bool looks_like_image(const fs::path& path) {
  std::string extension = path.extension().string();
  std::ranges::transform(extension, extension.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  static constexpr std::array<std::string_view, 8> kKnown = {".jpg", ".jpeg", ".png",  ".webp",
                                                             ".bmp", ".tif",  ".tiff", ".avif"};
  return std::ranges::find(kKnown, extension) != kKnown.end();
}

void add_folder(const fs::path& folder, std::vector<ListedImage>& out) {
  try {
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
      if (!entry.is_regular_file() || !looks_like_image(entry.path())) continue;
      out.push_back({entry.path(), entry.path().lexically_relative(folder).generic_string()});
    }
  } catch (const fs::filesystem_error& error) {
    throw invalid("unreadable_folder", "The folder " + error.path1().string() +
                                           " cannot be read: " + error.code().message() + ".");
  }
}

void list_once(std::vector<ListedImage>& images) {
  std::set<fs::path> seen;
  std::erase_if(images, [&](const ListedImage& image) {
    return !seen.insert(fs::weakly_canonical(image.path)).second;
  });
}

void make_names_distinct(std::vector<ListedImage>& images) {
  std::map<std::string, int> uses;
  for (const auto& image : images) ++uses[image.name];
  for (auto& image : images) {
    if (uses[image.name] > 1) image.name = image.path.lexically_normal().generic_string();
  }
}

}  // namespace

std::vector<ListedImage> list_images(const std::vector<fs::path>& paths) {
  std::vector<ListedImage> out;
  for (const auto& path : paths) {
    std::error_code error;
    if (!fs::exists(path, error)) throw not_found("file or folder " + path.string());
    if (fs::is_directory(path, error))
      add_folder(path, out);
    else
      out.push_back({path, path.filename().string()});
  }
  std::ranges::sort(out, {}, &ListedImage::path);
  list_once(out);
  make_names_distinct(out);
  return out;
}

}  // namespace aa::app
