// Runs tests/vectors/*.json, which tests/vectors/run_wasm.mjs runs over the WebAssembly build: both
// must give the same bytes. With ANNOTATEAI_WRITE_VECTORS=1 the expected values of histories.json
// and calls.json are written anew from this build.
#include <cstdlib>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "kernel/document/random_document.hpp"
#include "kernel/raster/contour.hpp"

namespace aa::document {
namespace {

const std::string kFolder = std::string(AA_SOURCE_DIR) + "/tests/vectors/";

bool writing() { return std::getenv("ANNOTATEAI_WRITE_VECTORS") != nullptr; }

json::Value load(const std::string& name) {
  std::ifstream in(kFolder + name, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return json::parse(text.str());
}

std::string text_of(const json::Value& value) {
  return std::string(std::string_view(value.as_string()));
}

std::string answer(const ApplyResult& result) {
  if (result.ok) return "{\"ok\":true,\"touched\":" + json::write(result.touched) + "}";
  return json::to_text({{"ok", false}, {"code", result.code}, {"detail", result.detail}});
}

std::string inverse(const Document& document, const Operation& op) {
  std::string out = "[";
  for (const Change& change : document.invert(op.change)) {
    if (out.size() > 1) out += ',';
    out += write_change(change);
  }
  return out + "]";
}

std::string items(const Document& document) { return json::write(document.snapshot().items); }

json::Value history(std::uint64_t seed) {
  RandomDocument random(seed);
  Document document;
  json::Array steps;
  for (int i = 0; i < 60; ++i) {
    const Operation op = random.operation(document);
    json::Object step{{"op", write_operation(op)}, {"invert", inverse(document, op)}};
    step["apply"] = answer(document.apply(op));
    steps.push_back(std::move(step));
  }
  return {{"seed", seed}, {"steps", std::move(steps)}, {"items", items(document)}};
}

void write_lines(const std::string& name, const json::Array& rows) {
  std::ofstream out(kFolder + name, std::ios::binary);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    out << (i == 0 ? "[\n" : ",\n") << json::to_text(rows[i]);
  }
  out << "\n]\n";
}

TEST(Vectors, HistoriesGiveTheSameBytes) {
  if (writing()) {
    json::Array rows;
    for (std::uint64_t seed = 1; seed <= 8; ++seed) rows.push_back(history(seed));
    write_lines("histories.json", rows);
  }
  const json::Value file = load("histories.json");
  ASSERT_FALSE(file.as_array().empty());
  for (const auto& row : file.as_array()) {
    Document document;
    for (const auto& step : row.at("steps").as_array()) {
      const Operation op = read_operation(text_of(step.at("op")));
      ASSERT_EQ(inverse(document, op), text_of(step.at("invert"))) << row.at("seed");
      ASSERT_EQ(answer(document.apply(op)), text_of(step.at("apply"))) << row.at("seed");
    }
    ASSERT_EQ(items(document), text_of(row.at("items"))) << row.at("seed");
  }
}

TEST(Vectors, GeneratedHistoriesAreThoseOfTheFile) {
  const json::Value file = load("histories.json");
  for (const auto& row : file.as_array()) {
    const auto seed = row.at("seed").to_number<std::uint64_t>();
    ASSERT_EQ(json::to_text(history(seed)), json::to_text(row)) << "seed " << seed;
  }
}

std::string call(const std::string& name, const json::Array& args) {
  const auto size = [&](std::size_t i) { return args[i].to_number<std::uint32_t>(); };
  if (name == "polygon_to_rle") {
    const auto parts = json::read<std::vector<PolygonPart>>(json::parse(text_of(args[0])));
    return raster::to_counts(raster::fill(outline(Polygon{parts}), size(1), size(2)));
  }
  if (name == "shape_bounds") {
    const auto rect = shape_bounds(json::read<Shape>(json::parse(text_of(args[0]))));
    if (!rect) return "null";
    return json::write(std::array{rect->x0, rect->y0, rect->x1, rect->y1});
  }
  if (name == "key_between") return key_between(text_of(args[0]), text_of(args[1]));
  const raster::Rle rle = raster::from_counts(text_of(args[0]), size(1), size(2));
  if (name == "rle_area") return std::to_string(raster::area(rle));
  if (name == "rle_decode") {
    std::string out;
    for (const auto byte : raster::decode(rle).bytes) out += byte == 0 ? '0' : '1';
    return out;
  }
  if (name == "mask_to_polygons") {
    return json::write(polygon_of(raster::trace(rle, args[3].to_number<double>())).parts);
  }
  throw invalid("bad_vector", "No such call: " + name);
}

json::Array random_calls() {
  json::Array out;
  const auto add = [&](std::string_view name, json::Array args) {
    const std::string expect = call(std::string(name), args);
    out.push_back({{"call", name}, {"args", std::move(args)}, {"expect", expect}});
  };
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    RandomDocument random(seed);
    const raster::Rle rle = random.mask();
    const std::string counts = raster::to_counts(rle);
    add("rle_area", {counts, rle.height, rle.width});
    add("rle_decode", {counts, rle.height, rle.width});
    add("mask_to_polygons", {counts, rle.height, rle.width, 0});
    add("mask_to_polygons", {counts, rle.height, rle.width, 1.25});
    const Shape shape = random.shape(ShapeType::polygon);
    add("polygon_to_rle", {json::write(std::get<Polygon>(shape).parts), 40, 60});
    for (int i = 0; i < 5; ++i) add("shape_bounds", {json::write(random.shape())});
    const auto keys = spread_keys(2 + random.below(200));
    add("key_between", {keys[0], keys[1]});
    add("key_between", {keys.back(), ""});
  }
  return out;
}

void run_calls(const std::string& name) {
  const json::Value file = load(name);
  ASSERT_FALSE(file.as_array().empty());
  for (const auto& row : file.as_array()) {
    ASSERT_EQ(call(text_of(row.at("call")), row.at("args").as_array()), text_of(row.at("expect")))
        << json::to_text(row);
  }
}

TEST(Vectors, CallsGiveTheSameBytes) {
  if (writing()) write_lines("calls.json", random_calls());
  run_calls("calls.json");
}

// Expected values worked out apart from this program, by hand and in Python.
TEST(Vectors, ReferenceCallsHold) { run_calls("reference.json"); }

}  // namespace
}  // namespace aa::document
