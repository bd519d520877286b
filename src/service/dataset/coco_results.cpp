#include <fstream>

#include "base/error.hpp"
#include "service/dataset/evaluation.hpp"

namespace aa::dataset {
namespace {

constexpr std::size_t kPiece = 1 << 20;

}  // namespace

bool is_results_list(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  char first = 0;
  in >> std::ws >> first;
  return first == '[';
}

// The list becomes the annotations of a file whose images and categories are the truth's, so that
// the one reader judges every item.
formats::CocoDataset read_results_list(const std::filesystem::path& path,
                                       const formats::CocoDataset& truth) {
  formats::CocoWriter writer;
  formats::CocoReader reader;
  reader.feed(writer.begin(truth.categories));
  for (const auto& image : truth.images) reader.feed(writer.image(image));
  reader.feed("\n],\n\"annotations\":");
  std::ifstream in(path, std::ios::binary);
  std::string piece(kPiece, '\0');
  while (in.read(piece.data(), static_cast<std::streamsize>(piece.size())) || in.gcount() > 0) {
    reader.feed(std::string_view(piece).substr(0, static_cast<std::size_t>(in.gcount())));
  }
  reader.feed("}");
  return reader.finish();
}

}  // namespace aa::dataset
