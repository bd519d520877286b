// One import: reads the dataset, finds or makes the images, matches labels, and appends operations
// asset by asset. Private to the module.
//
// Doing it again makes nothing double. Ids follow from what is imported: an image made from a zip
// has its id from the job and its place in the file; an annotation of ours keeps its id on its own
// image, and one of another program has an id made of its image, label and shape. What has that id
// already was imported before, and stays as it is now.
// Labels: a category means the label that LabelSchema::find_name gives; categories of one file that
// differ in case alone are kept apart. What has no label gets one.
// Thread rule: one coroutine.
#pragma once

#include <map>
#include <memory>
#include <set>

#include "service/assets/derived_id.hpp"
#include "service/transfer/asset_names.hpp"
#include "service/transfer/coco_extras.hpp"
#include "service/transfer/import_file.hpp"
#include "service/transfer/transfer.hpp"

namespace aa::transfer {

class ImportRun {
 public:
  ImportRun(Transfer& transfer, jobs::Run& run)
      : t_(transfer), run_(run), yolo_(run.payload().at("format").as_string() != "coco") {}
  Task<> execute();

 private:
  template <class F>
  Task<std::invoke_result_t<F>> on_disk(F work) {
    co_return co_await runtime::run_on(t_.executors_.blocking(), std::move(work));
  }
  // False when the job should stop.
  Task<bool> open_file();

  // import_images.cpp: fills asset_of_. False when the job should stop.
  Task<bool> resolve_images();
  Task<> list_assets();
  Task<> resolve_image(const formats::CocoImage& image);
  Task<std::optional<assets::Asset>> take_picture(const formats::CocoImage& image,
                                                  const archive::ZipEntry& entry);
  const assets::Asset* find_asset(const formats::CocoImage& image);
  void tell_unused_pictures();
  std::string place_of(const formats::CocoImage& image) const;

  // import_yolo.cpp: images and categories of a YOLO zip, and once the images are known, its lines.
  void read_yolo_layout();
  Task<> read_yolo_labels();
  void add_yolo_lines(std::int64_t image, const assets::Asset& asset,
                      const archive::ZipEntry& entry);

  Task<> match_labels();
  Task<> keep_foreign_members();
  Task<bool> import_annotations();
  Task<> import_asset(const assets::Asset& asset, std::vector<std::size_t> items);
  // False when someone changed one of its annotations meanwhile: nothing was appended.
  Task<bool> append(const assets::Asset& asset, std::span<const std::size_t> items, bool last_try);
  Task<> load_present(AssetId asset);
  AnnotationId id_on(const assets::Asset& asset, const AnnotationId& id) const;
  AnnotationId id_for(const assets::Asset& asset, const document::Annotation& annotation);
  std::optional<document::Annotation> adapt(const assets::Asset& asset, std::size_t item);
  void problem(std::string where, std::string detail);
  Task<> finish();

  Transfer& t_;
  jobs::Run& run_;
  const bool yolo_;
  std::shared_ptr<ImportFile> file_;
  formats::CocoDataset dataset_;
  AssetIndex index_;
  document::LabelSchema labels_;
  std::map<std::int64_t, assets::Asset> asset_of_;             // by COCO image id
  std::map<std::int64_t, LabelId> label_of_;                   // by COCO category id
  std::map<std::int64_t, const archive::ZipEntry*> lines_of_;  // YOLO, by image id
  // What became of the zip's pictures; an asset is the twin of one picture only.
  std::map<const archive::ZipEntry*, std::optional<assets::Asset>> taken_;
  std::set<AssetId> claimed_;
  // Of the image that is worked on.
  std::set<AnnotationId> present_;
  std::map<std::size_t, document::Annotation> adapted_;  // by place in dataset_.annotations
  std::map<std::string, int> alike_;                     // of other programs, met so far
  ImportResult result_;
};

using assets::derived_id;

}  // namespace aa::transfer
