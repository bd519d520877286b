#include "app/commands/small_photos.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <span>
#include <sstream>

#include "app/paths.hpp"
#include "base/error.hpp"
#include "driver/media/image_codec.hpp"

namespace aa::app {
namespace {

constexpr std::uint32_t kSide = 480;  // pixels, the longer one

std::string read_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace

std::vector<std::string> small_photos() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(share_folder() / "demo/photos")) {
    files.push_back(entry.path());
  }
  std::ranges::sort(files);
  std::vector<std::string> out;
  for (const auto& file : files) {
    const std::string bytes = read_file(file);
    const auto image = media::decode(std::as_bytes(std::span(bytes.data(), bytes.size())),
                                     {.min_long_side = kSide});
    out.push_back(media::encode_jpeg(media::thumbnail(image, kSide)));
  }
  if (out.empty()) throw internal_error("the folder demo/photos is empty");
  return out;
}

}  // namespace aa::app
