// Random annotations and operations from a seed, for property tests and test vectors.
//
// Only integers of the generator are used (no std distributions), so a seed gives the same history
// with every standard library. Thread rule: one owner. Errors: none.
#pragma once

#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "kernel/document/document.hpp"

namespace aa::document {

inline constexpr std::uint32_t kRandomHeight = 40;
inline constexpr std::uint32_t kRandomWidth = 60;

class RandomDocument {
 public:
  explicit RandomDocument(std::uint64_t seed) : random_(seed) {
    for (auto& id : labels_) id.uuid = uuid();
    asset_.uuid = uuid();
  }

  std::uint64_t below(std::uint64_t bound) { return random_() % bound; }
  bool chance(std::uint64_t percent) { return below(100) < percent; }
  double number() {  // whole, tenths or with every bit set
    switch (below(3)) {
      case 0:
        return static_cast<double>(below(60));
      case 1:
        return static_cast<double>(below(600)) / 10;
      default:
        return static_cast<double>(random_() >> 11) * 0x1p-53 * 60;
    }
  }
  Uuid uuid() {
    Uuid out;
    for (auto& byte : out.bytes) byte = static_cast<std::uint8_t>(random_());
    out.bytes[6] = static_cast<std::uint8_t>(0x70 | (out.bytes[6] & 15));
    out.bytes[8] = static_cast<std::uint8_t>(0x80 | (out.bytes[8] & 63));
    return out;
  }
  std::string word() {
    static constexpr std::array<const char*, 6> kWords = {"red",  "a \"b\"\n", "Grün",
                                                          "left", "~/x",       "猫"};
    return kWords[below(kWords.size())];
  }
  std::vector<Point> points(std::uint64_t min, std::uint64_t more) {
    std::vector<Point> out(min + below(more));
    for (Point& p : out) p = {number(), number()};
    return out;
  }
  raster::Rle mask() {
    raster::Rle out{kRandomHeight, kRandomWidth, {}};
    for (std::uint64_t left = kRandomHeight * kRandomWidth; left > 0;) {
      const auto run = std::min<std::uint64_t>(left, 1 + below(400));
      out.runs.push_back(static_cast<std::uint32_t>(run));
      left -= run;
    }
    return out;
  }
  Shape shape(ShapeType type);
  Shape shape() { return shape(static_cast<ShapeType>(below(std::variant_size_v<Shape>))); }
  Annotation annotation();
  // Fits the document more often than not; sometimes names what is not there.
  Operation operation(const Document& document);

  const std::array<LabelId, 3>& labels() const { return labels_; }
  AssetId asset() const { return asset_; }

 private:
  Polygon polygon();
  Change change(const Document& document, const Annotation& target);
  Change set_change(const Annotation& target);
  Change vertex_change(const Annotation& target);

  std::mt19937_64 random_;
  std::array<LabelId, 3> labels_;
  AssetId asset_;
};

}  // namespace aa::document
