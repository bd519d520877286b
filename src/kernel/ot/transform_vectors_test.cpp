// Runs tests/vectors/transforms.json, as tests/vectors/run_wasm.mjs does over the WebAssembly
// build. With ANNOTATEAI_WRITE_VECTORS=1 the file is written anew from this build.
#include <cstdlib>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "kernel/ot/random_changes.hpp"
#include "kernel/ot/wire.hpp"

namespace aa::ot {
namespace {

const std::string kFile = std::string(AA_SOURCE_DIR) + "/tests/vectors/transforms.json";

// A few operations, each on what the ones before left, as JSON.
std::string operations(RandomChanges& random, document::Document document) {
  std::string out = "[";
  for (int i = 0; i < 3 && !document.items().empty(); ++i) {
    document::Operation operation;
    operation.id.uuid = random.random().uuid();
    operation.change = random.change(*document.items().begin()->second);
    if (random.random().chance(30)) operation.step = StepId{random.random().uuid()};
    if (!document.apply(operation).ok) continue;
    if (out.size() > 1) out += ',';
    out += document::write_operation(operation);
  }
  return out + ']';
}

json::Value row(std::uint64_t seed) {
  RandomChanges random(seed);
  document::Document start(document::Snapshot{0, {random.annotation()}});
  const std::string changes = operations(random, start);
  const std::string over = operations(random, start);
  return {{"changes", changes},
          {"over", over},
          {"later", transform_operations(changes, over, Side::later)},
          {"earlier", transform_operations(changes, over, Side::earlier)}};
}

void write_file() {
  std::ofstream out(kFile, std::ios::binary);
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    out << (seed == 1 ? "[\n" : ",\n") << json::to_text(row(seed));
  }
  out << "\n]\n";
}

TEST(Vectors, TransformsGiveTheSameBytes) {
  if (std::getenv("ANNOTATEAI_WRITE_VECTORS") != nullptr) write_file();
  std::ifstream in(kFile, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  const json::Value rows = json::parse(text.str());
  ASSERT_GE(rows.as_array().size(), 60U);
  const auto member = [](const json::Value& from, const char* name) {
    return std::string(std::string_view(from.at(name).as_string()));
  };
  for (const auto& one : rows.as_array()) {
    const std::string changes = member(one, "changes");
    const std::string over = member(one, "over");
    ASSERT_EQ(transform_operations(changes, over, Side::later), member(one, "later"));
    ASSERT_EQ(transform_operations(changes, over, Side::earlier), member(one, "earlier"));
  }
}

}  // namespace
}  // namespace aa::ot
