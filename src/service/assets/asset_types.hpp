// Assets: what is annotated. Sizes are of the upright image; `content` keeps the original bytes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/id.hpp"
#include "base/json.hpp"
#include "service/assets/gallery_types.hpp"

namespace aa::assets {

enum class AssetKind { image, video, pointcloud };
BOOST_DESCRIBE_ENUM(AssetKind, image, video, pointcloud)
enum class AssetStatus { processing, ready, failed };
BOOST_DESCRIBE_ENUM(AssetStatus, processing, ready, failed)

struct Asset {
  AssetId id;
  ProjectId project_id;
  std::int64_t rank = 0;  // position in the project, from 0
  std::string filename;
  AssetKind kind = AssetKind::image;
  std::string format;      // "jpeg", "png", ...
  std::int64_t width = 0;  // pixels, upright
  std::int64_t height = 0;
  std::int64_t orientation = 1;  // EXIF, of the original bytes
  std::string sha256;            // hex, of the original bytes
  std::int64_t size_bytes = 0;
  AssetStatus status = AssetStatus::ready;
  Timestamp created_at;
  std::int64_t annotation_count = 0;
  std::int64_t suggestion_count = 0;
  std::int64_t revision = 0;  // head of the operation log
  bool has_note = false;
  std::int64_t note_revision = 0;
};
BOOST_DESCRIBE_STRUCT(Asset, (),
                      (id, project_id, rank, filename, kind, format, width, height, orientation,
                       sha256, size_bytes, status, created_at, annotation_count, suggestion_count,
                       revision, has_note, note_revision))

// With what is too long for lists.
struct AssetDetail : Asset {
  std::string note;
};
BOOST_DESCRIBE_STRUCT(AssetDetail, (Asset), (note))

struct PatchAsset {
  std::string note;
};
BOOST_DESCRIBE_STRUCT(PatchAsset, (), (note))
constexpr auto field_rules(const PatchAsset*) {
  return std::array{json::Field{.name = "note", .max_length = kNoteBytes}};
}

// A file that was not taken, and why.
struct Rejection {
  std::string filename;
  std::string code;
  std::string detail;
};
BOOST_DESCRIBE_STRUCT(Rejection, (), (filename, code, detail))

struct UploadResult {
  std::vector<Asset> items;
  std::vector<Rejection> rejected;
};
BOOST_DESCRIBE_STRUCT(UploadResult, (), (items, rejected))

enum class ThumbnailSize { small, large };
BOOST_DESCRIBE_ENUM(ThumbnailSize, small, large)

}  // namespace aa::assets
