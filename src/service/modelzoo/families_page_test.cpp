// docs/model-families.md says what the code does: every family with its task, what it gives, and
// whether the zoo has weights for it.
#include <sstream>

#include <gtest/gtest.h>

#include "driver/host/atomic_file.hpp"
#include "kernel/decode/clip.hpp"
#include "kernel/decode/reader.hpp"
#include "service/modelzoo/catalogue.hpp"

namespace aa::modelzoo {
namespace {

using Cells = std::vector<std::string>;

// Rows of its tables by the family in their first cell.
std::map<std::string, Cells> page_rows() {
  std::istringstream page(
      host::read_file(std::string(AA_SOURCE_FOLDER) + "/docs/model-families.md", 1 << 20));
  std::map<std::string, Cells> out;
  for (std::string line; std::getline(page, line);) {
    if (!line.starts_with("| `")) continue;
    Cells cells;
    std::size_t from = 2;
    for (auto to = line.find(" |", from); to != std::string::npos; to = line.find(" |", from)) {
      cells.push_back(line.substr(from, to - from));
      from = to + 3;
    }
    const auto family = cells.front().substr(1, cells.front().size() - 2);
    out[family] = std::move(cells);
  }
  return out;
}

std::string weights_of(const Catalogue& catalogue, std::string_view family) {
  const auto& manifests = catalogue.manifests();
  const bool real = std::ranges::find(manifests, family, &Manifest::family) != manifests.end();
  return real ? "real" : "not run on real weights";
}

TEST(FamiliesPage, HasARowForEveryReader) {
  const auto rows = page_rows();
  const Catalogue catalogue(std::string(AA_SOURCE_FOLDER) + "/models");
  for (const auto* reader : decode::readers()) {
    const auto row = rows.find(std::string(reader->family));
    ASSERT_NE(row, rows.end()) << "docs/model-families.md lacks a row for " << reader->family;
    ASSERT_EQ(row->second.size(), 5U) << reader->family;
    EXPECT_EQ(row->second[1], reader->task) << reader->family;
    EXPECT_EQ(row->second[2], reader->outputs) << reader->family;
    EXPECT_EQ(row->second[4], weights_of(catalogue, reader->family)) << reader->family;
  }
}

TEST(FamiliesPage, HasARowForEveryFamilyOfSeveralGraphs) {
  const auto rows = page_rows();
  const Catalogue catalogue(std::string(AA_SOURCE_FOLDER) + "/models");
  std::vector<std::string> families = {"sam", "efficient_sam", "sam2"};
  for (const auto& pair : decode::clip::pair_families()) families.emplace_back(pair.name);
  for (const auto& family : families) {
    const auto row = rows.find(family);
    ASSERT_NE(row, rows.end()) << "docs/model-families.md lacks a row for " << family;
    EXPECT_EQ(row->second.back(), weights_of(catalogue, family)) << family;
  }
}

}  // namespace
}  // namespace aa::modelzoo
