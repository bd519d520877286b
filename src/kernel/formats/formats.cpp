#include "kernel/formats/formats.hpp"

#include <algorithm>
#include <array>

namespace aa::formats {

std::span<const FormatRow> formats() {
  static constexpr std::array kRows = {
      FormatRow{"coco", "COCO JSON", "json", true, true, ""},
      FormatRow{"yolo", "YOLO detection", "txt yaml", true, true,
                "shapes other than upright boxes become their bounding boxes; attributes, tracks, "
                "tags and drawing order are left out; coordinates are kept to 1e-6 of the side"},
      FormatRow{"yolo-seg", "YOLO segmentation", "txt yaml", true, true,
                "parts become objects of their own, holes are filled, masks become outlines; "
                "attributes, tracks, tags and drawing order are left out"},
  };
  return kRows;
}

const FormatRow* find_format(std::string_view name) {
  const auto rows = formats();
  const auto found = std::find_if(rows.begin(), rows.end(),
                                  [&](const FormatRow& row) { return row.name == name; });
  return found == rows.end() ? nullptr : &*found;
}

}  // namespace aa::formats
