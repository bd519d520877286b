// What export and import take and give.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/id.hpp"
#include "base/json.hpp"

namespace aa::transfer {

// POST /projects/{id}/exports.
struct ExportRequest {
  std::string format;
  std::optional<bool> images;  // with the pictures, as a zip
  std::optional<std::string> dataset_version;
  std::optional<std::vector<AssetId>> asset_ids;  // absent: the whole project
};
BOOST_DESCRIBE_STRUCT(ExportRequest, (), (format, images, dataset_version, asset_ids))
constexpr auto field_rules(const ExportRequest*) {
  return std::array{json::Field{.name = "format", .min_length = 1, .max_length = 40},
                    json::Field{.name = "asset_ids", .min_items = 1, .max_items = 20'000}};
}

struct ExportFile {
  std::string filename;
  std::string format;
  std::string blob;
  std::int64_t size_bytes = 0;
};
BOOST_DESCRIBE_STRUCT(ExportFile, (), (filename, format, blob, size_bytes))

struct ImportProblem {
  std::string where;
  std::string detail;
};
BOOST_DESCRIBE_STRUCT(ImportProblem, (), (where, detail))

// The result of an import job.
struct ImportResult {
  std::int64_t imported = 0;            // annotations
  std::int64_t skipped = 0;             // annotations, and items that could not be read
  std::vector<ImportProblem> problems;  // the first thousand
};
BOOST_DESCRIBE_STRUCT(ImportResult, (), (imported, skipped, problems))

}  // namespace aa::transfer
