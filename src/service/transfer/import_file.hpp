// The file of an import: annotations alone, or a zip with pictures, told apart by its first bytes.
//
// The directory of a zip is checked here; the caller verifies its entries before it takes any, so a
// hostile or damaged zip fails the import before it has begun. Pictures are found by path, never
// opened as files: a path that names something outside names nothing here. Thread rule: one owner;
// all calls block. Errors: those of driver/archive; malformed "not_a_zip"; invalid_argument
// "no_annotations", "several_annotations".
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "driver/archive/zip_reader.hpp"
#include "driver/blob/store.hpp"
#include "kernel/formats/coco.hpp"

namespace aa::transfer {

class ImportFile {
 public:
  ImportFile(blob::Store& blobs, const blob::Key& key);

  const archive::ZipReader* zip() const { return zip_.get(); }
  // The pictures of the zip, in its order; empty without one.
  const std::vector<const archive::ZipEntry*>& pictures() const { return pictures_; }
  // The picture a dataset means by this name: of that path, of a path that ends so, or the only
  // one of that base name.
  const archive::ZipEntry* picture(std::string_view file_name) const;
  std::string sha256_of(const archive::ZipEntry& entry) const;

  // The one annotation file of the zip, or the file itself.
  formats::CocoDataset read_coco() const;

 private:
  const archive::ZipEntry& annotations_entry() const;

  std::shared_ptr<blob::Reader> reader_;
  std::unique_ptr<archive::ZipReader> zip_;
  std::vector<const archive::ZipEntry*> pictures_;
  std::map<std::string, const archive::ZipEntry*, std::less<>> by_path_;
  std::multimap<std::string, const archive::ZipEntry*, std::less<>> by_base_;
};

// Is this the name of a picture, by its extension?
bool is_picture(std::string_view path);

}  // namespace aa::transfer
