#include <fstream>

#include "base/error.hpp"
#include "service/dataset/dataset_files.hpp"

namespace aa::dataset {
namespace {

constexpr std::size_t kPiece = 1 << 20;

formats::CocoDataset read_coco_file(const std::filesystem::path& path) {
  if (!std::filesystem::is_regular_file(path)) throw not_found("COCO file " + path.string());
  std::ifstream in(path, std::ios::binary);
  formats::CocoReader reader;
  std::string piece(kPiece, '\0');
  while (in.read(piece.data(), static_cast<std::streamsize>(piece.size())) || in.gcount() > 0) {
    reader.feed(std::string_view(piece).substr(0, static_cast<std::size_t>(in.gcount())));
  }
  return reader.finish();
}

}  // namespace

const formats::FormatRow& format_row(std::string_view name) {
  if (const auto* row = formats::find_format(name)) return *row;
  std::string names;
  for (const auto& row : formats::formats()) {
    names += (names.empty() ? "" : ", ") + std::string(row.name);
  }
  throw Error(ErrorCode::unsupported, "unknown_format",
              "There is no format \"" + std::string(name) + "\"; there are " + names + ".");
}

formats::CocoDataset read_dataset(std::string_view format, const std::filesystem::path& path,
                                  const ReadOptions& options) {
  if (!std::filesystem::exists(path)) throw not_found("file or folder " + path.string());
  return format_row(format).name == "coco" ? read_coco_file(path) : read_yolo_folder(path, options);
}

}  // namespace aa::dataset
