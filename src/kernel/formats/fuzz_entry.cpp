#include "kernel/formats/fuzz_entry.hpp"

#include <cstdlib>
#include <string_view>

#include "base/error.hpp"
#include "kernel/document/document.hpp"
#include "kernel/formats/coco.hpp"
#include "kernel/formats/yolo.hpp"
#include "kernel/raster/contour.hpp"

namespace aa::formats {
namespace {

void promise(bool kept) {
  if (!kept) std::abort();
}

std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

std::string write_again(const CocoDataset& data) {
  CocoWriter writer;
  std::string out = writer.begin(data.categories, data.extra);
  for (const CocoImage& image : data.images) out += writer.image(image);
  for (const CocoAnnotation& row : data.annotations) {
    for (const CocoImage& image : data.images) {
      if (image.id == row.image_id) out += writer.annotation(row, image);
    }
  }
  return out + writer.end();
}

}  // namespace

void fuzz_rle(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return;
  try {
    const std::uint32_t height = 1U + data[0];
    const std::uint32_t width = 1U + data[1];
    const auto rle = raster::from_counts(text_of(data + 2, size - 2), height, width);
    promise(raster::from_counts(raster::to_counts(rle), height, width) == rle);
    promise(raster::encode(raster::decode(rle)) == raster::canonical(rle));
    promise(raster::fill(raster::trace(rle), height, width) == raster::canonical(rle) ||
            raster::area(rle) == 0);
  } catch (const Error&) {
    return;
  }
}

void fuzz_operation(const std::uint8_t* data, std::size_t size) {
  try {
    const auto op = document::read_operation(text_of(data, size));
    promise(json::write(document::read_operation(json::write(op))) == json::write(op));
    document::Document document;
    const auto undo = document.invert(op.change);
    promise(document.apply(op).ok == !undo.empty());
    for (const auto& change : undo) promise(document.apply(change).ok);
    promise(document.items().empty());
  } catch (const Error&) {
    return;
  }
}

void fuzz_coco(const std::uint8_t* data, std::size_t size) {
  try {
    const CocoDataset read = read_coco(text_of(data, size));
    const CocoDataset again = read_coco(write_again(read));
    promise(again.annotations.size() == read.annotations.size());
    promise(again.images == read.images);
  } catch (const Error&) {
    return;
  }
}

void fuzz_yolo(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = text_of(data, size);
  Problems problems;
  for (const auto& object : read_yolo(text, 80, 640, 480, "fuzz.txt", problems)) {
    for (const auto variant : {YoloVariant::detection, YoloVariant::segmentation}) {
      const std::string lines = yolo_lines(object.shape, object.class_index, 640, 480, variant);
      Problems none;
      read_yolo(lines, 80, 640, 480, "again.txt", none);
      promise(none.total() == 0);
    }
  }
  try {
    const auto names = read_yolo_data_yaml(text);
    promise(read_yolo_data_yaml(yolo_data_yaml(names)).size() == names.size());
  } catch (const Error&) {
    return;
  }
}

}  // namespace aa::formats
