// Datasets on disk: read in one format, written in another, item by item.
//
// In memory a dataset is formats::CocoDataset, which can say what all formats here can. On disk:
//   coco             one JSON file
//   yolo, yolo-seg   a folder with data.yaml (or classes.txt), images/ and labels/ of the same
//                    shape; YOLO's numbers are shares of the image's sides, so images are needed
//                    to read it (they may lie elsewhere: `images`), and their sizes to write it
// Writing YOLO makes a new folder with data.yaml and labels/train/NAME.txt; the images are the
// user's to put beside it, in images/train.
//
// Thread rule: pure apart from the files; blocks. Memory: the dataset. Errors: unsupported
// "unknown_format"; not_found; those of the readers; invalid_argument "folder_not_empty". What
// cannot be taken of one item is a problem of `problems`, and the rest is kept.
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "kernel/formats/coco.hpp"

namespace aa::dataset {

struct ReadOptions {
  std::filesystem::path images;  // where a YOLO dataset's images lie; empty: in the dataset
};

// The dataset's own `problems` hold what was not taken.
formats::CocoDataset read_dataset(std::string_view format, const std::filesystem::path& path,
                                  const ReadOptions& options = {});
void write_dataset(std::string_view format, const formats::CocoDataset& dataset,
                   const std::filesystem::path& out, formats::Problems& problems);

// The row of the table of formats; Error unsupported "unknown_format" naming those there are.
const formats::FormatRow& format_row(std::string_view name);

formats::CocoDataset read_yolo_folder(const std::filesystem::path& path,
                                      const ReadOptions& options);

}  // namespace aa::dataset
