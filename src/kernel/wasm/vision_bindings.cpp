// Wand, scissors and superpixels for JavaScript, on one picture in this module's memory.
//
//   class Picture(width, height) { pixels() wand(x, y, tolerance, contiguous) mask()
//     superpixels(cell) labels() grow(x, y) path(x, y) delete() }
//
// pixels() is a view of the RGBA bytes to be filled by the caller; it, mask() and labels() are good
// until the next call, which may move the memory. What a kernel function throws becomes a
// JavaScript Error.
// Built by script/build_wasm, apart from the kernel: only who uses these tools loads it.
#include <emscripten/bind.h>
#include <memory>

#include "kernel/vision/live_wire.hpp"
#include "kernel/vision/superpixels.hpp"
#include "kernel/vision/wand.hpp"
#include "kernel/wasm/guarded.hpp"

namespace aa::wasm {
namespace {

using emscripten::val;

template <class T>
val view_of(const std::vector<T>& values) {
  return val(emscripten::typed_memory_view(values.size(), values.data()));
}

class Picture {
 public:
  Picture(int width, int height)
      : image_(guarded([&] { return raster::Image(width, height, 4); })) {}

  val pixels() { return val(emscripten::typed_memory_view(image_.bytes(), image_.data())); }

  void wand(int x, int y, int tolerance, bool contiguous) {
    mask_ = guarded([&] { return vision::wand(image_, x, y, {tolerance, contiguous}); });
  }
  val mask() const { return view_of(mask_.bytes); }

  unsigned superpixels(int cell) {
    found_ = guarded([&] { return vision::superpixels(image_, {.cell = cell}); });
    return found_.count;
  }
  val labels() const { return view_of(found_.labels); }

  void grow(int x, int y) {
    guarded([&] {
      if (!wire_) wire_ = std::make_unique<vision::LiveWire>(image_);
      wire_->grow({x, y});
      return true;
    });
  }
  // x0, y0, x1, y1, ... from the seed.
  val path(int x, int y) {
    path_.clear();
    guarded([&] {
      if (!wire_) throw invalid("no_seed", "A path needs a seed to come from.");
      for (const auto& pixel : wire_->path({x, y})) {
        path_.push_back(pixel.x);
        path_.push_back(pixel.y);
      }
      return true;
    });
    return view_of(path_).call<val>("slice");
  }

 private:
  raster::Image image_;
  raster::Mask mask_;
  vision::Superpixels found_;
  std::unique_ptr<vision::LiveWire> wire_;
  std::vector<std::int32_t> path_;
};

}  // namespace
}  // namespace aa::wasm

EMSCRIPTEN_BINDINGS(aa_vision) {
  using namespace aa::wasm;
  emscripten::class_<Picture>("Picture")
      .constructor<int, int>()
      .function("pixels", &Picture::pixels)
      .function("wand", &Picture::wand)
      .function("mask", &Picture::mask)
      .function("superpixels", &Picture::superpixels)
      .function("labels", &Picture::labels)
      .function("grow", &Picture::grow)
      .function("path", &Picture::path);
}
