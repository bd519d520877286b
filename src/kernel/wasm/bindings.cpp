// The kernel's face for JavaScript: whole operations as JSON, masks as bytes and texts.
//
//   class Document { load(json) apply(opJson) invert(opJson) get(id) ids() items() clone() delete()
//     adopt(id, document) } rle_decode rle_encode rle_encode_part rle_merge rle_area
//   mask_to_polygons mask_outline polygon_to_rle simplify_polygon
//   shape_bounds key_between transform_all(opsJson, overJson, "earlier" | "later")
//
// apply() answers {"ok":true,"touched":[id]} or {"ok":false,"code","detail"} and never throws;
// everything else throws a JavaScript Error whose message is the kernel's. invert() must be called
// before apply(); its operations have an empty id, which the caller fills.
// Built by script/build_wasm; thread rule: one thread.
#include <emscripten/bind.h>
#include <string>
#include <vector>

#include <boost/json/src.hpp>

#include "base/error.hpp"
#include "kernel/document/document.hpp"
#include "kernel/document/vertex_keys.hpp"
#include "kernel/ot/wire.hpp"
#include "kernel/raster/contour.hpp"
#include "kernel/raster/rle.hpp"
#include "kernel/wasm/guarded.hpp"

namespace aa::wasm {
namespace {

using document::Document;
using emscripten::val;

std::string refusal(std::string_view code, std::string_view detail) {
  std::string out = "{\"ok\":false,\"code\":";
  json::append_string(out, code);
  out += ",\"detail\":";
  json::append_string(out, detail);
  return out + '}';
}

std::string to_text(const document::ApplyResult& result) {
  if (!result.ok) return refusal(result.code, result.detail);
  return "{\"ok\":true,\"touched\":" + json::write(result.touched) + '}';
}

class WasmDocument {
 public:
  void load(const std::string& text) {
    guarded([&] {
      document_ = Document(json::read<document::Snapshot>(json::parse(text), "invalid_snapshot"));
      return true;
    });
  }
  std::string apply(const std::string& text) {
    try {
      return to_text(document_.apply(document::read_operation(std::string_view(text))));
    } catch (const Error& error) {
      return refusal(error.slug(), error.message());
    } catch (const std::exception& error) {
      return refusal("internal", error.what());
    }
  }
  std::string invert(const std::string& text) const {
    return guarded([&] {
      const auto operation = document::read_operation(std::string_view(text));
      std::string out = "[";
      for (const auto& change : document_.invert(operation.change)) {
        if (out.size() > 1) out += ',';
        out += document::write_change(change);
      }
      return out + ']';
    });
  }
  std::string get(const std::string& id) const {
    const auto parsed = AnnotationId::parse(id);
    const auto* found = parsed ? document_.find(*parsed) : nullptr;
    return found == nullptr ? std::string() : json::write(*found);
  }
  std::string ids() const {
    std::vector<AnnotationId> out;
    for (const auto& [id, item] : document_.items()) out.push_back(id);
    return json::write(out);
  }
  std::string items() const {
    std::string out = "[";
    for (const auto& [id, item] : document_.items()) {
      if (out.size() > 1) out += ',';
      json::append(out, *item);
    }
    return out + ']';
  }
  // An annotation, or its absence, as it is in the other document.
  void adopt(const std::string& id, const WasmDocument& from) {
    if (const auto parsed = AnnotationId::parse(id)) document_.adopt(*parsed, from.document_);
  }
  double revision() const { return static_cast<double>(document_.revision()); }
  WasmDocument clone() const { return *this; }

 private:
  Document document_;
};

val rle_decode(const std::string& counts, unsigned height, unsigned width) {
  const auto mask =
      guarded([&] { return raster::decode(raster::from_counts(counts, height, width)); });
  // A view of our memory would move when it grows: hand out a copy.
  return val(emscripten::typed_memory_view(mask.bytes.size(), mask.bytes.data()))
      .call<val>("slice");
}

std::string rle_encode(const std::string& bytes, unsigned height, unsigned width) {
  return guarded([&] {
    const auto* first = reinterpret_cast<const std::uint8_t*>(bytes.data());
    return raster::to_counts(raster::encode({first, bytes.size()}, height, width));
  });
}

// The bytes of a part of a picture, its place in it, the picture's size.
std::string rle_encode_part(const std::string& bytes, unsigned part_height, unsigned part_width,
                            unsigned x, unsigned y, unsigned height, unsigned width) {
  return guarded([&] {
    const auto* first = reinterpret_cast<const std::uint8_t*>(bytes.data());
    const auto part = raster::encode({first, bytes.size()}, part_height, part_width);
    return raster::to_counts(raster::place(part, x, y, height, width));
  });
}

std::string rle_merge(const std::string& a, const std::string& b, unsigned height, unsigned width,
                      const std::string& mode) {
  return guarded([&] {
    const auto how = mode == "unite"       ? raster::MergeMode::unite
                     : mode == "intersect" ? raster::MergeMode::intersect
                                           : raster::MergeMode::subtract;
    return raster::to_counts(raster::merge(raster::from_counts(a, height, width),
                                           raster::from_counts(b, height, width), how));
  });
}

std::string mask_to_polygons(const std::string& counts, unsigned height, unsigned width,
                             double tolerance) {
  return guarded([&] {
    const auto rle = raster::from_counts(counts, height, width);
    return json::write(document::polygon_of(raster::trace(rle, tolerance)).parts);
  });
}

// What mask_to_polygons gives, to be drawn: {points: Float32Array of x, y, ends: Uint32Array of the
// index behind each ring}. Text for so many numbers would be most of the work.
val mask_outline(const std::string& counts, unsigned height, unsigned width, double tolerance) {
  std::vector<float> points;
  std::vector<std::uint32_t> ends;
  const auto add = [&](const geometry::Ring& ring) {
    for (const auto& point : ring) {
      points.push_back(static_cast<float>(point.x));
      points.push_back(static_cast<float>(point.y));
    }
    ends.push_back(static_cast<std::uint32_t>(points.size()));
  };
  guarded([&] {
    for (const auto& part : raster::trace(raster::from_counts(counts, height, width), tolerance)) {
      add(part.outer);
      for (const auto& hole : part.holes) add(hole);
    }
    return true;
  });
  const auto copied = [](const auto& values) {
    return val(emscripten::typed_memory_view(values.size(), values.data()))
        .template call<val>("slice");
  };
  val out = val::object();
  out.set("points", copied(points));
  out.set("ends", copied(ends));
  return out;
}

std::string polygon_to_rle(const std::string& parts, unsigned height, unsigned width) {
  return guarded([&] {
    const auto read =
        json::read<std::vector<document::PolygonPart>>(json::parse(parts), "invalid_parts");
    const document::Shape shape = document::Polygon{read};
    return raster::to_counts(raster::fill(document::outline(shape), height, width));
  });
}

// The same parts with fewer vertices; none is more than `tolerance` pixels from the new outline.
std::string simplify_polygon(const std::string& parts, double tolerance) {
  return guarded([&] {
    const auto read =
        json::read<std::vector<document::PolygonPart>>(json::parse(parts), "invalid_parts");
    auto outline = document::outline(document::Shape{document::Polygon{read}});
    for (auto& part : outline) {
      part.outer = geometry::simplify_ring(part.outer, tolerance);
      for (auto& hole : part.holes) hole = geometry::simplify_ring(hole, tolerance);
    }
    return json::write(document::polygon_of(outline).parts);
  });
}

double rle_area(const std::string& counts, unsigned height, unsigned width) {
  return guarded([&] {
    return static_cast<double>(raster::area(raster::from_counts(counts, height, width)));
  });
}

// [x0, y0, x1, y1], or null for a shape without a place on the picture.
std::string shape_bounds(const std::string& text) {
  return guarded([&]() -> std::string {
    const auto shape = json::read<document::Shape>(json::parse(text), "invalid_shape");
    const auto rect = document::shape_bounds(shape);
    if (!rect) return "null";
    return json::write(std::array{rect->x0, rect->y0, rect->x1, rect->y1});
  });
}

std::string key_between(const std::string& a, const std::string& b) {
  return guarded([&] { return document::key_between(a, b); });
}

std::string key_between_salted(const std::string& a, const std::string& b,
                               const std::string& salt) {
  return guarded([&] { return document::key_between(a, b, salt); });
}

std::string transform_all(const std::string& changes, const std::string& over,
                          const std::string& side) {
  return guarded([&] {
    const auto place = side == "earlier" ? ot::Side::earlier : ot::Side::later;
    return ot::transform_operations(changes, over, place);
  });
}

}  // namespace
}  // namespace aa::wasm

EMSCRIPTEN_BINDINGS(aa_kernel) {
  using namespace aa::wasm;
  emscripten::class_<WasmDocument>("Document")
      .constructor<>()
      .function("load", &WasmDocument::load)
      .function("apply", &WasmDocument::apply)
      .function("invert", &WasmDocument::invert)
      .function("get", &WasmDocument::get)
      .function("ids", &WasmDocument::ids)
      .function("items", &WasmDocument::items)
      .function("adopt", &WasmDocument::adopt)
      .function("revision", &WasmDocument::revision)
      .function("clone", &WasmDocument::clone);
  emscripten::function("rle_decode", &rle_decode);
  emscripten::function("rle_encode", &rle_encode);
  emscripten::function("rle_encode_part", &rle_encode_part);
  emscripten::function("rle_merge", &rle_merge);
  emscripten::function("rle_area", &rle_area);
  emscripten::function("mask_to_polygons", &mask_to_polygons);
  emscripten::function("mask_outline", &mask_outline);
  emscripten::function("polygon_to_rle", &polygon_to_rle);
  emscripten::function("simplify_polygon", &simplify_polygon);
  emscripten::function("shape_bounds", &shape_bounds);
  emscripten::function("transform_all", &transform_all);
  emscripten::function("key_between", &key_between);
  emscripten::function("key_between_salted", &key_between_salted);
}
