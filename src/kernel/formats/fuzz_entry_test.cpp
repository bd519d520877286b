// Runs the fuzzers' entry points over mutated seeds, so that they are sound before any fuzzer is.
#include "kernel/formats/fuzz_entry.hpp"

#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "kernel/document/random_document.hpp"

namespace aa::formats {
namespace {

using Entry = void (*)(const std::uint8_t*, std::size_t);

void mutate(std::string& text, std::mt19937_64& random) {
  static constexpr std::string_view kPieces[] = {
      "[", "]", "{", "}", ",", "\"", "1e309", "-1", "NaN", "null", "\\u0000", "0", "99999999999"};
  for (auto times = random() % 4; times > 0 && !text.empty(); --times) {
    const std::size_t at = random() % text.size();
    switch (random() % 4) {
      case 0:
        text[at] = static_cast<char>(random());
        break;
      case 1:
        text.erase(at, 1 + random() % 5);
        break;
      case 2:
        text.insert(at, kPieces[random() % std::size(kPieces)]);
        break;
      default:
        text.insert(at, text.substr(at, random() % 20));
        break;
    }
  }
}

void run(Entry entry, const std::vector<std::string>& seeds, int rounds) {
  std::mt19937_64 random(17);
  for (int i = 0; i < rounds; ++i) {
    std::string text = seeds[random() % seeds.size()];
    mutate(text, random);
    entry(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  }
}

TEST(FuzzEntry, Rle) {
  run(fuzz_rle,
      {"\x02\x02"
       "09",
       "\x09\x09"
       "X1d03^OP1"},
      5000);
}

TEST(FuzzEntry, Operation) {
  document::RandomDocument random(4);
  document::Document document;
  std::vector<std::string> seeds;
  for (int i = 0; i < 30; ++i) {
    const auto op = random.operation(document);
    seeds.push_back(document::write_operation(op));
    document.apply(op);
  }
  run(fuzz_operation, seeds, 3000);
}

constexpr const char* kCoco = R"({
 "images":[{"id":1,"file_name":"a","width":4,"height":2}],
 "categories":[{"id":1,"name":"d","keypoints":["n"]}],
 "annotations":[{"id":1,"image_id":1,"category_id":1,"bbox":[0,0,1,1]},
  {"id":2,"image_id":1,"category_id":1,"segmentation":[[0,0,3,0,3,2]]},
  {"id":3,"image_id":1,"category_id":1,"iscrowd":1,
   "segmentation":{"size":[2,4],"counts":"035"}},
  {"id":4,"image_id":1,"category_id":1,"keypoints":[1,1,2],
   "annotateai":{"shape":{"type":"tag"}}}]})";

TEST(FuzzEntry, Coco) { run(fuzz_coco, {kCoco}, 4000); }

TEST(FuzzEntry, Yolo) {
  run(fuzz_yolo, {"0 0.5 0.5 0.1 0.1\n1 0 0 1 0 1 1\n", "names: [a, 'b']\n", "names:\n  0: a\n"},
      5000);
}

}  // namespace
}  // namespace aa::formats
