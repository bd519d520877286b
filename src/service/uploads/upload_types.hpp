// Uploads that come in pieces.
#pragma once

#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/id.hpp"
#include "base/json.hpp"
#include "service/assets/asset_types.hpp"

namespace aa::uploads {

using UploadId = Id<struct UploadTag>;

enum class UploadState { receiving, received, storing, done };
BOOST_DESCRIBE_ENUM(UploadState, receiving, received, storing, done)

struct NewUpload {
  ProjectId project_id;
  std::string filename;
  std::int64_t size_bytes = 0;
};

// What became of a file: the first assets made of it, how many there are, and what was refused.
struct StoredFile {
  std::int64_t stored = 0;
  std::vector<AssetId> asset_ids;
  std::vector<assets::Rejection> rejected;
};
BOOST_DESCRIBE_STRUCT(StoredFile, (), (stored, asset_ids, rejected))

// As the API shows it. `received` bytes are kept, whatever happens to server or client.
struct UploadView {
  UploadId id;
  ProjectId project_id;
  std::string filename;
  std::int64_t size_bytes = 0;
  std::int64_t received = 0;
  UploadState state = UploadState::receiving;
  Timestamp expires_at;
  std::optional<StoredFile> result;  // once done
};
BOOST_DESCRIBE_STRUCT(UploadView, (),
                      (id, project_id, filename, size_bytes, received, state, expires_at, result))

}  // namespace aa::uploads
